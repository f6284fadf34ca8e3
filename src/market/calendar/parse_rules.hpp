#pragma once

#include <string_view>

#include "base/result.hpp"
#include "market/calendar/calendar_rules.hpp"

namespace tradeassist::market {

/// Reads a calendar's table (docs/calendars.md). `extends` takes the rules of a built-in calendar and adds to them.
/// kInvalidArgument: `calendar, line 12: …` with what is wrong and what to write.
base::Result<CalendarRules> parse_calendar_rules(std::string_view toml);

}  // namespace tradeassist::market
