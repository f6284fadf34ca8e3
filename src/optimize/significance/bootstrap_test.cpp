#include "optimize/significance/bootstrap.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "optimize/significance/normal.hpp"

namespace tradeassist::optimize {
namespace {

/// x[i] = memory × x[i - 1] + noise.
std::vector<double> autoregression(std::size_t count, double memory, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double noise = normal_quantile(0.5 + (random.uniform() - 0.5) * 0.999999);
    values[i] = noise + (i > 0 ? memory * values[i - 1] : 0);
  }
  return values;
}

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

TEST(Bootstrap, blocks_have_the_mean_length_that_was_asked_for_and_every_place_alike) {
  Random random(3);
  std::vector<std::uint32_t> places(500);
  std::vector<int> times(500);
  double blocks = 0;
  for (int i = 0; i < 2'000; ++i) {
    draw_stationary(random, 10, places);
    for (std::size_t at = 0; at < places.size(); ++at) {
      ++times[places[at]];
      if (at > 0 && places[at] != (places[at - 1] + 1) % 500) ++blocks;
    }
  }
  EXPECT_NEAR(2'000.0 * 500 / blocks, 10, 0.2);
  for (const int each : times) EXPECT_NEAR(each, 2'000, 700);
}

TEST(Bootstrap, the_block_length_grows_with_what_values_remember) {
  const double none = automatic_block_length(autoregression(2'000, 0, 1));
  const double some = automatic_block_length(autoregression(2'000, 0.5, 1));
  const double much = automatic_block_length(autoregression(2'000, 0.9, 1));
  EXPECT_LT(none, 8);
  EXPECT_GT(some, none);
  EXPECT_GT(much, 2 * some);
  EXPECT_EQ(automatic_block_length(std::vector<double>(100, 3.0)), 1);
  EXPECT_EQ(automatic_block_length(std::vector<double>{1, 2, 3}), 1);
}

/// Knuth's generator of 64 bits: values that other programs can make too.
std::vector<double> linear_congruential(std::size_t count, std::uint64_t seed) {
  std::vector<double> values(count);
  for (double& value : values) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    value = static_cast<double>(seed >> 11) * 0x1p-53 - 0.5;
  }
  return values;
}

// What optimal_block_length() of Python's arch 8 gives for the same values.
TEST(Bootstrap, the_block_length_is_that_of_another_program) {
  EXPECT_NEAR(automatic_block_length(linear_congruential(1'000, 42)), 2.006979, 1e-6);
}

// The mean of independent values has a known interval.
TEST(Bootstrap, the_interval_of_a_mean_is_the_known_one) {
  const auto values = autoregression(4'000, 0, 5);
  const auto interval = bootstrap(values, mean, {.resamples = 4'000, .mean_block = 1});
  ASSERT_TRUE(interval) << interval.error().message;
  double variance = 0;
  for (const double value : values) variance += std::pow(value - mean(values), 2) / 4'000;
  const double half_width = 1.96 * std::sqrt(variance / 4'000);
  EXPECT_DOUBLE_EQ(interval->estimate, mean(values));
  EXPECT_NEAR(interval->low, mean(values) - half_width, half_width * 0.1);
  EXPECT_NEAR(interval->high, mean(values) + half_width, half_width * 0.1);
}

// The variance of the mean of an autoregression is 1 / (1 - memory)² of that of its noise: 4 times as wide an interval
// as single values drawn one by one would give it, had they no memory.
TEST(Bootstrap, blocks_keep_what_values_remember) {
  constexpr int kSeries = 6;
  double width = 0, naive_width = 0;
  for (std::uint64_t seed = 1; seed <= kSeries; ++seed) {
    const auto values = autoregression(10'000, 0.75, seed);
    const auto interval = bootstrap(values, mean, {.resamples = 300, .mean_block = 100});
    const auto naive = bootstrap(values, mean, {.resamples = 300, .mean_block = 1});
    width += (interval->high - interval->low) / kSeries;
    naive_width += (naive->high - naive->low) / kSeries;
  }
  const double expected = 2 * 1.96 * 4 / std::sqrt(10'000.0);
  EXPECT_NEAR(width, expected, expected * 0.15);
  EXPECT_LT(naive_width, expected * 0.5);
}

TEST(Bootstrap, is_the_same_from_the_same_seed) {
  const auto values = autoregression(300, 0.3, 7);
  EXPECT_EQ(bootstrap(values, mean)->low, bootstrap(values, mean)->low);
  EXPECT_NE(bootstrap(values, mean)->low, bootstrap(values, mean, {.seed = 2})->low);
}

TEST(Bootstrap, nonsense_is_refused) {
  const auto values = autoregression(100, 0, 1);
  EXPECT_FALSE(bootstrap(std::span(values).first(1), mean));
  EXPECT_FALSE(bootstrap(values, mean, {.resamples = 0}));
  EXPECT_FALSE(bootstrap(values, mean, {.resamples = 100'001}));
  EXPECT_FALSE(bootstrap(values, mean, {.level = 1}));
  EXPECT_FALSE(bootstrap(values, mean, {.mean_block = 0.5}));
  EXPECT_FALSE(bootstrap(values, [](std::span<const double>) { return std::nan(""); }));
}

TEST(Bootstrap, quantiles_lie_between_neighbours) {
  const std::vector<double> sorted = {1, 2, 4, 8};
  EXPECT_EQ(sorted_quantile(sorted, 0), 1);
  EXPECT_EQ(sorted_quantile(sorted, 0.5), 3);
  EXPECT_EQ(sorted_quantile(sorted, 1), 8);
  EXPECT_DOUBLE_EQ(sorted_quantile(sorted, 0.9), 4 + 0.7 * 4);
}

}  // namespace
}  // namespace tradeassist::optimize
