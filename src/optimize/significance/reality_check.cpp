#include "optimize/significance/reality_check.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "optimize/significance/bootstrap.hpp"

namespace tradeassist::optimize {
namespace {

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// The variance of sqrt(periods) times the mean under the stationary bootstrap (Hansen 2005, section 3.1; Politis and
/// Romano 1994, equation 9).
double long_run_variance(std::span<const double> values, double mean, double mean_block) {
  const std::size_t count = values.size();
  const double periods = static_cast<double>(count), stays = 1 - 1 / mean_block;
  const auto covariance = [&](std::size_t lag) {
    double sum = 0;
    for (std::size_t i = lag; i < count; ++i) sum += (values[i] - mean) * (values[i - lag] - mean);
    return sum / periods;
  };
  const auto weighted = [&](std::size_t lag) {
    const double part = static_cast<double>(lag) / periods, distance = static_cast<double>(lag);
    const double weight = (1 - part) * std::pow(stays, distance) + part * std::pow(stays, periods - distance);
    return 2 * weight * covariance(lag);
  };
  // Lags farther than this from both ends weigh less than 1e-12.
  const auto reach = static_cast<std::size_t>(std::min(28 * mean_block, periods));
  double variance = covariance(0);
  for (std::size_t lag = 1; lag < count; ++lag) {
    if (lag <= reach || lag + reach >= count) variance += weighted(lag);
  }
  return variance;
}

}  // namespace

base::Result<RealityCheck> reality_check(std::span<const std::vector<double>> excess,
                                         const RealityCheckOptions& options) {
  const auto refuse = [](const std::string& message) {
    return base::failure(base::ErrorCode::kInvalidArgument, message);
  };
  if (excess.empty()) return refuse("a reality check needs a strategy");
  const std::size_t strategies = excess.size(), count = excess[0].size();
  if (count < 8) return refuse("a reality check needs at least 8 periods");
  for (const std::vector<double>& each : excess) {
    if (each.size() != count) return refuse("the strategies have returns of different periods");
  }
  if (options.resamples < 1 || options.resamples > kResamplesMax)
    return refuse("resamples must be 1 to " + std::to_string(kResamplesMax));
  if (options.mean_block != 0 && !(options.mean_block >= 1)) return refuse("the mean block length must be at least 1");

  RealityCheck found;
  std::vector<double> mean(strategies);
  for (std::size_t s = 0; s < strategies; ++s) {
    mean[s] = mean_of(excess[s]);
    if (mean[s] > mean[found.best]) found.best = s;
  }
  found.mean_block = options.mean_block > 0 ? options.mean_block : automatic_block_length(excess[found.best]);

  const double root = std::sqrt(static_cast<double>(count));
  const double threshold = std::sqrt(2 * std::log(std::log(static_cast<double>(count))));
  std::vector<double> deviation(strategies), consistent(strategies);
  double best_studentised = 0;
  for (std::size_t s = 0; s < strategies; ++s) {
    deviation[s] = std::sqrt(std::max(0.0, long_run_variance(excess[s], mean[s], found.mean_block)));
    if (!(deviation[s] > 0)) continue;
    const double studentised = root * mean[s] / deviation[s];
    best_studentised = std::max(best_studentised, studentised);
    consistent[s] = studentised >= -threshold ? mean[s] : 0;
  }

  std::int64_t white = 0, lower = 0, middle = 0, upper = 0;
  std::vector<std::uint32_t> places(count);
  for (std::int64_t i = 0; i < options.resamples; ++i) {
    Random random(options.seed, static_cast<std::uint64_t>(i));
    draw_stationary(random, found.mean_block, places);
    double largest = -HUGE_VAL, largest_lower = 0, largest_middle = 0, largest_upper = 0;
    for (std::size_t s = 0; s < strategies; ++s) {
      double drawn = 0;
      for (const std::uint32_t at : places) drawn += excess[s][at];
      drawn /= static_cast<double>(count);
      largest = std::max(largest, drawn - mean[s]);
      if (!(deviation[s] > 0)) continue;
      const double scale = root / deviation[s];
      largest_lower = std::max(largest_lower, scale * (drawn - std::max(mean[s], 0.0)));
      largest_middle = std::max(largest_middle, scale * (drawn - consistent[s]));
      largest_upper = std::max(largest_upper, scale * (drawn - mean[s]));
    }
    white += largest >= mean[found.best] ? 1 : 0;
    lower += largest_lower >= best_studentised ? 1 : 0;
    middle += largest_middle >= best_studentised ? 1 : 0;
    upper += largest_upper >= best_studentised ? 1 : 0;
  }
  const double resamples = static_cast<double>(options.resamples);
  found.white = static_cast<double>(white) / resamples;
  found.spa_lower = static_cast<double>(lower) / resamples;
  found.spa = static_cast<double>(middle) / resamples;
  found.spa_upper = static_cast<double>(upper) / resamples;
  return found;
}

}  // namespace tradeassist::optimize
