#include "market/calendar/tables.hpp"

namespace tradeassist::market {

constinit const std::string_view kNymexEnergyTable = R"toml(
# Sources: NYMEX notice of 2001-12-28 (floor 10:00-14:30, ACCESS 15:15-09:00, Sundays from 19:00), NYMEX releases on
# Globex (June 2006), on the floor's opening at 9:00 (2007-02-01) and on holidays (2007, 2008), CME notice on the close
# at 17:00 (2015-09-21), cmegroup.com/tools-information/holiday-calendar.html, Natural Gas Intelligence of December 2006
# on the holidays of 2001 to 2007.
# Since Globex a holiday's session counts for the next trade date (NYMEX schedules for MLK and Presidents' Day 2008:
# "open until the halt at 5:15 PM for the January 22 trade date"). Its length, from lists of early closes 2009-2019
# (QuantConnect's market hours), DTN's schedules for Presidents' Day 2023 and 4 July 2024 (halt at 13:30 Chicago), and
# published hourly prices of QM in 2025 and 2026, which end at 13:00 on Friday 2025-07-04.
# Not certain: Juneteenth on a Friday (taken like Independence Day); the close of the day after Thanksgiving since 2025
# (prices of 2025-11-28, a day with an outage, go on after 14:00); the closures of 2004-06-11 and 2009-07-03; the
# session of 2001-09-14; the two years, not known to us, before 2007 in which the floor was open after Thanksgiving.
# The hours are those of crude oil; before 2001-09-17 they are not certain.
name = "NYMEX_ENERGY"
description = "NYMEX energy futures: crude oil, natural gas, heating oil, gasoline"
time_zone = "America/New_York"
reopens = "18:00"

closed = [
  { name = "New Year's Day", day = "january 1", observed = "sunday to monday" },
  { name = "Martin Luther King Jr. Day", day = "third monday of january", until = 2006 },
  { name = "Washington's Birthday", day = "third monday of february", until = 2006 },
  { name = "Good Friday", day = "easter - 2" },
  { name = "Memorial Day", day = "last monday of may", until = 2006 },
  { name = "Independence Day", day = "july 4", observed = "nearest weekday", until = 2005 },
  { name = "Independence Day", dates = [2009-07-03] },
  { name = "Labor Day", day = "first monday of september", until = 2005 },
  { name = "Thanksgiving Day", day = "fourth thursday of november", until = 2005 },
  { name = "Day after Thanksgiving", day = "fourth thursday of november + 1", until = 2006 },
  { name = "Christmas Day", day = "december 25", observed = "nearest weekday" },
  { name = "Attacks of September 11", dates = [2001-09-11, 2001-09-12, 2001-09-13, 2001-09-14] },
  { name = "Christmas Eve", dates = [2001-12-24] },
  { name = "Day after Christmas", dates = [2003-12-26] },
  { name = "Mourning for President Reagan", dates = [2004-06-11] },
]

holiday_sessions = [
  { name = "Martin Luther King Jr. Day", day = "third monday of january", from = 2007, until = 2009, closes = "17:15" },
  { name = "Martin Luther King Jr. Day", day = "third monday of january", from = 2010, until = 2014, closes = "13:15" },
  { name = "Martin Luther King Jr. Day", day = "third monday of january", from = 2015, until = 2021, closes = "13:00" },
  { name = "Martin Luther King Jr. Day", day = "third monday of january", from = 2022, closes = "14:30" },
  { name = "Washington's Birthday", day = "third monday of february", from = 2007, until = 2009, closes = "17:15" },
  { name = "Washington's Birthday", day = "third monday of february", from = 2010, until = 2014, closes = "13:15" },
  { name = "Washington's Birthday", day = "third monday of february", from = 2015, until = 2021, closes = "13:00" },
  { name = "Washington's Birthday", day = "third monday of february", from = 2022, closes = "14:30" },
  { name = "Memorial Day", day = "last monday of may", from = 2007, until = 2008, closes = "17:15" },
  { name = "Memorial Day", day = "last monday of may", from = 2009, until = 2013, closes = "13:15" },
  { name = "Memorial Day", day = "last monday of may", from = 2014, until = 2021, closes = "13:00" },
  { name = "Memorial Day", day = "last monday of may", from = 2022, closes = "14:30" },
  { name = "Juneteenth", day = "june 19", observed = "nearest weekday", from = 2022, on = ["mon", "tue", "wed", "thu"], closes = "14:30" },
  { name = "Juneteenth", day = "june 19", observed = "nearest weekday", from = 2022, on = ["fri"], closes = "13:00" },
  { name = "Independence Day", day = "july 4", observed = "nearest weekday", from = 2006, until = 2008, closes = "17:15" },
  { name = "Independence Day", day = "july 4", observed = "nearest weekday", from = 2010, until = 2013, closes = "13:15" },
  { name = "Independence Day", day = "july 4", observed = "nearest weekday", from = 2014, until = 2021, closes = "13:00" },
  { name = "Independence Day", day = "july 4", observed = "nearest weekday", from = 2022, on = ["mon", "tue", "wed", "thu"], closes = "14:30" },
  { name = "Independence Day", day = "july 4", observed = "nearest weekday", from = 2022, on = ["fri"], closes = "13:00" },
  { name = "Labor Day", day = "first monday of september", from = 2006, until = 2008, closes = "17:15" },
  { name = "Labor Day", day = "first monday of september", from = 2009, until = 2013, closes = "13:15" },
  { name = "Labor Day", day = "first monday of september", from = 2014, until = 2021, closes = "13:00" },
  { name = "Labor Day", day = "first monday of september", from = 2022, closes = "14:30" },
  { name = "Thanksgiving Day", day = "fourth thursday of november", from = 2006, until = 2008, closes = "17:15" },
  { name = "Thanksgiving Day", day = "fourth thursday of november", from = 2009, until = 2013, closes = "13:15" },
  { name = "Thanksgiving Day", day = "fourth thursday of november", from = 2014, until = 2021, closes = "13:00" },
  { name = "Thanksgiving Day", day = "fourth thursday of november", from = 2022, closes = "14:30" },
]

shortened = [
  { name = "Day after Thanksgiving", day = "fourth thursday of november + 1", from = 2007, until = 2024, closes = "13:45" },
  { name = "Day after Thanksgiving", day = "fourth thursday of november + 1", from = 2025, closes = "14:30" },
  { name = "Christmas Eve", day = "december 24", from = 2007, closes = "13:45" },
  { name = "Before Martin Luther King Jr. Day", dates = [2010-01-15, 2011-01-14], closes = "16:15" },
  { name = "Before Washington's Birthday", dates = [2010-02-12], closes = "16:15" },
  { name = "Before Memorial Day", dates = [2009-05-22, 2010-05-28], closes = "16:15" },
  { name = "Before Independence Day", dates = [2010-07-02], closes = "16:15" },
  { name = "Before Labor Day", dates = [2009-09-04, 2010-09-03], closes = "16:15" },
  { name = "Before Columbus Day", dates = [2009-10-09, 2010-10-08], closes = "16:15" },
  { name = "New Year's Eve", dates = [2010-12-31], closes = "16:15" },
]

[[hours]]
from = 1993-06-24
sessions = [
  { open = "16:00 day before", close = "09:00", kind = "extended", on = ["tue", "wed", "thu", "fri"] },
  { open = "19:00 day before", close = "09:00", kind = "extended", on = ["mon"] },
  { open = "09:45", close = "15:10" },
]

[[hours]]
from = 2001-09-17
sessions = [
  { open = "15:15 day before", close = "09:00", kind = "extended", on = ["tue", "wed", "thu", "fri"] },
  { open = "19:00 day before", close = "09:00", kind = "extended", on = ["mon"] },
  { open = "10:00", close = "14:30" },
]

[[hours]]
from = 2006-06-12
sessions = [
  { open = "18:00 day before", close = "10:00", kind = "extended" },
  { open = "10:00", close = "14:30" },
  { open = "14:30", close = "17:15", kind = "extended" },
]

[[hours]]
from = 2007-02-01
sessions = [
  { open = "18:00 day before", close = "09:00", kind = "extended" },
  { open = "09:00", close = "14:30" },
  { open = "14:30", close = "17:15", kind = "extended" },
]

[[hours]]
from = 2015-09-21
sessions = [
  { open = "18:00 day before", close = "09:00", kind = "extended" },
  { open = "09:00", close = "14:30" },
  { open = "14:30", close = "17:00", kind = "extended" },
]
)toml";

}  // namespace tradeassist::market
