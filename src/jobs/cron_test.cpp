#include "jobs/cron.hpp"

#include <gtest/gtest.h>

namespace tradeassist::jobs {
namespace {

std::string next(std::string_view cron, std::string_view after, std::string_view zone = "UTC", int count = 1) {
  const auto expression = CronExpression::parse(cron);
  EXPECT_TRUE(expression) << expression.error().message;
  market::ZoneClock clock = market::ZoneClock::find(zone).value();
  base::Time at = base::parse_time(after).value();
  for (int i = 0; i < count; ++i) {
    const auto found = expression->next(at, clock);
    if (!found) return "never";
    at = *found;
  }
  return base::format_time(at);
}

TEST(Cron, fields_say_when) {
  const char* const monday = "2026-07-27T10:20:30Z";
  EXPECT_EQ(next("* * * * *", monday), "2026-07-27T10:21:00Z");
  EXPECT_EQ(next("*/15 * * * *", monday), "2026-07-27T10:30:00Z");
  EXPECT_EQ(next("20 10 * * *", monday), "2026-07-28T10:20:00Z");
  EXPECT_EQ(next("30 17 * * mon-fri", monday), "2026-07-27T17:30:00Z");
  EXPECT_EQ(next("30 17 * * MON-FRI", monday, "UTC", 6), "2026-08-03T17:30:00Z");
  EXPECT_EQ(next("0 0 1 jan *", monday), "2027-01-01T00:00:00Z");
  EXPECT_EQ(next("0 12 * * 0", monday), "2026-08-02T12:00:00Z");
  EXPECT_EQ(next("0 12 * * 7", monday), "2026-08-02T12:00:00Z");
  EXPECT_EQ(next("5,10-20/5 9 * * *", monday, "UTC", 4), "2026-07-28T09:20:00Z");
  EXPECT_EQ(next("50/5 * * * *", monday, "UTC", 3), "2026-07-27T11:50:00Z");
  EXPECT_EQ(next("0 0 29 2 *", monday), "2028-02-29T00:00:00Z");
  EXPECT_EQ(next("* * 29 2 *", "2096-03-01T00:00:00Z"), "2104-02-29T00:00:00Z");  // 2100 is no leap year
  EXPECT_EQ(next("0 0 30 2 *", monday), "never");
  EXPECT_EQ(next("* * 31 4 *", monday), "never");
}

TEST(Cron, days_of_the_month_and_of_the_week_go_together_as_in_crontab) {
  EXPECT_EQ(next("0 0 13 * fri", "2026-07-27T00:00:00Z"), "2026-07-31T00:00:00Z");                // a Friday
  EXPECT_EQ(next("0 0 13 * fri", "2026-08-07T00:00:00Z"), "2026-08-13T00:00:00Z");                // a 13th
  EXPECT_EQ(next("0 0 * * fri", "2026-08-07T00:00:00Z"), "2026-08-14T00:00:00Z");
  EXPECT_EQ(next("0 0 */2 * fri", "2026-07-27T00:00:00Z"), "2026-07-31T00:00:00Z");  // an odd day that is a Friday
}

TEST(Cron, times_are_of_the_zone_through_changes_of_its_clocks) {
  const char* const zone = "America/New_York";
  EXPECT_EQ(next("30 9 * * *", "2026-03-07T00:00:00Z", zone), "2026-03-07T14:30:00Z");
  EXPECT_EQ(next("30 9 * * *", "2026-03-08T00:00:00Z", zone), "2026-03-08T13:30:00Z");
  // On 8 March 02:30 is skipped: half an hour after the change.
  EXPECT_EQ(next("30 2 * * *", "2026-03-08T05:00:00Z", zone), "2026-03-08T07:30:00Z");
  EXPECT_EQ(next("30 2 * * *", "2026-03-08T07:30:00Z", zone), "2026-03-09T06:30:00Z");
  EXPECT_EQ(next("0,30 2,3 * * *", "2026-03-08T05:00:00Z", zone), "2026-03-08T07:00:00Z");
  // On 1 November 01:30 comes twice, and counts once.
  EXPECT_EQ(next("30 1 * * *", "2026-11-01T04:00:00Z", zone), "2026-11-01T05:30:00Z");
  EXPECT_EQ(next("30 1 * * *", "2026-11-01T05:30:00Z", zone), "2026-11-02T06:30:00Z");
  // But what happens in every hour goes on.
  EXPECT_EQ(next("30 * * * *", "2026-11-01T05:30:00Z", zone), "2026-11-01T06:30:00Z");
  EXPECT_EQ(next("*/30 * * * *", "2026-03-08T06:45:00Z", zone), "2026-03-08T07:00:00Z");
  EXPECT_EQ(next("* * * * sun", "2026-11-02T12:00:00Z", zone), "2026-11-08T05:00:00Z");
}

TEST(Cron, what_cannot_be_read_is_said_with_its_field) {
  const auto reason = [](std::string_view text) {
    const auto parsed = CronExpression::parse(text);
    return parsed ? "it was taken" : parsed.error().message;
  };
  EXPECT_NE(reason("* * * *").find("five fields"), std::string::npos);
  EXPECT_NE(reason("* * * * * *").find("five fields"), std::string::npos);
  EXPECT_NE(reason("60 * * * *").find("minute '60'"), std::string::npos);
  EXPECT_NE(reason("* 24 * * *").find("hour '24'"), std::string::npos);
  EXPECT_NE(reason("* * 0 * *").find("day of the month '0'"), std::string::npos);
  EXPECT_NE(reason("* * * foo *").find("month 'foo'"), std::string::npos);
  EXPECT_NE(reason("* * * * 8").find("day of the week '8'"), std::string::npos);
  EXPECT_NE(reason("* * * * fri-mon").find("backwards"), std::string::npos);
  EXPECT_NE(reason("*/0 * * * *").find("step"), std::string::npos);
  for (const char* wrong : {"1-2-3 * * * *", "1,,2 * * * *", "*/1/2 * * * *", "- * * * *", "+1 * * * *", "*5 * * * *"})
    EXPECT_NE(reason(wrong), "it was taken") << wrong;
}

}  // namespace
}  // namespace tradeassist::jobs
