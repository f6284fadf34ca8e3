#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "market/futures/futures_contract.hpp"
#include "market/futures/trade_days.hpp"

namespace tradeassist::market {

/// How much of a contract traded, or was open, on one trade date. NaN where the bars of the day do not say.
struct DailyActivity {
  std::int64_t day = 0;  // since 1970-01-01
  std::uint32_t contract = 0;
  double value = 0;
};

enum class Activity { kVolume, kOpenInterest };

/// The sum of the volumes of each trade date, or the last open interest of each, of every contract that has bars on it;
/// by day, then by contract.
std::vector<DailyActivity> daily_activity(std::span<const FuturesContract> contracts, const TradeDays& days,
                                          Activity activity);

}  // namespace tradeassist::market
