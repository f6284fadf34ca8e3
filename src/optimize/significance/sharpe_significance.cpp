#include "optimize/significance/sharpe_significance.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "optimize/significance/normal.hpp"

namespace tradeassist::optimize {
namespace {

/// The variance of an estimated Sharpe ratio times (count - 1).
double estimate_variance(const ReturnMoments& moments, double sharpe) {
  return 1 - moments.skewness * sharpe + (moments.kurtosis - 1) / 4 * sharpe * sharpe;
}

}  // namespace

std::optional<double> ReturnMoments::sharpe() const {
  return deviation > 0 ? std::optional(mean / deviation) : std::nullopt;
}

ReturnMoments moments_of(std::span<const double> returns) {
  ReturnMoments moments{.count = static_cast<std::int64_t>(returns.size())};
  if (returns.empty()) return moments;
  const double count = static_cast<double>(returns.size());
  for (const double value : returns) moments.mean += value;
  moments.mean /= count;
  double second = 0, third = 0, fourth = 0;
  for (const double value : returns) {
    const double from_mean = value - moments.mean, square = from_mean * from_mean;
    second += square;
    third += square * from_mean;
    fourth += square * square;
  }
  second /= count;
  // What is left of equal returns is rounding.
  if (second <= 1e-24 * moments.mean * moments.mean) return moments;
  moments.deviation = std::sqrt(second);
  moments.skewness = third / count / (second * moments.deviation);
  moments.kurtosis = fourth / count / (second * second);
  return moments;
}

std::optional<double> probabilistic_sharpe_ratio(const ReturnMoments& moments, double benchmark) {
  const auto sharpe = moments.sharpe();
  if (!sharpe || moments.count < 2) return std::nullopt;
  const double variance = estimate_variance(moments, *sharpe);
  if (!(variance > 0)) return std::nullopt;
  return normal_cdf((*sharpe - benchmark) * std::sqrt(static_cast<double>(moments.count - 1)) / std::sqrt(variance));
}

double expected_maximum_sharpe(double variance, double trials) {
  if (!(trials > 1)) return 0;
  const double first = normal_quantile(1 - 1 / trials);
  const double second = normal_quantile(1 - 1 / (trials * std::numbers::e));
  return std::sqrt(variance) * ((1 - std::numbers::egamma) * first + std::numbers::egamma * second);
}

double sharpe_variance_without_skill(std::int64_t count) {
  return 1 / static_cast<double>(std::max<std::int64_t>(count - 1, 1));
}

std::optional<double> deflated_sharpe_ratio(const ReturnMoments& moments, double trials,
                                            std::optional<double> variance) {
  return probabilistic_sharpe_ratio(
      moments, expected_maximum_sharpe(variance.value_or(sharpe_variance_without_skill(moments.count)), trials));
}

std::optional<double> minimum_track_record_length(const ReturnMoments& moments, double benchmark, double probability) {
  const auto sharpe = moments.sharpe();
  if (!sharpe || !(*sharpe > benchmark)) return std::nullopt;
  const double deviations = normal_quantile(probability) / (*sharpe - benchmark);
  return 1 + estimate_variance(moments, *sharpe) * deviations * deviations;
}

double effective_trials(double trials, double mean_correlation) {
  const double shared = std::clamp(mean_correlation, 0.0, 1.0);
  return shared + (1 - shared) * trials;
}

}  // namespace tradeassist::optimize
