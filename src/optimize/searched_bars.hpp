#pragma once

#include <map>
#include <mutex>

#include "backtest/evaluator/columns/shared_columns.hpp"
#include "backtest/metrics/metrics.hpp"
#include "market/series.hpp"
#include "optimize/trial_runner.hpp"

namespace tradeassist::optimize {

/// The stretch of bars that trials run on, and the first parts of it, made when they are first asked for, with the
/// columns that trials on them share. Thread-safe.
class SearchedBars {
 public:
  /// `bars` lie in the series.
  SearchedBars(const market::Series& series, backtest::BarRange bars);

  /// The first `share` of the bars, at least two; all of them from 1 on. Lasts as long as this.
  TrialBars share(double share);

 private:
  struct Part {
    /// `share`: of the memory for shared columns.
    Part(market::Series series, double share);
    Part(const Part&) = delete;
    market::Series bars;
    backtest::SharedColumns columns;
  };

  Part all_;
  std::mutex mutex_;
  std::map<double, Part> parts_;  // their addresses last
};

}  // namespace tradeassist::optimize
