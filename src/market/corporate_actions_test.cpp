#include "market/corporate_actions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "market/buckets.hpp"
#include "market/calendar/testing/calendar_text.hpp"
#include "market/futures/trade_days.hpp"

namespace tradeassist::market {
namespace {

using testing::at;
using testing::calendar_named;
using Kind = CorporateAction::Kind;

std::int64_t day(const char* text) { return day_of(base::to_nanoseconds(at(text))); }

std::vector<std::int64_t> dates_of(const Series& bars) { return *trading_days_of(bars.time, {}); }

AdjustedSeries adjusted(const Series& bars, const std::vector<CorporateAction>& actions, PriceAdjustment adjustment) {
  auto made = adjust_prices(bars, dates_of(bars), actions, adjustment);
  EXPECT_TRUE(made) << made.error().message;
  return made.value();
}

/// Apple as it traded before and after its split of 4:1 on 2020-08-31.
Series apple() {
  Series bars;
  bars.push_back({at("2020-08-06"), 441.62, 457.65, 439.19, 455.61, 50'607'225});
  bars.push_back({at("2020-08-07"), 452.82, 454.70, 441.17, 444.45, 49'511'403});
  bars.push_back({at("2020-08-28"), 504.05, 505.77, 498.31, 499.23, 46'907'479});
  bars.push_back({at("2020-08-31"), 127.58, 131.00, 126.00, 129.04, 225'702'700});
  return bars;
}

TEST(CorporateActions, apple_before_its_split_of_four_for_one_is_what_was_published) {
  const AdjustedSeries made = adjusted(apple(), {{day("2020-08-31"), Kind::kSplit, 4}}, PriceAdjustment::kSplits);
  EXPECT_DOUBLE_EQ(made.bars.close[2], 124.8075);  // published 124.81 and 187.63 million shares
  EXPECT_DOUBLE_EQ(made.bars.open[2], 126.0125);
  EXPECT_EQ(made.bars.volume[2], 187'629'916);
  EXPECT_EQ(made.split_factor, (std::vector<double>{0.25, 0.25, 0.25, 1}));
  EXPECT_EQ(made.bars.close[3], 129.04);
  EXPECT_EQ(made.bars.volume[3], 225'702'700);
}

TEST(CorporateActions, a_dividend_lowers_what_was_before_it_by_its_share_of_the_last_close) {
  const std::vector<CorporateAction> actions = {{day("2020-08-31"), Kind::kSplit, 4},
                                                {day("2020-08-07"), Kind::kCashDividend, 0.82}};
  const AdjustedSeries made = adjusted(apple(), actions, PriceAdjustment::kSplitsAndDividends);
  const double factor = 1 - 0.82 / 455.61;
  EXPECT_DOUBLE_EQ(made.dividend_factor[0], factor);
  EXPECT_EQ(made.dividend_factor[1], 1);
  EXPECT_DOUBLE_EQ(made.bars.close[0], 455.61 / 4 * factor);  // 113.6975: 113.9025 less the 0.205 of a new share
  EXPECT_NEAR(made.bars.close[0], 113.6975, 1e-9);
  EXPECT_EQ(made.bars.volume[0], 4 * 50'607'225.0);
  const AdjustedSeries splits = adjusted(apple(), actions, PriceAdjustment::kSplits);
  EXPECT_EQ(splits.bars.close[0], 455.61 / 4);
  EXPECT_TRUE(is_same(adjusted(apple(), actions, PriceAdjustment::kRaw).bars, apple()));
}

TEST(CorporateActions, vwap_moves_with_prices_and_counts_stay) {
  Series bars = apple();
  bars.vwap = {450, 448, 500, 129};
  bars.trade_count = {1, 2, 3, 4};
  bars.open_interest = {5, 6, 7, 8};
  const AdjustedSeries made = adjusted(bars, {{day("2020-08-31"), Kind::kSplit, 4}}, PriceAdjustment::kSplits);
  EXPECT_EQ(made.bars.vwap, (std::vector<double>{112.5, 112, 125, 129}));
  EXPECT_EQ(made.bars.trade_count, bars.trade_count);
  EXPECT_EQ(made.bars.open_interest, bars.open_interest);
}

TEST(CorporateActions, intraday_bars_take_the_factor_of_their_trade_date) {
  const CalendarPtr calendar = calendar_named("XNYS");
  Series bars;
  for (const char* time : {"2020-08-28T23:59:00Z", "2020-08-31T08:00:00Z", "2020-08-31T13:30:00Z"}) {
    bars.push_back({at(time), 100, 100, 100, 100, 8});
  }
  bars.push_back({at("2020-09-01T00:30:00Z"), 100, 100, 100, 100, 8});  // 20:30 on the 31st in New York
  const std::vector<CorporateAction> actions = {{day("2020-08-31"), Kind::kSplit, 4},
                                                {day("2020-09-01"), Kind::kSplit, 2}};
  const auto by_calendar = TradeDays(calendar, BarTimes::kInstants).days_of(bars.time);
  EXPECT_EQ(adjust_prices(bars, by_calendar, actions, PriceAdjustment::kSplits)->split_factor,
            (std::vector<double>{0.125, 0.5, 0.5, 1}));  // after 20:00 nothing trades but for the next date
  const auto by_zone = trading_days_of(bars.time, {"America/New_York", std::chrono::minutes(0)});
  const auto zoned = adjust_prices(bars, *by_zone, actions, PriceAdjustment::kSplits);
  EXPECT_EQ(zoned->split_factor, (std::vector<double>{0.25, 1, 1, 1}));  // the second is after the last bar
  EXPECT_EQ(zoned->notes.size(), 1u);
}

TEST(CorporateActions, what_has_no_bar_before_it_or_lies_ahead_is_noted) {
  const AdjustedSeries made = adjusted(apple(),
                                       {{day("2020-08-06"), Kind::kCashDividend, 0.8},
                                        {day("2014-06-09"), Kind::kSplit, 7},
                                        {day("2020-11-06"), Kind::kCashDividend, 0.205}},
                                       PriceAdjustment::kSplitsAndDividends);
  EXPECT_TRUE(is_same(made.bars, apple()));
  ASSERT_EQ(made.notes.size(), 3u);
  EXPECT_EQ(made.notes[0], "the split of 7 on 2014-06-09 changes nothing: there is no bar before it");
  EXPECT_EQ(made.notes[2], "the dividend of 0.205 on 2020-11-06 is after the last bar, and changes nothing yet");
  EXPECT_EQ(adjusted({}, {{0, Kind::kSplit, 2}}, PriceAdjustment::kSplits).notes.size(), 1u);
}

TEST(CorporateActions, what_cannot_be_is_refused_with_its_date) {
  const auto refusal = [](std::vector<CorporateAction> actions) {
    const Series bars = apple();
    const auto made = adjust_prices(bars, dates_of(bars), actions, PriceAdjustment::kSplitsAndDividends);
    EXPECT_FALSE(made);
    return made ? std::string() : made.error().message;
  };
  const std::int64_t date = day("2020-08-28");
  for (const double bad : {0.0, -2.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_NE(refusal({{date, Kind::kSplit, bad}}).find("2020-08-28"), std::string::npos);
    EXPECT_NE(refusal({{date, Kind::kCashDividend, bad}}).find("2020-08-28"), std::string::npos);
  }
  EXPECT_NE(refusal({{date, Kind::kCashDividend, 444.45}}).find("not below the close before it, 444.45"),
            std::string::npos);
  EXPECT_NE(refusal({{date, Kind::kSplit, 2}, {date, Kind::kSplit, 3}}).find("twice"), std::string::npos);
  EXPECT_FALSE(adjust_prices(apple(), std::vector<std::int64_t>{1}, {}, PriceAdjustment::kRaw));
  for (const char* name : {"raw", "splits", "splits_and_dividends"})
    EXPECT_EQ(to_string(*parse_price_adjustment(name)), name);
  EXPECT_FALSE(parse_price_adjustment("all"));
}

/// Somebody holds one share from the first bar, and on each ex-date puts the cash into shares at the close before it
/// less the dividend. What that is worth grows as the adjusted close does.
TEST(CorporateActions, the_adjusted_close_grows_as_reinvested_shares_do) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    std::mt19937_64 random(seed);
    Series bars;
    std::vector<CorporateAction> actions;
    double price = 50;
    for (std::int64_t i = 0; i < 300; ++i) {
      const std::int64_t date = 15'000 + i;
      const bool splits = i > 0 && random() % 40 == 0;
      const double ratio = random() % 2 == 0 ? 3 : 0.2;
      if (splits) {
        actions.push_back({date, Kind::kSplit, ratio});
        price /= ratio;
      }
      if (i > 0 && random() % 20 == 0) {
        const double amount = price * static_cast<double>(1 + random() % 20) / 100;
        actions.push_back({date, Kind::kCashDividend, amount});
        price -= amount;
      }
      price *= 0.98 + static_cast<double>(random() % 41) / 1000;
      bars.push_back({base::time_from_nanoseconds(date * base::kNanosecondsPerDay), price, price, price, price, 100});
    }
    std::vector<double> worth;
    double shares = 1;
    for (std::size_t i = 0; i < bars.size(); ++i) {
      double before = i > 0 ? bars.close[i - 1] : 0;
      for (const CorporateAction& action : actions) {  // of one date, the split comes first
        if (action.ex_date != 15'000 + static_cast<std::int64_t>(i)) continue;
        if (action.kind == Kind::kSplit) {
          shares *= action.value;
          before /= action.value;
        } else {
          shares += shares * action.value / (before - action.value);
        }
      }
      worth.push_back(shares * bars.close[i]);
    }
    std::shuffle(actions.begin(), actions.end(), random);
    const AdjustedSeries made = adjusted(bars, actions, PriceAdjustment::kSplitsAndDividends);
    EXPECT_EQ(made.bars.close.back(), bars.close.back());
    for (std::size_t i = 0; i < bars.size(); ++i) {
      EXPECT_NEAR(made.bars.close[i] / made.bars.close.back(), worth[i] / worth.back(), 1e-11 * worth[i] / worth.back())
          << seed << " row " << i;
      EXPECT_NEAR(made.bars.volume[i] * made.split_factor[i], 100, 1e-9);
    }
  }
}

TEST(CorporateActions, kinds_are_written_as_they_are_read_and_dates_are_bounded) {
  for (const Kind kind : {Kind::kSplit, Kind::kCashDividend}) {
    EXPECT_EQ(parse_action_kind(to_string(kind)).value(), kind);
  }
  EXPECT_FALSE(parse_action_kind("merger"));
  EXPECT_EQ(describe({18'505, Kind::kSplit, 4}), "the split of 4 on 2020-08-31");
  const std::int64_t first = days_from_civil({1800, 1, 1}), last = days_from_civil({2199, 12, 31});
  EXPECT_TRUE(check_action({first, Kind::kSplit, 2}));
  EXPECT_TRUE(check_action({last, Kind::kSplit, 2}));
  EXPECT_FALSE(check_action({first - 1, Kind::kSplit, 2}));
  EXPECT_FALSE(check_action({last + 1, Kind::kSplit, 2}));
}

}  // namespace
}  // namespace tradeassist::market
