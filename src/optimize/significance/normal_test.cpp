#include "optimize/significance/normal.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace tradeassist::optimize {
namespace {

// Values of Abramowitz and Stegun, tables 26.1 and 26.6, to more places.
TEST(Normal, gives_tabulated_values) {
  EXPECT_NEAR(normal_cdf(1), 0.841344746068543, 1e-15);
  EXPECT_NEAR(normal_cdf(-3), 0.001349898031630095, 1e-17);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-14);
  EXPECT_NEAR(normal_quantile(0.9), 1.2815515655446004, 1e-14);
  EXPECT_NEAR(normal_quantile(1e-10), -6.361340902404056, 1e-13);
  EXPECT_EQ(normal_quantile(0.5), 0);
}

TEST(Normal, quantile_and_share_undo_each_other_on_all_three_branches) {
  for (double z = -8; z <= 8; z += 0.01) {
    const double share = normal_cdf(z);
    if (share == 1) break;
    // Where the share is close to 1 the distance to it is what limits the way back.
    const double density = std::exp(-z * z / 2) / std::sqrt(2 * M_PI);
    EXPECT_NEAR(normal_quantile(share), z, 1e-13 + 1e-15 * share / density) << z;
  }
}

TEST(Normal, ends_and_nonsense) {
  EXPECT_EQ(normal_quantile(0), -HUGE_VAL);
  EXPECT_EQ(normal_quantile(1), HUGE_VAL);
  for (const double bad : {-0.1, 1.1, std::nan("")}) EXPECT_TRUE(std::isnan(normal_quantile(bad)));
}

}  // namespace
}  // namespace tradeassist::optimize
