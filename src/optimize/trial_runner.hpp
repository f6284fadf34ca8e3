#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>

#include "backtest/evaluator/columns/shared_columns.hpp"
#include "backtest/metrics/metrics.hpp"
#include "optimize/goal.hpp"
#include "optimize/search_request.hpp"

namespace tradeassist::optimize {

/// Metrics of one stretch of bars, and of holding the instrument over it.
struct PeriodResult {
  std::int64_t first_time = 0, last_time = 0;  // of its first and last bar, nanoseconds
  backtest::Metrics metrics;
  std::optional<double> buy_and_hold_return_percent, buy_and_hold_max_drawdown_percent;
};

/// Bars that trials run on.
struct TrialBars {
  const market::Series& bars;
  backtest::SharedColumns* columns = nullptr;  // of these bars; null: each run computes its own
};

/// Where the bars of a search are cut: trials are made on the first of them, the best is chosen on the next and looked
/// at on the last.
struct Split {
  std::size_t in_sample = 0;   // bars [0, in_sample)
  std::size_t validation = 0;  // bars [in_sample, validation); as in_sample where there are none
  std::size_t bars = 0;        // in all; out of sample are [validation, bars)

  bool has_validation() const { return validation > in_sample; }
  bool has_out_of_sample() const { return bars > validation; }
};

/// Runs the script of a request with any inputs on any bars; holds what all runs share. Thread-safe; the request has to
/// outlive it.
class TrialRunner {
 public:
  /// kInvalidArgument: an indicator, an objective that does not exist.
  static base::Result<TrialRunner> make(const SearchRequest& request);

  const SearchRequest& request() const { return request_; }
  const Goal& goal() const { return goal_; }
  /// What is left of the request's time limit, which counts from when this was made; nothing where there is none.
  std::optional<std::chrono::duration<double>> time_left() const;

  /// The figures of a trial on all of the bars.
  base::Result<Trial> evaluate(const TrialBars& on, Trial trial, std::stop_token stop) const;
  /// A run with its equity. Bars before `trade_from_bar` warm the indicators up; orders there are ignored.
  base::Result<backtest::RunResult> run(const market::Series& bars, const backtest::InputVector& inputs,
                                        std::size_t trade_from_bar, std::stop_token stop) const;
  /// What inputs do on all bars of another instrument.
  base::Result<PeriodResult> run_on(const OtherInstrument& other, const backtest::InputVector& inputs,
                                    std::stop_token stop) const;
  PeriodResult period(const backtest::RunResult& run, const market::Series& bars, backtest::BarRange range) const;

 private:
  TrialRunner(const SearchRequest& request, Goal goal);
  backtest::RunRequest run_request(const market::Series& bars, backtest::InputVector inputs,
                                   std::stop_token stop) const;

  const SearchRequest& request_;
  Goal goal_;
  std::chrono::steady_clock::time_point made_ = std::chrono::steady_clock::now();
  pine::Program program_;  // without what plots: that costs time and changes no trade
};

}  // namespace tradeassist::optimize
