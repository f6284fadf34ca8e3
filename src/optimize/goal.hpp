#pragma once

#include <vector>

#include "backtest/metrics/metrics.hpp"
#include "base/result.hpp"
#include "optimize/objective.hpp"
#include "optimize/trial_loop.hpp"

namespace tradeassist::optimize {

struct SearchRequest;

/// The objectives of a request, looked up once, and how trials are judged by them. Thread-safe.
class Goal {
 public:
  /// kInvalidArgument: no such objective.
  static base::Result<Goal> of(const SearchRequest& request);

  /// What trials are ranked by.
  const Objective& first() const { return *objectives_[0]; }
  bool has_several() const { return objectives_.size() > 1; }

  /// Fills in the figures of a trial that are kept.
  void measure(Trial& trial, const backtest::Metrics& metrics) const;
  Outcome judge(const Trial& trial) const;

 private:
  double value(std::size_t i, const backtest::Metrics& metrics) const;

  std::vector<const Objective*> objectives_;
  std::vector<Weight> weights_;
  std::vector<Requirement> requirements_;
};

}  // namespace tradeassist::optimize
