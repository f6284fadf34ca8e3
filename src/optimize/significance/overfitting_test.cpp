#include "optimize/significance/overfitting.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "optimize/significance/testing/noise.hpp"

namespace tradeassist::optimize {
namespace {

TEST(Overfitting, one_that_is_truly_better_is_not_overfitted) {
  auto returns = noise(20, 800, 1);
  for (double& value : returns[7]) value += 0.5;
  const auto found = probability_of_overfitting(returns, 10);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->logits.size(), 252u);  // 10 over 5
  EXPECT_EQ(found->probability, 0);
  EXPECT_EQ(found->probability_of_loss, 0);
  // It is the best of 20 everywhere.
  EXPECT_DOUBLE_EQ(found->logits.front(), std::log(20.0));
}

// Without skill the best in sample is anywhere out of sample.
TEST(Overfitting, the_best_of_noise_is_below_the_median_half_of_the_time) {
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed)
    sum += probability_of_overfitting(noise(30, 240, seed), 8)->probability;
  EXPECT_NEAR(sum / 60, 0.5, 0.08);
}

TEST(Overfitting, splits_and_ranks_are_those_of_the_paper_by_hand) {
  // Two blocks of two periods: each half is the other's test.
  const std::vector<std::vector<double>> returns = {{3, 1, -1, -3}, {1, 2, 1, 2}, {-1, -2, 2, 3}};
  const auto found = probability_of_overfitting(returns, 2);
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->logits.size(), 2u);
  // First half: Sharpe 2, 3, -3: the second is best; there it has 3, the third 5, the first -2: rank 2 of 3.
  EXPECT_DOUBLE_EQ(found->logits[0], 0);
  // Second half: the third is best with 5; on the first half it is the worst of 3.
  EXPECT_DOUBLE_EQ(found->logits[1], std::log(1.0 / 3));
  EXPECT_EQ(found->probability, 1);
  EXPECT_EQ(found->probability_of_loss, 0.5);
  // Through (3, 3) and (5, -3).
  EXPECT_NEAR(found->slope, -3, 1e-12);
  EXPECT_NEAR(found->intercept, 12, 1e-11);
}

TEST(Overfitting, equal_strategies_are_in_the_middle) {
  const std::vector<std::vector<double>> returns(4, std::vector<double>{1, 2, 1, 3, 1, 2, 5, 1});
  EXPECT_DOUBLE_EQ(probability_of_overfitting(returns, 4)->logits.front(), 0);
}

TEST(Overfitting, what_cannot_be_judged_is_refused) {
  const auto good = noise(3, 40, 1);
  EXPECT_FALSE(probability_of_overfitting(std::span(good).first(1), 4));
  EXPECT_FALSE(probability_of_overfitting(good, 5));
  EXPECT_FALSE(probability_of_overfitting(good, 0));
  EXPECT_FALSE(probability_of_overfitting(good, 22));
  EXPECT_TRUE(probability_of_overfitting(good, 20));
  auto uneven = good;
  uneven[1].pop_back();
  EXPECT_FALSE(probability_of_overfitting(uneven, 4));
  EXPECT_FALSE(probability_of_overfitting(noise(3, 30, 1), 16));
}

}  // namespace
}  // namespace tradeassist::optimize
