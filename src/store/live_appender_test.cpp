#include "store/live_appender.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <optional>
#include <thread>

#include "store/testing/bars_model.hpp"
#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using market::Series;

class LiveAppends : public MarketStoreOnBoth {};
INSTANTIATE_ON_BOTH_DATABASES(LiveAppends);

TEST_P(LiveAppends, bars_of_many_threads_and_series_are_all_stored_with_fewer_commits) {
  constexpr int kThreads = 4;
  constexpr std::size_t kBars = 2'000;
  struct Feed {
    std::int64_t series, import;
    Series bars;
  };
  std::vector<Feed> feeds;
  for (int i = 0; i < kThreads; ++i) {
    other_series();
    series_ =
        store_->ensure_series({"SPY", {market::Timeframe::Unit::kMinute, 1}, "feed " + std::to_string(i)}).value();
    feeds.push_back({series_, store_->begin_import(series_, "live", "").value(), minutes(i * 10'000, kBars)});
  }
  std::atomic<int> acknowledged = 0, failed = 0;
  {
    LiveAppender appender(*store_, {.queued_max = 100});
    std::vector<std::jthread> threads;
    for (const Feed& feed : feeds) {
      threads.emplace_back([&] {
        for (std::size_t i = 0; i < feed.bars.size(); ++i) {
          appender.append(feed.series, feed.import, feed.bars.bar(i),
                          [&](const base::Result<void>& stored) { ++(stored ? acknowledged : failed); });
        }
      });
    }
    threads.clear();
  }
  EXPECT_EQ(acknowledged, kThreads * static_cast<int>(kBars));
  EXPECT_EQ(failed, 0);
  for (const Feed& feed : feeds) {
    EXPECT_TRUE(same_bits(store_->read(feed.series, base::Time::min(), base::Time::max()).value(), feed.bars));
    EXPECT_EQ(store_->list_imports(feed.series)->front().inserted, static_cast<std::int64_t>(kBars));
  }
}

TEST_P(LiveAppends, an_acknowledged_bar_can_be_read_by_others_at_once) {
  LiveAppender appender(*store_);
  const Series bars = minutes(0, 20);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    std::latch done(1);
    appender.append(series_, import_, bars.bar(i), [&](const base::Result<void>& stored) {
      EXPECT_TRUE(stored);
      done.count_down();
    });
    done.wait();
    EXPECT_EQ(read_all()->size(), i + 1);
  }
  EXPECT_EQ(appender.metrics().commits, 20);
}

TEST_P(LiveAppends, corrections_and_late_bars_in_one_batch_end_as_the_last_that_came) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomBars random(seed);
  BarsModel model;
  {
    LiveAppender appender(*store_);
    for (int i = 0; i < 3'000; ++i) {
      const market::Bar bar = random.bar(static_cast<std::int64_t>(random.below(500)) * 1'000'000'000);
      Series one;
      one.push_back(bar);
      model.append(one);
      appender.append(series_, import_, bar, [](const base::Result<void>& stored) { EXPECT_TRUE(stored); });
    }
  }
  EXPECT_TRUE(same_bits(read_all().value(), model.all()));
}

TEST_P(LiveAppends, a_series_that_refuses_does_not_harm_the_others) {
  const std::int64_t good = series_, good_import = import_;
  other_series();
  ASSERT_TRUE(store_->delete_series(series_));
  std::atomic<int> stored_bars = 0;
  std::vector<ErrorCode> errors;
  {
    LiveAppender appender(*store_);
    const Series bars = minutes(0, 100);
    for (std::size_t i = 0; i < bars.size(); ++i) {
      appender.append(good, good_import, bars.bar(i),
                      [&](const base::Result<void>& stored) { stored_bars += stored.has_value(); });
      appender.append(series_, import_, bars.bar(i), [&](const base::Result<void>& stored) {
        if (!stored) errors.push_back(stored.error().code);
      });
    }
  }
  EXPECT_EQ(stored_bars, 100);
  EXPECT_EQ(errors, std::vector(100, ErrorCode::kFailedPrecondition));
  EXPECT_EQ(store_->series(good)->row_count, 100);
}

}  // namespace
}  // namespace tradeassist::store
