#include "feed/providers/schwab/chart_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace tradeassist::feed {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

base::Time minute(int n) { return base::Time(minutes(n)); }
market::Bar bar_of(int n) { return {minute(n), 1, 2, 0.5, 1.0 + n, 10}; }

/// What came out, in order.
struct Out {
  std::vector<int> times;
  std::vector<TimeSpan> holes;
  int late = 0;
  void add(const ChartOrder::Step& step) {
    for (const auto& ordered : step.bars) {
      times.push_back(static_cast<int>(std::chrono::floor<minutes>(ordered.bar.time.time_since_epoch()).count()));
      late += ordered.is_late ? 1 : 0;
    }
    holes.insert(holes.end(), step.holes.begin(), step.holes.end());
  }
};

TEST(ChartOrder, whatever_the_disorder_bars_come_once_and_in_order_and_what_was_lost_is_a_hole) {
  std::mt19937 random(9);
  for (int round = 0; round < 500; ++round) {
    std::vector<int> sent;
    std::vector<bool> lost(60, false);
    for (int n = 1; n < 59; ++n) lost[static_cast<std::size_t>(n)] = random() % 10 == 0;
    for (int n = 0; n < 60; ++n) {
      if (!lost[static_cast<std::size_t>(n)]) sent.push_back(n);
    }
    // Neighbours overtake each other, never the first, and some come twice.
    for (std::size_t i = 1; i + 1 < sent.size(); i += 2) {
      if (random() % 3 == 0) std::swap(sent[i], sent[i + 1]);
    }
    ChartOrder order;
    Out out;
    base::Nanoseconds now{0};
    for (const int n : sent) {
      now += seconds(random() % 2);
      out.add(order.flush(now));
      out.add(order.take(1'000 + n, bar_of(n), now));
      if (random() % 4 == 0) out.add(order.take(1'000 + n, bar_of(n), now));
    }
    out.add(order.flush(now + seconds(10)));
    std::ranges::sort(sent);
    std::vector<int> got = out.times;
    std::ranges::sort(got);
    ASSERT_EQ(got, sent);
    // Those that are not late ascend, and every lost minute lies in a hole.
    ASSERT_LE(out.late, 20);
    for (int n = 1; n < 59; ++n) {
      if (!lost[static_cast<std::size_t>(n)]) continue;
      ASSERT_TRUE(
          std::ranges::any_of(out.holes, [&](const TimeSpan& h) { return h.from <= minute(n) && minute(n) < h.to; }));
    }
  }
}

TEST(ChartOrder, one_that_overtook_waits_for_the_other_and_not_longer_than_its_patience) {
  ChartOrder order;
  Out out;
  out.add(order.take(5, bar_of(0), seconds(0)));
  out.add(order.take(7, bar_of(2), seconds(0)));
  EXPECT_EQ(out.times, (std::vector<int>{0}));
  out.add(order.take(6, bar_of(1), seconds(1)));
  EXPECT_EQ(out.times, (std::vector<int>{0, 1, 2}));
  out.add(order.take(9, bar_of(4), seconds(2)));
  out.add(order.flush(seconds(3)));
  EXPECT_EQ(out.times.size(), 3u);
  out.add(order.flush(seconds(4)));
  EXPECT_EQ(out.times.back(), 4);
  EXPECT_EQ(out.holes, (std::vector<TimeSpan>{{minute(3), minute(4)}}));
  out.add(order.take(8, bar_of(3), seconds(5)));
  EXPECT_EQ(out.late, 1);
}

TEST(ChartOrder, a_quiet_market_is_no_hole_and_other_values_are_a_correction) {
  ChartOrder order;
  Out out;
  out.add(order.take(1, bar_of(0), {}));
  out.add(order.take(2, bar_of(30), {}));
  EXPECT_TRUE(out.holes.empty());
  market::Bar corrected = bar_of(30);
  corrected.volume = 99;
  out.add(order.take(2, corrected, {}));
  EXPECT_EQ(out.times, (std::vector<int>{0, 30, 30}));
  EXPECT_EQ(out.late, 1);
}

TEST(ChartOrder, after_a_new_connection_the_time_between_is_a_hole_and_what_comes_again_is_dropped) {
  ChartOrder order(minute(10));
  Out out;
  out.add(order.take(1, bar_of(15), {}));
  EXPECT_EQ(out.holes, (std::vector<TimeSpan>{{minute(11), minute(15)}}));
  out.add(order.reconnected());
  out.add(order.take(1, bar_of(15), {}));  // again
  EXPECT_EQ(out.times.size(), 1u);
  out.add(order.take(2, bar_of(16), {}));  // at once: no hole
  EXPECT_EQ(out.holes.size(), 1u);
  out.add(order.reconnected());
  out.add(order.take(1, bar_of(20), {}));  // numbers begin anew
  EXPECT_EQ(out.holes.back(), (TimeSpan{minute(17), minute(20)}));
  out.add(order.take(2, bar_of(21), {}));
  EXPECT_EQ(out.times, (std::vector<int>{15, 16, 20, 21}));
  EXPECT_EQ(out.late, 0);
}

}  // namespace
}  // namespace tradeassist::feed
