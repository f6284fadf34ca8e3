#include "market/ticks.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace tradeassist::market {
namespace {

base::Time at(std::int64_t nanoseconds) { return base::time_from_nanoseconds(nanoseconds); }

TEST(TickSeries, a_quote_column_comes_into_being_with_the_first_quote) {
  TickSeries ticks;
  ticks.push_back({at(1), 10, 1});
  EXPECT_TRUE(ticks.bid.empty());
  ticks.push_back({.time = at(1), .price = 11, .size = 2, .bid = 10.5});
  EXPECT_TRUE(ticks.ask.empty());
  ASSERT_EQ(ticks.bid.size(), 2u);
  EXPECT_TRUE(std::isnan(ticks.bid[0]));
  EXPECT_EQ(ticks.bid[1], 10.5);
  EXPECT_TRUE(std::isnan(ticks.tick(1).ask));
}

TEST(TickSeries, parts_with_and_without_quotes_are_put_together) {
  TickSeries plain, quoted;
  plain.push_back({at(1), 10, 1});
  quoted.push_back({at(2), 11, 1, 10, 12});
  TickSeries both = plain;
  both.append(quoted, 0, 1);
  both.append(plain, 0, 1);
  ASSERT_EQ(both.bid.size(), 3u);
  ASSERT_EQ(both.ask.size(), 3u);
  EXPECT_TRUE(std::isnan(both.bid[0]));
  EXPECT_EQ(both.ask[1], 12);
  EXPECT_TRUE(std::isnan(both.ask[2]));
  EXPECT_EQ(both.slice(1, 1).tick(0).bid, 10);
  both.resize(1);
  both.resize(2);
  EXPECT_TRUE(std::isnan(both.bid[1]));
}

TEST(TickSeries, lower_bound_gives_the_first_of_equal_times) {
  TickSeries ticks;
  for (const std::int64_t time : {1, 5, 5, 9}) ticks.push_back({at(time), 1, 1});
  EXPECT_EQ(ticks.lower_bound(at(5)), 1u);
  EXPECT_EQ(ticks.lower_bound(at(6)), 3u);
  EXPECT_EQ(ticks.lower_bound(at(10)), 4u);
}

}  // namespace
}  // namespace tradeassist::market
