#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "backtest/metrics/metrics.hpp"
#include "optimize/trial_loop.hpp"

namespace tradeassist::optimize {

/// Others who evaluate trials of one loop beside its own threads: processes on other machines. What they find is what
/// this process would have found. Called from one thread at a time; a call takes milliseconds, not the time of a trial.
class TrialHelpers {
 public:
  struct Returned {
    std::vector<Trial> evaluated;
    std::vector<Trial> not_evaluated;  // as they were handed out: to be evaluated here
  };

  /// What is still handed out is void.
  virtual ~TrialHelpers() = default;

  /// How many more trials they would take; 0: nobody helps, or all have enough. `seconds`: what a trial takes here.
  virtual std::size_t room(double seconds) = 0;
  /// `trials`: number, point and bar_share are set. `known`: one that was evaluated here; who helps shows with it that
  /// it finds the same.
  virtual void hand_out(std::vector<Trial> trials, const Trial& known) = 0;
  /// What has come back since the last call. Each trial that was handed out comes back once.
  virtual Returned collect() = 0;
  /// Some of the trials that nobody has begun, back from those who would have taken them.
  virtual std::vector<Trial> take_back() = 0;
};

/// Makes the helpers for the trials on one stretch of a request's bars.
using MakeHelpers = std::function<std::unique_ptr<TrialHelpers>(backtest::BarRange bars)>;

}  // namespace tradeassist::optimize
