#pragma once

#include <string>

#include "base/result.hpp"
#include "market/calendar/calendar.hpp"

namespace tradeassist::app {

/// What --calendar says: the name of a built-in calendar, or a .toml file with one.
base::Result<market::CalendarPtr> read_calendar(const std::string& name_or_file);

}  // namespace tradeassist::app
