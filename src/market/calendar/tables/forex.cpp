#include "market/calendar/tables.hpp"

namespace tradeassist::market {

constinit const std::string_view kForexTable = R"toml(
# The foreign exchange market has no exchange and no rule book: by custom its day ends at 17:00 in New York, and its
# week runs from Sunday to Friday at that hour. Most venues rest on Christmas Day and New Year's Day, as published
# hourly prices of EURUSD from 2017 to 2025 do; some close early on the days before.
name = "FX"
description = "Spot foreign exchange, around the clock from Sunday 17:00 to Friday 17:00 New York"
time_zone = "America/New_York"

closed = [
  { name = "New Year's Day", day = "january 1" },
  { name = "Christmas Day", day = "december 25" },
]

[[hours]]
from = 1971-01-01
sessions = [{ open = "17:00 day before", close = "17:00" }]
)toml";

}  // namespace tradeassist::market
