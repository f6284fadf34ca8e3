#include "market/calendar/tables.hpp"

namespace tradeassist::market {

constinit const std::string_view kEurexTable = R"toml(
# Sources: eurex.com trading calendar (no trading on these days; none is moved from a weekend) and trading hours (01:10
# CET, 02:10 CEST until 22:00); Eurex releases of 2005-07-06 (22:00 instead of 20:00 from 2005-11-21) and 2006-04-07
# (08:00 instead of 09:00 from 2006-06-01); circular 088/18 (Asian hours from 2018-12-10).
# The Asian hours follow UTC, so on the local clock they begin an hour later in summer.
# The hours are those of the futures on EURO STOXX 50 and DAX; since December 2018 Bund, Bobl, Schatz and Buxl share
# them.
# Not certain: hours before 2005, and holidays before 2000, when German ones such as Whit Monday were kept.
name = "XEUR"
description = "Eurex benchmark futures: EURO STOXX 50, DAX, and since December 2018 Bund, Bobl, Schatz and Buxl"
time_zone = "Europe/Berlin"

closed = [
  { name = "New Year's Day", day = "january 1" },
  { name = "Good Friday", day = "easter - 2" },
  { name = "Easter Monday", day = "easter + 1" },
  { name = "Labour Day", day = "may 1" },
  { name = "Christmas Eve", day = "december 24" },
  { name = "Christmas Day", day = "december 25" },
  { name = "Boxing Day", day = "december 26" },
  { name = "New Year's Eve", day = "december 31" },
]

[[hours]]
from = 1998-01-01
sessions = [{ open = "09:00", close = "20:00" }]

[[hours]]
from = 2005-11-21
sessions = [{ open = "09:00", close = "22:00" }]

[[hours]]
from = 2006-06-01
sessions = [{ open = "08:00", close = "22:00" }]

[[hours]]
from = 2018-12-10
sessions = [
  { open = "00:10 utc", close = "08:00", kind = "extended" },
  { open = "08:00", close = "22:00" },
]
)toml";

}  // namespace tradeassist::market
