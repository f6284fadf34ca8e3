#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "optimize/trial_runner.hpp"

namespace tradeassist::optimize {

/// What trials on some bars came to.
struct TriedSpace {
  std::vector<Trial> trials;  // by trial number
  Ending ending = Ending::kAllTried;
  std::uint64_t on_all_bars = 0;    // trials; the others ran on the first part of the bars only
  std::uint64_t with_value = 0;     // of those on all bars: they have a value of the objective
  std::vector<std::size_t> ranked;  // those with a value, the best first: places in `trials`
  std::vector<std::size_t> front;   // of several objectives: the trials that no other beats in all of them
};

/// Runs the trials of the runner's request on these of its bars. The same trials with any number of threads and
/// helpers. `completed`: of an earlier, interrupted call. kInvalidArgument: a sampler that cannot search the space, no
/// trial at all (says why); kCancelled when stopped.
base::Result<TriedSpace> try_space(const TrialRunner& runner, backtest::BarRange bars, std::span<const Trial> completed,
                                   const ProgressCallback& progress, const std::stop_token& stop,
                                   const TrialCallback& on_trials);

}  // namespace tradeassist::optimize
