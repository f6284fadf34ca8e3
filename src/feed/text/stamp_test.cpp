#include "feed/text/stamp.hpp"

#include <gtest/gtest.h>

#include "base/time.hpp"
#include "feed/text/local_time.hpp"

namespace tradeassist::feed {
namespace {

/// The stamp as RFC 3339 of its own clock, then its zone.
std::string text_of(std::string_view text, DateOrder order = DateOrder::kYearMonthDay) {
  const auto stamp = read_stamp(text, order);
  if (!stamp) return "none";
  std::string out =
      base::format_time(base::time_from_nanoseconds(stamp->day * base::kNanosecondsPerDay + stamp->clock));
  out.pop_back();
  if (!stamp->has_clock) out = out.substr(0, 10);
  if (stamp->zone == ZoneMark::kOffset) out += " " + std::to_string(stamp->offset_seconds);
  if (stamp->zone == ZoneMark::kName) out += " " + std::string(stamp->zone_name);
  return out;
}

TEST(Stamp, reads_dates_in_every_common_form) {
  for (const char* text :
       {"2000-01-03", "2000/1/3", "2000.01.03", "20000103", "3-Jan-2000", "03Jan2000", "3 January 2000", "Jan 3 2000",
        "Jan 3, 2000", "January 03, 2000", "Mon Jan 3 2000", "Mon, 03 Jan 2000", "2000-Jan-03", "03-JAN-00"}) {
    EXPECT_EQ(text_of(text), "2000-01-03") << text;
  }
  EXPECT_EQ(text_of("01/03/2000", DateOrder::kMonthDayYear), "2000-01-03");
  EXPECT_EQ(text_of("03/01/2000", DateOrder::kDayMonthYear), "2000-01-03");
  EXPECT_EQ(text_of("3.1.2000", DateOrder::kDayMonthYear), "2000-01-03");
  EXPECT_EQ(text_of("1/3/00", DateOrder::kMonthDayYear), "2000-01-03");
  EXPECT_EQ(text_of("99-12-31", DateOrder::kYearMonthDay), "1999-12-31");
}

TEST(Stamp, reads_clocks_in_every_common_form) {
  for (const char* text :
       {"2020-01-02T14:30:00", "2020-01-02 14:30", "2020-01-02 14:30:00.000", "20200102 143000", "20200102 1430",
        "20200102-14:30:00", "20200102  14:30:00", "202001021430", "20200102143000", "20200102143000000",
        "2020.01.02 14:30", "Jan 2, 2020, 2:30 PM", "2020-01-02 2:30:00 pm", "2020-01-02 02:30PM"}) {
    EXPECT_EQ(text_of(text), "2020-01-02T14:30:00") << text;
  }
  EXPECT_EQ(text_of("1/2/2020 12:05 AM", DateOrder::kMonthDayYear), "2020-01-02T00:05:00");
  EXPECT_EQ(text_of("2020-01-02 14:30:00.123456789"), "2020-01-02T14:30:00.123456789");
  EXPECT_EQ(text_of("2020-01-02 24:00"), "2020-01-03T00:00:00");
}

TEST(Stamp, reads_zones) {
  EXPECT_EQ(text_of("2020-01-02T14:30:00Z"), "2020-01-02T14:30:00 0");
  EXPECT_EQ(text_of("2020-01-02 14:30:00+00:00"), "2020-01-02T14:30:00 0");
  EXPECT_EQ(text_of("2022-01-02T17:00:00-05:00"), "2022-01-02T17:00:00 -18000");
  EXPECT_EQ(text_of("2022-01-02T17:00:00-0500"), "2022-01-02T17:00:00 -18000");
  EXPECT_EQ(text_of("01.01.2017 00:00:00.000 GMT+0100", DateOrder::kDayMonthYear), "2017-01-01T00:00:00 3600");
  EXPECT_EQ(text_of("2020-01-02 14:30 UTC"), "2020-01-02T14:30:00 0");
  EXPECT_EQ(text_of("20230103 09:30:00 US/Eastern"), "2023-01-03T09:30:00 US/Eastern");
  EXPECT_EQ(text_of("2020-01-02 14:30:00+05:30"), "2020-01-02T14:30:00 19800");
}

TEST(Stamp, refuses_what_is_no_time) {
  for (const char* text : {"",
                           "hello",
                           "2020-13-01",
                           "2020-02-30",
                           "2020-01-02 25:00",
                           "2020-01-02 14:60",
                           "1.0716",
                           "2020-01",
                           "1577836800",
                           "2020-01-02T",
                           "2020-01-02 14",
                           "12:30",
                           "2020-01-02 14:30 +",
                           "20201301",
                           "1600-01-01",
                           "2300-01-01",
                           "13:00 PM",
                           "2020-01-02 13:00 PM",
                           "Jan 32 2000",
                           "//",
                           "1/2",
                           "5699"}) {
    EXPECT_EQ(text_of(text, DateOrder::kMonthDayYear), "none") << text;
  }
}

TEST(Stamp, reads_clock_columns) {
  const auto clock = [](std::string_view text, ClockDigits digits) {
    const auto stamp = read_clock(text, digits);
    return stamp ? stamp->clock / base::kNanosecondsPerSecond : -1;
  };
  EXPECT_EQ(clock("09:01:00", ClockDigits::kHourMinute), 32460);
  EXPECT_EQ(clock("9:30 AM", ClockDigits::kHourMinute), 34200);
  EXPECT_EQ(clock("930", ClockDigits::kHourMinute), 34200);
  EXPECT_EQ(clock("0", ClockDigits::kHourMinute), 0);
  EXPECT_EQ(clock("93000", ClockDigits::kHourMinuteSecond), 34200);
  EXPECT_EQ(clock("930", ClockDigits::kHourMinuteSecond), 570);
  EXPECT_EQ(clock("093000", ClockDigits::kHourMinute), -1);
  EXPECT_EQ(clock("2500", ClockDigits::kHourMinute), -1);
}

TEST(LocalTime, follows_the_clocks_of_a_zone) {
  auto zone = LocalTime::open("America/New_York");
  ASSERT_TRUE(zone.has_value());
  const auto at = [&](std::string_view text) { return zone->to_utc(base::to_nanoseconds(*base::parse_time(text))); };
  const auto utc = [](const LocalTime::Answer& answer) {
    return base::format_time(base::time_from_nanoseconds(answer.utc));
  };
  EXPECT_EQ(utc(at("2020-01-02 09:30")), "2020-01-02T14:30:00Z");
  EXPECT_EQ(utc(at("2020-07-02 09:30")), "2020-07-02T13:30:00Z");
  EXPECT_EQ(at("2020-03-08 02:30").kind, LocalTime::Kind::kSkipped);
  EXPECT_EQ(utc(at("2020-03-08 02:30")), "2020-03-08T07:00:00Z");
  EXPECT_EQ(utc(at("2020-03-08 03:00")), "2020-03-08T07:00:00Z");
  const auto twice = at("2020-11-01 01:30");
  EXPECT_EQ(twice.kind, LocalTime::Kind::kRepeated);
  EXPECT_EQ(utc(twice), "2020-11-01T05:30:00Z");
  EXPECT_EQ(twice.again, 3600 * base::kNanosecondsPerSecond);
  EXPECT_EQ(utc(at("2020-11-01 02:00")), "2020-11-01T07:00:00Z");
}

TEST(LocalTime, knows_fixed_offsets_and_refuses_unknown_names) {
  EXPECT_EQ(LocalTime::open("-05:00")->to_utc(0).utc, 5 * 3600 * base::kNanosecondsPerSecond);
  EXPECT_EQ(LocalTime::open("UTC")->to_utc(42).utc, 42);
  const auto unknown = LocalTime::open("America/Gotham");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_NE(unknown.error().message.find("America/Gotham"), std::string::npos);
}

}  // namespace
}  // namespace tradeassist::feed
