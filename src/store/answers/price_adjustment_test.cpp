#include "store/answers/price_adjustment.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "market/futures/trade_days.hpp"
#include "market/resample.hpp"
#include "market/zone_clock.hpp"
#include "store/answers/bar_days.hpp"
#include "store/answers/bar_query.hpp"
#include "store/testing/answers_fixture.hpp"

namespace tradeassist::store {
namespace {

using market::CorporateAction;
using market::PriceAdjustment;
using market::Series;
using market::Timeframe;
using testing::ElementsAre;
using testing::HasSubstr;
using Kind = CorporateAction::Kind;

constexpr Timeframe kDay{Timeframe::Unit::kDay, 1}, kWeek{Timeframe::Unit::kWeek, 1}, kHour{Timeframe::Unit::kHour, 1};
constexpr auto kBoth = PriceAdjustment::kSplitsAndDividends;

base::Time at(std::string_view text) { return base::parse_time(text).value(); }
std::int64_t day_of(std::string_view date) { return base::to_nanoseconds(at(date)) / base::kNanosecondsPerDay; }

class PriceAdjustments : public AnswersOnBoth {
 protected:
  void store_bars(const Series& bars, Timeframe timeframe, const char* symbol = "SPY", const char* source = "csv") {
    series_ = store_->ensure_series({symbol, timeframe, source}).value();
    import_ = store_->begin_import(series_, source, "").value();
    append(bars);
  }

  void put(const std::vector<CorporateAction>& actions) {
    std::vector<ActionOf> all;
    for (const CorporateAction& each : actions) all.push_back({"SPY", each});
    const auto done = store_->put_corporate_actions(all, "test");
    ASSERT_TRUE(done) << done.error().message;
  }

  static BarQuery query(Timeframe timeframe, PriceAdjustment adjustment = kBoth) {
    BarQuery query{.symbol = "SPY", .timeframe = timeframe};
    query.price_adjustment = adjustment;
    query.with_factors = adjustment != PriceAdjustment::kRaw;
    return query;
  }
};

INSTANTIATE_ON_BOTH_DATABASES(PriceAdjustments);

Series dates(std::initializer_list<std::pair<const char*, double>> closes) {
  Series bars;
  for (const auto& [date, close] : closes) bars.push_back({at(date), close, close, close, close, 100});
  return bars;
}

// A split of 4:1 on a Wednesday, then a dividend of 1 on a Friday whose Thursday closed at 100.
const Series kTwoWeeks = dates({{"2020-08-24", 400},
                                {"2020-08-25", 400},
                                {"2020-08-26", 100},
                                {"2020-08-27", 100},
                                {"2020-08-28", 99},
                                {"2020-08-31", 99}});
const CorporateAction kSplit{day_of("2020-08-26"), Kind::kSplit, 4};
const CorporateAction kDividend{day_of("2020-08-28"), Kind::kCashDividend, 1};

TEST_P(PriceAdjustments, prices_before_an_ex_date_and_their_volumes_are_adjusted) {
  store_bars(kTwoWeeks, kDay);
  put({kSplit, kDividend});
  const BarAnswer splits = ask(query(kDay, PriceAdjustment::kSplits));
  EXPECT_THAT(splits.bars.close, ElementsAre(100, 100, 100, 100, 99, 99));
  EXPECT_THAT(splits.bars.volume, ElementsAre(400, 400, 100, 100, 100, 100));
  EXPECT_THAT(splits.adjusted->split_factor, ElementsAre(0.25, 0.25, 1, 1, 1, 1));
  EXPECT_THAT(splits.adjusted->dividend_factor, ElementsAre(1, 1, 1, 1, 1, 1));
  EXPECT_THAT(splits.adjusted->actions, ElementsAre(kSplit));

  const BarAnswer both = ask(query(kDay));
  EXPECT_THAT(both.bars.close, ElementsAre(99, 99, 99, 99, 99, 99));
  EXPECT_THAT(both.bars.volume, ElementsAre(400, 400, 100, 100, 100, 100));
  EXPECT_THAT(both.adjusted->dividend_factor, ElementsAre(0.99, 0.99, 0.99, 0.99, 1, 1));
  EXPECT_THAT(both.adjusted->actions, ElementsAre(kSplit, kDividend));

  const BarAnswer raw = ask(query(kDay, PriceAdjustment::kRaw));
  EXPECT_TRUE(same_bits(raw.bars, kTwoWeeks));
  EXPECT_FALSE(raw.adjusted);
}

TEST_P(PriceAdjustments, a_range_shows_the_prices_that_the_whole_series_has) {
  store_bars(kTwoWeeks, kDay);
  put({kSplit, kDividend});
  BarQuery first_days = query(kDay);
  first_days.to = at("2020-08-26");
  const BarAnswer before = ask(first_days);
  EXPECT_THAT(before.bars.close, ElementsAre(99, 99));
  EXPECT_THAT(before.adjusted->actions, ElementsAre(kSplit, kDividend));
  BarQuery newest = query(kDay);
  newest.last = 2;
  EXPECT_THAT(ask(newest).bars.close, ElementsAre(99, 99));
  EXPECT_TRUE(ask(newest).adjusted->actions.empty());
}

TEST_P(PriceAdjustments, a_week_with_a_split_is_made_of_adjusted_days) {
  store_bars(kTwoWeeks, kDay);
  put({kSplit, kDividend});
  const BarAnswer weeks = ask(query(kWeek, PriceAdjustment::kSplits));
  EXPECT_THAT(weeks.bars.open, ElementsAre(100, 99));
  EXPECT_THAT(weeks.bars.high, ElementsAre(100, 99));
  EXPECT_THAT(weeks.bars.low, ElementsAre(99, 99));
  EXPECT_THAT(weeks.bars.volume, ElementsAre(1'100, 100));
  // Of a bar with an ex-date inside, the factor of its close.
  EXPECT_THAT(weeks.adjusted->split_factor, ElementsAre(1, 1));
  EXPECT_THAT(weeks.adjusted->actions, ElementsAre(kSplit));
}

TEST_P(PriceAdjustments, what_lies_after_the_newest_bar_changes_nothing_yet_and_is_noted) {
  store_bars(kTwoWeeks, kDay);
  put({{day_of("2020-09-01"), Kind::kSplit, 2}});
  const BarAnswer made = ask(query(kDay));
  EXPECT_TRUE(same_bits(made.bars, kTwoWeeks));
  EXPECT_TRUE(made.adjusted->actions.empty());
  ASSERT_EQ(made.adjusted->notes.size(), 1u);
  EXPECT_THAT(made.adjusted->notes[0], HasSubstr("the split of 2 on 2020-09-01 is after the last bar"));
  append(dates({{"2020-09-01", 49.5}}));
  EXPECT_THAT(ask(query(kDay)).bars.close, ElementsAre(200, 200, 50, 50, 49.5, 49.5, 49.5));
}

TEST_P(PriceAdjustments, hours_after_the_close_are_of_the_day_before_the_ex_date) {
  Series bars;
  // 16:30 in New York on the Friday before the ex-date, and 8:30 on the Monday itself.
  bars.push_back({at("2020-08-28T20:30:00Z"), 400, 400, 400, 400, 1});
  bars.push_back({at("2020-08-31T12:30:00Z"), 100, 100, 100, 100, 1});
  store_bars(bars, kHour);
  put({{day_of("2020-08-31"), Kind::kSplit, 4}});
  EXPECT_THAT(ask(query(kHour)).bars.close, ElementsAre(100, 100));
}

TEST_P(PriceAdjustments, what_cannot_be_adjusted_is_refused) {
  store_bars(dates({{"2020-08-24", 400}, {"2020-08-31", 99}}), kWeek, "SPY", "weeks");
  BarQuery weeks = query(kWeek);
  weeks.source = "weeks";
  EXPECT_THAT(refused(weeks), HasSubstr("prices are adjusted in stored bars of a day or less"));
  BarQuery ticks = query(kDay);
  ticks.tick_rule = market::TickBarRule{.kind = market::TickBarRule::Kind::kTicks, .amount = 100};
  EXPECT_THAT(refused(ticks), HasSubstr("`price_adjustment`: bars of trades"));
  BarQuery rolls = query(kDay);
  rolls.adjustment = market::Adjustment::kRatioBackward;
  EXPECT_THAT(refused(rolls), HasSubstr("ask for one of them"));
  BarQuery factors = query(kWeek, PriceAdjustment::kRaw);
  factors.with_factors = true;
  EXPECT_THAT(refused(factors), HasSubstr("`factors`"));

  ASSERT_TRUE(store_->put_instrument({.symbol = "ESZ2020", .asset_class = "future", .exchange = "CME"}));
  store_bars(kTwoWeeks, kDay, "ESZ2020");
  BarQuery continuous = query(kDay);
  continuous.symbol = "ES.c.0";
  EXPECT_THAT(refused(continuous), HasSubstr("ES.c.0 is a continuous future"));

  store_bars(kTwoWeeks, kDay);
  EXPECT_EQ(ask(query(kWeek)).series.key.timeframe, kDay) << "weeks are stored beside the days";
  put({{day_of("2020-08-31"), Kind::kCashDividend, 500}});
  EXPECT_THAT(refused(query(kDay)), HasSubstr("the dividend of 500 on 2020-08-31 is not below the close before it"));
}

/// All the bars of a query, adjusted by hand: the whole series, then made larger.
struct ByHand {
  Series bars;
  std::vector<double> split_factor, dividend_factor;
};

ByHand by_hand(const Series& stored, Timeframe stored_timeframe, const std::vector<CorporateAction>& actions,
               const BarQuery& query, const market::Instrument& instrument) {
  const auto times = stored_timeframe.is_intraday() ? market::BarTimes::kInstants : market::BarTimes::kDates;
  const auto days = market::TradeDays(market::find_calendar("XNYS").value(), times).days_of(stored.time);
  auto adjusted = market::adjust_prices(stored, days, actions, query.price_adjustment).value();
  ByHand made;
  if (query.timeframe == stored_timeframe) {
    made = {adjusted.bars, adjusted.split_factor, adjusted.dividend_factor};
  } else {
    const auto anchor = anchor_of(instrument, stored, stored_timeframe).value();
    made.bars = market::resample(adjusted.bars, query.timeframe, anchor).value();
    for (std::size_t i = 0; i < made.bars.size(); ++i) {
      std::size_t row = i + 1 < made.bars.size()
                            ? stored.lower_bound(base::time_from_nanoseconds(made.bars.time[i + 1])) - 1
                            : stored.size() - 1;
      const std::size_t last = row, begin = stored.lower_bound(base::time_from_nanoseconds(made.bars.time[i]));
      while (row > begin && std::isnan(stored.close[row])) --row;
      if (std::isnan(stored.close[row])) row = last;
      made.split_factor.push_back(adjusted.split_factor[row]);
      made.dividend_factor.push_back(adjusted.dividend_factor[row]);
    }
  }
  std::size_t first = query.from ? made.bars.lower_bound(*query.from) : 0;
  const std::size_t end = query.to ? made.bars.lower_bound(*query.to) : made.bars.size();
  if (query.last) first = end - std::min(end, static_cast<std::size_t>(*query.last));
  const auto part = [&](const std::vector<double>& column) {
    return std::vector(column.begin() + static_cast<std::ptrdiff_t>(first),
                       column.begin() + static_cast<std::ptrdiff_t>(end));
  };
  return {made.bars.slice(first, end - first), part(made.split_factor), part(made.dividend_factor)};
}

/// Bars from 2019 on, of days or of some hours of some days, a few of them with a close that is not known.
Series random_bars(RandomBars& random, Timeframe timeframe, std::size_t days) {
  Series bars;
  const std::int64_t first = day_of("2019-01-01");
  double price = 100;
  for (std::size_t i = 0; i < days; ++i) {
    if (random.one_in(3)) continue;
    for (std::int64_t hour = 13; hour < 21; ++hour) {
      if (timeframe == kHour && random.one_in(3)) continue;
      price *= 0.98 + static_cast<double>(random.below(41)) / 1'000;
      const std::int64_t time = (first + static_cast<std::int64_t>(i)) * 24 + (timeframe == kHour ? hour : 0);
      const double close = random.one_in(6) ? market::kNotKnown : price;
      bars.push_back({base::time_from_nanoseconds(time * 3'600 * base::kNanosecondsPerSecond), price, price * 1.01,
                      price * 0.99, close, static_cast<double>(random.below(1'000))});
      if (timeframe == kDay) break;
    }
  }
  return bars;
}

TEST_P(PriceAdjustments, any_answer_is_the_whole_series_adjusted_by_hand) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomBars random(seed);
  const Timeframe asked[] = {kHour, {Timeframe::Unit::kHour, 4}, kDay, kWeek, {Timeframe::Unit::kMonth, 1}};
  for (int round = 0; round < 6; ++round) {
    const Timeframe timeframe = round % 2 == 0 ? kDay : kHour;
    const std::string symbol = "S" + std::to_string(round);
    const market::Instrument instrument{.symbol = symbol, .time_zone = "America/New_York", .session = "0930-1600"};
    ASSERT_TRUE(store_->put_instrument(instrument));
    Series bars = random_bars(random, timeframe, 250);
    bars.close[0] = bars.open[0];
    store_bars(bars, timeframe, symbol.c_str());
    std::vector<CorporateAction> actions;
    std::vector<ActionOf> stored;
    for (std::int64_t day = day_of("2019-01-01"); day < day_of("2019-09-20"); ++day) {
      if (random.one_in(12)) actions.push_back({day, Kind::kSplit, random.one_in(2) ? 2.0 : 0.5});
      if (random.one_in(8))
        actions.push_back({day, Kind::kCashDividend, 0.01 * static_cast<double>(random.below(9) + 1)});
    }
    for (const CorporateAction& each : actions) stored.push_back({symbol, each});
    ASSERT_TRUE(store_->put_corporate_actions(stored, "test"));
    for (int i = 0; i < 60; ++i) {
      BarQuery wanted = query(asked[timeframe == kDay ? 2 + random.below(3) : random.below(5)],
                              random.one_in(3) ? PriceAdjustment::kSplits : kBoth);
      wanted.symbol = symbol;
      if (random.one_in(4)) {
        wanted.last = 1 + static_cast<std::int64_t>(random.below(30));
      } else {
        const auto some_day = [&] { return at("2019-01-01") + std::chrono::days(random.below(260)); };
        if (random.one_in(2)) wanted.from = some_day();
        if (random.one_in(2)) wanted.to = some_day();
        if (wanted.from && wanted.to && *wanted.from >= *wanted.to) wanted.to.reset();
      }
      const ByHand expected = by_hand(bars, timeframe, actions, wanted, instrument);
      const BarAnswer made = ask(wanted);
      ASSERT_TRUE(same_bits(made.bars, expected.bars)) << "round " << round << " query " << i;
      ASSERT_EQ(made.adjusted->split_factor, expected.split_factor) << "round " << round << " query " << i;
      ASSERT_EQ(made.adjusted->dividend_factor, expected.dividend_factor) << "round " << round << " query " << i;
    }
  }
}

}  // namespace
}  // namespace tradeassist::store
