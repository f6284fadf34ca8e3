#include "base/daily_window.hpp"

#include <gtest/gtest.h>

namespace tradeassist::base {
namespace {

std::string begin_of(const char* window, const char* time) {
  const auto begin = window_begin(parse_daily_window(window).value(), parse_time(time).value());
  return begin ? format_time(*begin) : "outside";
}

TEST(DailyWindow, begins_with_its_first_minute_and_ends_before_its_last) {
  EXPECT_EQ(begin_of("02:00-04:00", "2024-03-10T01:59:59.999999999Z"), "outside");
  EXPECT_EQ(begin_of("02:00-04:00", "2024-03-10T02:00:00Z"), "2024-03-10T02:00:00Z");
  EXPECT_EQ(begin_of("02:00-04:00", "2024-03-10T03:59:59.999999999Z"), "2024-03-10T02:00:00Z");
  EXPECT_EQ(begin_of("02:00-04:00", "2024-03-10T04:00:00Z"), "outside");
}

TEST(DailyWindow, over_midnight_belongs_to_the_day_on_which_it_began) {
  EXPECT_EQ(begin_of("23:30-00:30", "2024-02-29T23:29:59Z"), "outside");
  EXPECT_EQ(begin_of("23:30-00:30", "2024-02-29T23:30:00Z"), "2024-02-29T23:30:00Z");
  EXPECT_EQ(begin_of("23:30-00:30", "2024-03-01T00:29:00Z"), "2024-02-29T23:30:00Z");
  EXPECT_EQ(begin_of("23:30-00:30", "2024-03-01T00:30:00Z"), "outside");
  EXPECT_EQ(begin_of("22:00-24:00", "2024-12-31T23:59:59Z"), "2024-12-31T22:00:00Z");
  EXPECT_EQ(begin_of("22:00-24:00", "2025-01-01T00:00:00Z"), "outside");
  EXPECT_EQ(begin_of("00:00-24:00", "2025-01-01T00:00:00Z"), "2025-01-01T00:00:00Z");
}

TEST(DailyWindow, is_in_utc_so_no_hour_is_skipped_or_repeated_when_clocks_change) {
  for (const char* day : {"2024-03-10", "2024-03-31", "2024-10-27", "2024-11-03"}) {  // clocks change in NY and Berlin
    int minutes = 0;
    const Time midnight = parse_time(day).value();
    for (int minute = 0; minute < 24 * 60; ++minute) {
      minutes += window_begin({std::chrono::hours(1), std::chrono::hours(3)}, midnight + std::chrono::minutes(minute))
                         .has_value()
                     ? 1
                     : 0;
    }
    EXPECT_EQ(minutes, 120) << day;
  }
}

TEST(DailyWindow, of_times_before_1970) {
  EXPECT_EQ(begin_of("23:00-01:00", "1969-12-31T00:30:00Z"), "1969-12-30T23:00:00Z");
}

TEST(DailyWindow, other_texts_are_refused_with_what_to_write) {
  for (const char* text : {"", "02:00", "2:00-4:00", "02:00-04:60", "24:00-01:00", "02:00-24:01", "02:00-02:00",
                           "-1:00-02:00", "02:00-04:00 ", "02.00-04.00", "ab:cd-ef:gh"}) {
    const auto refused = parse_daily_window(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(refused.error().message.find("HH:MM-HH:MM"), std::string::npos);
  }
}

}  // namespace
}  // namespace tradeassist::base
