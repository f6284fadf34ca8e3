#include "market/partial.hpp"

#include <gtest/gtest.h>

#include <random>

#include "market/calendar/testing/calendar_text.hpp"

namespace tradeassist::market {
namespace {

using testing::at;
using testing::calendar_named;

Bucket bucket(const char* time, const char* timeframe, const SessionAnchor& anchor = {}) {
  return bucket_of(at(time), parse_timeframe(timeframe).value(), anchor).value();
}

const SessionAnchor kNewYork{"America/New_York", std::chrono::minutes(9 * 60 + 30)};

TEST(Partial, without_a_calendar_clock_time_counts) {
  const Bucket hour = bucket("2021-03-01T10:20:00Z", "1h");
  EXPECT_TRUE(is_partial(at("2021-03-01T10:59:00Z"), hour, {}));
  EXPECT_FALSE(is_partial(at("2021-03-01T11:00:00Z"), hour, {}));
  EXPECT_TRUE(is_partial(at("2021-03-01T21:00:00Z"), bucket("2021-03-01T20:00:00Z", "1d", kNewYork), {}));
  EXPECT_FALSE(is_partial(at("2021-03-02T14:30:00Z"), bucket("2021-03-01T20:00:00Z", "1d", kNewYork), {}));
}

TEST(Partial, a_day_is_whole_at_its_close_and_a_half_day_at_its_early_close) {
  const TradingTime regular{calendar_named("XNYS"), Hours::kRegular, BarTimes::kInstants};
  const Bucket monday = bucket("2021-11-22T20:00:00Z", "1d", kNewYork);
  EXPECT_TRUE(is_partial(at("2021-11-22T20:59:00Z"), monday, regular));
  EXPECT_FALSE(is_partial(at("2021-11-22T21:00:00Z"), monday, regular));
  const Bucket half = bucket("2021-11-26T16:00:00Z", "1d", kNewYork);
  EXPECT_TRUE(is_partial(at("2021-11-26T17:59:00Z"), half, regular));
  EXPECT_FALSE(is_partial(at("2021-11-26T18:00:00Z"), half, regular));
  // The same time of day is not the end of a whole day, and of all hours the evening is still to come.
  EXPECT_TRUE(is_partial(at("2021-11-22T18:00:00Z"), monday, regular));
  EXPECT_TRUE(is_partial(at("2021-11-26T18:00:00Z"), half, {regular.calendar, Hours::kAll, BarTimes::kInstants}));
}

TEST(Partial, a_week_is_whole_at_its_last_close_before_a_holiday) {
  const TradingTime regular{calendar_named("XNYS"), Hours::kRegular, BarTimes::kInstants};
  const Bucket week = bucket("2021-03-30T15:00:00Z", "1w", kNewYork);  // Good Friday is 2021-04-02
  EXPECT_TRUE(is_partial(at("2021-03-31T20:00:00Z"), week, regular));
  EXPECT_FALSE(is_partial(at("2021-04-01T20:00:00Z"), week, regular));
  EXPECT_TRUE(is_partial(at("2021-04-01T20:00:00Z"), week, {calendar_named("CRYPTO"), Hours::kAll, {}}));
}

TEST(Partial, dates_count_whole_trading_days) {
  const TradingTime dates{calendar_named("XNYS"), Hours::kAll, BarTimes::kDates};
  const Bucket week = bucket("2021-03-30", "1w"), month = bucket("2021-05-03", "1M");
  EXPECT_TRUE(is_partial(at("2021-04-01"), week, dates));   // until Wednesday
  EXPECT_FALSE(is_partial(at("2021-04-02"), week, dates));  // until Thursday; Friday is a holiday
  EXPECT_TRUE(is_partial(at("2021-05-28"), month, dates));
  EXPECT_FALSE(is_partial(at("2021-05-29"), month, dates));  // a Saturday; Monday the 31st is Memorial Day
}

TEST(Partial, a_bucket_of_which_nothing_is_known_is_whole_only_when_nothing_trades_in_it) {
  const TradingTime regular{calendar_named("XNYS"), Hours::kRegular, BarTimes::kInstants};
  const Bucket thanksgiving = bucket("2021-11-25T20:00:00Z", "1d", kNewYork);
  EXPECT_FALSE(is_partial(at("2021-11-24T18:00:00Z"), thanksgiving, regular));
  EXPECT_FALSE(is_partial(base::time_from_nanoseconds(thanksgiving.start), thanksgiving, regular));
  EXPECT_TRUE(is_partial(at("2021-11-24T18:00:00Z"), bucket("2021-11-26T15:00:00Z", "1d", kNewYork), regular));
  EXPECT_TRUE(is_partial(at("2021-11-24T18:00:00Z"), thanksgiving, {}));
}

TEST(Partial, what_the_calendar_does_not_cover_may_still_change) {
  const CalendarPtr calendar = calendar_named("XNYS");
  const Bucket old = bucket("1950-01-03T12:00:00Z", "1w");
  EXPECT_TRUE(is_partial(at("1950-01-07"), old, {calendar, Hours::kAll, BarTimes::kDates}));
  EXPECT_TRUE(is_partial(at("1950-01-07"), old, {calendar, Hours::kAll, BarTimes::kInstants}));
}

TEST(Partial, agrees_with_a_look_at_every_minute_and_every_date) {
  std::mt19937_64 random(3);
  struct Market {
    const char* calendar;
    SessionAnchor anchor;
  };
  const Market markets[] = {{"XNYS", kNewYork},
                            {"CME_EQUITY", {"America/Chicago", std::chrono::minutes(17 * 60)}},
                            {"FX", {"America/New_York", std::chrono::minutes(17 * 60)}},
                            {"CRYPTO", {}}};
  for (const Market& market : markets) {
    const CalendarPtr calendar = calendar_named(market.calendar);
    for (const char* name : {"7m", "90m", "4h", "1d", "3d", "1w", "1M"}) {
      const Timeframe timeframe = parse_timeframe(name).value();
      int partial = 0, whole = 0;
      for (int round = 0; round < 60; ++round) {
        // Over both changes of clocks, Thanksgiving, Christmas and Good Friday.
        const base::Time t = at("2021-10-25T00:00:00Z") + std::chrono::minutes(random() % (180 * 1440));
        const Bucket held = bucket_of(t, timeframe, market.anchor).value();
        const std::int64_t minutes = (held.end - held.start) / (60 * base::kNanosecondsPerSecond);
        // Mostly near the end, where it matters.
        const std::int64_t back = static_cast<std::int64_t>(
            random() % static_cast<std::uint64_t>(round % 2 == 0 ? minutes : std::min<std::int64_t>(minutes, 4'000)));
        const base::Time known = base::time_from_nanoseconds(held.end) - std::chrono::minutes(back);
        for (const Hours hours : {Hours::kRegular, Hours::kAll}) {
          bool open = false;
          for (base::Time m = known; base::to_nanoseconds(m) < held.end && !open; m += std::chrono::minutes(1)) {
            open = calendar->is_open(m, hours);
          }
          EXPECT_EQ(is_partial(known, held, {calendar, hours, BarTimes::kInstants}), open)
              << market.calendar << " " << name << " " << base::format_time(known);
          ++(open ? partial : whole);
        }
        if (timeframe.is_intraday()) continue;
        const Bucket dates = bucket_of(t, timeframe).value();
        const std::int64_t first = day_of(dates.start), end = day_of(dates.end);
        const std::int64_t until =
            first + 1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(end - first));
        bool trades = false;
        for (std::int64_t day = until; day < end; ++day) trades |= calendar->is_trading_day(civil_from_days(day));
        EXPECT_EQ(is_partial(base::time_from_nanoseconds(until * base::kNanosecondsPerDay), dates,
                             {calendar, Hours::kAll, BarTimes::kDates}),
                  trades);
      }
      EXPECT_GT(partial, 0) << market.calendar << name;
      const bool closes = std::string_view(market.calendar) != "CRYPTO" && timeframe.unit >= Timeframe::Unit::kDay;
      EXPECT_TRUE(whole > 0 || !closes) << market.calendar << name;
    }
  }
}

TEST(Partial, resampling_says_of_every_prefix_when_its_last_bar_is_whole) {
  const TradingTime regular{calendar_named("XNYS"), Hours::kRegular, BarTimes::kInstants};
  Series hours;  // Friday with its early close, then Monday
  for (const char* time : {"2021-11-26T14:30:00Z", "2021-11-26T15:30:00Z", "2021-11-26T16:30:00Z",
                           "2021-11-26T17:30:00Z", "2021-11-29T14:30:00Z"}) {
    hours.push_back({at(time), 1, 1, 1, 1, 1});
  }
  const Timeframe hour{Timeframe::Unit::kHour, 1}, day{Timeframe::Unit::kDay, 1};
  const bool partial[] = {true, true, true, false, true};
  for (std::size_t count = 1; count <= 5; ++count) {
    const auto made = resample_with_state(hours.slice(0, count), hour, day, kNewYork, regular);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->last_is_partial, partial[count - 1]) << count;
    EXPECT_EQ(made->known_until, hours.bar(count - 1).time + std::chrono::hours(1));
    EXPECT_TRUE(is_same(made->bars, *resample(hours.slice(0, count), day, kNewYork)));
  }
  EXPECT_FALSE(resample_with_state({}, hour, day, kNewYork, regular)->last_is_partial);
  EXPECT_FALSE(known_until({}, hour, kNewYork));
}

}  // namespace
}  // namespace tradeassist::market
