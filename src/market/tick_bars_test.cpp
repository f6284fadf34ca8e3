#include "market/tick_bars.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

namespace tradeassist::market {
namespace {

constexpr std::int64_t kSecond = base::kNanosecondsPerSecond;
const double kNaN = std::nan("");

struct Trade {
  std::int64_t time;
  double price, size;
};

TickSeries ticks_of(std::initializer_list<Trade> trades) {
  TickSeries ticks;
  for (const Trade& trade : trades) {
    ticks.push_back({.time = base::time_from_nanoseconds(trade.time), .price = trade.price, .size = trade.size});
  }
  return ticks;
}

Series made(const TickSeries& ticks, const char* rule, const TickBarOptions& options = {}) {
  auto bars = bars_of_ticks(ticks, parse_tick_bar_rule(rule).value(), options);
  EXPECT_TRUE(bars) << bars.error().message;
  return bars.value_or(Series{});
}

/// Trades on a grid of tenths, many in one instant, with gaps in price and time; sizes are whole numbers.
TickSeries random_ticks(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random(seed);
  TickSeries ticks;
  std::int64_t time = 1'572'000'000 * kSecond;  // about a week before New York's clocks go back
  std::int64_t price = 13'000;
  for (std::size_t i = 0; i < count; ++i) {
    if (random() % 3 != 0) time += static_cast<std::int64_t>(random() % (random() % 50 == 0 ? 40'000 : 60)) * kSecond;
    price += static_cast<std::int64_t>(random() % 5) - 2;
    if (random() % 200 == 0) price += static_cast<std::int64_t>(random() % 100) - 50;
    ticks.push_back({.time = base::time_from_nanoseconds(time),
                     .price = random() % 40 == 0 ? kNaN : static_cast<double>(price) / 10,
                     .size = random() % 30 == 0 ? kNaN : static_cast<double>(random() % 20)});
  }
  return ticks;
}

void expect_same_column(const std::vector<double>& actual, const std::vector<double>& expected, const char* what) {
  ASSERT_EQ(actual.size(), expected.size()) << what;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    if (std::isnan(actual[i]) && std::isnan(expected[i])) continue;
    ASSERT_EQ(actual[i], expected[i]) << what << " of bar " << i;
  }
}

void expect_same(const Series& actual, const Series& expected) {
  ASSERT_EQ(actual.time, expected.time);
  expect_same_column(actual.open, expected.open, "open");
  expect_same_column(actual.high, expected.high, "high");
  expect_same_column(actual.low, expected.low, "low");
  expect_same_column(actual.close, expected.close, "close");
  expect_same_column(actual.volume, expected.volume, "volume");
  ASSERT_EQ(actual.vwap.size(), expected.vwap.size());
  for (std::size_t i = 0; i < actual.vwap.size(); ++i) {
    // Means of means round elsewhere.
    if (!std::isnan(expected.vwap[i])) { EXPECT_NEAR(actual.vwap[i], expected.vwap[i], 1e-9 * expected.vwap[i]); }
    EXPECT_EQ(std::isnan(actual.vwap[i]), std::isnan(expected.vwap[i]));
  }
  expect_same_column(actual.trade_count, expected.trade_count, "trade_count");
}

/// A bar of the trades [first, last), in the plainest way.
void put_bar(const std::vector<Trade>& trades, std::size_t first, std::size_t last, std::int64_t start, Series& to) {
  Bar bar{base::time_from_nanoseconds(start), trades[first].price, -1e300, 1e300, trades[last - 1].price, kNaN};
  double money = 0;
  for (std::size_t i = first; i < last; ++i) {
    bar.high = std::max(bar.high, trades[i].price);
    bar.low = std::min(bar.low, trades[i].price);
    if (std::isnan(trades[i].size)) continue;
    bar.volume = std::isnan(bar.volume) ? trades[i].size : bar.volume + trades[i].size;
    money += trades[i].price * trades[i].size;
  }
  bar.vwap = bar.volume > 0 ? money / bar.volume : kNaN;
  bar.trade_count = static_cast<double>(last - first);
  to.push_back(bar);
}

/// Bars that end behind the first trade i for which ends(first, i): `first` the bar's first trade.
template <class Ends>
Series brute_force(const TickSeries& ticks, Ends ends) {
  std::vector<Trade> trades;
  for (std::size_t i = 0; i < ticks.rows(); ++i) {
    if (!std::isnan(ticks.price[i])) trades.push_back({ticks.time[i], ticks.price[i], ticks.size[i]});
  }
  Series bars;
  std::int64_t before = 0;
  for (std::size_t first = 0; first < trades.size();) {
    std::size_t last = first + 1;
    while (last < trades.size() && !ends(trades, first, last - 1)) ++last;
    const std::int64_t start = std::max(trades[first].time, before + 1);
    put_bar(trades, first, last, start, bars);
    before = start;
    first = last;
  }
  return bars;
}

TEST(TickBarRule, reads_and_prints_every_kind) {
  for (const char* text : {"1m", "30s", "1M", "500t", "1000v", "0.5v", "10r", "5000000$"}) {
    EXPECT_EQ(to_string(parse_tick_bar_rule(text).value()), text);
  }
  EXPECT_EQ(parse_tick_bar_rule("100T").value(), parse_tick_bar_rule("100t").value());
  EXPECT_EQ(parse_tick_bar_rule("10R")->kind, TickBarRule::Kind::kRange);
}

TEST(TickBarRule, refuses_what_is_none) {
  for (const char* text : {"", "t", "0t", "1.5t", "-5v", "nanv", "infv", "1e300$", "10x", " 5t", "5 t", "1.5r"}) {
    const auto parsed = parse_tick_bar_rule(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_NE(parsed.error().message.find("500t (trades)"), std::string::npos);
  }
}

TEST(TickBars, a_minute_holds_the_trades_of_its_bucket) {
  const Series bars = made(
      ticks_of({{60 * kSecond, 10, 2}, {90 * kSecond, 12, 1}, {119 * kSecond, 9, 1}, {120 * kSecond, 11, 5}}), "1m");
  ASSERT_EQ(bars.size(), 2u);
  EXPECT_EQ(bars.time[0], 60 * kSecond);
  EXPECT_EQ(bars.open[0], 10);
  EXPECT_EQ(bars.high[0], 12);
  EXPECT_EQ(bars.low[0], 9);
  EXPECT_EQ(bars.close[0], 9);
  EXPECT_EQ(bars.volume[0], 4);
  EXPECT_EQ(bars.vwap[0], (10 * 2 + 12 + 9) / 4.0);
  EXPECT_EQ(bars.trade_count[0], 3);
}

TEST(TickBars, a_trade_is_not_divided_between_volume_bars) {
  const Series bars = made(ticks_of({{1, 10, 60}, {2, 11, 70}, {3, 12, 99}, {4, 13, 1}, {5, 14, 5}}), "100v");
  EXPECT_EQ(bars.volume, (std::vector<double>{130, 100, 5}));
  EXPECT_EQ(bars.open, (std::vector<double>{10, 12, 14}));
}

TEST(TickBars, bars_of_money_count_the_point_value) {
  const TickSeries ticks = ticks_of({{1, 100, 1}, {2, 100, 1}, {3, 100, 1}, {4, 100, 1}});
  EXPECT_EQ(made(ticks, "200$").size(), 2u);
  EXPECT_EQ(made(ticks, "200$", {.point_value = 2}).size(), 4u);
}

TEST(TickBars, bars_that_begin_in_one_instant_are_told_apart_by_a_nanosecond) {
  const Series bars = made(ticks_of({{5, 10, 1}, {5, 11, 1}, {5, 12, 1}, {6, 13, 1}, {9, 14, 1}}), "1t");
  EXPECT_EQ(bars.time, (std::vector<std::int64_t>{5, 6, 7, 8, 9}));
}

TEST(TickBars, a_range_bar_closes_at_the_limit_that_the_next_trade_goes_beyond) {
  // Range 1.0: 10.0 to 11.0 is still one bar; 11.1 ends it at its high, 9.8 ends the next at its low.
  const Series bars =
      made(ticks_of({{1, 10.0, 1}, {2, 11.0, 1}, {3, 10.5, 1}, {4, 11.1, 1}, {5, 10.6, 1}, {6, 9.8, 1}}), "10r",
           {.tick_size = 0.1});
  ASSERT_EQ(bars.size(), 3u);
  EXPECT_EQ(bars.close, (std::vector<double>{11.0, 10.1, 9.8}));
  EXPECT_EQ(bars.high, (std::vector<double>{11.0, 11.1, 9.8}));
  EXPECT_EQ(bars.low, (std::vector<double>{10.0, 10.1, 9.8}));
  EXPECT_EQ(bars.volume, (std::vector<double>{3, 2, 1}));
}

TEST(TickBars, a_gap_makes_no_range_bars_of_its_own) {
  const Series bars = made(ticks_of({{1, 10.0, 1}, {2, 10.4, 1}, {3, 50, 1}}), "10r", {.tick_size = 0.1});
  ASSERT_EQ(bars.size(), 2u);
  EXPECT_EQ(bars.high[0], 11.0);  // though no trade was there
  EXPECT_EQ(bars.open[1], 50);
}

TEST(TickBars, ticks_without_a_price_make_no_bars_and_without_sizes_no_volume) {
  EXPECT_TRUE(made(ticks_of({{1, kNaN, 5}}), "1m").empty());
  const Series bars = made(ticks_of({{1, 10, kNaN}, {2, kNaN, 7}}), "1m");
  ASSERT_EQ(bars.size(), 1u);
  EXPECT_TRUE(std::isnan(bars.volume[0]));
  EXPECT_TRUE(bars.vwap.empty());
  const auto refused = bars_of_ticks(ticks_of({{1, 10, kNaN}}), parse_tick_bar_rule("10v").value());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("need the sizes of trades"), std::string::npos);
}

TEST(TickBars, bars_of_counts_sums_and_ranges_equal_brute_force) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  const TickSeries ticks = random_ticks(seed, 20'000);
  using Trades = std::vector<Trade>;
  const auto sum = [](const Trades& trades, std::size_t first, std::size_t last, auto of) {
    double total = 0;
    for (std::size_t i = first; i <= last; ++i) total += std::isnan(trades[i].size) ? 0 : of(trades[i]);
    return total;
  };
  expect_same(made(ticks, "7t"),
              brute_force(ticks, [](const Trades&, std::size_t first, std::size_t last) { return last - first == 6; }));
  expect_same(made(ticks, "100v"), brute_force(ticks, [&](const Trades& trades, std::size_t first, std::size_t last) {
                return sum(trades, first, last, [](const Trade& trade) { return trade.size; }) >= 100;
              }));
  expect_same(made(ticks, "300000$", {.point_value = 4}),
              brute_force(ticks, [&](const Trades& trades, std::size_t first, std::size_t last) {
                return sum(trades, first, last, [](const Trade& trade) { return trade.price * trade.size * 4; }) >=
                       300'000;
              }));
  // Of ranges the brute force tells the trades of each bar; the limits are checked by themselves.
  const Series ranges = made(ticks, "8r", {.tick_size = 0.1});
  Series plain = brute_force(ticks, [](const Trades& trades, std::size_t first, std::size_t last) {
    double high = -1e300, low = 1e300;
    for (std::size_t i = first; i <= last + 1; ++i) {
      high = std::max(high, std::round(trades[i].price * 10)), low = std::min(low, std::round(trades[i].price * 10));
    }
    return high - low > 8;
  });
  ASSERT_EQ(ranges.time, plain.time);
  expect_same_column(ranges.open, plain.open, "open");
  expect_same_column(ranges.volume, plain.volume, "volume");
  expect_same_column(ranges.trade_count, plain.trade_count, "trade_count");
  for (std::size_t i = 0; i + 1 < ranges.size(); ++i) {
    const double high = ranges.high[i], low = ranges.low[i], close = ranges.close[i];
    ASSERT_EQ(std::round(high * 10) - std::round(low * 10), 8) << i;
    ASSERT_EQ(high, std::round(high * 10) / 10) << i;
    ASSERT_TRUE(close == high || close == low) << i;
    ASSERT_TRUE(ranges.open[i + 1] > high || ranges.open[i + 1] < low) << i;
    ASSERT_LE(plain.high[i], high) << i;
    ASSERT_GE(plain.low[i], low) << i;
  }
}

TEST(TickBars, bars_of_time_have_the_buckets_of_resample_in_every_zone) {
  const SessionAnchor anchors[] = {{"UTC", std::chrono::minutes(0)},
                                   {"America/New_York", std::chrono::minutes(18 * 60)},
                                   {"Europe/Berlin", std::chrono::minutes(8 * 60)}};
  const TickSeries ticks = random_ticks(4, 30'000);
  for (const SessionAnchor& anchor : anchors) {
    const TickBarOptions options{.anchor = anchor};
    const Series minutes = made(ticks, "1m", options);
    for (const char* name : {"5m", "90m", "4h", "1d", "1w", "1M"}) {
      SCOPED_TRACE(name + anchor.time_zone);
      const Series direct = made(ticks, name, options);
      expect_same(direct, resample(minutes, parse_timeframe(name).value(), anchor).value());
      // And resample of ticks as bars, each of one trade, in the plainest way.
      std::map<std::int64_t, double> volume;
      for (std::size_t i = 0; i < ticks.rows(); ++i) {
        if (std::isnan(ticks.price[i]) || std::isnan(ticks.size[i])) continue;
        volume[bucket_of(base::time_from_nanoseconds(ticks.time[i]), parse_timeframe(name).value(), anchor)->start] +=
            ticks.size[i];
      }
      for (std::size_t i = 0; i < direct.size(); ++i) {
        if (std::isnan(direct.volume[i])) continue;
        EXPECT_EQ(direct.volume[i], volume[direct.time[i]]);
      }
    }
  }
}

TEST(TickBars, one_tick_at_a_time_gives_what_the_columns_give_and_a_copy_goes_on_alike) {
  const TickSeries ticks = random_ticks(9, 5'000);
  for (const char* text : {"1m", "1d", "13t", "150v", "10r", "100000$"}) {
    SCOPED_TRACE(text);
    const TickBarRule rule = parse_tick_bar_rule(text).value();
    const TickBarOptions options{.tick_size = 0.1};
    TickBarBuilder builder = TickBarBuilder::create(rule, options).value();
    Series streamed;
    std::size_t seen = 0;
    for (std::size_t i = 0; i < ticks.rows(); ++i) {
      builder.add(ticks.tick(i), streamed);
      ASSERT_GE(streamed.size(), seen);
      ASSERT_LE(streamed.size(), seen + 1);
      seen = streamed.size();
      if (i == 2'500) {
        TickBarBuilder copy = builder;
        Series part;
        copy.finish(part);  // does not touch the original
        EXPECT_LE(part.size(), 1u);
      }
    }
    builder.finish(streamed);
    expect_same(streamed, bars_of_ticks(ticks, rule, options).value());

    EXPECT_EQ(std::ranges::adjacent_find(streamed.time, std::greater_equal<>()), streamed.time.end());
  }
}

TEST(TickBars, impossible_rules_are_refused) {
  EXPECT_FALSE(bars_of_ticks({}, {.kind = TickBarRule::Kind::kTicks, .amount = 0.5}));
  EXPECT_FALSE(bars_of_ticks({}, {.kind = TickBarRule::Kind::kRange, .amount = 10}, {.tick_size = 0}));
  EXPECT_FALSE(bars_of_ticks({}, {}, {.anchor = {"Nowhere/Else", {}}}));
}

}  // namespace
}  // namespace tradeassist::market
