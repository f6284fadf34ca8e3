#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "backtest/metrics/metrics.hpp"
#include "backtest/metrics/returns.hpp"
#include "optimize/objective.hpp"
#include "optimize/sampler.hpp"
#include "optimize/search_space.hpp"
#include "optimize/trial_loop.hpp"

namespace tradeassist::optimize {

/// A search over the inputs of one script on one series. Every run uses backtest::run with these settings, so a
/// backtest with a trial's values gives the trial's figures.
struct SearchRequest {
  std::shared_ptr<const pine::Program> program;
  backtest::InputVector inputs;  // of the parameters that do not vary
  pine::StrategySettings settings;
  market::SeriesPtr series;
  market::Instrument instrument;
  market::Timeframe timeframe;
  backtest::SeriesSource source;  // of other symbols; asked by all threads
  SearchSpace space;
  std::string sampler = "grid";
  std::string objective = "sharpe_ratio";  // what trials are ranked by
  std::vector<std::string> objectives;     // when there are several: all of them, `objective` the first
  std::vector<Weight> weights;             // of the objective `composite`; empty = default_weights()
  std::vector<Requirement> requirements;   // trials that break them rank below all that do not
  std::uint64_t trials = 100;              // at most the number of combinations is tried
  std::uint64_t seed = 1;
  double out_of_sample_share = 0.3;  // of the bars, at the end; 0 = none
  int threads = 0;                   // 0 = all cores
  std::uint64_t stop_after = 0;      // trials without a better one end the search; 0 = they do not
  std::optional<double> time_limit_seconds;
  std::vector<Trial> completed;  // of an earlier, interrupted search with the same request
  static constexpr std::uint64_t kTrialsMax = 1'000'000;
  static constexpr std::size_t kObjectivesMax = 8;
  static constexpr std::uint64_t kWholeSpaceMax =
      10'000;  // a space up to this size is tried whole when nothing is said

  /// Sampler and number of trials, where they are not given: the whole space, or some of a large one at random.
  void choose_trials(const std::optional<std::string>& given_sampler, const std::optional<std::uint64_t>& given_trials);
  /// Sets objective and objectives. kInvalidArgument: unknown, named twice, too many.
  base::Result<void> choose_objectives(const std::vector<std::string>& names);
  /// What the sampler is told of a trial, and what trials are ranked by.
  Outcome judge(const Trial& trial) const;
  /// How many trials the search makes at most: no combination is tried twice.
  std::uint64_t trial_count() const { return std::min(trials, space.combinations().value_or(trials)); }
};

/// Metrics of one stretch of bars, and of holding the instrument over it.
struct PeriodResult {
  std::int64_t first_time = 0, last_time = 0;  // of its first and last bar, nanoseconds
  backtest::Metrics metrics;
  std::optional<double> buy_and_hold_return_percent, buy_and_hold_max_drawdown_percent;
};

struct SearchResult {
  std::vector<Trial> trials;                  // by trial number
  std::optional<std::uint64_t> combinations;  // nothing where they cannot be counted
  Ending ending = Ending::kAllTried;
  std::uint64_t best = 0;          // index into trials
  std::vector<std::size_t> front;  // of several objectives: the trials that no other beats in all of them
  backtest::InputVector best_inputs;
  std::size_t split_bar = 0;  // first bar out of sample; series size when there is none
  PeriodResult in_sample;
  std::optional<PeriodResult> out_of_sample;
  std::vector<double> equity;         // of the best inputs, in sample and then out of sample, one a bar
  std::string statement;              // how many trials were tried, and what that does to the result
  std::vector<std::string> warnings;  // what the runs of the best inputs asked for and could not have, each once
  std::string data_fingerprint;       // of the bars that were used
};

/// Runs the trials in sample, evaluates the best in and out of sample. Same request, same result to the bit with any
/// number of threads. kCancelled when stopped; kInvalidArgument for impossible requests, or when no trial has a value
/// of the objective (says why).
base::Result<SearchResult> search(const SearchRequest& request, const ProgressCallback& progress, std::stop_token stop,
                                  const TrialCallback& completed = {});

/// Tells whether two searches ran on the same bars.
std::string data_fingerprint(const market::Series& series);

/// Number of bars in sample: at least two bars remain on each side, or kInvalidArgument.
base::Result<std::size_t> split_bar(std::size_t bars, double out_of_sample_share);

}  // namespace tradeassist::optimize
