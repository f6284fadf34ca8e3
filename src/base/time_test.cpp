#include "base/time.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tradeassist::base {
namespace {

std::int64_t nanoseconds(std::string_view text) {
  const auto time = parse_time(text);
  EXPECT_TRUE(time) << text;
  return time ? to_nanoseconds(*time) : 0;
}

TEST(Time, reads_rfc3339_with_zone_and_fraction) {
  EXPECT_EQ(nanoseconds("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(nanoseconds("2020-01-02T14:30:00Z"), 1577975400LL * kNanosecondsPerSecond);
  EXPECT_EQ(nanoseconds("2020-01-02T14:30:00.000000001Z"), 1577975400LL * kNanosecondsPerSecond + 1);
  EXPECT_EQ(nanoseconds("2022-01-02T17:00:00-05:00"), nanoseconds("2022-01-02T22:00:00Z"));
  EXPECT_EQ(nanoseconds("2022-01-02T17:00:00+0530"), nanoseconds("2022-01-02T11:30:00Z"));
}

TEST(Time, takes_plain_dates_and_clock_times_as_utc) {
  EXPECT_EQ(nanoseconds("2020-02-29"), nanoseconds("2020-02-29T00:00:00Z"));
  EXPECT_EQ(nanoseconds("2020-02-29 09:31"), nanoseconds("2020-02-29T09:31:00Z"));
}

TEST(Time, refuses_what_is_not_a_time_and_says_what_is) {
  for (const char* text : {"", "2020", "2020-13-01", "2020-02-30", "2020-01-01T24:00:00Z", "2020-01-01T10:00:60Z",
                           "2020-01-01T10:00:00.1234567890Z", "2020-01-01Tjunk", "2020-01-01T10:00:00Zx", "1500-01-01",
                           "2020-01-01T10:00:00+25:00", "2020-01-01T10:00:00.Z"}) {
    const auto time = parse_time(text);
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(time.error().message.find("2020-01-02T14:30:00Z"), std::string::npos);
  }
}

TEST(Time, prints_the_fewest_digits_that_are_exact) {
  EXPECT_EQ(format_time(time_from_nanoseconds(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_time(time_from_nanoseconds(-1)), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(format_time(time_from_nanoseconds(500'000'000)), "1970-01-01T00:00:00.5Z");
}

TEST(Time, every_printed_time_reads_back_as_itself) {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> instants(-9'214'560'000'000'000'000, 9'214'646'400'000'000'000);
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t instant = instants(random);
    EXPECT_EQ(nanoseconds(format_time(time_from_nanoseconds(instant))), instant);
  }
}

}  // namespace
}  // namespace tradeassist::base
