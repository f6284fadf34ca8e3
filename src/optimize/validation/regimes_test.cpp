#include "optimize/validation/regimes.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace tradeassist::optimize {
namespace {

TEST(Regimes, a_day_is_judged_by_what_was_known_before_it) {
  std::vector<double> closes(200, 100);
  for (std::size_t day = 100; day < closes.size(); ++day) closes[day] = 106;  // 6 % up on day 100
  const auto regimes = regimes_of(closes);
  for (std::size_t day = 0; day <= kRegimeDays; ++day) EXPECT_EQ(regimes[day], Regime::kUnknown) << day;
  EXPECT_EQ(regimes[100], Regime::kSideways);  // the close of day 100 is not known when it begins
  EXPECT_EQ(regimes[101], Regime::kBull);
  EXPECT_EQ(regimes[100 + kRegimeDays], Regime::kBull);
  EXPECT_EQ(regimes[101 + kRegimeDays], Regime::kSideways);
  for (double& close : closes) close = 10'000 / close;
  EXPECT_EQ(regimes_of(closes)[101], Regime::kBear);
}

TEST(Regimes, days_without_a_price_are_unknown) {
  std::vector<double> closes(80, 100);
  closes[70] = std::nan("");
  EXPECT_EQ(regimes_of(closes)[71], Regime::kUnknown);
  EXPECT_EQ(regimes_of(closes)[72], Regime::kSideways);
}

TEST(Regimes, returns_compound_over_the_days_of_each) {
  const std::vector<Regime> regimes{Regime::kBull, Regime::kBear, Regime::kBull, Regime::kUnknown};
  const std::vector<double> own{0.1, -0.5, 0.2, 0.3}, held{0.01, 0.02, 0.03, 0.04};
  const Regimes made = by_regime(regimes, own, held, 252);
  ASSERT_EQ(made.rows.size(), 3u);
  EXPECT_EQ(made.rows[0].regime, Regime::kBull);
  EXPECT_EQ(made.rows[0].days, 2u);
  EXPECT_NEAR(made.rows[0].return_percent, 32, 1e-9);
  EXPECT_NEAR(made.rows[0].holding_return_percent, 100 * (1.01 * 1.03 - 1), 1e-9);
  EXPECT_NEAR(*made.rows[0].sharpe, 3 * std::sqrt(252), 1e-9);  // mean 0.15, deviation 0.05
  EXPECT_FALSE(made.rows[1].sharpe);                            // one day does not vary
  EXPECT_EQ(made.rows[2].regime, Regime::kUnknown);
  EXPECT_EQ(made.statement, "It lost in these market regimes: bear (-50.0 %).");
}

}  // namespace
}  // namespace tradeassist::optimize
