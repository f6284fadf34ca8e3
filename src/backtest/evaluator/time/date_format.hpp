#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "market/zone_clock.hpp"

namespace tradeassist::backtest {

/// An instant as text by a pattern of Java's SimpleDateFormat, as str.format_time and str.format have it: letters stand
/// for parts (y M d E a H h m s S Z z …), more of one letter for more of it, 'quotes' for themselves. Names are
/// English; a letter that means nothing stands for itself.
std::string format_date(std::int64_t utc_milliseconds, std::string_view pattern, market::ZoneClock clock);

}  // namespace tradeassist::backtest
