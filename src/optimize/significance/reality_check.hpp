#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"

namespace tradeassist::optimize {

/// How likely it is that the best of many strategies looks as good as it does, or better, when none is truly better
/// than what they are held against.
struct RealityCheck {
  double white = 1;  // White, A Reality Check for Data Snooping (2000)
  // Hansen, A Test for Superior Predictive Ability (2005): the consistent p-value, and the bounds around it.
  double spa = 1, spa_lower = 1, spa_upper = 1;
  std::size_t best = 0;   // the strategy with the highest mean
  double mean_block = 1;  // of the resamples
};

struct RealityCheckOptions {
  std::int64_t resamples = 1'000;
  double mean_block = 0;  // 0: that of the best strategy, by automatic_block_length()
  std::uint64_t seed = 1;
};

/// `excess[s]` are returns of strategy s less those of the benchmark (buy and hold), all over the same periods. All
/// strategies see the same resamples, so that what they share is kept. Those that do not vary do not count in Hansen's.
/// kInvalidArgument: no strategy, fewer than 8 periods, lengths that differ, options out of bounds.
/// O(resamples × strategies × periods).
base::Result<RealityCheck> reality_check(std::span<const std::vector<double>> excess,
                                         const RealityCheckOptions& options = {});

BOOST_DESCRIBE_STRUCT(RealityCheck, (), (white, spa, spa_lower, spa_upper, mean_block))

}  // namespace tradeassist::optimize
