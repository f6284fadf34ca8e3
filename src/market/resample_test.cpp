#include "market/resample.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

#include "market/calendar/testing/calendar_text.hpp"

namespace tradeassist::market {
namespace {

std::int64_t at(std::string_view text) { return base::to_nanoseconds(base::parse_time(text).value()); }
std::string text(std::int64_t nanoseconds) { return base::format_time(base::time_from_nanoseconds(nanoseconds)); }

Series bars_at(std::initializer_list<const char*> times) {
  Series series;
  double price = 10;
  for (const char* time : times) {
    series.push_back({base::parse_time(time).value(), price, price + 2, price - 1, price + 1, 5});
    price += 10;
  }
  return series;
}

Series to(const Series& bars, const char* timeframe, const SessionAnchor& anchor = {}) {
  auto made = resample(bars, parse_timeframe(timeframe).value(), anchor);
  EXPECT_TRUE(made);
  return made.value();
}

TEST(Resample, five_minute_bars_take_first_open_extremes_last_close_and_summed_volume) {
  const Series five = to(bars_at({"2020-01-02T09:30:00Z", "2020-01-02T09:34:00Z", "2020-01-02T09:35:00Z"}), "5m");
  ASSERT_EQ(five.size(), 2u);
  EXPECT_EQ(text(five.time[0]), "2020-01-02T09:30:00Z");
  EXPECT_EQ(five.open[0], 10);
  EXPECT_EQ(five.high[0], 22);
  EXPECT_EQ(five.low[0], 9);
  EXPECT_EQ(five.close[0], 21);
  EXPECT_EQ(five.volume[0], 10);
  EXPECT_EQ(five.open[1], 30);
}

TEST(Resample, intraday_buckets_start_with_the_session_also_across_daylight_saving) {
  const SessionAnchor new_york{"America/New_York", std::chrono::minutes(9 * 60 + 30)};
  // The Friday before and the Monday after the change of 2020-03-08.
  const Series hours = to(bars_at({"2020-03-06T14:30:00Z", "2020-03-06T15:29:00Z", "2020-03-06T15:30:00Z",
                                   "2020-03-09T13:30:00Z", "2020-03-09T17:30:00Z"}),
                          "4h", new_york);
  ASSERT_EQ(hours.size(), 3u);
  EXPECT_EQ(text(hours.time[0]), "2020-03-06T14:30:00Z");
  EXPECT_EQ(text(hours.time[1]), "2020-03-09T13:30:00Z");
  EXPECT_EQ(text(hours.time[2]), "2020-03-09T17:30:00Z");
}

TEST(Resample, a_session_that_starts_in_the_evening_belongs_to_the_next_day) {
  const SessionAnchor forex{"America/New_York", std::chrono::minutes(17 * 60)};
  // Sunday evening and Monday make one day; Monday 17:00 begins Tuesday.
  const Series days =
      to(bars_at({"2022-01-02T22:00:00Z", "2022-01-03T21:00:00Z", "2022-01-03T22:00:00Z"}), "1d", forex);
  ASSERT_EQ(days.size(), 2u);
  EXPECT_EQ(text(days.time[0]), "2022-01-02T22:00:00Z");
  EXPECT_EQ(text(days.time[1]), "2022-01-03T22:00:00Z");
  EXPECT_EQ(to(bars_at({"2022-01-02T22:00:00Z", "2022-01-07T21:00:00Z"}), "1w", forex).size(), 1u);
}

TEST(Resample, weeks_start_on_monday_months_on_the_first_and_two_days_count_from_1970) {
  const Series days = bars_at({"2020-12-31", "2021-01-01", "2021-01-02", "2021-01-04", "2021-01-31", "2021-02-01"});
  const Series weeks = to(days, "1w");
  ASSERT_EQ(weeks.size(), 4u);
  EXPECT_EQ(text(weeks.time[0]), "2020-12-28T00:00:00Z");
  EXPECT_EQ(text(weeks.time[1]), "2021-01-04T00:00:00Z");
  EXPECT_EQ(text(weeks.time[3]), "2021-02-01T00:00:00Z");
  const Series months = to(days, "1M");
  ASSERT_EQ(months.size(), 3u);
  EXPECT_EQ(text(months.time[1]), "2021-01-01T00:00:00Z");
  EXPECT_EQ(months.close[1], 51);
  EXPECT_EQ(text(to(days, "3M").time[1]), "2021-01-01T00:00:00Z");
  const Series pairs = to(bars_at({"1970-01-01", "1970-01-02", "1970-01-03"}), "2d");
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_EQ(text(pairs.time[1]), "1970-01-03T00:00:00Z");
}

TEST(Resample, unknown_volumes_and_prices_take_no_part) {
  Series bars = bars_at({"2020-01-02T00:00:00Z", "2020-01-02T00:01:00Z", "2020-01-02T00:02:00Z"});
  bars.volume[0] = bars.open[0] = bars.close[2] = std::nan("");
  const Series one = to(bars, "1h");
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one.volume[0], 10);
  EXPECT_EQ(one.open[0], 20);
  EXPECT_EQ(one.close[0], 21);
  bars.volume.assign(3, std::nan(""));
  EXPECT_TRUE(std::isnan(to(bars, "1h").volume[0]));
}

TEST(Resample, equals_brute_force_on_random_minutes_in_every_timeframe) {
  std::mt19937_64 random(11);
  const SessionAnchor anchors[] = {{"UTC", std::chrono::minutes(0)},
                                   {"America/New_York", std::chrono::minutes(18 * 60)},
                                   {"Europe/Berlin", std::chrono::minutes(8 * 60)}};
  for (const SessionAnchor& anchor : anchors) {
    Series bars;
    std::int64_t time = at("2019-10-20T00:00:00Z");
    for (int i = 0; i < 3000; ++i) {
      time += static_cast<std::int64_t>(1 + random() % 90) * 60 * base::kNanosecondsPerSecond;
      const double price = static_cast<double>(random() % 1000);
      bars.push_back({base::time_from_nanoseconds(time), price, price + 1, price - 1, price, 1});
    }
    for (const char* name : {"7m", "90m", "4h", "1d", "2d", "1w", "1M"}) {
      const Timeframe timeframe = parse_timeframe(name).value();
      std::map<std::int64_t, Bar> expected;
      for (std::size_t i = 0; i < bars.size(); ++i) {
        const Bucket bucket = bucket_of(base::time_from_nanoseconds(bars.time[i]), timeframe, anchor).value();
        ASSERT_LE(bucket.start, bars.time[i]);
        ASSERT_GT(bucket.end, bars.time[i]);
        const auto [found, added] = expected.try_emplace(bucket.start, bars.bar(i));
        if (added) continue;
        found->second.high = std::max(found->second.high, bars.high[i]);
        found->second.low = std::min(found->second.low, bars.low[i]);
        found->second.close = bars.close[i];
        found->second.volume += 1;
      }
      const Series made = to(bars, name, anchor);
      ASSERT_EQ(made.size(), expected.size()) << name << anchor.time_zone;
      std::size_t i = 0;
      for (const auto& [start, bar] : expected) {
        EXPECT_EQ(made.time[i], start);
        EXPECT_EQ(made.high[i], bar.high);
        EXPECT_EQ(made.close[i], bar.close);
        EXPECT_EQ(made.volume[i], bar.volume);
        ++i;
      }
    }
  }
}

/// Minutes of the sessions of a calendar, some of them lost and some values unknown, with all optional columns.
Series random_minutes(const Calendar& calendar, const char* from, const char* to, Hours hours, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto one_in = [&](std::uint64_t n) { return random() % n == 0; };
  Series bars;
  for (const Session& session : calendar.sessions_between(testing::at(from), testing::at(to), hours)) {
    for (base::Time t = session.open; t < session.close; t += std::chrono::minutes(1)) {
      if (!one_in(20)) continue;
      const double price = static_cast<double>(random() % 1000) - 100, volume = static_cast<double>(random() % 5);
      Bar bar{t, price, price + 2, price - 3, price + 1, one_in(9) ? kNotKnown : volume};
      if (one_in(15)) bar.high = kNotKnown;
      bar.open_interest = one_in(3) ? kNotKnown : static_cast<double>(random() % 9000);
      bar.trade_count = one_in(3) ? kNotKnown : static_cast<double>(random() % 50);
      bar.vwap = one_in(3) ? kNotKnown : price + 0.25;
      bars.push_back(bar);
    }
  }
  return bars;
}

/// The bar of a bucket, one base bar at a time, by the words of resample.hpp.
struct Expected {
  Bar bar{{}, kNotKnown, kNotKnown, kNotKnown, kNotKnown, kNotKnown};
  double money = 0, traded = 0;

  void take(const Bar& base) {
    const auto known = [](double x) { return !std::isnan(x); };
    const auto plus = [&](double sum, double x) { return !known(x) ? sum : known(sum) ? sum + x : x; };
    if (!known(bar.open)) bar.open = base.open;
    bar.high = std::fmax(bar.high, base.high);
    bar.low = std::fmin(bar.low, base.low);
    if (known(base.close)) bar.close = base.close;
    if (known(base.open_interest)) bar.open_interest = base.open_interest;
    bar.volume = plus(bar.volume, base.volume);
    bar.trade_count = plus(bar.trade_count, base.trade_count);
    const double price = known(base.vwap) ? base.vwap : (base.high + base.low + base.close) / 3;
    if (known(price) && base.volume > 0) {
      money += price * base.volume;
      traded += base.volume;
    }
    bar.vwap = traded > 0 ? money / traded : kNotKnown;
  }
};

TEST(Resample, every_column_equals_brute_force_over_changes_of_clocks_holidays_and_half_days) {
  struct Market {
    const char* calendar;
    const char* zone;
    const char* session;
    Hours hours;
  };
  const Market markets[] = {{"XNYS", "America/New_York", "0930-1600", Hours::kRegular},
                            {"XNYS", "America/New_York", "", Hours::kAll},
                            {"CME_EQUITY", "America/Chicago", "1700-1600", Hours::kAll},
                            {"FX", "America/New_York", "1700-1700", Hours::kAll},
                            {"CRYPTO", "UTC", "", Hours::kAll}};
  std::uint64_t seed = 1;
  for (const Market& market : markets) {
    const CalendarPtr calendar = testing::calendar_named(market.calendar);
    const SessionAnchor anchor = *session_anchor(market.zone, market.session);
    // Over the end of summer time, Thanksgiving with its half day, Christmas and New Year.
    const Series bars = random_minutes(*calendar, "2021-10-25T00:00:00Z", "2022-01-10T00:00:00Z", market.hours, seed++);
    for (const char* name : {"5m", "7m", "90m", "4h", "1d", "2d", "3d", "1w", "2w", "1M"}) {
      const Timeframe timeframe = parse_timeframe(name).value();
      std::map<std::int64_t, Expected> expected;
      for (std::size_t i = 0; i < bars.size(); ++i) {
        const Bucket bucket = bucket_of(bars.bar(i).time, timeframe, anchor).value();
        expected[bucket.start].take(bars.bar(i));
      }
      Series brute;
      for (auto& [start, made] : expected) {
        made.bar.time = base::time_from_nanoseconds(start);
        brute.push_back(made.bar);
      }
      EXPECT_TRUE(is_same(to(bars, name, anchor), brute)) << market.calendar << " " << name;
    }
  }
}

TEST(Resample, in_two_steps_gives_the_prices_volumes_and_counts_of_one_step) {
  const Series bars =
      random_minutes(*testing::calendar_named("XNYS"), "2021-11-01T00:00:00Z", "2021-12-01T00:00:00Z", Hours::kAll, 9);
  Series one = to(bars, "1h"), two = to(to(bars, "5m"), "1h");
  ASSERT_EQ(one.vwap.size(), two.vwap.size());
  one.vwap.clear();  // a high that is not known has another weight in two steps
  two.vwap.clear();
  EXPECT_TRUE(is_same(one, two));
}

TEST(Resample, absent_columns_stay_absent_and_a_bar_without_volume_has_no_vwap) {
  Series bars = bars_at({"2020-01-02T00:00:00Z", "2020-01-02T00:01:00Z", "2020-01-02T01:00:00Z"});
  EXPECT_TRUE(to(bars, "1h").vwap.empty());
  bars.vwap = {10, kNotKnown, 31};
  bars.volume = {1, 3, 0};
  const Series hours = to(bars, "1h");
  ASSERT_EQ(hours.vwap.size(), 2u);
  EXPECT_EQ(hours.vwap[0], (10 * 1 + (22 + 19 + 21) / 3.0 * 3) / 4);
  EXPECT_TRUE(std::isnan(hours.vwap[1]));
  EXPECT_TRUE(hours.open_interest.empty());
}

}  // namespace
}  // namespace tradeassist::market
