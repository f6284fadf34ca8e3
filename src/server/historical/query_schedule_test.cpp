#include "server/historical/query_schedule.hpp"

#include <gmock/gmock.h>

namespace tradeassist::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

base::Time time(const char* text) { return base::parse_time(text).value(); }

std::string next(const QuerySchedule& schedule, const char* now) {
  return base::format_time(next_run(schedule, time(now)));
}

std::vector<std::string> problems(const QuerySchedule& schedule) {
  std::vector<base::FieldError> errors;
  check_schedule(schedule, errors);
  std::vector<std::string> lines;
  for (const base::FieldError& error : errors) lines.push_back(error.pointer + " " + error.message);
  return lines;
}

TEST(QuerySchedule, of_minutes_is_counted_on_the_clock) {
  EXPECT_EQ(next({.every_minutes = 15}, "2024-03-08T10:07:12Z"), "2024-03-08T10:15:00Z");
  EXPECT_EQ(next({.every_minutes = 15}, "2024-03-08T10:15:00Z"), "2024-03-08T10:30:00Z");
  EXPECT_EQ(next({.every_minutes = 1'440}, "2024-02-28T23:59:59.999Z"), "2024-02-29T00:00:00Z");
}

TEST(QuerySchedule, of_a_time_of_day_follows_the_zone_through_changes_of_clocks) {
  const QuerySchedule closing{.at = "17:30", .time_zone = "America/New_York"};
  EXPECT_EQ(next(closing, "2024-03-08T10:00:00Z"), "2024-03-08T22:30:00Z");
  EXPECT_EQ(next(closing, "2024-03-08T22:30:00Z"), "2024-03-09T22:30:00Z");
  EXPECT_EQ(next(closing, "2024-03-10T03:00:00Z"), "2024-03-10T21:30:00Z");  // daylight saving begins on the 10th
  // It is still the evening of the 8th in New York, and past the time.
  EXPECT_EQ(next(closing, "2024-03-09T02:00:00Z"), "2024-03-09T22:30:00Z");
  // 2:30 does not exist on the 10th, and exists twice on November 3.
  const QuerySchedule night{.at = "02:30", .time_zone = "America/New_York"};
  EXPECT_EQ(next(night, "2024-03-10T00:00:00Z"), "2024-03-10T07:30:00Z");
  const QuerySchedule twice{.at = "01:30", .time_zone = "America/New_York"};
  EXPECT_EQ(next(twice, "2024-11-03T00:00:00Z"), "2024-11-03T05:30:00Z");
  EXPECT_EQ(next(twice, "2024-11-03T05:30:00Z"), "2024-11-04T06:30:00Z");
  EXPECT_EQ(next({.at = "00:00"}, "2023-12-31T23:59:00Z"), "2024-01-01T00:00:00Z");
}

TEST(QuerySchedule, keeps_to_its_days) {
  const QuerySchedule weekdays{.at = "18:00", .days = {{"mon", "tue", "wed", "thu", "fri"}}};
  EXPECT_EQ(next(weekdays, "2024-03-08T18:00:00Z"), "2024-03-11T18:00:00Z");  // Friday evening to Monday
  const QuerySchedule sundays{.at = "18:00", .days = {{"sun"}}};
  EXPECT_EQ(next(sundays, "2024-03-10T18:00:00Z"), "2024-03-17T18:00:00Z");
  EXPECT_EQ(next(sundays, "2024-03-10T17:59:59Z"), "2024-03-10T18:00:00Z");
}

TEST(QuerySchedule, that_makes_no_sense_is_refused) {
  EXPECT_THAT(problems({.every_minutes = 1}), IsEmpty());
  EXPECT_THAT(problems({.at = "23:59", .time_zone = "Europe/Berlin", .days = {{"sat"}}}), IsEmpty());
  EXPECT_THAT(problems({}), ElementsAre(" must have one of every_minutes and at"));
  EXPECT_THAT(problems({.every_minutes = 5, .at = "10:00"}), ElementsAre(" must have one of every_minutes and at"));
  EXPECT_THAT(problems({.every_minutes = 0}), ElementsAre("/every_minutes must be 1 to 10080"));
  EXPECT_THAT(problems({.every_minutes = 5, .time_zone = "UTC", .days = {{"mon"}}}),
              ElementsAre("/time_zone goes with at only", "/days goes with at only"));
  for (const char* bad : {"24:00", "7:30", "07:60", "0730", "ab:cd", "07:30:00", ""}) {
    EXPECT_THAT(problems({.at = bad}), ElementsAre("/at must be a time of day such as 17:30")) << bad;
  }
  EXPECT_EQ(problems({.at = "10:00", .time_zone = "Mars/Base"}).size(), 1u);
  EXPECT_THAT(problems({.at = "10:00", .days = {{"mon", "Tuesday"}}}),
              ElementsAre("/days/1 must be one of mon, tue, wed, thu, fri, sat, sun"));
  EXPECT_EQ(problems({.at = "10:00", .days = std::vector<std::string>{}}).size(), 1u);
}

}  // namespace
}  // namespace tradeassist::server
