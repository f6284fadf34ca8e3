// An account in another currency than the instrument's: where the rates come from and what they multiply.
#include "backtest/currency.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <map>

#include "backtest/metrics/metrics.hpp"
#include "backtest/metrics/trade_rows.hpp"
#include "backtest/testing/script_run.hpp"

namespace tradeassist::backtest {
namespace {

using namespace testing;

/// Daily closes from 2024-01-01 on, by pair.
SeriesSource rates_of(std::map<std::string, std::vector<double>> pairs) {
  return [pairs = std::move(pairs)](const std::string& symbol,
                                    market::Timeframe timeframe) -> base::Result<SourcedSeries> {
    const auto found = pairs.find(symbol);
    if (found == pairs.end() || timeframe != market::Timeframe{market::Timeframe::Unit::kDay, 1}) {
      return base::failure(base::ErrorCode::kNotFound, "no bars of " + symbol);
    }
    SourcedSeries made;
    made.series = std::make_shared<const market::Series>(
        bars_of_closes(found->second, nanoseconds("2024-01-01T00:00:00Z"), 24 * kHour));
    made.instrument.symbol = symbol;
    made.instrument.asset_class = "crypto";  // days without a weekend
    return made;
  };
}

std::optional<std::vector<double>> rates(const std::string& from, const std::string& to, SeriesSource source) {
  // Two bars on each of 2024-01-01, 01-02 and 01-03.
  const market::Series bars = bars_of_closes({1, 1, 1, 1, 1, 1}, nanoseconds("2024-01-01T00:00:00Z"), 12 * kHour);
  const market::Instrument instrument;
  const Chart chart = *Chart::make(bars, instrument, {market::Timeframe::Unit::kHour, 12});
  RequestContext requests(std::move(source), {}, 6, {});
  auto found = currency_rates(from, to, chart, requests);
  if (found) extend_back(*found);
  return found;
}

TEST(CurrencyRates, bar_has_the_close_of_the_last_day_that_was_over_and_the_first_ones_the_first) {
  EXPECT_EQ(*rates("EUR", "USD", rates_of({{"EURUSD", {2, 4, 8}}})), (std::vector<double>{2, 2, 2, 2, 4, 4}));
}

TEST(CurrencyRates, come_from_the_inverse_pair_and_from_both_pairs_with_the_dollar) {
  EXPECT_EQ(*rates("USD", "EUR", rates_of({{"EURUSD", {2, 4}}})), (std::vector<double>{.5, .5, .5, .5, .25, .25}));
  EXPECT_EQ(*rates("EUR", "JPY", rates_of({{"EURUSD", {2, 4}}, {"USDJPY", {100, 200}}})),
            (std::vector<double>{200, 200, 200, 200, 800, 800}));
  EXPECT_EQ(*rates("EUR", "USD", rates_of({{"FX:EURUSD", {3}}})), (std::vector<double>{3, 3, 3, 3, 3, 3}));
  EXPECT_FALSE(rates("EUR", "JPY", rates_of({{"EURUSD", {2}}})));
}

/// Buys 10 at the open of the first bar of day 2 (104) and sells at that of day 3 (112), fee 1 %.
constexpr const char* kTwoDays =
    "//@version=6\nstrategy(\"t\", currency = currency.EUR, initial_capital = 10000, default_qty_value = 10, "
    "commission_value = 1, margin_long = 0)\n"
    "if bar_index == 0\n    strategy.entry(\"L\", strategy.long)\n"
    "if bar_index == 1\n    strategy.close(\"L\")\n"
    "plot(strategy.equity, \"equity\")\nplot(strategy.convert_to_account(8), \"account\")\n"
    "plot(strategy.convert_to_symbol(8), \"symbol\")\nplot(strategy.account_currency == \"EUR\" ? 1 : 0, \"is EUR\")\n"
    "plot(strategy.openprofit, \"open\")\nplot(strategy.opentrades.capital_held, \"held\")\n";

ScriptRun run_two_days(SeriesSource source) {
  // Days 1, 2, 3: the bar of day n knows the rate of day n - 1.
  const market::Series bars = bars_of_closes({104, 112, 120}, nanoseconds("2024-01-01T00:00:00Z"), 24 * kHour);
  return run_script(kTwoDays, bars, [&](RunRequest& request) {
    request.timeframe = {market::Timeframe::Unit::kDay, 1};
    request.instrument.asset_class = "crypto";
    request.instrument.currency = "USD";
    request.source = source;
  });
}

TEST(AccountCurrency, profit_is_converted_at_the_exit_and_each_fee_at_its_own_fill) {
  const ScriptRun made = run_two_days(rates_of({{"USDEUR", {0.5, 0.25, 0.125}}}));
  ASSERT_TRUE(made.result) << made.result.error().message;
  ASSERT_EQ(made.result->trades.size(), 1u);
  EXPECT_THAT(made.result->warnings, ::testing::IsEmpty());
  const Trade& trade = made.result->trades[0];
  EXPECT_EQ(trade.entry_price, 104) << "prices stay the instrument's";
  EXPECT_DOUBLE_EQ(trade.entry_commission, 0.01 * 10 * 104 * 0.5);
  EXPECT_DOUBLE_EQ(trade.exit_commission, 0.01 * 10 * 112 * 0.25);
  EXPECT_DOUBLE_EQ(trade.profit, 10 * 8 * 0.25 - 5.2 - 2.8);
  // On bar 1: 80 dollars of open profit at 0.5, less the entry's fee.
  EXPECT_DOUBLE_EQ(made.plot("open")[1], 40);
  EXPECT_DOUBLE_EQ(made.plot("equity")[1], 10000 + 40 - 5.2);
  EXPECT_DOUBLE_EQ(made.plot("account")[2], 2);
  EXPECT_DOUBLE_EQ(made.plot("symbol")[2], 32);
  EXPECT_EQ(made.plot("is EUR")[0], 1);
  // In percent of what the entry cost, in one currency.
  EXPECT_DOUBLE_EQ(*trade_rows(*made.result, bars_of_closes({104, 112, 120}, 0, kHour))[0].profit_percent,
                   100 * trade.profit / (104 * 10 * 0.25));
}

TEST(AccountCurrency, sizes_and_margin_are_in_it) {
  const std::string text =
      "//@version=6\nstrategy(\"t\", currency = currency.EUR, initial_capital = 1000, "
      "default_qty_type = strategy.percent_of_equity, default_qty_value = 50)\n"
      "if bar_index == 0\n    strategy.entry(\"L\", strategy.long)\n"
      "plot(strategy.opentrades.capital_held, \"held\")\n";
  const market::Series bars = bars_of_closes({100, 100, 100}, nanoseconds("2024-01-01T00:00:00Z"), 24 * kHour);
  const ScriptRun made = run_script(text, bars, [&](RunRequest& request) {
    request.timeframe = {market::Timeframe::Unit::kDay, 1};
    request.instrument.asset_class = "crypto";
    request.source = rates_of({{"EURUSD", {4}}});
  });
  ASSERT_TRUE(made.result) << made.result.error().message;
  ASSERT_EQ(made.result->trades.size(), 1u);
  EXPECT_EQ(made.result->trades[0].quantity, 20) << "500 euros are 2,000 dollars";
  EXPECT_EQ(made.plot("held")[1], 500);
}

TEST(AccountCurrency, without_rates_one_unit_counts_as_one_and_a_warning_says_so) {
  const ScriptRun made = run_two_days({});
  ASSERT_TRUE(made.result) << made.result.error().message;
  EXPECT_DOUBLE_EQ(made.result->trades.at(0).profit, 10 * 8 - 10.4 - 11.2);
  ASSERT_EQ(made.result->warnings.size(), 1u);
  EXPECT_THAT(made.result->warnings[0], ::testing::HasSubstr("USDEUR or EURUSD"));
}

TEST(AccountCurrency, short_of_less_than_half_a_cent_by_conversion_is_no_margin_call) {
  // Short 10 at 100 with 2,000: at 150.0001 it is 0.001 dollars short of equity.
  for (const bool converted : {false, true}) {
    const std::string text = "//@version=6\nstrategy(\"t\", currency = currency." +
                             std::string(converted ? "EUR" : "USD") +
                             ", initial_capital = 2000, margin_short = 100)\n"
                             "if bar_index == 0\n    strategy.entry(\"S\", strategy.short, qty = 10)\n";
    market::Series bars = bars_of_closes({100, 100, 100}, nanoseconds("2024-01-01T00:00:00Z"), 24 * kHour);
    bars.high[2] = 150.0001;
    const ScriptRun made = run_script(text, bars, [&](RunRequest& request) {
      request.timeframe = {market::Timeframe::Unit::kDay, 1};
      request.instrument.asset_class = "crypto";
      request.instrument.tick_size = 0.0001;
      request.source = rates_of({{"EURUSD", {1, 1, 1}}});
    });
    ASSERT_TRUE(made.result) << made.result.error().message;
    EXPECT_EQ(made.result->trades.size(), converted ? 1u : 2u);
  }
}

}  // namespace
}  // namespace tradeassist::backtest
