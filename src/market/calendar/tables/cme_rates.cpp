#include "market/calendar/tables.hpp"

namespace tradeassist::market {

constinit const std::string_view kCmeRatesTable = R"toml(
# Sources: CBOT release of September 2001 (a/c/e 20:00-16:00, floor 7:20-14:00), CBOT holiday schedules of 1999-2003,
# CME Labor Day 2007 release ("e-cbot closed, opens at normal evening times"), the CBOT's migration to Globex (January
# 2008), cmegroup.com/tools-information/holiday-calendar.html, CME releases on Hurricane Sandy and on 2018-12-05 and
# 2025-01-09.
# Good Friday is a short trading day when the US employment report comes out that day.
# Not certain: the hours of e-cbot (2004-2007), when 17:30 became 17:00 (taken as 2012), the early closes before 2008
# and, taken from lists for currencies, before the holidays of 2009 to 2011, the day of 2007-01-02. Project A, the
# CBOT's night session before September 2000, is not modelled.
name = "CME_RATES"
description = "CBOT and CME interest rate futures: Treasuries, Fed Funds, Eurodollar, SOFR"
time_zone = "America/Chicago"
reopens = "17:00"

closed = [
  { name = "New Year's Day", day = "january 1", observed = "sunday to monday" },
  { name = "Martin Luther King Jr. Day", day = "third monday of january", until = 2007 },
  { name = "Washington's Birthday", day = "third monday of february", until = 2007 },
  { name = "Good Friday", day = "easter - 2", except = [1999, 2007, 2010, 2012, 2015, 2021, 2023, 2026] },
  { name = "Memorial Day", day = "last monday of may", until = 2007 },
  { name = "Independence Day", day = "july 4", observed = "nearest weekday", until = 2007 },
  { name = "Labor Day", day = "first monday of september", until = 2007 },
  { name = "Thanksgiving Day", day = "fourth thursday of november", until = 2007 },
  { name = "Christmas Day", day = "december 25", observed = "nearest weekday" },
  { name = "Attacks of September 11", dates = [2001-09-11, 2001-09-12] },
  { name = "Mourning for President Reagan", dates = [2004-06-11] },
  { name = "Mourning for President George H. W. Bush", dates = [2018-12-05] },
]

holiday_sessions = [
  { name = "Martin Luther King Jr. Day", day = "third monday of january", from = 2008, closes = "12:00" },
  { name = "Washington's Birthday", day = "third monday of february", from = 2008, closes = "12:00" },
  { name = "Memorial Day", day = "last monday of may", from = 2008, closes = "12:00" },
  { name = "Juneteenth", day = "june 19", observed = "nearest weekday", from = 2022, closes = "12:00" },
  { name = "Independence Day", day = "july 4", observed = "nearest weekday", from = 2008, closes = "12:00" },
  { name = "Labor Day", day = "first monday of september", from = 2008, closes = "12:00" },
  { name = "Thanksgiving Day", day = "fourth thursday of november", from = 2008, closes = "12:00" },
]

shortened = [
  { name = "Good Friday", day = "easter - 2", only = [1999, 2007], closes = "10:00" },
  { name = "Good Friday", day = "easter - 2", only = [2010, 2012, 2015, 2021, 2023, 2026], closes = "10:15" },
  { name = "Before Martin Luther King Jr. Day", day = "third monday of january - 3", from = 2008, until = 2015, closes = "15:15" },
  { name = "Before Washington's Birthday", day = "third monday of february - 3", from = 2008, until = 2015, closes = "15:15" },
  { name = "Before Memorial Day", day = "last monday of may - 3", from = 2008, until = 2015, closes = "15:15" },
  { name = "Before Labor Day", day = "first monday of september - 3", from = 2008, until = 2015, closes = "15:15" },
  { name = "Before Columbus Day", dates = [2009-10-09, 2010-10-08, 2011-10-07], closes = "15:15" },
  { name = "Before Good Friday", dates = [2009-04-09], closes = "15:15" },
  { name = "Before Independence Day", dates = [2010-07-02, 2011-07-01], closes = "15:15" },
  { name = "Day after Thanksgiving", day = "fourth thursday of november + 1", closes = "12:15" },
  { name = "Christmas Eve", day = "december 24", closes = "12:15" },
  { name = "New Year's Eve", dates = [2010-12-31], closes = "12:15" },
  { name = "Hurricane Sandy", dates = [2012-10-29], closes = "11:00" },
  { name = "Mourning for President Carter", dates = [2025-01-09], closes = "12:15" },
]

[[hours]]
from = 1985-01-01
sessions = [{ open = "07:20", close = "14:00" }]

[[hours]]
from = 2000-08-28
sessions = [
  { open = "20:00 day before", close = "07:20", kind = "extended" },
  { open = "07:20", close = "14:00" },
  { open = "14:00", close = "16:00", kind = "extended" },
]

[[hours]]
from = 2008-01-28
sessions = [
  { open = "17:30 day before", close = "07:20", kind = "extended" },
  { open = "07:20", close = "14:00" },
  { open = "14:00", close = "16:00", kind = "extended" },
]

[[hours]]
from = 2012-01-03
sessions = [
  { open = "17:00 day before", close = "07:20", kind = "extended" },
  { open = "07:20", close = "14:00" },
  { open = "14:00", close = "16:00", kind = "extended" },
]
)toml";

}  // namespace tradeassist::market
