#include "optimize/significance/reality_check.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "optimize/significance/testing/noise.hpp"

namespace tradeassist::optimize {
namespace {

TEST(RealityCheck, one_that_is_truly_better_is_seen) {
  auto excess = noise(10, 500, 1);
  for (double& value : excess[4]) value += 0.3;
  const auto found = reality_check(excess, {.resamples = 500});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->best, 4u);
  EXPECT_LT(found->white, 0.01);
  EXPECT_LT(found->spa, 0.01);
}

// What "probability" promises: without skill a value below 0.1 comes about one time in ten.
TEST(RealityCheck, noise_is_taken_for_skill_as_often_as_it_says) {
  int white = 0, spa = 0;
  constexpr int kTimes = 200;
  for (int i = 0; i < kTimes; ++i) {
    const auto found = reality_check(noise(5, 200, static_cast<std::uint64_t>(i)),
                                     {.resamples = 200, .mean_block = 1, .seed = static_cast<std::uint64_t>(i)});
    white += found->white < 0.1 ? 1 : 0;
    spa += found->spa < 0.1 ? 1 : 0;
  }
  EXPECT_NEAR(white, kTimes / 10, 14);
  EXPECT_NEAR(spa, kTimes / 10, 14);
}

// Hansen's reason for his test: poor strategies beside a good one weaken White's.
TEST(RealityCheck, poor_strategies_do_not_hide_a_good_one_from_hansen) {
  auto excess = noise(40, 250, 2);
  for (double& value : excess[0]) value += 0.15;
  for (std::size_t s = 1; s < excess.size(); ++s) {
    for (double& value : excess[s]) value = value * 4 - 1;  // wild and losing
  }
  const auto found = reality_check(excess, {.resamples = 1'000, .mean_block = 1});
  EXPECT_LT(found->spa, 0.05);
  EXPECT_GT(found->white, 0.2);
  EXPECT_LE(found->spa_lower, found->spa);
  EXPECT_LE(found->spa, found->spa_upper);
}

TEST(RealityCheck, is_the_same_from_the_same_seed_and_takes_the_block_length_from_the_best) {
  const auto excess = noise(4, 300, 9);
  const auto one = reality_check(excess), same = reality_check(excess);
  EXPECT_EQ(one->spa, same->spa);
  EXPECT_GE(one->mean_block, 1);
  EXPECT_EQ(reality_check(excess, {.mean_block = 7})->mean_block, 7);
}

TEST(RealityCheck, strategies_that_do_not_vary_do_not_decide) {
  std::vector<std::vector<double>> excess(3, std::vector<double>(50, 0.0));
  const auto found = reality_check(excess);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->spa, 1);
  EXPECT_EQ(found->white, 1);
}

TEST(RealityCheck, nonsense_is_refused) {
  const auto excess = noise(2, 20, 1);
  EXPECT_FALSE(reality_check({}));
  EXPECT_FALSE(reality_check(noise(2, 7, 1)));
  EXPECT_FALSE(reality_check(excess, {.resamples = 0}));
  EXPECT_FALSE(reality_check(excess, {.mean_block = 0.2}));
  auto uneven = excess;
  uneven[1].pop_back();
  EXPECT_FALSE(reality_check(uneven));
}

}  // namespace
}  // namespace tradeassist::optimize
