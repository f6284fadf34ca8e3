#include "notify/retry_schedule.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tradeassist::notify {
namespace {

using namespace std::chrono_literals;

TEST(RetrySchedule, waits_as_standard_webhooks_says_and_up_to_a_tenth_longer) {
  const RetrySchedule schedule;
  const std::chrono::milliseconds expected[] = {0s, 5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
  for (int tries = 0; tries < 10; ++tries) {
    const auto delay = schedule.delay_after(tries, "dlv_1");
    ASSERT_TRUE(delay) << tries;
    EXPECT_GE(*delay, expected[tries]);
    EXPECT_LE(*delay, expected[tries] + expected[tries] / 10);
  }
  EXPECT_FALSE(schedule.delay_after(10, "dlv_1"));
}

TEST(RetrySchedule, what_failed_together_does_not_come_back_together) {
  const RetrySchedule schedule;
  std::set<std::int64_t> delays;
  for (int i = 0; i < 50; ++i) delays.insert(schedule.delay_after(4, "dlv_" + std::to_string(i))->count());
  EXPECT_GT(delays.size(), 40u);
  EXPECT_EQ(schedule.delay_after(4, "dlv_1"), schedule.delay_after(4, "dlv_1"));
}

TEST(RetrySchedule, is_read_from_a_setting) {
  EXPECT_EQ(parse_retry_schedule("0 5 300")->delays, (std::vector<std::chrono::seconds>{0s, 5s, 300s}));
  EXPECT_EQ(parse_retry_schedule("0,0").value().delays.size(), 2u);
  for (const char* bad :
       {"", "0", "5 5", "0 -1", "0 x", "0 1x", "0 604801", "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20"}) {
    EXPECT_FALSE(parse_retry_schedule(bad)) << bad;
  }
}

}  // namespace
}  // namespace tradeassist::notify
