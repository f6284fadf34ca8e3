#include "server/realtime/live_feed.hpp"

#include <gtest/gtest.h>

#include <latch>

#include "feed/providers/testing/fake_clock.hpp"
#include "server/realtime/testing/recording_publisher.hpp"
#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::server {
namespace {

// For INSTANTIATE_ON_BOTH_DATABASES.
using store::Dialect;
using store::dialect_name;
using store::test_server_url;

constexpr market::Timeframe kMinute{market::Timeframe::Unit::kMinute, 1};

/// Hands on what it was given, and waits until it is stopped.
class ScriptedSource : public feed::LiveSource {
 public:
  ScriptedSource(std::vector<feed::LiveBar> bars, base::Result<void> end)
      : bars_(std::move(bars)), end_(std::move(end)) {}
  base::Result<void> run(feed::LiveSink& sink, const std::stop_token& stop) override {
    sink.on_state(feed::LiveState::kLive, "");
    for (const feed::LiveBar& bar : bars_) sink.on_bar(bar);
    sink.on_quote({.symbol = "SPY", .bid = 1.5});
    sink.on_hole({"SPY", kMinute, base::time_from_nanoseconds(0), base::time_from_nanoseconds(60), "it was dark"});
    handed_on.count_down();
    if (!end_) return end_;
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait(lock, stop, [] { return false; });
    return {};
  }
  std::latch handed_on{1};

 private:
  const std::vector<feed::LiveBar> bars_;
  const base::Result<void> end_;
};

class LiveFeedTest : public store::MarketStoreOnBoth {
 protected:
  static std::vector<feed::LiveBar> bars_of(const std::string& symbol, std::size_t count) {
    const market::Series bars = minutes(0, count);
    std::vector<feed::LiveBar> live;
    for (std::size_t i = 0; i < count; ++i) live.push_back({symbol, kMinute, bars.bar(i)});
    return live;
  }

  /// Runs until all was handed on and stored; the state before the end.
  LiveStatus run(std::vector<feed::LiveBar> bars, bool is_stored, base::Result<void> end = {}) {
    auto source = std::make_unique<ScriptedSource>(std::move(bars), std::move(end));
    ScriptedSource& scripted = *source;
    LiveRecorderOptions options{.source = "stream", .is_stored = is_stored, .describe = {}};
    options.describe = [](const std::string& symbol) -> base::Result<market::Instrument> {
      if (symbol != "NEW") return base::failure(base::ErrorCode::kUnsupported, symbol + " is not had here");
      return market::Instrument{.symbol = symbol, .time_zone = "America/New_York"};
    };
    LiveFeed feed(std::move(source), std::make_unique<LiveRecorder>(*store_, publisher_, clock_, std::move(options)));
    scripted.handed_on.wait();
    for (int i = 0; i < 2'000; ++i) {  // stored a moment later
      LiveStatus status = feed.status();
      std::int64_t settled = 0;
      for (const LiveSeriesStatus& each : status.series) settled += each.bars + each.failures;
      const bool has_ended = end || status.state == feed::LiveState::kStopped;
      if (settled == static_cast<std::int64_t>(wanted_) && has_ended) return status;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ADD_FAILURE() << "not all bars were settled";
    return feed.status();
  }

  std::size_t published(std::string_view type) const { return publisher_.messages(type).size(); }

  feed::FakeClock clock_;
  RecordingPublisher publisher_;
  std::size_t wanted_ = 0;
};

INSTANTIATE_ON_BOTH_DATABASES(LiveFeedTest);

TEST_P(LiveFeedTest, bars_are_stored_and_then_published) {
  auto bars = bars_of("SPY", 50);
  for (const auto& bar : bars_of("NEW", 50)) bars.push_back(bar);
  wanted_ = bars.size();
  const LiveStatus status = run(bars, true);
  EXPECT_EQ(status.state, feed::LiveState::kLive);
  EXPECT_EQ(status.holes_count, 1);
  EXPECT_EQ(published("bar"), 100u);
  EXPECT_EQ(published("market_data"), 1u);
  EXPECT_EQ(published("live_hole"), 1u);
  for (const char* symbol : {"SPY", "NEW"}) {
    const auto all = store_->list_series({.symbol = symbol}).value();
    const auto found = std::ranges::find(all, "stream", [](const auto& info) { return info.key.source; });
    ASSERT_NE(found, all.end());
    const auto stored = store_->read(found->id, base::Time::min(), base::Time::max());
    ASSERT_TRUE(stored);
    EXPECT_TRUE(store::same_bits(*stored, minutes(0, 50)));
    const auto imports = store_->list_imports(found->id).value();
    ASSERT_EQ(imports.size(), 1u);
    EXPECT_TRUE(imports.front().finished_at.has_value());
  }
}

TEST_P(LiveFeedTest, a_rehearsal_is_published_and_never_stored) {
  wanted_ = 20;
  run(bars_of("SPY", 20), false);
  EXPECT_EQ(published("bar"), 20u);
  const auto all = store_->list_series().value();
  EXPECT_FALSE(all.empty());
  for (const store::SeriesInfo& info : all) EXPECT_NE(info.key.source, "stream");
}

TEST_P(LiveFeedTest, what_cannot_be_stored_is_counted_and_said_and_not_published) {
  auto bars = bars_of("STRANGE", 3);
  for (const auto& bar : bars_of("SPY", 4)) bars.push_back(bar);
  wanted_ = bars.size();
  const LiveStatus status = run(bars, true);
  EXPECT_EQ(status.state, feed::LiveState::kDegraded);
  EXPECT_NE(status.why.find("STRANGE is not had here"), std::string::npos) << status.why;
  ASSERT_EQ(status.series.size(), 2u);
  EXPECT_EQ(status.series[0].bars, 4);
  EXPECT_EQ(status.series[1].failures, 3);
  EXPECT_EQ(published("bar"), 4u);
}

TEST_P(LiveFeedTest, a_source_that_ends_with_an_error_says_why) {
  const LiveStatus status =
      run({}, true, base::failure(base::ErrorCode::kFailedPrecondition, "the login is over; run schwab login"));
  EXPECT_EQ(status.state, feed::LiveState::kStopped);
  EXPECT_EQ(status.why, "the login is over; run schwab login");
}

}  // namespace
}  // namespace tradeassist::server
