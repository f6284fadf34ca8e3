#include "optimize/validation/cross_validation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "optimize/significance/sharpe_significance.hpp"
#include "optimize/significance/testing/noise.hpp"

namespace tradeassist::optimize {
namespace {

TEST(CrossValidation, splits_and_paths_are_as_many_as_the_book_says) {
  const auto all = noise(5, 200, 3);
  const auto six = cross_validate(all, 252, {.groups = 6, .test_groups = 2});
  ASSERT_TRUE(six) << six.error().message;
  EXPECT_EQ(six->splits, 15);
  EXPECT_EQ(six->path_sharpe.size(), 5u);
  const auto ten = cross_validate(all, 252);
  EXPECT_EQ(ten->splits, 45);
  EXPECT_EQ(ten->path_sharpe.size(), 9u);
}

TEST(CrossValidation, a_strategy_that_is_always_best_is_every_path) {
  auto all = noise(5, 300, 3);
  for (double& value : all[3]) value += 1;
  const auto made = cross_validate(all, 252);
  ASSERT_TRUE(made);
  const double own = *moments_of(all[3]).sharpe() * std::sqrt(252);
  for (const double ratio : made->path_sharpe) EXPECT_NEAR(ratio, own, 1e-9);
  EXPECT_EQ(made->share_of_loss, 0);
}

TEST(CrossValidation, choosing_among_noise_gains_nothing_on_days_not_chosen_on) {
  const auto made = cross_validate(noise(50, 1'000, 3), 252);
  ASSERT_TRUE(made);
  // Choosing has to be better than -2 deviations and not better than +2 of a Sharpe ratio over so many days.
  EXPECT_LT(std::abs(made->median_sharpe), 2 * std::sqrt(252.0 / 1'000) * std::sqrt(2));
}

TEST(CrossValidation, what_is_purged_is_not_trained_on) {
  // Strategy 1 shines on the days beside the tested group alone, strategy 0 a little everywhere.
  const std::size_t days = 100;
  std::vector<std::vector<double>> all(2, std::vector<double>(days));
  for (std::size_t day = 0; day < days; ++day) {
    all[0][day] = day % 2 == 0 ? 0.02 : -0.01;
    all[1][day] = day % 50 >= 45 ? 1 + 0.001 * static_cast<double>(day % 5) : -0.01;
  }
  CrossValidationOptions options{.groups = 2, .test_groups = 1, .purged_days = 0, .embargo_share = 0};
  const auto leaking = cross_validate(all, 252, options);
  // Days 45 to 49 are beside the second group, which is tested by a choice on the first.
  options.purged_days = 5;
  const auto purged = cross_validate(all, 252, options);
  ASSERT_TRUE(leaking && purged);
  EXPECT_NE(leaking->path_sharpe[0], purged->path_sharpe[0]);
}

TEST(CrossValidation, impossible_requests_are_refused) {
  const auto all = noise(3, 40, 3);
  const auto message = [&](const CrossValidationOptions& options) {
    return cross_validate(all, 252, options).error().message;
  };
  EXPECT_NE(message({.groups = 1}).find("groups"), std::string::npos);
  EXPECT_NE(message({.groups = 17}).find("groups"), std::string::npos);
  EXPECT_NE(message({.groups = 4, .test_groups = 4}).find("groups"), std::string::npos);
  EXPECT_NE(cross_validate(noise(3, 15, 3), 252).error().message.find("too few"), std::string::npos);
  EXPECT_FALSE(cross_validate(noise(1, 100, 3), 252));
  auto uneven = all;
  uneven[1].pop_back();
  EXPECT_FALSE(cross_validate(uneven, 252));
}

}  // namespace
}  // namespace tradeassist::optimize
