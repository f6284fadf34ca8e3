#include "optimize/significance/sharpe_significance.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace tradeassist::optimize {
namespace {

TEST(SharpeSignificance, moments_are_those_of_the_sample) {
  const ReturnMoments moments = moments_of(std::vector<double>{1, 2, 3, 4, 10});
  EXPECT_EQ(moments.count, 5);
  EXPECT_DOUBLE_EQ(moments.mean, 4);
  EXPECT_DOUBLE_EQ(moments.deviation, std::sqrt(10.0));
  // Deviations -3 -2 -1 0 6: cubes sum to 180, fourth powers to 1,394.
  EXPECT_DOUBLE_EQ(moments.skewness, 180.0 / 5 / std::pow(10.0, 1.5));
  EXPECT_DOUBLE_EQ(moments.kurtosis, 1394.0 / 5 / 100);
  EXPECT_EQ(moments_of(std::vector<double>(7, 0.1)).sharpe(), std::nullopt);
  EXPECT_EQ(moments_of({}).sharpe(), std::nullopt);
}

// Bailey and López de Prado (2012), section "Numerical example": 24 monthly returns with an annual Sharpe ratio of 1.59
// against 0, first as if normal, then with the skewness and kurtosis of their figure 3.
TEST(SharpeSignificance, skew_and_fat_tails_make_the_same_ratio_worth_less) {
  const double monthly = 1.585 / std::sqrt(12.0);
  const ReturnMoments normal{24, monthly, 1, 0, 3}, tailed{24, monthly, 1, -2.448, 10.164};
  const double benefit = 1 / std::sqrt(12.0);  // against an annual ratio of 1
  EXPECT_GT(*probabilistic_sharpe_ratio(normal, 0), *probabilistic_sharpe_ratio(tailed, 0));
  EXPECT_NEAR(*probabilistic_sharpe_ratio(tailed, 0), 0.913, 0.001);
  EXPECT_NEAR(*probabilistic_sharpe_ratio(normal, 0), 0.982, 0.001);
  EXPECT_LT(*probabilistic_sharpe_ratio(normal, benefit), *probabilistic_sharpe_ratio(normal, 0));
}

// An annual Sharpe ratio of 2 over 365 daily returns as from a normal distribution, the best of 200 trials.
TEST(SharpeSignificance, the_best_of_many_trials_is_deflated) {
  const ReturnMoments moments{365, 2 / std::sqrt(365.0), 1, 0, 3};
  EXPECT_NEAR(*deflated_sharpe_ratio(moments, 200), 0.221787790810632, 1e-8);
  EXPECT_EQ(*deflated_sharpe_ratio(moments, 1), *probabilistic_sharpe_ratio(moments, 0));
  double previous = 1;
  for (const double trials : {1.0, 2.0, 10.0, 1e3, 1e6}) {
    const double deflated = *deflated_sharpe_ratio(moments, trials);
    EXPECT_LT(deflated, previous) << trials;
    previous = deflated;
  }
}

// For few trials the mean of the largest of so many normal variables is known: 1.5388 of 10, 2.5076 of 100, 3.2414 of
// 1,000 (Tippett 1925). The formula is an approximation of it.
TEST(SharpeSignificance, the_expected_maximum_is_that_of_normal_variables) {
  EXPECT_NEAR(expected_maximum_sharpe(1, 10), 1.53875, 0.04);
  EXPECT_NEAR(expected_maximum_sharpe(1, 100), 2.50759, 0.03);
  EXPECT_NEAR(expected_maximum_sharpe(1, 1'000), 3.24144, 0.02);
  EXPECT_DOUBLE_EQ(expected_maximum_sharpe(4, 100), 2 * expected_maximum_sharpe(1, 100));
  EXPECT_EQ(expected_maximum_sharpe(1, 1), 0);
}

TEST(SharpeSignificance, the_minimum_track_record_is_where_the_probability_is_reached) {
  const ReturnMoments moments{1'000, 0.1, 1, -0.7, 5};
  const auto length = minimum_track_record_length(moments, 0.02, 0.95);
  ASSERT_TRUE(length);
  ReturnMoments as_long = moments;
  as_long.count = static_cast<std::int64_t>(std::ceil(*length));
  EXPECT_GE(*probabilistic_sharpe_ratio(as_long, 0.02), 0.95);
  as_long.count -= 1;
  EXPECT_LT(*probabilistic_sharpe_ratio(as_long, 0.02), 0.95);
  EXPECT_EQ(minimum_track_record_length(moments, 0.1), std::nullopt);
}

TEST(SharpeSignificance, trials_that_are_alike_are_fewer) {
  EXPECT_EQ(effective_trials(100, 0), 100);
  EXPECT_EQ(effective_trials(100, 1), 1);
  EXPECT_DOUBLE_EQ(effective_trials(100, 0.5), 50.5);
  EXPECT_EQ(effective_trials(100, -0.3), 100);
}

}  // namespace
}  // namespace tradeassist::optimize
