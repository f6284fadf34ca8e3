#include "indicators/pivot_levels.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace tradeassist::indicators {
namespace {

constexpr PeriodPrices kDay{100, 120, 90, 114};  // mean 108, range 30

void expect_levels(PivotType type, const PeriodPrices& period, const PivotLevels& expected) {
  const PivotLevels got = pivot_levels(type, period, 104);
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (std::isnan(expected[i]))
      EXPECT_TRUE(std::isnan(got[i])) << i;
    else
      EXPECT_NEAR(got[i], expected[i], 1e-9) << i;
  }
}

TEST(PivotLevels, each_type_has_its_own_formulas) {
  expect_levels(PivotType::kTraditional, kDay, {108, 126, 96, 138, 78, 156, 66, 174, 54, 192, 42});
  expect_levels(PivotType::kFibonacci, kDay, {108, 119.46, 96.54, 126.54, 89.46, 138, 78, kNa, kNa, kNa, kNa});
  expect_levels(PivotType::kWoodie, kDay, {104.5, 119, 89, 134.5, 74.5, 149, 59, 179, 29, kNa, kNa});
  expect_levels(PivotType::kClassic, kDay, {108, 126, 96, 138, 78, 168, 48, 198, 18, kNa, kNa});
  expect_levels(PivotType::kCamarilla, kDay, {108, 116.75, 111.25, 119.5, 108.5, 122.25, 105.75, 130.5, 97.5, 152, 76});
}

TEST(PivotLevels, dm_looks_at_the_bodys_direction) {
  expect_levels(PivotType::kDm, kDay, {111, 132, 102, kNa, kNa, kNa, kNa, kNa, kNa, kNa, kNa});
  expect_levels(PivotType::kDm, {114, 120, 90, 100}, {100, 110, 80, kNa, kNa, kNa, kNa, kNa, kNa, kNa, kNa});
  expect_levels(PivotType::kDm, {100, 120, 90, 100}, {102.5, 115, 85, kNa, kNa, kNa, kNa, kNa, kNa, kNa, kNa});
}

TEST(PivotLevels, levels_change_when_the_anchor_closes_a_period) {
  PivotPoints points;
  const auto pivot = [&](const PeriodPrices& bar, bool anchor, bool developing = false) {
    return points.next(bar, PivotType::kTraditional, anchor, developing)[0];
  };
  EXPECT_TRUE(std::isnan(pivot({10, 12, 9, 11}, false)));
  EXPECT_TRUE(std::isnan(pivot({11, 15, 10, 14}, false)));
  EXPECT_DOUBLE_EQ(pivot({14, 20, 13, 19}, true), (15 + 9 + 14) / 3.0);
  EXPECT_DOUBLE_EQ(pivot({19, 22, 8, 10}, false), (15 + 9 + 14) / 3.0);
  EXPECT_DOUBLE_EQ(pivot({10, 11, 9, 10}, true), (22 + 8 + 10) / 3.0);
  EXPECT_DOUBLE_EQ(pivot({10, 12, 10, 12}, false, true), (12 + 9 + 12) / 3.0);
}

}  // namespace
}  // namespace tradeassist::indicators
