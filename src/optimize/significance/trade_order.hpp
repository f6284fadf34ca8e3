#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <span>

#include "base/result.hpp"

namespace tradeassist::optimize {

/// What the drawdown would have been had the same trades come in another order. Drawdowns are percent of the highest
/// equity before them, at closed trades.
struct TradeOrder {
  double drawdown_percent = 0;                                    // as they came
  double median_percent = 0, p95_percent = 0, worst_percent = 0;  // of the orders that were drawn
  double share_below = 0;  // of these, those with a smaller drawdown than the one that came
  double ruin_share = 0;   // those in which equity reached 0
};

/// Draws `orders` orders, all alike probable, of trades that made `profits` (money, after commission) on
/// `initial_capital`. kInvalidArgument: no trade, capital not above 0, orders out of 1 to 100,000.
base::Result<TradeOrder> shuffle_trades(std::span<const double> profits, double initial_capital,
                                        std::int64_t orders = 1'000, std::uint64_t seed = 1);

BOOST_DESCRIBE_STRUCT(TradeOrder, (),
                      (drawdown_percent, median_percent, p95_percent, worst_percent, share_below, ruin_share))

}  // namespace tradeassist::optimize
