#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "optimize/objective.hpp"
#include "optimize/search_space.hpp"
#include "optimize/trial_helpers.hpp"
#include "optimize/trial_loop.hpp"
#include "optimize/validation/validation_options.hpp"

namespace tradeassist::optimize {

/// Bars of another instrument, on which what is found is run, too.
struct OtherInstrument {
  market::Instrument instrument;
  market::SeriesPtr series;
};

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
  std::vector<Point> first_points;      // that the sampler begins with; of SearchSpace::point_of
  double out_of_sample_share = kShare;  // of the bars, at the end; 0 = none
  double validation_share = kShare;     // of the bars, before those: the best trials are chosen among on them; 0 = none
  static constexpr double kShare = 0.15;
  int threads = 0;               // 0 = all cores
  std::uint64_t stop_after = 0;  // trials without a better one end the search; 0 = they do not
  std::optional<double> time_limit_seconds;
  ValidationOptions validation;
  std::vector<OtherInstrument> other_instruments;  // at most kOtherInstrumentsMax
  std::vector<Trial> completed;                    // of an earlier, interrupted search with the same request
  MakeHelpers helpers;                             // who evaluates trials beside this process; empty: nobody
  static constexpr std::uint64_t kTrialsMax = 1'000'000;
  static constexpr std::size_t kObjectivesMax = 8;
  static constexpr std::size_t kFirstPointsMax = 1'000;
  static constexpr std::size_t kOtherInstrumentsMax = 100;
  // A space up to this size is tried whole when nothing is said.
  static constexpr std::uint64_t kWholeSpaceMax = 10'000;

  /// Sampler and number of trials, where they are not given: the whole space, or some of a large one at random.
  void choose_trials(const std::optional<std::string>& given_sampler, const std::optional<std::uint64_t>& given_trials);
  /// The shares that are kept out of the search: without a word about them kShare each, with one of them alone none for
  /// the validation, or kShare at the end.
  void choose_shares(std::optional<double> given_out_of_sample, std::optional<double> given_validation) {
    out_of_sample_share = given_out_of_sample.value_or(kShare);
    validation_share = given_validation.value_or(given_out_of_sample ? 0 : kShare);
  }
  /// Sets objective and objectives. kInvalidArgument: unknown, named twice, too many.
  base::Result<void> choose_objectives(const std::vector<std::string>& names);
  /// What the sampler is told of a trial, and what trials are ranked by.
  Outcome judge(const Trial& trial) const;
  /// How many trials the search makes at most: no combination is tried twice.
  std::uint64_t trial_count() const { return std::min(trials, space.combinations().value_or(trials)); }
};

}  // namespace tradeassist::optimize
