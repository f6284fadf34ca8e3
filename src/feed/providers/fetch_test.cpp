#include "feed/providers/fetch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <random>

#include "feed/providers/holes.hpp"
#include "feed/providers/testing/fake_clock.hpp"
#include "feed/providers/testing/fake_provider.hpp"
#include "market/calendar/calendar.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using std::chrono::hours;
using testing::HasSubstr;
using Unit = market::Timeframe::Unit;

base::Time at(std::string_view text) { return base::parse_time(text).value(); }

/// The minutes of the regular sessions of the NYSE, each with values made of its time.
market::Series nyse_minutes(const BarRequest& request) {
  static const market::CalendarPtr calendar = market::find_calendar("XNYS").value();
  market::Series bars;
  for (const auto& session : calendar->sessions_between(request.from, request.to, market::Hours::kRegular)) {
    for (base::Time t = session.open; t < session.close; t += std::chrono::minutes(1)) {
      const double close = 100 + static_cast<double>(base::to_milliseconds(t) / 60'000 % 997) / 100;
      if (t >= request.from && t < request.to) bars.push_back({t, close, close + 0.02, close - 0.01, close, 100});
    }
  }
  return bars;
}

class Fetch : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "tradeassist-fetch-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
    reopen();
    provider.bars_of = nyse_minutes;
  }
  void TearDown() override {
    store.reset();
    std::filesystem::remove_all(folder);
  }
  void reopen() {
    store.reset();
    store = store::MarketStore::open(folder).value();
  }
  FetchRequest week(std::vector<std::string> symbols = {"SPY"}) {
    return {std::move(symbols), {Unit::kMinute, 1}, at("2025-05-05"), at("2025-05-10")};
  }
  std::vector<SymbolFetch> fetch(const FetchRequest& request) {
    auto done = fetch_bars(*store, provider, guard, clock, request, stop.get_token(),
                           [&](const FetchProgress& told) { progress.push_back(told); });
    EXPECT_TRUE(done) << done.error().message;
    return done.value_or(std::vector<SymbolFetch>{});
  }
  market::Series stored(const std::string& symbol = "SPY") {
    const auto list = store->list_series({.symbol = symbol}).value();
    return list.empty() ? market::Series{} : store->read(list.at(0).id, base::Time::min(), base::Time::max()).value();
  }

  std::filesystem::path folder;
  std::unique_ptr<store::MarketStore> store;
  FakeProvider provider;
  FakeClock clock;
  SourceGuard guard{clock};
  std::stop_source stop;
  std::vector<FetchProgress> progress;
};

TEST_F(Fetch, stores_the_range_and_asks_for_nothing_twice) {
  auto first = fetch(week());
  ASSERT_FALSE(first[0].error) << first[0].error->message;
  EXPECT_EQ(first[0].stored.inserted, 5 * 390);
  EXPECT_EQ(stored().size(), 5u * 390);
  EXPECT_EQ(store->instrument("SPY")->time_zone, "America/New_York");
  EXPECT_EQ(progress.back().step, "done");
  EXPECT_EQ(progress.back().percent, 100);
  EXPECT_EQ(progress.back().bars, 5 * 390);
  provider.requests.clear();
  auto again = fetch(week());
  EXPECT_TRUE(provider.requests.empty());
  EXPECT_THAT(again[0].note, HasSubstr("nothing is missing"));
  const auto imports = store->list_imports(store->list_series({.symbol = "SPY"})->at(0).id).value();
  ASSERT_EQ(imports.size(), 1u);
  EXPECT_EQ(imports[0].source, "fake");
  EXPECT_TRUE(imports[0].finished_at);
}

TEST_F(Fetch, back_fills_only_the_holes) {
  provider.bars_of = [](const BarRequest& request) {
    market::Series all = nyse_minutes(request), some;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const base::Time t = all.bar(i).time;
      if (t < at("2025-05-07T14:00:00Z") || t >= at("2025-05-07T18:00:00Z")) some.push_back(all.bar(i));
    }
    return some;
  };
  fetch(week());
  provider.requests.clear();
  provider.bars_of = nyse_minutes;
  const auto filled = fetch(week());
  ASSERT_EQ(provider.requests.size(), 1u);
  EXPECT_EQ(provider.requests[0].from, at("2025-05-07T14:00:00Z"));
  EXPECT_EQ(provider.requests[0].to, at("2025-05-07T18:00:00Z"));
  EXPECT_EQ(filled[0].stored.inserted, 240);
  EXPECT_EQ(filled[0].stored.unchanged, 0);
}

TEST_F(Fetch, minutes_without_trades_are_asked_for_once) {
  provider.bars_of = [](const BarRequest& request) {
    market::Series all = nyse_minutes(request), some;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i % 97 != 50) some.push_back(all.bar(i));
    }
    return some;
  };
  fetch(week());
  provider.requests.clear();
  fetch(week());
  EXPECT_TRUE(provider.requests.empty());
}

TEST_F(Fetch, goes_on_after_it_was_cut_off_at_any_chunk_to_the_same_bars) {
  provider.capabilities_.timeframes[0].span_max = hours(24);
  provider.chunk = 100;
  fetch(week({"WHOLE"}));
  const market::Series whole = stored("WHOLE");
  std::mt19937 random(11);
  for (int round = 0; round < 12; ++round) {
    const std::string symbol = "CUT" + std::to_string(round);
    for (int cut = 0; cut < 3; ++cut) {
      std::stop_source kill;
      int left = 1 + static_cast<int>(random() % 12);
      // As a kill: nothing after the cut happens, and the store is opened anew.
      const auto done =
          fetch_bars(*store, provider, guard, clock, week({symbol}), kill.get_token(), [&](const FetchProgress&) {
            left -= 1;
            if (left == 0) kill.request_stop();
          });
      ASSERT_TRUE(done);
      if (done->at(0).error) { EXPECT_EQ(done->at(0).error->code, ErrorCode::kCancelled); }
      reopen();
    }
    fetch(week({symbol}));
    const market::Series got = stored(symbol);
    EXPECT_EQ(got.time, whole.time);
    EXPECT_EQ(got.close, whole.close);
  }
}

TEST_F(Fetch, a_killed_fetch_goes_on_where_it_was) {
  provider.chunk = 100;
  fetch(week({"WHOLE"}));
  const market::Series whole = stored("WHOLE");
  for (int kill_after = 1; kill_after < 20; kill_after += 5) {
    const std::string symbol = "KILLED" + std::to_string(kill_after);
    store.reset();  // a child must not share its connections
    const pid_t child = ::fork();
    if (child == 0) {
      const auto own = store::MarketStore::open(folder).value();
      int left = kill_after;
      static_cast<void>(fetch_bars(*own, provider, guard, clock, week({symbol}), {}, [&](const FetchProgress& told) {
        if (told.bars > 0 && --left == 0) ::kill(::getpid(), SIGKILL);
      }));
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    reopen();
    EXPECT_EQ(stored(symbol).size(), static_cast<std::size_t>(kill_after) * 100);
    fetch(week({symbol}));
    EXPECT_EQ(stored(symbol).time, whole.time);
    EXPECT_EQ(stored(symbol).close, whole.close);
  }
}

TEST_F(Fetch, a_store_that_refuses_is_no_fault_of_the_source) {
  fetch(week({"SPY"}));
  store->delete_series(store->list_series({.symbol = "SPY"})->at(0).id).value();
  const auto done = fetch(week({"SPY"}));
  ASSERT_TRUE(done[0].error);
  EXPECT_EQ(done[0].error->code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(guard.breaker().failures_in_a_row(), 0);
}

TEST_F(Fetch, one_symbol_that_fails_does_not_touch_the_others) {
  provider.fault = [](const BarRequest& request, Attempt&) -> base::Result<void> {
    if (request.symbol == "DOWN") return base::failure(ErrorCode::kUnavailable, "500");
    if (request.symbol == "NONE") return base::failure(ErrorCode::kNotFound, "no such symbol");
    return {};
  };
  const auto done = fetch(week({"DOWN", "SPY", "NONE", "/ES", "QQQ"}));
  ASSERT_EQ(done.size(), 5u);
  EXPECT_THAT(done[0].error->message, HasSubstr("tried 5 times"));
  EXPECT_FALSE(done[1].error);
  EXPECT_EQ(done[1].stored.inserted, 1'950);
  EXPECT_EQ(done[2].error->code, ErrorCode::kNotFound);
  EXPECT_EQ(done[3].error->code, ErrorCode::kUnsupported);
  EXPECT_EQ(done[4].stored.inserted, 1'950);
  EXPECT_FALSE(store->instrument("DOWN"));  // failures leave no trace
}

TEST_F(Fetch, corrections_replace_when_the_range_is_asked_for_again) {
  fetch(week());
  provider.bars_of = [](const BarRequest& request) {
    market::Series bars = nyse_minutes(request);
    bars.volume[7] = 12'345;
    return bars;
  };
  auto request = week();
  request.again = true;
  const auto done = fetch(request);
  EXPECT_EQ(done[0].stored.corrected, 1);
  EXPECT_EQ(done[0].stored.unchanged, 1'949);
  EXPECT_EQ(stored().volume[7], 12'345);
}

TEST_F(Fetch, bad_bars_are_left_out_and_counted_and_disorder_is_sorted) {
  provider.bars_of = [](const BarRequest&) {
    market::Series bars;
    const base::Time open = at("2025-05-05T13:30:00Z");
    const auto minute = [&](int n) { return open + std::chrono::minutes(n); };
    bars.push_back({minute(2), 10, 11, 9, 10, 5});
    bars.push_back({minute(1), 10, 11, 9, 10, 5});
    bars.push_back({minute(3), 10, 9, 11, 10, 5});                                        // high below low
    bars.push_back({minute(4), 10, std::numeric_limits<double>::quiet_NaN(), 9, 10, 5});  // no price
    bars.push_back({minute(5), 10, 11, 9, 10, -1});                                       // negative volume
    bars.push_back({minute(1), 10, 12, 9, 10, 5});                                        // again, other values
    bars.push_back({at("2024-01-01"), 10, 11, 9, 10, 5});                                 // not asked for
    bars.push_back({minute(6), -5, -4, -6, -5, 5});                                       // prices may be negative
    return bars;
  };
  const auto done = fetch(week());
  EXPECT_EQ(done[0].checked.received, 8);
  EXPECT_EQ(done[0].checked.kept, 3);
  EXPECT_EQ(done[0].checked.bad, 3);
  EXPECT_EQ(done[0].checked.repeated, 1);
  EXPECT_EQ(done[0].checked.outside, 1);
  EXPECT_THAT(describe(done[0]), HasSubstr("the bar of 2025-05-05T13:33:00Z: high 9 is below low 11"));
  EXPECT_EQ(stored().high[0], 12);
}

TEST_F(Fetch, the_bar_that_is_not_over_yet_waits_for_the_next_time) {
  auto request = week();
  request.from = at("2025-06-02T14:50:00Z");
  request.to = at("2025-06-03");
  clock.advance(std::chrono::seconds(30));  // 15:00:30
  fetch(request);
  EXPECT_EQ(stored().bar(stored().size() - 1).time, at("2025-06-02T14:59:00Z"));
  clock.advance(std::chrono::seconds(31));
  EXPECT_EQ(fetch(request)[0].stored.inserted, 1);
}

TEST_F(Fetch, days_become_dates_of_the_exchange) {
  provider.bars_of = [](const BarRequest&) {
    market::Series bars;
    bars.push_back({at("2025-05-05T05:00:00Z"), 10, 11, 9, 10, 5});  // midnight in Chicago
    bars.push_back({at("2025-05-06"), 10, 11, 9, 10, 5});            // a date already
    bars.push_back({at("2025-06-02T05:00:00Z"), 10, 11, 9, 10, 5});  // today: not over
    return bars;
  };
  const auto done = fetch({{"SPY"}, {Unit::kDay, 1}, at("2025-05-01"), at("2025-06-03")});
  EXPECT_EQ(done[0].checked.unfinished, 1);
  ASSERT_EQ(stored().size(), 2u);
  EXPECT_EQ(stored().bar(0).time, at("2025-05-05"));
  EXPECT_EQ(stored().bar(1).time, at("2025-05-06"));
}

TEST_F(Fetch, an_empty_answer_says_why) {
  provider.bars_of = [](const BarRequest&) { return market::Series{}; };
  EXPECT_THAT(fetch(week())[0].note, HasSubstr("fake has no bars of it in this range"));
  EXPECT_THAT(fetch({{"SPY"}, {Unit::kMinute, 1}, at("2025-05-10"), at("2025-05-11")})[0].note,
              HasSubstr("the market was closed"));
  EXPECT_THAT(fetch({{"SPY"}, {Unit::kMinute, 1}, at("2030-05-10"), at("2030-05-11")})[0].note,
              HasSubstr("has not begun"));
  provider.capabilities_.timeframes[0].depth = hours(24 * 20);
  EXPECT_THAT(fetch(week())[0].note, HasSubstr("keeps about 20 days of 1m"));
}

TEST_F(Fetch, wrong_requests_are_refused_as_a_whole) {
  const auto code = [&](const FetchRequest& request) {
    return fetch_bars(*store, provider, guard, clock, request, {}).error();
  };
  EXPECT_EQ(code({{}, {Unit::kMinute, 1}, at("2025-05-05"), at("2025-05-06")}).code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(code({{"SPY"}, {Unit::kMinute, 1}, at("2025-05-06"), at("2025-05-06")}).code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(code({{"SPY"}, {Unit::kMinute, 7}, at("2025-05-05"), at("2025-05-06")}).message,
              HasSubstr("it has 1m, 1d"));
}

TEST(PlanCalls, covers_every_hole_with_calls_within_the_bound_and_in_order) {
  std::mt19937 random(5);
  for (int round = 0; round < 2'000; ++round) {
    std::vector<TimeSpan> holes;
    std::int64_t t = 0;
    for (unsigned n = random() % 8; n > 0; --n) {
      t += 1 + static_cast<std::int64_t>(random() % 50);
      const std::int64_t end = t + 1 + static_cast<std::int64_t>(random() % 80);
      holes.push_back({base::time_from_nanoseconds(t), base::time_from_nanoseconds(end)});
      t = end;
    }
    const base::Nanoseconds span_max(1 + static_cast<std::int64_t>(random() % 60));
    const auto calls = plan_calls(holes, span_max);
    for (std::size_t i = 0; i < calls.size(); ++i) {
      ASSERT_LT(calls[i].from, calls[i].to);
      ASSERT_LE(calls[i].to - calls[i].from, span_max);
      if (i > 0) { ASSERT_GE(calls[i].from, calls[i - 1].to); }
    }
    for (const TimeSpan& hole : holes) {
      for (base::Time x = hole.from; x < hole.to; x += base::Nanoseconds(1)) {
        ASSERT_TRUE(std::ranges::any_of(calls, [&](const TimeSpan& call) { return call.from <= x && x < call.to; }));
      }
    }
  }
}

}  // namespace
}  // namespace tradeassist::feed
