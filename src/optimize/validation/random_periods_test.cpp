#include "optimize/validation/random_periods.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace tradeassist::optimize {
namespace {

TEST(RandomPeriods, of_a_steady_gain_each_period_makes_what_its_days_make) {
  const std::vector<double> returns(400, 0.001), holding(400, 0.0005);
  const auto made = random_periods(returns, holding, 500, 1);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->shortest_days, 20u);
  EXPECT_EQ(made->longest_days, 200u);
  EXPECT_EQ(made->share_profitable, 1);
  EXPECT_EQ(made->share_better_than_holding, 1);
  EXPECT_GE(made->return_percent.worst, 100 * (std::pow(1.001, 20) - 1) - 1e-9);
  EXPECT_LE(made->return_percent.best, 100 * (std::pow(1.001, 200) - 1) + 1e-9);
  // Lengths are drawn evenly, so the middle period is about as long as the mean of the bounds.
  EXPECT_NEAR(made->return_percent.median, 100 * (std::pow(1.001, 110) - 1), 2);
  EXPECT_NE(made->statement.find("100 % made money"), std::string::npos);
}

TEST(RandomPeriods, the_same_seed_draws_the_same_periods_and_another_seed_others) {
  std::vector<double> returns(300);
  for (std::size_t i = 0; i < returns.size(); ++i) returns[i] = 0.01 * std::sin(static_cast<double>(i));
  const auto one = random_periods(returns, {}, 50, 7), again = random_periods(returns, {}, 50, 7);
  EXPECT_EQ(one->return_percent.median, again->return_percent.median);
  EXPECT_NE(one->return_percent.median, random_periods(returns, {}, 50, 8)->return_percent.median);
  EXPECT_FALSE(one->share_better_than_holding);
}

TEST(RandomPeriods, nothing_is_said_of_too_few_days_and_a_total_loss_stays_finite) {
  EXPECT_FALSE(random_periods(std::vector<double>(kRandomPeriodDaysMin - 1, 0.1), {}, 100, 1));
  EXPECT_FALSE(random_periods(std::vector<double>(100, 0.1), {}, 0, 1));
  std::vector<double> returns(100, 0.01);
  returns[50] = -1;
  const auto made = random_periods(returns, {}, 200, 1);
  EXPECT_NEAR(made->return_percent.worst, -100, 1e-6);
  EXPECT_TRUE(std::isfinite(made->return_percent.best));
}

}  // namespace
}  // namespace tradeassist::optimize
