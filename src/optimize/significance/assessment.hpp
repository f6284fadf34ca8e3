#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "optimize/significance/bootstrap.hpp"
#include "optimize/significance/overfitting.hpp"
#include "optimize/significance/reality_check.hpp"
#include "optimize/significance/trade_order.hpp"

namespace tradeassist::optimize {

/// What a search found and what it was found among. Returns are of equal periods (trading days), as fractions.
struct AssessmentInput {
  std::uint64_t trials = 1;                 // that were made
  std::span<const double> returns{};        // of the best one, over the data that it was chosen on
  std::span<const double> out_of_sample{};  // the same over data that it was not chosen on; may be empty
  /// Some of the trials, the best among them, over the periods of `returns`; may be empty. Spread evenly over all that
  /// were made, not the best of them, or what they tell is too good.
  std::span<const std::vector<double>> sample{};
  std::span<const double> benchmark{};  // buy and hold, over the periods of `returns`; may be empty
  std::span<const double> profits{};    // of the best one's closed trades, in their order
  double initial_capital = 0;
  double periods_per_year = 252;
  std::uint64_t seed = 1;
};

/// How far what a search found can be luck. What could not be said is absent, and `unknown` says why.
struct Assessment {
  std::uint64_t trials = 1;                            // that were made
  double effective_trials = 1;                         // that many independent ones are the trials worth
  std::optional<double> sharpe, out_of_sample_sharpe;  // annual
  std::optional<ConfidenceInterval> sharpe_interval;   // annual, stationary bootstrap
  std::optional<double> probabilistic_sharpe, deflated_sharpe;
  std::optional<double> minimum_track_record;  // periods
  std::optional<Overfitting> overfitting;
  std::optional<RealityCheck> reality_check;
  std::optional<TradeOrder> trade_order;
  std::vector<std::string> unknown;  // "deflated_sharpe: the returns do not vary"
  std::string verdict;               // a plain sentence
};

/// A result that may be believed has a deflated Sharpe ratio of at least kDeflatedSharpeMin, a probability of
/// overfitting of at most kOverfittingMax, a p-value of Hansen's test of at most kSuperiorityMax, and made money out of
/// sample. The verdict says which of them it misses, and which are not known.
constexpr double kDeflatedSharpeMin = 0.95, kOverfittingMax = 0.2, kSuperiorityMax = 0.05;

/// The same input gives the same assessment. Time goes into the tests over `sample`: bounded by its size.
/// kInvalidArgument: lengths that do not fit each other.
base::Result<Assessment> assess(const AssessmentInput& input);

BOOST_DESCRIBE_STRUCT(Assessment, (),
                      (verdict, trials, effective_trials, sharpe, out_of_sample_sharpe, sharpe_interval, probabilistic_sharpe,
                       deflated_sharpe, minimum_track_record, overfitting, reality_check, trade_order, unknown))

}  // namespace tradeassist::optimize
