#include <gmock/gmock.h>

#include <map>

#include "market/calendar/testing/calendar_text.hpp"

namespace tradeassist::market {
namespace {

using testing::calendar_named;
using testing::date;
using ::testing::ElementsAre;
using testing::sessions_text;
using testing::weekdays_of_kind;

/// The holidays of a year, dates only.
std::string closed_in(const Calendar& calendar, int year) {
  std::string dates;
  for (const std::string& day : weekdays_of_kind(calendar, year, DayKind::kClosed)) dates += day.substr(0, 5) + " ";
  return dates;
}
std::string shortened_in(const Calendar& calendar, int year) {
  std::string dates;
  for (const std::string& day : weekdays_of_kind(calendar, year, DayKind::kShortened)) dates += day.substr(0, 5) + " ";
  return dates;
}

TEST(UsStocks, holidays_are_those_of_the_exchange) {
  const CalendarPtr nyse = calendar_named("XNYS");
  const std::map<int, std::string> holidays = {
      {1998, "01-01 01-19 02-16 04-10 05-25 07-03 09-07 11-26 12-25 "},
      {2000, "01-17 02-21 04-21 05-29 07-04 09-04 11-23 12-25 "},
      {2001, "01-01 01-15 02-19 04-13 05-28 07-04 09-03 09-11 09-12 09-13 09-14 11-22 12-25 "},
      {2004, "01-01 01-19 02-16 04-09 05-31 06-11 07-05 09-06 11-25 12-24 "},
      {2007, "01-01 01-02 01-15 02-19 04-06 05-28 07-04 09-03 11-22 12-25 "},
      {2011, "01-17 02-21 04-22 05-30 07-04 09-05 11-24 12-26 "},
      {2012, "01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 12-25 "},
      {2018, "01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25 "},
      {2021, "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24 "},
      {2022, "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26 "},
      {2024, "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25 "},
      {2025, "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25 "},
      {2026, "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25 "},
      {2027, "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24 "},
  };
  for (const auto& [year, dates] : holidays) EXPECT_EQ(closed_in(*nyse, year), dates) << year;
}

TEST(UsStocks, early_closes_follow_the_rules_of_their_time) {
  const CalendarPtr nyse = calendar_named("XNYS");
  const std::map<int, std::string> early = {
      {1998, "11-27 12-24 "},  // 3 July was the holiday
      {1999, "11-26 12-31 "},  // 24 December was the holiday
      {2000, "07-03 11-24 "},
      {2002, "07-05 09-11 11-29 12-24 "},  // 11 September opened at noon
      {2003, "07-03 11-28 12-24 12-26 "},
      {2008, "07-03 11-28 12-24 "},
      {2012, "07-03 11-23 12-24 "},
      {2013, "07-03 11-29 12-24 "},
      {2019, "07-03 11-29 12-24 "},
      {2020, "11-27 12-24 "},
      {2021, "11-26 "},
      {2023, "07-03 11-24 "},
      {2024, "07-03 11-29 12-24 "},
      {2025, "07-03 11-28 12-24 "},
  };
  for (const auto& [year, dates] : early) EXPECT_EQ(shortened_in(*nyse, year), dates) << year;
  EXPECT_EQ(nyse->day_status(date("2002-07-03")), DayStatus{}) << "a Wednesday before 2013 was a whole day";
}

TEST(UsStocks, years_have_the_known_numbers_of_trading_days) {
  const CalendarPtr nyse = calendar_named("XNYS");
  const std::map<int, std::size_t> days = {{1998, 252}, {1999, 252}, {2000, 252}, {2001, 248}, {2008, 253}, {2012, 250},
                                           {2016, 252}, {2017, 251}, {2018, 251}, {2019, 252}, {2020, 253}, {2021, 252},
                                           {2022, 251}, {2023, 250}, {2024, 252}, {2025, 250}};
  for (const auto& [year, count] : days) {
    EXPECT_EQ(nyse->trading_days({year, 1, 1}, {year, 12, 31})->size(), count) << year;
  }
}

TEST(UsStocks, a_day_has_extended_hours_around_the_regular_ones) {
  const CalendarPtr nyse = calendar_named("XNYS");
  EXPECT_THAT(sessions_text(*nyse, "2024-06-18"),
              ElementsAre("06-18 04:00 - 06-18 09:30 extended", "06-18 09:30 - 06-18 16:00",
                          "06-18 16:00 - 06-18 20:00 extended"));
  EXPECT_THAT(sessions_text(*nyse, "1999-06-18"), ElementsAre("06-18 09:30 - 06-18 16:00"));
}

TEST(UsStocks, an_early_close_moves_the_late_hours_forward) {
  const CalendarPtr nyse = calendar_named("XNYS");
  EXPECT_THAT(sessions_text(*nyse, "2024-11-29"),
              ElementsAre("11-29 04:00 - 11-29 09:30 extended", "11-29 09:30 - 11-29 13:00",
                          "11-29 13:00 - 11-29 17:00 extended"));
  EXPECT_TRUE(nyse->sessions_of(date("2024-11-29"), Hours::kRegular).at(0).early_close);
  EXPECT_FALSE(nyse->sessions_of(date("2024-11-27"), Hours::kRegular).at(0).early_close);
  EXPECT_THAT(sessions_text(*nyse, "2002-09-11"), ElementsAre("09-11 12:00 - 09-11 16:00"));
}

TEST(UsStocks, the_open_moves_in_utc_with_daylight_saving) {
  const CalendarPtr nyse = calendar_named("NYSE");
  const auto open_of = [&](const char* day) {
    return base::format_time(nyse->sessions_of(date(day), Hours::kRegular).at(0).open);
  };
  EXPECT_EQ(open_of("2024-03-08"), "2024-03-08T14:30:00Z");
  EXPECT_EQ(open_of("2024-03-11"), "2024-03-11T13:30:00Z");
  EXPECT_EQ(open_of("2024-11-01"), "2024-11-01T13:30:00Z");
  EXPECT_EQ(open_of("2024-11-04"), "2024-11-04T14:30:00Z");
  EXPECT_EQ(open_of("2006-04-03"), "2006-04-03T13:30:00Z");  // before 2007 it began in April
  EXPECT_EQ(open_of("2006-03-13"), "2006-03-13T14:30:00Z");
}

TEST(UsStocks, says_why_it_is_closed) {
  const CalendarPtr nyse = calendar_named("nasdaq");
  EXPECT_EQ(nyse->day_status(date("2024-11-28")), (DayStatus{DayKind::kClosed, "Thanksgiving Day"}));
  EXPECT_EQ(nyse->day_status(date("2022-06-20")), (DayStatus{DayKind::kClosed, "Juneteenth"}));
  EXPECT_EQ(nyse->day_status(date("2012-10-29")), (DayStatus{DayKind::kClosed, "Hurricane Sandy"}));
  EXPECT_EQ(nyse->day_status(date("2024-11-30")), (DayStatus{DayKind::kClosed, "Saturday"}));
  EXPECT_EQ(nyse->day_status(date("2024-11-29")), (DayStatus{DayKind::kShortened, "Day after Thanksgiving"}));
  EXPECT_EQ(nyse->day_status(date("2024-11-27")), DayStatus{});
  EXPECT_EQ(nyse->day_status(date("1997-11-27")), (DayStatus{DayKind::kClosed, "outside the calendar"}));
}

}  // namespace
}  // namespace tradeassist::market
