#include "optimize/significance/trade_order.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace tradeassist::optimize {
namespace {

TEST(TradeOrder, of_two_trades_has_two_orders) {
  // 100 then +50, -30: from 150 down to 120, 20 %. The other way: from 100 down to 70, 30 %.
  const auto found = shuffle_trades(std::vector<double>{50, -30}, 100, 10'000, 7);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_DOUBLE_EQ(found->drawdown_percent, 20);
  EXPECT_DOUBLE_EQ(found->worst_percent, 30);
  EXPECT_DOUBLE_EQ(found->p95_percent, 30);
  EXPECT_EQ(found->share_below, 0);
  EXPECT_EQ(found->ruin_share, 0);
  const auto other = shuffle_trades(std::vector<double>{-30, 50}, 100, 10'000, 7);
  EXPECT_DOUBLE_EQ(other->drawdown_percent, 30);
  EXPECT_NEAR(other->share_below, 0.5, 0.02);
}

TEST(TradeOrder, counts_the_orders_in_which_the_money_is_gone) {
  // Only where the loss comes before both gains: one order of three.
  const auto found = shuffle_trades(std::vector<double>{60, 60, -110}, 100, 30'000, 3);
  EXPECT_NEAR(found->ruin_share, 1.0 / 3, 0.01);
}

TEST(TradeOrder, is_the_same_from_the_same_seed) {
  std::vector<double> profits;
  for (int i = 0; i < 200; ++i) profits.push_back(i % 3 == 0 ? -20 : 12);
  const auto one = shuffle_trades(profits, 1'000, 500, 5), same = shuffle_trades(profits, 1'000, 500, 5);
  EXPECT_EQ(one->median_percent, same->median_percent);
  EXPECT_EQ(one->worst_percent, same->worst_percent);
  EXPECT_NE(one->worst_percent, shuffle_trades(profits, 1'000, 500, 6)->worst_percent);
  EXPECT_LE(one->median_percent, one->p95_percent);
}

TEST(TradeOrder, nonsense_is_refused) {
  EXPECT_FALSE(shuffle_trades({}, 100));
  EXPECT_FALSE(shuffle_trades(std::vector<double>{1}, 0));
  EXPECT_FALSE(shuffle_trades(std::vector<double>{1}, 100, 0));
  EXPECT_FALSE(shuffle_trades(std::vector<double>{1}, 100, 100'001));
}

}  // namespace
}  // namespace tradeassist::optimize
