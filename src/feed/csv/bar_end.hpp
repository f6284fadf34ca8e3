#pragma once

#include <cstdint>

#include "market/timeframe.hpp"

namespace tradeassist::feed {

/// The start of the bar whose end a stamp names, both in nanoseconds UTC. A stamp just before a full minute (23:59:59,
/// 14:29:59.999) names the minute: vendors write the last instant that belongs to the bar. Months: the month that ends.
std::int64_t start_of_bar_ending_at(std::int64_t time, market::Timeframe timeframe);

/// The first day of the days', weeks' or months' bar whose end a stamp on local `day` (since 1970-01-01) names. A whole
/// date is the last day of its bar; with a clock, midnight ends the day before. Weeks begin on Monday.
std::int64_t first_day_of_bar_ending_on(std::int64_t day, std::int64_t clock, bool has_clock,
                                        market::Timeframe timeframe);

}  // namespace tradeassist::feed
