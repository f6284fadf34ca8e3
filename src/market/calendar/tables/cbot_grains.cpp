#include "market/calendar/tables.hpp"

namespace tradeassist::market {

constinit const std::string_view kCbotGrainsTable = R"toml(
# Sources: CBOT release of September 2001 (a/c/e 20:30-06:00, floor 9:30-13:15); CME notices on the hours from
# 2009-07-01 (18:00-07:15), 2012-05-21 (17:00-14:00), 2013-04-08 (19:00-07:45 and 8:30-13:15) and 2015-07-06 (until
# 13:20, cmegroup.com/trading/agricultural/faq-extended-trading-cbot-grains-and-oilseeds.html); CBOT holiday schedules
# of 1999, 2002 and 2003; cmegroup.com/tools-information/holiday-calendar.html; CME release on 2025-01-09.
# Grains do not trade on US holidays. Since 2013 the night after Independence Day, Thanksgiving, Christmas and New Year
# is dropped too; after the Monday holidays, and Juneteenth, they reopen in the evening.
# Not certain: the evening hours between 2004 and 2008, the early closes before 2008, the year since which the night
# after a holiday is dropped, the years of the early close on 3 July (DTN's schedule for 2024 has none).
# 1999-12-31, 2001-12-24 and 2002-12-24 are closed because published corn prices have none for those days.
name = "CBOT_GRAINS"
description = "CBOT grain and oilseed futures: corn, soybeans and their products, wheat, oats, rice; KC wheat"
time_zone = "America/Chicago"
reopens = "17:00"

closed = [
  { name = "New Year's Day", day = "january 1", observed = "sunday to monday", until = 2012 },
  { name = "New Year's Day", day = "january 1", observed = "sunday to monday", from = 2013, reopens = "08:30 next day" },
  { name = "Martin Luther King Jr. Day", day = "third monday of january" },
  { name = "Washington's Birthday", day = "third monday of february" },
  { name = "Good Friday", day = "easter - 2" },
  { name = "Memorial Day", day = "last monday of may" },
  { name = "Juneteenth", day = "june 19", observed = "nearest weekday", from = 2022 },
  { name = "Independence Day", day = "july 4", observed = "nearest weekday", until = 2012 },
  { name = "Independence Day", day = "july 4", observed = "nearest weekday", from = 2013, reopens = "08:30 next day" },
  { name = "Labor Day", day = "first monday of september" },
  { name = "Thanksgiving Day", day = "fourth thursday of november", until = 2012 },
  { name = "Thanksgiving Day", day = "fourth thursday of november", from = 2013, reopens = "08:30 next day" },
  { name = "Christmas Day", day = "december 25", observed = "nearest weekday", until = 2012 },
  { name = "Christmas Day", day = "december 25", observed = "nearest weekday", from = 2013, reopens = "08:30 next day" },
  { name = "Year 2000", dates = [1999-12-31] },
  { name = "Attacks of September 11", dates = [2001-09-11, 2001-09-12] },
  { name = "Christmas Eve", dates = [2001-12-24, 2002-12-24] },
  { name = "Mourning for President Reagan", dates = [2004-06-11] },
]

shortened = [
  { name = "Day after Thanksgiving", day = "fourth thursday of november + 1", until = 2014, closes = "12:00" },
  { name = "Day after Thanksgiving", day = "fourth thursday of november + 1", from = 2015, closes = "12:05" },
  { name = "Christmas Eve", day = "december 24", until = 2014, closes = "12:00" },
  { name = "Christmas Eve", day = "december 24", from = 2015, closes = "12:05" },
  { name = "Eve of Independence Day", day = "july 3", from = 2013, until = 2014, closes = "12:00" },
  { name = "Eve of Independence Day", day = "july 3", from = 2015, closes = "12:05" },
  { name = "New Year's Eve", dates = [2010-12-31], closes = "12:00" },
  { name = "Mourning for President Carter", dates = [2025-01-09], closes = "12:15" },
]

[[hours]]
from = 1985-01-01
sessions = [
  { open = "22:30 day before", close = "04:30", kind = "extended" },
  { open = "09:30", close = "13:15" },
]

[[hours]]
from = 2000-08-28
sessions = [
  { open = "20:30 day before", close = "06:00", kind = "extended" },
  { open = "09:30", close = "13:15" },
]

[[hours]]
from = 2006-08-01
sessions = [
  { open = "18:30 day before", close = "06:00", kind = "extended" },
  { open = "09:30", close = "13:15" },
]

[[hours]]
from = 2008-01-14
sessions = [
  { open = "18:00 day before", close = "06:00", kind = "extended" },
  { open = "09:30", close = "13:15" },
]

[[hours]]
from = 2009-07-01
sessions = [
  { open = "18:00 day before", close = "07:15", kind = "extended" },
  { open = "09:30", close = "13:15" },
]

[[hours]]
from = 2012-05-21
sessions = [
  { open = "17:00 day before", close = "09:30", kind = "extended" },
  { open = "09:30", close = "14:00" },
]

[[hours]]
from = 2013-04-08
sessions = [
  { open = "19:00 day before", close = "07:45", kind = "extended" },
  { open = "08:30", close = "13:15" },
]

[[hours]]
from = 2015-07-06
sessions = [
  { open = "19:00 day before", close = "07:45", kind = "extended" },
  { open = "08:30", close = "13:20" },
]
)toml";

}  // namespace tradeassist::market
