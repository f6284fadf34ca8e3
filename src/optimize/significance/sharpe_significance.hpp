#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace tradeassist::optimize {

/// What returns of equal periods look like. Deviation, skewness and kurtosis are those of the sample itself (divided by
/// its size); the kurtosis of a normal distribution is 3.
struct ReturnMoments {
  std::int64_t count = 0;
  double mean = 0, deviation = 0, skewness = 0, kurtosis = 3;

  /// Mean over deviation, per period, not annualised. None where the returns do not vary.
  std::optional<double> sharpe() const;
};
ReturnMoments moments_of(std::span<const double> returns);

// Sharpe ratios here are per period of `moments`: an annual one divided by the square root of the periods in a year.

/// The probability that the true Sharpe ratio is above `benchmark`, given what was observed: Bailey, López de Prado,
/// The Sharpe Ratio Efficient Frontier (2012). None where the returns do not vary, or fewer than 2 are given.
std::optional<double> probabilistic_sharpe_ratio(const ReturnMoments& moments, double benchmark = 0);

/// The largest Sharpe ratio to be expected of `trials` independent strategies without any skill whose Sharpe ratios
/// have this variance: Bailey, López de Prado, The Deflated Sharpe Ratio (2014), equation 1. 0 for a single trial.
double expected_maximum_sharpe(double variance, double trials);

/// The variance that Sharpe ratios of strategies without skill have over so many returns: 1 / (count - 1).
double sharpe_variance_without_skill(std::int64_t count);

/// The probability that the true Sharpe ratio is above what the best of `trials` strategies without skill would show:
/// the probabilistic one against expected_maximum_sharpe(). `variance`: of the Sharpe ratios of the trials; where it is
/// not given, that of strategies without skill.
std::optional<double> deflated_sharpe_ratio(const ReturnMoments& moments, double trials,
                                            std::optional<double> variance = {});

/// How many returns are needed before the Sharpe ratio is above `benchmark` with this probability (the paper of 2012,
/// equation 13). None where it is not above at all.
std::optional<double> minimum_track_record_length(const ReturnMoments& moments, double benchmark = 0,
                                                  double probability = 0.95);

/// How many independent trials `trials` are worth whose returns have this mean correlation (the paper of 2014, appendix
/// 3): all of them where they have none, 1 where they are one. A correlation below 0 counts as 0.
double effective_trials(double trials, double mean_correlation);

}  // namespace tradeassist::optimize
