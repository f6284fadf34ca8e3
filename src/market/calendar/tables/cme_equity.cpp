#include "market/calendar/tables.hpp"

namespace tradeassist::market {

constinit const std::string_view kCmeEquityTable = R"toml(
# Sources: cmegroup.com/tools-information/holiday-calendar.html and its yearly schedules; CME holiday press releases
# (Labor Day 2003 and 2007, Good Friday 2005, Christmas 2005, Presidents' Day 2006: "halts equity trading at 10:30,
# resumes at 17:00 for the trade date of" the next day); CME notices on the 16:15 close (trade date 2012-11-19) and the
# 16:00 close (2015-09-21); press releases on Hurricane Sandy (2012-10-29) and the days of mourning of 2018 and 2025.
# Until November 2012 what traded from 15:30 to 16:30 belonged to the next day.
# A holiday's session counts for the next trade date, as CME clears it.
# Not certain: the dates of the earlier openings (17:30 on Sundays and 15:45 until some time in 2004); the day on which
# the halt from 15:15 to 15:30 ended (2021-06-28 is taken); 15:00 as the end of the day session since then; the closes
# of 1999-12-31, 2007-01-02 and 2007-04-06; that Globex was shut for all of 2001-09-11; the trade date of Good Friday's
# short sessions.
name = "CME_EQUITY"
description = "CME Globex equity index futures: ES, NQ, RTY, YM and their micros"
time_zone = "America/Chicago"
reopens = "17:00"

closed = [
  { name = "New Year's Day", day = "january 1", observed = "sunday to monday" },
  { name = "Good Friday", day = "easter - 2", except = [1999, 2007, 2010, 2012, 2015, 2021, 2023, 2026] },
  { name = "Christmas Day", day = "december 25", observed = "nearest weekday" },
  { name = "Attacks of September 11", dates = [2001-09-11, 2001-09-12, 2001-09-13, 2001-09-14] },
  { name = "Mourning for President Reagan", dates = [2004-06-11] },
]

holiday_sessions = [
  { name = "Martin Luther King Jr. Day", day = "third monday of january", until = 2014, closes = "10:30" },
  { name = "Martin Luther King Jr. Day", day = "third monday of january", from = 2015, closes = "12:00" },
  { name = "Washington's Birthday", day = "third monday of february", until = 2014, closes = "10:30" },
  { name = "Washington's Birthday", day = "third monday of february", from = 2015, closes = "12:00" },
  { name = "Memorial Day", day = "last monday of may", until = 2013, closes = "10:30" },
  { name = "Memorial Day", day = "last monday of may", from = 2014, closes = "12:00" },
  { name = "Juneteenth", day = "june 19", observed = "nearest weekday", from = 2022, closes = "12:00" },
  { name = "Independence Day", day = "july 4", observed = "nearest weekday", until = 2013, closes = "10:30" },
  { name = "Independence Day", day = "july 4", observed = "nearest weekday", from = 2014, closes = "12:00" },
  { name = "Labor Day", day = "first monday of september", until = 2013, closes = "10:30" },
  { name = "Labor Day", day = "first monday of september", from = 2014, closes = "12:00" },
  { name = "Thanksgiving Day", day = "fourth thursday of november", until = 2013, closes = "10:30" },
  { name = "Thanksgiving Day", day = "fourth thursday of november", from = 2014, closes = "12:00" },
  # The Good Fridays on which the US employment report comes out.
  { name = "Good Friday", day = "easter - 2", only = [1999], closes = "10:00" },
  { name = "Good Friday", day = "easter - 2", only = [2007, 2010, 2012, 2015, 2021, 2023, 2026], closes = "08:15" },
  { name = "Mourning for President Ford", dates = [2007-01-02], closes = "08:15" },
  { name = "Hurricane Sandy", dates = [2012-10-29, 2012-10-30], closes = "08:15" },
  { name = "Mourning for President George H. W. Bush", dates = [2018-12-05], closes = "08:30" },
  { name = "Mourning for President Carter", dates = [2025-01-09], closes = "08:30" },
]

shortened = [
  { name = "Day after Thanksgiving", day = "fourth thursday of november + 1", closes = "12:15" },
  { name = "Christmas Eve", day = "december 24", closes = "12:15" },
  { name = "Eve of Independence Day", day = "july 3", on = ["mon", "tue", "thu"], closes = "12:15" },
  { name = "Eve of Independence Day", day = "july 3", on = ["wed"], from = 2013, closes = "12:15" },
  { name = "New Year's Eve", dates = [1999-12-31], closes = "12:15" },
  { name = "Day after Independence Day", day = "july 5", on = ["fri"], until = 2012, closes = "12:15" },
]

[[hours]]
from = 1997-09-09
sessions = [
  { open = "15:45 day before", close = "16:30 day before", kind = "extended", on = ["tue", "wed", "thu", "fri"] },
  { open = "17:00 day before", close = "08:30", kind = "extended", on = ["tue", "wed", "thu", "fri"] },
  { open = "17:30 day before", close = "08:30", kind = "extended", on = ["mon"] },
  { open = "08:30", close = "15:15" },
]

[[hours]]
from = 2004-01-05
sessions = [
  { open = "15:30 day before", close = "16:30 day before", kind = "extended", on = ["tue", "wed", "thu", "fri"] },
  { open = "17:00 day before", close = "08:30", kind = "extended" },
  { open = "08:30", close = "15:15" },
]

[[hours]]
from = 2012-11-19
sessions = [
  { open = "17:00 day before", close = "08:30", kind = "extended" },
  { open = "08:30", close = "15:15" },
  { open = "15:30", close = "16:15", kind = "extended" },
]

[[hours]]
from = 2015-09-21
sessions = [
  { open = "17:00 day before", close = "08:30", kind = "extended" },
  { open = "08:30", close = "15:15" },
  { open = "15:30", close = "16:00", kind = "extended" },
]

[[hours]]
from = 2021-06-28
sessions = [
  { open = "17:00 day before", close = "08:30", kind = "extended" },
  { open = "08:30", close = "15:00" },
  { open = "15:00", close = "16:00", kind = "extended" },
]
)toml";

}  // namespace tradeassist::market
