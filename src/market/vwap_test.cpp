#include "market/vwap.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "market/calendar/testing/calendar_text.hpp"
#include "market/futures/trade_days.hpp"

namespace tradeassist::market {
namespace {

using testing::at;
using testing::calendar_named;

void push(Series& bars, base::Time time, double price, double volume, double vwap = kNotKnown) {
  Bar bar{time, price, price + 2, price - 1, price + 0.5, volume};
  bar.vwap = vwap;
  bars.push_back(bar);
}

/// Mean and deviation of the bars [first, last] in two passes, in the definition's words.
std::pair<double, double> brute(const Series& bars, std::size_t first, std::size_t last) {
  double money = 0, traded = 0, spread = 0;
  const auto price = [&](std::size_t i) {
    const double vwap = bars.bar(i).vwap;
    return std::isnan(vwap) ? (bars.high[i] + bars.low[i] + bars.close[i]) / 3 : vwap;
  };
  const auto adds = [&](std::size_t i) { return bars.volume[i] > 0 && !std::isnan(price(i)); };
  for (std::size_t i = first; i <= last; ++i) {
    if (!adds(i)) continue;
    money += price(i) * bars.volume[i];
    traded += bars.volume[i];
  }
  for (std::size_t i = first; i <= last; ++i) {
    if (adds(i)) spread += bars.volume[i] * std::pow(price(i) - money / traded, 2);
  }
  return {money / traded, std::sqrt(spread / traded)};
}

void expect_near(double got, double expected, double tolerance, std::size_t row) {
  if (std::isnan(expected)) {
    EXPECT_TRUE(std::isnan(got)) << row;
  } else {
    EXPECT_NEAR(got, expected, tolerance) << row;
  }
}

Series random_bars(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random(seed);
  Series bars;
  base::Time time = at("2021-11-01T08:00:00Z");
  double price = 100;
  for (std::size_t i = 0; i < count; ++i) {
    time += std::chrono::minutes(1 + random() % 90);
    price += static_cast<double>(random() % 200) / 100 - 1;
    const bool unknown = random() % 11 == 0;
    push(bars, time, random() % 13 == 0 ? kNotKnown : price, unknown ? kNotKnown : static_cast<double>(random() % 6),
         random() % 3 == 0 ? price + 0.1 : kNotKnown);
  }
  return bars;
}

TEST(Vwap, three_bars_by_hand_with_their_band) {
  Series bars;  // typical prices 10.5, 13.5 and 19.5
  push(bars, at("2021-03-01T15:00:00Z"), 10, 2);
  push(bars, at("2021-03-01T15:01:00Z"), 13, 1);
  push(bars, at("2021-03-01T15:02:00Z"), 19, 3);
  const VwapColumns all = anchored_vwap(bars, bars.bar(0).time);
  EXPECT_EQ(all.vwap[0], 10.5);
  EXPECT_EQ(all.vwap[1], 11.5);
  EXPECT_EQ(all.vwap[2], 15.5);
  EXPECT_EQ(all.deviation[0], 0);
  EXPECT_NEAR(all.deviation[1], std::sqrt(2.0), 1e-12);  // (2 × 1 + 1 × 4) / 3
  const VwapColumns later = anchored_vwap(bars, at("2021-03-01T15:00:30Z"));
  EXPECT_TRUE(std::isnan(later.vwap[0]));
  EXPECT_EQ(later.vwap[1], 13.5);
  EXPECT_EQ(later.vwap[2], 18);
  const auto two = rolling_vwap(bars, 2);
  EXPECT_EQ(two->vwap[2], 18);
  EXPECT_FALSE(rolling_vwap(bars, 0));
}

TEST(Vwap, bars_that_are_not_known_or_did_not_trade_change_nothing) {
  Series bars;
  push(bars, at("2021-03-01T15:00:00Z"), 10, 0);
  push(bars, at("2021-03-01T15:01:00Z"), 10, 4, 11);
  push(bars, at("2021-03-01T15:02:00Z"), kNotKnown, 4);
  push(bars, at("2021-03-01T15:03:00Z"), 50, kNotKnown);
  push(bars, at("2021-03-01T15:04:00Z"), 50, -1);
  const VwapColumns all = anchored_vwap(bars, bars.bar(0).time);
  EXPECT_TRUE(std::isnan(all.vwap[0]));
  for (std::size_t i = 1; i < 5; ++i) EXPECT_EQ(all.vwap[i], 11) << i;
  const std::vector<double> single = bar_vwap(bars);
  EXPECT_TRUE(std::isnan(single[0]));
  EXPECT_EQ(single[1], 11);
  EXPECT_TRUE(std::isnan(single[2]));
  EXPECT_TRUE(std::isnan(single[3]));
  EXPECT_TRUE(std::isnan(rolling_vwap(bars, 2)->vwap[4]));  // nothing known within two bars
}

TEST(Vwap, a_session_begins_with_its_trade_date_the_evening_before) {
  const CalendarPtr calendar = calendar_named("CME_EQUITY");
  Series bars;
  push(bars, at("2021-03-12T20:00:00Z"), 10, 1);  // Friday
  push(bars, at("2021-03-14T22:30:00Z"), 20, 1);  // Sunday evening, of Monday; clocks changed that morning
  push(bars, at("2021-03-15T15:00:00Z"), 30, 1);  // Monday
  push(bars, at("2021-03-15T22:30:00Z"), 40, 1);  // Monday evening, of Tuesday
  const VwapColumns session = session_vwap(bars, calendar, Hours::kAll);
  EXPECT_EQ(session.vwap[1], 20.5);
  EXPECT_EQ(session.vwap[2], 25.5);
  EXPECT_EQ(session.vwap[3], 40.5);
  const auto days = trading_days_of(bars.time, *session_anchor("America/Chicago", "1700-1600"));
  EXPECT_EQ(session_vwap(bars, *days).vwap, session.vwap);
}

TEST(Vwap, of_regular_hours_is_not_known_outside_them) {
  const CalendarPtr calendar = calendar_named("XNYS");
  Series bars;
  push(bars, at("2021-03-01T13:00:00Z"), 10, 1);  // before the market
  push(bars, at("2021-03-01T14:30:00Z"), 20, 1);
  push(bars, at("2021-03-01T20:59:00Z"), 30, 1);
  push(bars, at("2021-03-01T21:00:00Z"), 90, 1);  // after it
  push(bars, at("2021-03-02T14:30:00Z"), 40, 1);
  const VwapColumns regular = session_vwap(bars, calendar, Hours::kRegular);
  EXPECT_TRUE(std::isnan(regular.vwap[0]));
  EXPECT_EQ(regular.vwap[1], 20.5);
  EXPECT_EQ(regular.vwap[2], 25.5);
  EXPECT_TRUE(std::isnan(regular.vwap[3]));
  EXPECT_EQ(regular.vwap[4], 40.5);
  EXPECT_EQ(session_vwap(bars, calendar, Hours::kAll).vwap[1], 15.5);
}

TEST(Vwap, every_kind_equals_a_sum_over_its_bars) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const Series bars = random_bars(seed, 700);
    const auto days = TradeDays(calendar_named("XNYS"), BarTimes::kInstants).days_of(bars.time);
    const VwapColumns sessions = session_vwap(bars, days), anchored = anchored_vwap(bars, bars.bar(100).time);
    for (std::size_t i = 0; i < bars.size(); ++i) {
      std::size_t first = i;
      while (first > 0 && days[first - 1] == days[i]) --first;
      expect_near(sessions.vwap[i], brute(bars, first, i).first, 1e-10, i);
      expect_near(sessions.deviation[i], brute(bars, first, i).second, 1e-5, i);
      expect_near(anchored.vwap[i], i < 100 ? kNotKnown : brute(bars, 100, i).first, 1e-10, i);
    }
    for (const std::size_t length : {1u, 2u, 7u, 50u, 1000u}) {
      const auto rolling = rolling_vwap(bars, length);
      for (std::size_t i = 0; i < bars.size(); ++i) {
        const std::size_t first = i + 1 > length ? i + 1 - length : 0;
        expect_near(rolling->vwap[i], brute(bars, first, i).first, 1e-10, i);
        expect_near(rolling->deviation[i], brute(bars, first, i).second, 1e-5, i);
      }
    }
  }
}

TEST(Vwap, rules_are_written_as_they_are_read) {
  for (const char* text : {"bar", "session", "rolling:1", "rolling:100000", "anchored:2026-01-02T14:30:00Z"}) {
    const auto rule = parse_vwap_rule(text);
    ASSERT_TRUE(rule) << rule.error().message;
    EXPECT_EQ(to_string(*rule), text);
  }
  EXPECT_EQ(parse_vwap_rule("rolling:20")->length, 20);
  EXPECT_EQ(parse_vwap_rule("anchored:2026-01-02")->anchor, base::parse_time("2026-01-02T00:00:00Z").value());
  for (const char* text : {"", "Bar", "rolling", "rolling:", "rolling:0", "rolling:-1", "rolling:100001", "rolling:2x",
                           "rolling:99999999999999999999", "anchored", "anchored:", "anchored:yesterday", "daily"}) {
    const auto rule = parse_vwap_rule(text);
    ASSERT_FALSE(rule) << text;
    EXPECT_EQ(rule.error().code, base::ErrorCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace tradeassist::market
