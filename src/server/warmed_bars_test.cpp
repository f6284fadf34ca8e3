#include "server/warmed_bars.hpp"

#include <gtest/gtest.h>

#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::server {
namespace {

class WarmedBarsTest : public store::MarketStoreTest {
 protected:
  void SetUp() override {
    MarketStoreTest::SetUp();
    cache_ = store::SeriesCache::create(*store_).value();
  }
  std::unique_ptr<store::SeriesCache> cache_;
};

store::BarQuery minutes_of_spy() {
  store::BarQuery query;
  query.symbol = "SPY";
  query.timeframe = {market::Timeframe::Unit::kMinute, 1};
  return query;
}

TEST_F(WarmedBarsTest, all_that_is_stored_before_comes_along) {
  const market::Series bars = minutes(0, 1000);
  append(bars);
  store::BarQuery query = minutes_of_spy();
  query.from = base::time_from_nanoseconds(bars.time[700]);
  query.to = base::time_from_nanoseconds(bars.time[800]);
  const auto range = read_warmed_bars(*cache_, query);
  ASSERT_TRUE(range) << range.error().message;
  EXPECT_EQ(range->first_bar, 700u);
  EXPECT_EQ(range->size(), 100u);
  EXPECT_TRUE(range->whole_history);
  query.from.reset();
  query.to.reset();
  query.last = 30;
  const auto newest = read_warmed_bars(*cache_, query);
  ASSERT_TRUE(newest) << newest.error().message;
  EXPECT_EQ(newest->first_bar, 970u);
  EXPECT_EQ(newest->size(), 30u);
}

TEST_F(WarmedBarsTest, beyond_the_bounds_as_much_as_they_allow_comes_along_and_that_is_said) {
  const market::Series bars = minutes(0, 20'000);
  append(bars);
  for (const WarmUpLimits limits : {WarmUpLimits{1'000, 500}, WarmUpLimits{1'000'000, 500}}) {
    store::BarQuery query = minutes_of_spy();
    query.last = 10;
    const auto newest = read_warmed_bars(*cache_, query, limits);
    ASSERT_TRUE(newest) << newest.error().message;
    EXPECT_EQ(newest->first_bar, 500u);
    EXPECT_EQ(newest->size(), 10u);
    EXPECT_FALSE(newest->whole_history);
    EXPECT_EQ(newest->answer->bars.time.back(), bars.time.back());
    query.last.reset();
    query.from = base::time_from_nanoseconds(bars.time[19'000]);
    query.to = base::time_from_nanoseconds(bars.time[19'100]);
    const auto range = read_warmed_bars(*cache_, query, limits);
    ASSERT_TRUE(range) << range.error().message;
    EXPECT_EQ(range->size(), 100u);
    EXPECT_FALSE(range->whole_history);
    EXPECT_EQ(range->answer->bars.time[range->first_bar], bars.time[19'000]);
  }
}

TEST_F(WarmedBarsTest, what_does_not_fit_without_any_warm_up_is_refused) {
  append(minutes(0, 20'000));
  const auto all = read_warmed_bars(*cache_, minutes_of_spy(), {1'000, 500});
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().code, base::ErrorCode::kResourceExhausted);
}

TEST_F(WarmedBarsTest, an_empty_range_is_refused_and_one_without_bars_says_why) {
  const market::Series bars = minutes(0, 10);
  append(bars);
  store::BarQuery query = minutes_of_spy();
  query.from = base::time_from_nanoseconds(bars.time.back()) + std::chrono::hours(24);
  const auto none = read_warmed_bars(*cache_, query);
  ASSERT_TRUE(none) << none.error().message;
  EXPECT_EQ(none->size(), 0u);
  EXPECT_NE(none->answer->empty_reason.find("the stored bars run from"), std::string::npos);
  query.to = query.from;
  EXPECT_FALSE(read_warmed_bars(*cache_, query));
}

}  // namespace
}  // namespace tradeassist::server
