#include "feed/csv/bar_end.hpp"

#include <gtest/gtest.h>

#include "base/time.hpp"

namespace tradeassist::feed {
namespace {

using Unit = market::Timeframe::Unit;

std::string start(std::string_view end, market::Timeframe timeframe) {
  const std::int64_t time = base::to_nanoseconds(base::parse_time(end).value());
  return base::format_time(base::time_from_nanoseconds(start_of_bar_ending_at(time, timeframe)));
}

std::string first_day(std::string_view date, std::string_view clock, market::Timeframe timeframe) {
  const std::int64_t day = base::to_nanoseconds(base::parse_time(date).value()) / base::kNanosecondsPerDay;
  const std::int64_t of_day =
      clock.empty() ? 0 : base::to_nanoseconds(base::parse_time("1970-01-01 " + std::string(clock)).value());
  const std::int64_t first = first_day_of_bar_ending_on(day, of_day, !clock.empty(), timeframe);
  return base::format_time(base::time_from_nanoseconds(first * base::kNanosecondsPerDay)).substr(0, 10);
}

TEST(BarEnd, goes_back_one_bar_of_clock_time) {
  EXPECT_EQ(start("2020-01-02T14:31:00Z", {Unit::kMinute, 1}), "2020-01-02T14:30:00Z");
  EXPECT_EQ(start("2020-01-02T14:45:00Z", {Unit::kMinute, 15}), "2020-01-02T14:30:00Z");
  EXPECT_EQ(start("2020-01-02T14:44:59.999Z", {Unit::kMinute, 15}), "2020-01-02T14:30:00Z");
  EXPECT_EQ(start("2020-01-02T14:44:59Z", {Unit::kMinute, 15}), "2020-01-02T14:30:00Z");
  EXPECT_EQ(start("2020-01-02T14:44:59Z", {Unit::kSecond, 1}), "2020-01-02T14:44:58Z");
  EXPECT_EQ(start("2020-01-02T23:59:59.999Z", {Unit::kDay, 1}), "2020-01-02T00:00:00Z");
  EXPECT_EQ(start("2020-03-01T00:00:00Z", {Unit::kMonth, 1}), "2020-02-01T00:00:00Z");
  EXPECT_EQ(start("2020-02-29T23:59:59Z", {Unit::kMonth, 1}), "2020-02-01T00:00:00Z");
}

TEST(BarEnd, finds_the_first_day_of_days_weeks_and_months) {
  EXPECT_EQ(first_day("2020-01-02", "", {Unit::kDay, 1}), "2020-01-02");
  EXPECT_EQ(first_day("2020-01-02", "16:00", {Unit::kDay, 1}), "2020-01-02");
  EXPECT_EQ(first_day("2020-01-03", "00:00", {Unit::kDay, 1}), "2020-01-02");
  EXPECT_EQ(first_day("2020-01-03", "", {Unit::kDay, 2}), "2020-01-02");
  EXPECT_EQ(first_day("2006-01-06", "", {Unit::kWeek, 1}), "2006-01-02");
  EXPECT_EQ(first_day("2006-01-08", "", {Unit::kWeek, 1}), "2006-01-02");
  EXPECT_EQ(first_day("2012-02-29", "", {Unit::kMonth, 1}), "2012-02-01");
  EXPECT_EQ(first_day("2012-03-30", "", {Unit::kMonth, 3}), "2012-01-01");
}

}  // namespace
}  // namespace tradeassist::feed
