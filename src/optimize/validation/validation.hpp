#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>

#include "optimize/significance/assessment.hpp"
#include "optimize/trial_runner.hpp"
#include "optimize/validation/cross_validation.hpp"
#include "optimize/validation/random_periods.hpp"
#include "optimize/validation/regimes.hpp"
#include "optimize/validation/stability.hpp"

namespace tradeassist::optimize {

/// What is known of a search when it is asked what its result is worth. The runs are those of the best inputs: in
/// sample over those bars alone, out of sample over all bars with orders from there on.
struct ValidationInput {
  std::span<const Trial> trials{};
  std::size_t best = 0;  // place in `trials`
  Split split;
  const backtest::RunResult* inside = nullptr;
  const backtest::RunResult* between = nullptr;  // on the bars that the best was chosen on; null without such bars
  const backtest::RunResult* outside = nullptr;  // null without bars out of sample
};

/// How far what a search found can be believed.
struct Validation {
  Assessment assessment;
  Stability stability;
  Regimes regimes;                                  // over all bars
  std::optional<RandomPeriods> random_periods;      // the same
  std::optional<CrossValidation> cross_validation;  // over the bars in sample
};

/// Most trials that are run again for their daily returns.
constexpr std::size_t kSampledTrialsMax = 64;

/// The places of at most `wanted` trials that ran on all bars and have a value, spread evenly, the best among them.
std::vector<std::size_t> sampled_trials(std::span<const Trial> trials, std::size_t best, std::size_t wanted);

/// The same input gives the same result, with any number of threads. kCancelled when stopped.
base::Result<Validation> validate(const TrialRunner& runner, const ValidationInput& input, const std::stop_token& stop);

}  // namespace tradeassist::optimize
