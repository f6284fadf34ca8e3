#pragma once

#include <boost/describe/class.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "optimize/random.hpp"

namespace tradeassist::optimize {

constexpr std::int64_t kResamplesMax = 100'000;

/// The places of one resample of `count` periods by the stationary bootstrap (Politis, Romano: The Stationary
/// Bootstrap, 1994): blocks that begin anywhere and go around the end, with lengths that are geometric and `mean_block`
/// (at least 1) on average. `places` has `count` elements.
void draw_stationary(Random& random, double mean_block, std::span<std::uint32_t> places);

/// The mean block length that suits how the values depend on those before them: Politis, White, Automatic Block-Length
/// Selection for the Dependent Bootstrap (2004), as corrected by Patton, Politis, White (2009). 1 for fewer than 8
/// values and for those that do not vary.
double automatic_block_length(std::span<const double> values);

/// A figure of a sample and where it lies in the middle `level` of its resamples (percentiles).
struct ConfidenceInterval {
  double estimate = 0, low = 0, high = 0;
  double level = 0.95;
};

struct BootstrapOptions {
  std::int64_t resamples = 1'000;  // at most kResamplesMax
  double mean_block = 0;           // 0: automatic_block_length()
  double level = 0.95;
  std::uint64_t seed = 1;
};

/// The interval of `figure` over resamples of `values`. A resample for which it is NaN is left out. The same seed gives
/// the same interval. kInvalidArgument: fewer than 2 values, options out of bounds, or no resample with a value.
base::Result<ConfidenceInterval> bootstrap(std::span<const double> values,
                                           const std::function<double(std::span<const double>)>& figure,
                                           const BootstrapOptions& options = {});

/// The value below which a share of the sorted values lies, linear between two (Hyndman, Fan: Sample Quantiles, 1996,
/// definition 7). `sorted` has at least one.
double sorted_quantile(std::span<const double> sorted, double share);

BOOST_DESCRIBE_STRUCT(ConfidenceInterval, (), (estimate, low, high, level))

}  // namespace tradeassist::optimize
