#include "server/market_source.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "backtest/testing/script_run.hpp"
#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::server {
namespace {

using market::Timeframe;
constexpr Timeframe kFiveMinutes{Timeframe::Unit::kMinute, 5};

class MarketSource : public store::MarketStoreTest {
 protected:
  void SetUp() override {
    MarketStoreTest::SetUp();
    cache_ = store::SeriesCache::create(*store_).value();
  }
  std::unique_ptr<store::SeriesCache> cache_;
};

TEST_F(MarketSource, a_series_is_found_by_symbol_and_by_exchange_and_made_of_finer_bars) {
  append(minutes(0, 10));
  const backtest::SeriesSource source = market_source(*cache_);
  for (const char* symbol : {"SPY", "ARCA:SPY"}) {
    const auto found = source(symbol, kFiveMinutes);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->instrument.symbol, "SPY");
    ASSERT_EQ(found->series->size(), 2u);
    EXPECT_EQ(found->series->close, (std::vector<double>{300.04, 300.09}));
  }
}

TEST_F(MarketSource, an_instrument_of_another_exchange_is_not_taken_for_it) {
  append(minutes(0, 10));
  ASSERT_TRUE(store_->put_instrument({.symbol = "SPY", .exchange = "ARCA", .time_zone = "America/New_York"}));
  const backtest::SeriesSource source = market_source(*cache_);
  EXPECT_TRUE(source("ARCA:SPY", kFiveMinutes));
  for (const char* symbol : {"LSE:SPY", "GONE"}) {
    const auto found = source(symbol, kFiveMinutes);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, base::ErrorCode::kNotFound);
    EXPECT_NE(found.error().message.find("import"), std::string::npos);
  }
}

TEST_F(MarketSource, parallel_runs_share_one_series) {
  append(minutes(0, 100));
  const backtest::SeriesSource source = market_source(*cache_);
  const auto first = source("SPY", kFiveMinutes);
  ASSERT_TRUE(first);
  std::vector<std::thread> threads;
  std::vector<market::SeriesPtr> seen(4);
  for (market::SeriesPtr& series : seen) threads.emplace_back([&] { series = source("SPY", kFiveMinutes)->series; });
  for (std::thread& thread : threads) thread.join();
  for (const market::SeriesPtr& series : seen) EXPECT_EQ(series, first->series);
}

TEST_F(MarketSource, an_input_chooses_the_symbol_of_a_request) {
  append(minutes(0, 3));
  const auto program = backtest::testing::compiled(
      "//@version=6\nindicator(\"test\")\nother = input.symbol(\"GONE\")\n"
      "plot(request.security(other, timeframe.period, close), \"x\")\n");
  const market::Series chart = minutes(0, 3);
  backtest::RunRequest request = backtest::testing::request_for(*program, chart);
  request.timeframe = {Timeframe::Unit::kMinute, 1};
  request.source = market_source(*cache_);
  EXPECT_FALSE(backtest::run(request));
  request.inputs = *backtest::bind_inputs(*program, {{"other", std::string("SPY")}});
  const auto result = backtest::run(request);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->outputs[0].values, chart.close);
}

}  // namespace
}  // namespace tradeassist::server
