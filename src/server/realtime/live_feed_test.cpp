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
    handed_on->count_down();
    if (!end_) return end_;
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait(lock, stop, [] { return false; });
    return {};
  }
  const std::shared_ptr<std::latch> handed_on = std::make_shared<std::latch>(1);

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
    const auto handed_on = source->handed_on;  // a source that has ended is gone
    LiveRecorderOptions options{.source = "stream", .is_stored = is_stored, .describe = {}};
    options.describe = [this](const std::string& symbol) -> base::Result<market::Instrument> {
      if (symbol == "LATER" && ++asked_ > 2) return market::Instrument{.symbol = symbol};
      if (symbol != "NEW") return base::failure(base::ErrorCode::kUnsupported, symbol + " is not had here");
      return market::Instrument{.symbol = symbol, .time_zone = "America/New_York"};
    };
    LiveFeedOptions made;
    made.make = [&source]() -> base::Result<std::unique_ptr<feed::LiveSource>> { return std::move(source); };
    const auto started = LiveFeed::start(
        std::move(made), std::make_unique<LiveRecorder>(*store_, publisher_, clock_, std::move(options)));
    EXPECT_TRUE(started) << started.error().message;
    const LiveFeed& feed = **started;
    handed_on->wait();
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
  int asked_ = 0;  // for the instrument that can be had later
};

/// Ends at once, as a source whose login is over.
class EndedSource : public feed::LiveSource {
 public:
  base::Result<void> run(feed::LiveSink&, const std::stop_token&) override {
    return base::failure(base::ErrorCode::kFailedPrecondition, "the login is over");
  }
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

TEST_P(LiveFeedTest, the_state_is_good_again_when_bars_can_be_stored_again) {
  wanted_ = 5;
  const LiveStatus status = run(bars_of("LATER", 5), true);
  EXPECT_EQ(status.state, feed::LiveState::kLive) << status.why;
  ASSERT_EQ(status.series.size(), 1u);
  EXPECT_EQ(status.series[0].failures, 2);
  EXPECT_EQ(status.series[0].bars, 3);
  std::vector<std::string> states;
  for (const auto& message : publisher_.messages("live_state"))
    states.emplace_back(message.data.at("state").get_string());
  ASSERT_GE(states.size(), 3u);
  EXPECT_EQ(states[0], "live");
  EXPECT_EQ(states[1], "degraded");
  EXPECT_EQ(states[2], "live");
}

TEST_P(LiveFeedTest, runs_again_after_a_login_and_tells_when_one_is_needed) {
  std::mutex mutex;
  LiveLogin login{.state = "ends_soon", .is_good = false, .logged_in_at = clock_.now(), .message = "log in again"};
  ScriptedSource* running = nullptr;
  LiveFeedOptions options;
  options.login_look = std::chrono::milliseconds(5);
  options.login = [&] {
    const std::lock_guard lock(mutex);
    return login;
  };
  int made = 0;
  bool is_away = true;
  options.make = [&]() -> base::Result<std::unique_ptr<feed::LiveSource>> {
    const std::lock_guard lock(mutex);
    if (++made == 1) return std::make_unique<EndedSource>();
    if (is_away) return base::failure(base::ErrorCode::kUnavailable, "the database is away");
    auto source = std::make_unique<ScriptedSource>(bars_of("SPY", 3), base::Result<void>{});
    running = source.get();
    return source;
  };
  const auto log_in = [&] {
    const std::lock_guard lock(mutex);
    clock_.advance(std::chrono::minutes(1));
    login = {.state = "valid", .is_good = true, .logged_in_at = clock_.now()};
  };
  const auto wait = [&](auto until) {
    for (int i = 0; i < 2'000 && !until(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_TRUE(until());
  };
  LiveRecorderOptions recorder{.source = "stream", .is_stored = true, .describe = {}};
  const auto feed = LiveFeed::start(std::move(options),
                                    std::make_unique<LiveRecorder>(*store_, publisher_, clock_, std::move(recorder)));
  ASSERT_TRUE(feed);
  wait([&] { return (*feed)->status().why == "the login is over" && published("live_login") == 1; });
  EXPECT_EQ((*feed)->status().login->state, "ends_soon");
  EXPECT_EQ((*feed)->status().state, feed::LiveState::kStopped);
  log_in();
  wait([&] { return (*feed)->status().why == "the database is away"; });
  {
    const std::lock_guard lock(mutex);
    is_away = false;
  }
  wait([&] { return published("bar") == 3; });
  EXPECT_EQ((*feed)->status().state, feed::LiveState::kLive);
  EXPECT_NE(running, nullptr);
  const auto logins = publisher_.messages("live_login");
  ASSERT_EQ(logins.size(), 2u);  // when it was needed, and when it was there; not every time it was looked at
  EXPECT_EQ(logins[0].channel, "live");
  EXPECT_EQ(logins[0].data.at("message").get_string(), "log in again");
  EXPECT_EQ(logins[1].data.at("state").get_string(), "valid");
}

TEST_P(LiveFeedTest, a_source_that_ends_with_an_error_says_why) {
  const LiveStatus status =
      run({}, true, base::failure(base::ErrorCode::kFailedPrecondition, "the login is over; run schwab login"));
  EXPECT_EQ(status.state, feed::LiveState::kStopped);
  EXPECT_EQ(status.why, "the login is over; run schwab login");
}

}  // namespace
}  // namespace tradeassist::server
