#include "market/calendar/yearly_day.hpp"

#include <gmock/gmock.h>

#include "market/calendar/testing/calendar_text.hpp"

namespace tradeassist::market {
namespace {

std::string in_year(std::string_view rule, int year) {
  const auto day = day_in_year(parse_yearly_day(rule).value(), year);
  return day ? to_string(civil_from_days(*day)) : "none";
}

TEST(YearlyDay, easter_falls_where_almanacs_say) {
  for (const char* text : {"1998-04-12", "1999-04-04", "2000-04-23", "2008-03-23", "2011-04-24", "2019-04-21",
                           "2024-03-31", "2025-04-20", "2026-04-05", "2030-04-21", "2038-04-25", "1954-04-18"}) {
    const CivilDate date = testing::date(text);
    EXPECT_EQ(to_string(civil_from_days(easter_sunday(date.year))), text);
  }
}

TEST(YearlyDay, reads_dates_weekdays_of_a_month_and_easter) {
  EXPECT_EQ(in_year("july 4", 2026), "2026-07-04");
  EXPECT_EQ(in_year("third monday of january", 2024), "2024-01-15");
  EXPECT_EQ(in_year("first monday of september", 2025), "2025-09-01");
  EXPECT_EQ(in_year("last monday of may", 2021), "2021-05-31");
  EXPECT_EQ(in_year("last monday of may", 2022), "2022-05-30");
  EXPECT_EQ(in_year("fourth thursday of november + 1", 2019), "2019-11-29");
  EXPECT_EQ(in_year("easter - 2", 2024), "2024-03-29");
  EXPECT_EQ(in_year("easter + 1", 2024), "2024-04-01");
}

TEST(YearlyDay, a_year_without_such_a_day_has_none) {
  EXPECT_EQ(in_year("february 29", 2023), "none");
  EXPECT_EQ(in_year("february 29", 2024), "2024-02-29");
  EXPECT_EQ(in_year("fifth friday of february", 2023), "none");
  EXPECT_EQ(in_year("fifth thursday of february", 2024), "2024-02-29");
}

TEST(YearlyDay, refuses_other_texts_and_says_what_to_write) {
  for (const char* text :
       {"", "juli 4", "july", "july 32", "february 30", "july 0", "fourth thrsday of november", "sixth monday of may",
        "monday of may", "easter - two", "easter -", "easter + 99", "third monday january of"}) {
    const auto parsed = parse_yearly_day(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_THAT(parsed.error().message, ::testing::HasSubstr("write 'july 4'"));
  }
}

TEST(YearlyDay, weekdays_count_from_monday_also_before_1970) {
  EXPECT_EQ(weekday_of(0), 3);  // 1970-01-01 was a Thursday
  EXPECT_EQ(weekday_of(days_from_civil({2024, 1, 1})), 0);
  EXPECT_EQ(weekday_of(days_from_civil({1969, 7, 20})), 6);
  EXPECT_EQ(parse_weekday("wed"), 2);
  EXPECT_EQ(parse_weekday("sunday"), 6);
  EXPECT_EQ(parse_weekday("Wed"), std::nullopt);
}

}  // namespace
}  // namespace tradeassist::market
