#include "store/answers/running_vwap.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "store/testing/answers_fixture.hpp"

namespace tradeassist::store {
namespace {

using market::Series;
using market::Timeframe;
using market::VwapRule;
using testing::HasSubstr;
using Kind = VwapRule::Kind;

base::Time at(std::string_view text) { return base::parse_time(text).value(); }

class RunningVwaps : public AnswersOnBoth {
 protected:
  static BarQuery minutes_of(VwapRule rule, int count = 1) {
    BarQuery query{.symbol = "SPY", .timeframe = {Timeframe::Unit::kMinute, count}};
    query.vwap = rule;
    return query;
  }
};

INSTANTIATE_ON_BOTH_DATABASES(RunningVwaps);

void push(Series& bars, const char* time, double price, double volume) {
  bars.push_back({at(time), price, price, price, price, volume});
}

TEST_P(RunningVwaps, go_over_what_their_rule_says_also_before_the_range) {
  Series bars;
  push(bars, "2020-06-01T19:59:00Z", 10, 1);  // a Monday in New York
  push(bars, "2020-06-02T13:30:00Z", 20, 1);
  push(bars, "2020-06-02T13:31:00Z", 40, 3);
  push(bars, "2020-06-02T13:32:00Z", 50, 0);
  push(bars, "2020-06-02T13:33:00Z", 60, 4);
  append(bars);
  const auto newest = [&](VwapRule rule) {
    BarQuery query = minutes_of(rule);
    query.last = 1;
    const BarAnswer made = ask(query);
    EXPECT_EQ(made.vwap, rule);
    EXPECT_EQ(made.bars.size(), 1u);
    return made.bars.vwap.at(0);
  };
  EXPECT_EQ(newest({}), 60);
  EXPECT_EQ(newest({.kind = Kind::kSession}), (20 + 3 * 40 + 4 * 60) / 8.0);
  EXPECT_EQ(newest({.kind = Kind::kRolling, .length = 1}), 60);
  EXPECT_EQ(newest({.kind = Kind::kRolling, .length = 3}), (3 * 40 + 4 * 60) / 7.0);
  EXPECT_EQ(newest({.kind = Kind::kRolling, .length = 100}), (10 + 20 + 3 * 40 + 4 * 60) / 9.0);
  EXPECT_EQ(newest({.kind = Kind::kAnchored, .anchor = at("2020-06-02T13:31:00Z")}), (3 * 40 + 4 * 60) / 7.0);
  EXPECT_EQ(newest({.kind = Kind::kAnchored, .anchor = at("2020-01-01")}), (10 + 20 + 3 * 40 + 4 * 60) / 9.0);
  EXPECT_TRUE(std::isnan(newest({.kind = Kind::kAnchored, .anchor = at("2021-01-01")})));
}

TEST_P(RunningVwaps, of_prices_that_are_adjusted_are_adjusted) {
  Series bars;
  push(bars, "2020-06-01T19:59:00Z", 40, 1);
  push(bars, "2020-06-02T13:30:00Z", 20, 2);
  append(bars);
  const std::int64_t ex_date = base::to_nanoseconds(at("2020-06-02")) / base::kNanosecondsPerDay;
  ASSERT_TRUE(store_->put_corporate_actions(
      std::vector<ActionOf>{{"SPY", {ex_date, market::CorporateAction::Kind::kSplit, 2}}}, "test"));
  BarQuery query = minutes_of({.kind = Kind::kRolling, .length = 2});
  query.price_adjustment = market::PriceAdjustment::kSplits;
  query.last = 1;
  EXPECT_EQ(ask(query).bars.vwap.at(0), 20) << "40 became 20";
}

TEST_P(RunningVwaps, what_has_none_is_refused) {
  append(minutes(0, 100));
  EXPECT_THAT(refused(minutes_of({.kind = Kind::kRolling, .length = 0})), HasSubstr("`vwap`: rolling:0 must be of 1"));
  EXPECT_THAT(refused(minutes_of({.kind = Kind::kRolling, .length = market::kRollingVwapBarsMax + 1})),
              HasSubstr("must be of 1 to 100000 bars"));
  BarQuery weeks = minutes_of({.kind = Kind::kSession});
  weeks.timeframe = {Timeframe::Unit::kWeek, 1};
  EXPECT_THAT(refused(weeks), HasSubstr("`vwap`: session needs bars of a day or less"));
  BarQuery ticks = minutes_of({.kind = Kind::kSession});
  ticks.tick_rule = market::TickBarRule{.kind = market::TickBarRule::Kind::kTicks, .amount = 100};
  EXPECT_THAT(refused(ticks), HasSubstr("needs bars of time"));
}

TEST_P(RunningVwaps, of_any_range_are_those_of_the_whole_series) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomBars random(seed);
  Series stored;
  for (int day = 0; day < 12; ++day) {  // from a Monday on, without weekends
    if (day % 7 >= 5) continue;
    for (int minute = 0; minute < 390; ++minute) {
      if (random.one_in(4)) continue;
      const double price = 100 + static_cast<double>(random.below(1'000)) / 100;
      stored.push_back({at("2020-06-01T13:30:00Z") + std::chrono::days(day) + std::chrono::minutes(minute), price,
                        price + 1, price - 1, price, static_cast<double>(random.below(50))});
    }
  }
  append(stored);
  for (int round = 0; round < 60; ++round) {
    const int count = random.one_in(2) ? 1 : 15;
    VwapRule rule;
    switch (random.below(3)) {
      case 0: rule.kind = Kind::kSession; break;
      case 1: rule = {.kind = Kind::kRolling, .length = 1 + static_cast<std::int64_t>(random.below(600))}; break;
      default: rule = {.kind = Kind::kAnchored, .anchor = at("2020-06-01") + std::chrono::hours(random.below(280))};
    }
    BarQuery wanted = minutes_of(rule, count);
    if (random.one_in(3)) {
      wanted.last = 1 + static_cast<std::int64_t>(random.below(500));
    } else {
      wanted.from = at("2020-06-01") + std::chrono::minutes(random.below(250 * 60));
    }
    const Series all = ask(minutes_of({}, count)).bars;
    const BarAnswer made = ask(wanted);
    const std::size_t first = all.size() - made.bars.size();
    for (std::size_t i = 0; i < made.bars.size(); ++i) {
      const std::size_t row = first + i;
      ASSERT_EQ(made.bars.time[i], all.time[row]);
      double money = 0, volume = 0;
      for (std::size_t j = 0; j <= row; ++j) {
        const bool same_day = all.time[j] / base::kNanosecondsPerDay == all.time[row] / base::kNanosecondsPerDay;
        if (rule.kind == Kind::kSession && !same_day) continue;
        if (rule.kind == Kind::kRolling && static_cast<std::int64_t>(row - j) >= rule.length) continue;
        if (rule.kind == Kind::kAnchored && all.time[j] < base::to_nanoseconds(rule.anchor)) continue;
        if (!(all.volume[j] > 0)) continue;
        money += all.vwap[j] * all.volume[j];
        volume += all.volume[j];
      }
      if (volume > 0) {
        ASSERT_NEAR(made.bars.vwap[i], money / volume, 1e-9) << "round " << round << " row " << i;
      } else {
        ASSERT_TRUE(std::isnan(made.bars.vwap[i])) << "round " << round << " row " << i;
      }
    }
  }
}

}  // namespace
}  // namespace tradeassist::store
