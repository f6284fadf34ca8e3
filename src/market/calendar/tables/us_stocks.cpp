#include "market/calendar/tables.hpp"

namespace tradeassist::market {

constinit const std::string_view kUsStocksTable = R"toml(
# Sources: NYSE Rule 7.2 (holidays; a holiday on Saturday is kept on Friday unless a month's or year's accounts end that
# day, hence none for New Year), nyse.com/markets/hours-calendars, and "NYSE: all closings since 1885"
# (nyse.com/pdfs/closings.pdf) for what happened once. Nasdaq kept the same days.
# Not modelled: openings delayed by minutes for moments of silence, and halts (1998-10-26, 2001-06-08, 2005-06-01).
# Not certain: extended hours differed by venue and grew over the years; 04:00-20:00 is today's span, taken from 2005
# on. Nor the early close of 1999-12-31: not in the NYSE's list, but in others', and that day's volume was small.
name = "XNYS"
description = "US stocks: NYSE, Nasdaq and the other US equity exchanges"
time_zone = "America/New_York"

closed = [
  { name = "New Year's Day", day = "january 1", observed = "sunday to monday" },
  { name = "Martin Luther King Jr. Day", day = "third monday of january", from = 1998 },
  { name = "Washington's Birthday", day = "third monday of february" },
  { name = "Good Friday", day = "easter - 2" },
  { name = "Memorial Day", day = "last monday of may" },
  { name = "Juneteenth", day = "june 19", observed = "nearest weekday", from = 2022 },
  { name = "Independence Day", day = "july 4", observed = "nearest weekday" },
  { name = "Labor Day", day = "first monday of september" },
  { name = "Thanksgiving Day", day = "fourth thursday of november" },
  { name = "Christmas Day", day = "december 25", observed = "nearest weekday" },
  { name = "Attacks of September 11", dates = [2001-09-11, 2001-09-12, 2001-09-13, 2001-09-14] },
  { name = "Mourning for President Reagan", dates = [2004-06-11] },
  { name = "Mourning for President Ford", dates = [2007-01-02] },
  { name = "Hurricane Sandy", dates = [2012-10-29, 2012-10-30] },
  { name = "Mourning for President George H. W. Bush", dates = [2018-12-05] },
  { name = "Mourning for President Carter", dates = [2025-01-09] },
]

shortened = [
  { name = "Day after Thanksgiving", day = "fourth thursday of november + 1", closes = "13:00", extended_until = "17:00" },
  { name = "Christmas Eve", day = "december 24", closes = "13:00", extended_until = "17:00" },
  { name = "Eve of Independence Day", day = "july 3", on = ["mon", "tue", "thu"], closes = "13:00", extended_until = "17:00" },
  { name = "Eve of Independence Day", day = "july 3", on = ["wed"], from = 2013, closes = "13:00", extended_until = "17:00" },
  { name = "Day after Independence Day", day = "july 5", on = ["fri"], until = 2012, closes = "13:00", extended_until = "17:00" },
  { name = "New Year's Eve", dates = [1999-12-31], closes = "13:00", extended_until = "17:00" },
  { name = "Day after Christmas", dates = [2003-12-26], closes = "13:00", extended_until = "17:00" },
  { name = "Anniversary of September 11", dates = [2002-09-11], opens = "12:00" },
]

[[hours]]
from = 1985-09-30
sessions = [{ open = "09:30", close = "16:00" }]

[[hours]]
from = 2005-01-03
sessions = [
  { open = "04:00", close = "09:30", kind = "extended" },
  { open = "09:30", close = "16:00" },
  { open = "16:00", close = "20:00", kind = "extended" },
]
)toml";

}  // namespace tradeassist::market
