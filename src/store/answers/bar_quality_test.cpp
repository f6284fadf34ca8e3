#include "store/answers/bar_quality.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::store {
namespace {

using market::QualityReason;
using market::Timeframe;

class BarQualities : public MarketStoreOnBoth {
 protected:
  /// A session of January 2, 2020 in New York, without a hundred minutes from the 100th on, and without volume in one.
  void SetUp() override {
    MarketStoreOnBoth::SetUp();
    market::Series bars = minutes(1, 0);
    const base::Time open = base::parse_time("2020-01-02T14:30:00Z").value();
    for (int i = 0; i < 390; ++i) {
      if (i >= 100 && i < 200) continue;
      const double price = 300 + std::abs(i % 7 - 3);
      bars.push_back({open + std::chrono::minutes(i), price, price + 1, price - 1, price, i == 5 ? 0.0 : 100.0 + i});
    }
    append(bars);
  }

  BarQuery minutes_of_spy() const {
    BarQuery query{.symbol = "SPY", .timeframe = {Timeframe::Unit::kMinute, 1}};
    query.with_quality = true;
    return query;
  }
};

INSTANTIATE_ON_BOTH_DATABASES(BarQualities);

TEST_P(BarQualities, an_answer_tells_what_is_wrong_with_its_bars_before_they_are_filled) {
  BarQuery query = minutes_of_spy();
  for (const market::FillMethod fill : {market::FillMethod::kNone, market::FillMethod::kForward}) {
    query.fill = fill;
    const auto made = answer(*store_, query);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->bars.size(), fill == market::FillMethod::kNone ? 290u : 390u);
    ASSERT_TRUE(made->quality);
    EXPECT_EQ(made->quality->calendar, "XNYS");
    ASSERT_EQ(made->quality->findings.size(), 2u);
    EXPECT_EQ(made->quality->findings[0].reason, QualityReason::kMissingBars);
    EXPECT_EQ(made->quality->findings[0].count, 100);
    EXPECT_EQ(made->quality->findings[1].reason, QualityReason::kZeroVolume);
    EXPECT_NEAR(made->quality->score, 100 - 100.0 / 3.9 - 0.1 / 2.9, 1e-9);
  }
}

TEST_P(BarQualities, factors_of_bars_that_were_made_are_not_known) {
  BarQuery query = minutes_of_spy();
  query.fill = market::FillMethod::kForward;
  query.price_adjustment = market::PriceAdjustment::kSplits;
  query.with_factors = true;
  const auto made = answer(*store_, query);
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made->adjusted->split_factor.size(), 390u);
  EXPECT_EQ(made->adjusted->split_factor[99], 1);
  EXPECT_TRUE(std::isnan(made->adjusted->split_factor[100]));
  EXPECT_EQ(made->adjusted->dividend_factor[200], 1);
}

TEST_P(BarQualities, only_bars_of_time_that_are_there_are_judged) {
  BarQuery query = minutes_of_spy();
  query.to = base::parse_time("2019-01-01").value();
  const auto empty = answer(*store_, query);
  ASSERT_TRUE(empty) << empty.error().message;
  EXPECT_FALSE(empty->quality);
  const auto nothing = quality_of_answer(*empty, query);
  ASSERT_FALSE(nothing);
  EXPECT_NE(nothing.error().message.find("there are no bars to judge"), std::string::npos);
  BarAnswer of_trades;
  of_trades.tick_rule = market::TickBarRule{.kind = market::TickBarRule::Kind::kTicks, .amount = 100};
  EXPECT_FALSE(quality_of_answer(of_trades, query));
}

}  // namespace
}  // namespace tradeassist::store
