#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tradeassist::optimize {

/// How values lie, from the worst to the best.
struct Spread {
  double worst = 0, p05 = 0, median = 0, p95 = 0, best = 0;
};

/// What someone would have made who began on a random day and stayed for a random time, in percent.
struct RandomPeriods {
  std::size_t count = 0;
  std::size_t shortest_days = 0, longest_days = 0;  // that are drawn from
  Spread return_percent, holding_return_percent;
  double share_profitable = 0;  // of the periods
  std::optional<double> share_better_than_holding;
  std::string statement;
};

/// Draws `count` periods of between a twentieth and a half of the days, all lengths and all places alike probable.
/// `holding` is of the same days as `returns`, or empty. The same seed gives the same periods. Nothing where there are
/// fewer than kRandomPeriodDaysMin days.
constexpr std::size_t kRandomPeriodDaysMin = 40;
std::optional<RandomPeriods> random_periods(std::span<const double> returns, std::span<const double> holding,
                                            std::size_t count, std::uint64_t seed);

BOOST_DESCRIBE_STRUCT(Spread, (), (worst, p05, median, p95, best))
BOOST_DESCRIBE_STRUCT(RandomPeriods, (),
                      (count, shortest_days, longest_days, return_percent, holding_return_percent, share_profitable,
                       share_better_than_holding, statement))

}  // namespace tradeassist::optimize
