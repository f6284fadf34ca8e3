#include "optimize/significance/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace tradeassist::optimize {
namespace {

/// Of the values about their mean, divided by their number.
double autocovariance(std::span<const double> values, double mean, std::size_t lag) {
  double sum = 0;
  for (std::size_t i = lag; i < values.size(); ++i) sum += (values[i] - mean) * (values[i - lag] - mean);
  return sum / static_cast<double>(values.size());
}

/// The lag from which on the correlations are no more than chance, by the rule of Politis (2003); `run` insignificant
/// ones in a row tell.
std::size_t last_significant_lag(std::span<const double> correlation, std::size_t run, double bound) {
  std::size_t insignificant = 0;
  for (std::size_t lag = 1; lag < correlation.size(); ++lag) {
    insignificant = std::abs(correlation[lag]) < bound ? insignificant + 1 : 0;
    if (insignificant == run) return lag - run;
  }
  // No such run: the last of those that are significant.
  for (std::size_t lag = correlation.size(); lag-- > 1;) {
    if (std::abs(correlation[lag]) >= bound) return lag;
  }
  return 0;
}

/// 1 in the middle, 0 outside, linear between (Politis, Romano 1995).
double flat_top(double t) { return std::clamp(2 * (1 - std::abs(t)), 0.0, 1.0); }

}  // namespace

void draw_stationary(Random& random, double mean_block, std::span<std::uint32_t> places) {
  const std::uint64_t count = places.size();
  const double begins = 1 / mean_block;
  std::uint64_t at = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const bool new_block = i == 0 || random.uniform() < begins;
    at = new_block ? random.below(count) : (at + 1 == count ? 0 : at + 1);
    places[i] = static_cast<std::uint32_t>(at);
  }
}

double automatic_block_length(std::span<const double> values) {
  const double count = static_cast<double>(values.size());
  if (values.size() < 8) return 1;
  double mean = 0;
  for (const double value : values) mean += value / count;
  const double variance = autocovariance(values, mean, 0);
  if (!(variance > 1e-24 * mean * mean)) return 1;  // what is left of equal values is rounding
  const auto run = static_cast<std::size_t>(std::max(5.0, std::ceil(std::log10(count))));
  const std::size_t lags = std::min(values.size() - 1, static_cast<std::size_t>(std::ceil(std::sqrt(count))) + run);
  std::vector<double> covariance(lags + 1), correlation(lags + 1);
  for (std::size_t lag = 0; lag <= lags; ++lag) {
    covariance[lag] = autocovariance(values, mean, lag);
    correlation[lag] = covariance[lag] / variance;
  }
  const double bound = 2 * std::sqrt(std::log10(count) / count);
  const std::size_t last = last_significant_lag(correlation, run, bound);
  const std::size_t width = std::min(2 * std::max<std::size_t>(last, 1), lags);
  double slope = 0, spectrum = covariance[0];
  for (std::size_t lag = 1; lag <= width; ++lag) {
    const double weighted = 2 * flat_top(static_cast<double>(lag) / static_cast<double>(width)) * covariance[lag];
    slope += weighted * static_cast<double>(lag);
    spectrum += weighted;
  }
  if (spectrum == 0) return 1;
  const double length = std::cbrt(slope * slope / (spectrum * spectrum)) * std::cbrt(count);
  return std::clamp(length, 1.0, std::ceil(std::min(3 * std::sqrt(count), count / 3)));
}

base::Result<ConfidenceInterval> bootstrap(std::span<const double> values,
                                           const std::function<double(std::span<const double>)>& figure,
                                           const BootstrapOptions& options) {
  const auto refuse = [](const std::string& message) {
    return base::failure(base::ErrorCode::kInvalidArgument, message);
  };
  if (values.size() < 2) return refuse("a bootstrap needs at least 2 values");
  if (options.resamples < 1 || options.resamples > kResamplesMax)
    return refuse("resamples must be 1 to " + std::to_string(kResamplesMax));
  if (!(options.level > 0 && options.level < 1)) return refuse("the level of confidence must be between 0 and 1");
  if (options.mean_block != 0 && !(options.mean_block >= 1)) return refuse("the mean block length must be at least 1");
  const double block = options.mean_block > 0 ? options.mean_block : automatic_block_length(values);
  std::vector<std::uint32_t> places(values.size());
  std::vector<double> resample(values.size()), figures;
  figures.reserve(static_cast<std::size_t>(options.resamples));
  for (std::int64_t i = 0; i < options.resamples; ++i) {
    Random random(options.seed, static_cast<std::uint64_t>(i));
    draw_stationary(random, block, places);
    for (std::size_t at = 0; at < places.size(); ++at) resample[at] = values[places[at]];
    if (const double value = figure(resample); !std::isnan(value)) figures.push_back(value);
  }
  if (figures.empty()) return refuse("no resample has a value");
  std::ranges::sort(figures);
  const double outside = (1 - options.level) / 2;
  return ConfidenceInterval{figure(values), sorted_quantile(figures, outside), sorted_quantile(figures, 1 - outside),
                            options.level};
}

double sorted_quantile(std::span<const double> sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  const double part = place - static_cast<double>(below);
  return sorted[below] + part * (sorted[below + 1] - sorted[below]);
}

}  // namespace tradeassist::optimize
