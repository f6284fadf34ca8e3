#include "server/health_sampler.hpp"

#include <gtest/gtest.h>

#include "store/testing/temporary_directory.hpp"

namespace tradeassist::server {
namespace {

using namespace std::chrono_literals;

class HealthSamples : public testing::Test {
 protected:
  void store_bars(std::size_t count) {
    market::Series bars;
    for (std::size_t i = 0; i < count; ++i) {
      bars.time.push_back(static_cast<std::int64_t>(++minutes_) * 60 * base::kNanosecondsPerSecond);
      for (auto* column : {&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume}) column->push_back(1);
    }
    ASSERT_TRUE(market_->append(series_, bars, import_));
  }
  void pass(std::chrono::seconds time) {
    now_ += time;
    steady_ += time;
  }

  store::TemporaryDirectory directory_;
  std::unique_ptr<store::MarketStore> market_ = std::move(store::MarketStore::open(directory_.path()).value());
  std::int64_t series_ = [this] {
    market_->put_instrument({.symbol = "SPY"}).value();
    return market_->ensure_series({"SPY", {market::Timeframe::Unit::kMinute, 1}, "test"}).value();
  }();
  std::int64_t import_ = market_->begin_import(series_, "test", "").value();
  std::size_t minutes_ = 0;
  base::Time now_ = base::time_from_nanoseconds(1'000 * base::kNanosecondsPerSecond);
  std::chrono::steady_clock::time_point steady_{1'000s};
  HealthSampler sampler_{*market_, [this] { return now_; }, {}, [this] { return steady_; }};
};

TEST_F(HealthSamples, there_is_none_before_the_first) { EXPECT_EQ(sampler_.latest(), nullptr); }

TEST_F(HealthSamples, what_was_not_measured_yet_is_absent_and_not_zero) {
  sampler_.sample();
  const auto sample = sampler_.latest();
  EXPECT_TRUE(sample->is_reachable);
  EXPECT_EQ(sample->bars_stored, 0);
  EXPECT_FALSE(sample->bars_per_second);
  EXPECT_FALSE(sample->bars_per_second_last_minute);
  EXPECT_FALSE(sample->slow_queries_last_minute);
  EXPECT_TRUE(sample->benchmark->at("run").is_null());
  EXPECT_TRUE(sample->benchmark->at("regressions").is_null());
}

TEST_F(HealthSamples, rates_are_of_the_last_minute_and_since_the_start) {
  store_bars(600);
  pass(10s);
  sampler_.sample();
  EXPECT_DOUBLE_EQ(*sampler_.latest()->bars_per_second, 60);
  EXPECT_FALSE(sampler_.latest()->bars_per_second_last_minute);
  pass(50s);
  sampler_.sample();
  EXPECT_DOUBLE_EQ(*sampler_.latest()->bars_per_second_last_minute, 10);
  store_bars(120);
  pass(10s);
  sampler_.sample();  // the minute now began after the 600
  EXPECT_DOUBLE_EQ(*sampler_.latest()->bars_per_second_last_minute, 2);
  EXPECT_DOUBLE_EQ(*sampler_.latest()->bars_per_second, 720.0 / 70);
  EXPECT_EQ(sampler_.latest()->bars_stored, 720);
}

TEST_F(HealthSamples, a_clock_that_is_set_back_is_told_for_a_minute_and_spoils_no_rate) {
  sampler_.sample();
  now_ -= std::chrono::hours(24);
  for (int i = 0; i < 12; ++i) {
    pass(10s);
    store_bars(10);
    sampler_.sample();
    EXPECT_EQ(sampler_.age(), 0s);
    if (i == 0) { EXPECT_DOUBLE_EQ(*sampler_.latest()->clock_jump_seconds, 86'400); }
  }
  EXPECT_DOUBLE_EQ(*sampler_.latest()->clock_jump_seconds, 0);
  EXPECT_DOUBLE_EQ(*sampler_.latest()->bars_per_second_last_minute, 1);
  now_ += std::chrono::hours(24);
  pass(20s);
  EXPECT_EQ(sampler_.age(), 20s);
}

TEST_F(HealthSamples, tell_of_database_and_partitions) {
  store_bars(5'000);
  sampler_.sample();
  const auto sample = sampler_.latest();
  EXPECT_EQ(sample->database->kind, "SQLite");
  EXPECT_GT(sample->database->schema_version, 0);
  EXPECT_GT(sample->database->size_bytes.value(), 0);
  EXPECT_GT(sample->database->free_disk_bytes.value(), 0);
  ASSERT_EQ(sample->partitions->size(), 1U);
  EXPECT_EQ(sample->partitions->front().name(), "1970");
  EXPECT_EQ(sample->partitions->front().row_count, 5'000);
}

}  // namespace
}  // namespace tradeassist::server
