#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "optimize/trial_runner.hpp"

namespace tradeassist::optimize {

/// One search and what became of its result on the bars after it. A window in which no trial has a value of the
/// objective trades nothing.
struct WalkForwardWindow {
  backtest::BarRange train, test;
  std::uint64_t trials = 0;
  std::optional<backtest::InputVector> inputs;  // that were best in training
  double objective = 0;                         // of them there; NaN without inputs
  std::optional<PeriodResult> in_sample, out_of_sample;
};

struct WalkForward {
  std::vector<WalkForwardWindow> windows;
  std::size_t left_out = 0;  // windows that the time limit left no time for
  /// One value a bar from `first_bar` on: what the capital becomes when each window's inputs trade until the next
  /// window's begin. Gains are reinvested from window to window; a position is valued at the last close of its window
  /// and not taken along.
  std::size_t first_bar = 0;
  std::vector<double> equity;
  double return_percent = 0, max_drawdown_percent = 0;  // of `equity`
  std::optional<double> buy_and_hold_return_percent;    // over the same bars
  double share_profitable = 0;                          // of the windows: they made money out of sample
  /// What a day out of sample earned over what a day in sample earned, means of all windows (Pardo: The Evaluation and
  /// Optimization of Trading Strategies, 2008). None where nothing was earned in sample.
  std::optional<double> efficiency;
  std::string statement;
};

/// Most windows that one walk-forward makes.
constexpr std::size_t kWalkForwardWindowsMax = 2'000;

/// The windows over a series: each holds two bars in training and one in testing at least. The last tests may be
/// shorter than the others; one with less than half a step to test is not made. kInvalidArgument: no window fits, or
/// too many.
base::Result<std::vector<WalkForwardWindow>> walk_forward_windows(const market::Series& series,
                                                                  const WalkForwardOptions& options);

/// Each window's search is that of the request on the window's training bars alone: `optimize` on them finds the same.
/// For `completed`, `on_trials` and `progress` trial numbers go on behind those of the request's own search, from
/// window to window.
base::Result<std::optional<WalkForward>> walk_forward(const TrialRunner& runner, const WalkForwardOptions& options,
                                                      std::span<const Trial> completed,
                                                      const ProgressCallback& progress, const std::stop_token& stop,
                                                      const TrialCallback& on_trials);

}  // namespace tradeassist::optimize
