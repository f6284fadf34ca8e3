// What a script reads of its trades: every value computed by hand from two of them.
#include <gtest/gtest.h>

#include <cmath>

#include "backtest/properties.hpp"
#include "backtest/testing/script_run.hpp"

namespace tradeassist::backtest {
namespace {

using namespace testing;

/// 10 long from 100 to 110 (+10 %), then 10 short from 121 to 133.1 (-10 %); `plots` after the last bar.
double last(const std::string& expression, std::size_t bar = 4) {
  const ScriptRun made = run_script(
      "//@version=6\nstrategy(\"t\")\n"
      "if bar_index == 0\n    strategy.entry(\"L\", strategy.long, qty = 10)\n"
      "if bar_index == 1\n    strategy.close(\"L\")\n"
      "if bar_index == 2\n    strategy.entry(\"S\", strategy.short, qty = 10)\n"
      "if bar_index == 3\n    strategy.close(\"S\")\n"
      "plot(" +
          expression + ", \"x\")\n",
      bars_of_closes({100, 110, 121, 133.1, 133.1}, nanoseconds("2024-01-01T00:00:00Z"), kHour));
  EXPECT_TRUE(made.result) << made.result.error().message;
  return made.plot("x")[bar];
}

TEST(StrategyValues, averages_are_of_the_trades_percentages) {
  EXPECT_NEAR(last("strategy.avg_trade_percent"), 0, 1e-9);
  EXPECT_NEAR(last("strategy.avg_winning_trade_percent"), 10, 1e-9);
  EXPECT_NEAR(last("strategy.avg_losing_trade_percent"), 10, 1e-9);
  EXPECT_TRUE(std::isnan(last("strategy.avg_losing_trade_percent", 2)));
}

TEST(StrategyValues, extremes_of_trades_are_in_percent_of_their_cost) {
  // Highs and lows lie a point beyond open and close: 111 and 99 around the first trade, 134.1 and 120 the second.
  EXPECT_NEAR(last("strategy.closedtrades.max_runup_percent(0)"), 11, 1e-9);
  EXPECT_NEAR(last("strategy.closedtrades.max_drawdown_percent(0)"), 1, 1e-9);
  EXPECT_NEAR(last("strategy.closedtrades.max_drawdown_percent(1)"), 100 * 13.1 / 121, 1e-9);
  EXPECT_NEAR(last("strategy.opentrades.max_runup_percent(0)", 1), 11, 1e-9);
  EXPECT_NEAR(last("strategy.opentrades.max_drawdown_percent(0)", 1), 1, 1e-9);
  EXPECT_TRUE(std::isnan(last("strategy.opentrades.max_runup_percent(0)")));
}

TEST(StrategyValues, extremes_of_equity_are_in_percent_of_where_they_start) {
  EXPECT_NEAR(last("strategy.max_runup_percent"), 100 * 110 / 1e6, 1e-9);
  EXPECT_NEAR(last("strategy.max_drawdown_percent"), 100 * 131 / 1'000'100.0, 1e-9);
}

TEST(StrategyValues, capital_held_is_the_cost_of_the_open_trades) {
  EXPECT_EQ(last("strategy.opentrades.capital_held", 1), 1000);
  EXPECT_EQ(last("strategy.opentrades.capital_held", 4), 0);
  EXPECT_EQ(last("strategy.closedtrades.first_index"), 0);
}

TEST(StrategyValues, conversion_within_one_currency_changes_nothing) {
  EXPECT_EQ(last("strategy.convert_to_account(7)"), 7);
  EXPECT_EQ(last("strategy.convert_to_symbol(7)"), 7);
}

TEST(StrategyValues, alert_messages_are_recorded_unless_disabled) {
  for (const bool disabled : {false, true}) {
    const std::string off = disabled ? ", disable_alert = true" : "";
    const ScriptRun made = run_script(
        "//@version=6\nstrategy(\"t\")\n"
        "if bar_index == 0\n    strategy.entry(\"L\", strategy.long, alert_message = \"in\"" +
            off +
            ")\n"
            "if bar_index == 1\n    strategy.close(\"L\", alert_message = \"out\"" +
            off + ")\n",
        bars_of_closes({100, 100, 100}, nanoseconds("2024-01-01T00:00:00Z"), kHour));
    ASSERT_TRUE(made.result) << made.result.error().message;
    const Trade& trade = made.result->trades.at(0);
    if (disabled) {
      EXPECT_EQ(trade.entry_alert, kNoText);
      EXPECT_EQ(trade.exit_alert, kNoText);
    } else {
      EXPECT_EQ(made.result->texts.at(trade.entry_alert), "in");
      EXPECT_EQ(made.result->texts.at(trade.exit_alert), "out");
    }
  }
}

TEST(StrategyValues, more_trades_than_the_bound_end_the_run) {
  const auto program = compiled(
      "//@version=6\nstrategy(\"t\")\nstrategy.entry(str.tostring(bar_index), bar_index % 2 == 0 ? strategy.long : "
      "strategy.short)\n");
  const market::Series bars = random_bars(50);
  RunRequest request = request_for(*program, bars);
  request.limits.trades_max = 20;
  const auto result = run(request);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, base::ErrorCode::kResourceExhausted);
  EXPECT_NE(result.error().message.find("more than 20 trades"), std::string::npos);
}

TEST(StrategyDeclaration, takes_every_property_and_properties_can_be_set_by_name) {
  const auto program = compiled(
      "//@version=6\nstrategy(\"t\", calc_on_order_fills = true, use_bar_magnifier = true, calc_bars_count = 7, "
      "fill_orders_on_standard_ohlc = true, dynamic_requests = true, max_bars_back = 500, currency = currency.EUR, "
      "backtest_fill_limits_assumption = 2, behind_chart = false, calc_on_every_tick = true, linktoseries = false)\n");
  pine::StrategySettings settings = program->settings;
  EXPECT_TRUE(settings.calc_on_order_fills);
  EXPECT_TRUE(settings.use_bar_magnifier);
  EXPECT_EQ(settings.calc_bars_count, 7);
  EXPECT_EQ(settings.currency, "EUR");
  EXPECT_EQ(settings.backtest_fill_limits_assumption, 2);
  for (const auto& [name, value] : {std::pair{"currency", "NONE"},
                                    {"calc_bars_count", "0"},
                                    {"use_bar_magnifier", "false"},
                                    {"calc_on_order_fills", "false"}}) {
    const auto set = set_property(settings, name, value);
    EXPECT_TRUE(set) << set.error().message;
  }
  EXPECT_EQ(settings.currency, "");
  EXPECT_EQ(settings.calc_bars_count, 0);
  EXPECT_FALSE(settings.use_bar_magnifier);
  EXPECT_FALSE(settings.calc_on_order_fills);
  EXPECT_TRUE(set_property(settings, "currency", "currency.GBP"));
  EXPECT_EQ(settings.currency, "GBP");
  EXPECT_FALSE(set_property(settings, "currency", "euro"));
}

TEST(StrategyDeclaration, properties_that_differ_are_told_as_they_are_set_and_as_they_are_written) {
  const std::vector<std::array<std::string, 3>> properties = {
      {"backtest_fill_limits_assumption", "2", "2"},
      {"calc_bars_count", "500", "500"},
      {"calc_on_order_fills", "true", "true"},
      {"close_entries_rule", "ANY", "\"ANY\""},
      {"commission_type", "cash_per_contract", "strategy.commission.cash_per_contract"},
      {"commission_value", "0.1", "0.1"},
      {"currency", "GBP", "currency.GBP"},
      {"default_qty_type", "cash", "strategy.cash"},
      {"default_qty_value", "7.5", "7.5"},
      {"initial_capital", "123456.75", "123456.75"},
      {"margin_long", "50", "50"},
      {"margin_short", "25", "25"},
      {"process_orders_on_close", "true", "true"},
      {"pyramiding", "4", "4"},
      {"risk_free_rate", "-1", "-1"},
      {"slippage", "3", "3"},
      {"use_bar_magnifier", "true", "true"},
  };
  pine::StrategySettings settings;
  std::string arguments;
  for (const auto& [name, value, expression] : properties) {
    ASSERT_TRUE(set_property(settings, name, value)) << name;
    arguments += ", " + name + " = " + expression;
  }
  const std::vector<Property> changed = changed_properties({}, settings);
  ASSERT_EQ(changed.size(), properties.size());  // all that can be set
  for (std::size_t i = 0; i < changed.size(); ++i) {
    EXPECT_EQ(changed[i].name, properties[i][0]);
    EXPECT_EQ(changed[i].value, properties[i][1]);
    EXPECT_EQ(property_expression(changed[i]), properties[i][2]);
  }
  const auto program = compiled("//@version=6\nstrategy(\"t\"" + arguments + ")\n");
  EXPECT_TRUE(changed_properties(settings, program->settings).empty());
}

}  // namespace
}  // namespace tradeassist::backtest
