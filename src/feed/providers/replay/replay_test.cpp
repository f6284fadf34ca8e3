#include "feed/providers/replay/replay.hpp"

#include <gtest/gtest.h>

#include "feed/providers/testing/fake_clock.hpp"
#include "feed/providers/testing/recording_sink.hpp"

namespace tradeassist::feed {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using Unit = market::Timeframe::Unit;

market::SeriesPtr bars_at(std::vector<int> starts) {
  auto bars = std::make_shared<market::Series>();
  for (const int minute : starts) bars->push_back({base::Time(minutes(minute)), 1, 2, 0.5, 1.5, 10});
  return bars;
}

std::vector<base::Nanoseconds> pauses(const ReplayOptions& options, RecordingSink& sink) {
  FakeClock clock;
  Replay replay({{"SPY", {Unit::kMinute, 1}, bars_at({0, 1, 2, 60, 61})}}, options, clock);
  EXPECT_TRUE(replay.run(sink, {}));
  return clock.sleeps();
}

TEST(Replay, hands_bars_on_at_their_pace) {
  RecordingSink real, fast, at_once, whole;
  EXPECT_EQ(pauses({.speed = 1}, real), std::vector<base::Nanoseconds>(4, seconds(60)));
  EXPECT_EQ(pauses({.speed = 60}, fast), std::vector<base::Nanoseconds>(4, seconds(1)));
  EXPECT_TRUE(pauses({.speed = 0}, at_once).empty());
  EXPECT_EQ(pauses({.speed = 60, .skips_pauses = false}, whole),
            (std::vector<base::Nanoseconds>{seconds(1), seconds(1), seconds(58), seconds(1)}));
  for (const RecordingSink* sink : {&real, &fast, &at_once, &whole}) {
    ASSERT_EQ(sink->bars.size(), 5u);
    EXPECT_EQ(sink->bars[3].bar.time, base::Time(minutes(60)));
    EXPECT_EQ(sink->states.back().first, LiveState::kStopped);
  }
}

TEST(Replay, several_series_come_in_the_order_of_their_ends) {
  FakeClock clock;
  RecordingSink sink;
  Replay replay({{"SLOW", {Unit::kMinute, 5}, bars_at({0, 5})}, {"FAST", {Unit::kMinute, 1}, bars_at({0, 4, 5, 9})}},
                {.speed = 0}, clock);
  ASSERT_TRUE(replay.run(sink, {}));
  std::string order;
  for (const LiveBar& bar : sink.bars) order += bar.symbol[0];
  EXPECT_EQ(order, "FSFFSF");
}

TEST(Replay, what_the_sink_takes_is_not_added_to_the_pauses) {
  FakeClock clock;
  RecordingSink sink;
  sink.after_each = [&] { clock.advance(seconds(10)); };
  Replay replay({{"SPY", {Unit::kMinute, 1}, bars_at({0, 1, 2})}}, {}, clock);
  ASSERT_TRUE(replay.run(sink, {}));
  EXPECT_EQ(clock.sleeps(), std::vector<base::Nanoseconds>(2, seconds(50)));
}

TEST(Replay, stops_when_told_and_refuses_a_negative_speed) {
  FakeClock clock;
  RecordingSink sink;
  std::stop_source stop;
  sink.after_each = [&] {
    if (sink.bars.size() == 2) stop.request_stop();
  };
  Replay replay({{"SPY", {Unit::kMinute, 1}, bars_at({0, 1, 2, 3})}}, {.speed = 0}, clock);
  EXPECT_TRUE(replay.run(sink, stop.get_token()));
  EXPECT_EQ(sink.bars.size(), 2u);
  EXPECT_EQ(Replay({}, {.speed = -1}, clock).run(sink, {}).error().code, base::ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace tradeassist::feed
