#include "backtest/metrics/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "backtest/metrics/equity_phases.hpp"
#include "backtest/metrics/no_trades.hpp"
#include "backtest/metrics/returns.hpp"
#include "backtest/metrics/trade_rows.hpp"
#include "base/json.hpp"

namespace tradeassist::backtest {
namespace {

using std::chrono::sys_days;

std::int64_t day(int year, unsigned month, unsigned date) {
  return base::to_nanoseconds(sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(date)));
}

/// One bar a day from 2020-01-01; close = open = `prices[i]`.
market::Series daily(const std::vector<double>& prices) {
  market::Series series;
  for (std::size_t i = 0; i < prices.size(); ++i) {
    const double price = prices[i];
    series.push_back(
        {base::time_from_nanoseconds(day(2020, 1, 1) + static_cast<std::int64_t>(i) * base::kNanosecondsPerDay), price,
         price, price, price, 1});
  }
  return series;
}

market::Series flat_days(std::size_t count) { return daily(std::vector<double>(count, 100.0)); }

Trade trade(Direction direction, std::uint32_t entry_bar, std::uint32_t exit_bar, double entry, double exit,
            double quantity = 1, double fee = 0) {
  Trade t;
  t.direction = direction;
  t.entry_bar = entry_bar;
  t.exit_bar = exit_bar;
  t.quantity = quantity;
  t.entry_price = entry;
  t.exit_price = exit;
  t.entry_commission = t.exit_commission = fee;
  t.exit_reason = ExitReason::kOrder;
  t.profit = static_cast<double>(direction) * quantity * (exit - entry) - 2 * fee;
  return t;
}

Trade open_trade(Direction direction, std::uint32_t entry_bar, double entry, double now, double fee = 0) {
  Trade t = trade(direction, entry_bar, 0, entry, kNa, 1, fee);
  t.exit_reason = ExitReason::kOpen;
  t.exit_commission = 0;
  t.profit = static_cast<double>(direction) * (now - entry) - fee;
  return t;
}

pine::StrategySettings capital(double money) {
  pine::StrategySettings settings;
  settings.initial_capital = money;
  return settings;
}

TEST(Metrics, sums_averages_and_extremes_count_each_trade_on_its_side) {
  RunResult result;
  result.trades = {
      trade(Direction::kLong, 1, 3, 100, 110, 2),   // +20, 10 %, 3 bars
      trade(Direction::kShort, 3, 4, 50, 55, 4),    // -20, 10 %, 2 bars
      trade(Direction::kLong, 5, 5, 10, 12, 5),     // +10, 20 %, 1 bar
      trade(Direction::kLong, 6, 9, 100, 95, 1),    // -5, 5 %, 4 bars
      trade(Direction::kShort, 9, 10, 100, 100, 1)  // even, 2 bars
  };
  const market::Series series = flat_days(11);
  const Metrics all = compute_metrics(result, capital(1000), series, {0, 11});
  EXPECT_DOUBLE_EQ(all.net_profit, 5);
  EXPECT_DOUBLE_EQ(all.net_profit_percent, 0.5);
  EXPECT_DOUBLE_EQ(all.gross_profit, 30);
  EXPECT_DOUBLE_EQ(all.gross_loss, 25);
  EXPECT_DOUBLE_EQ(*all.profit_factor, 1.2);
  EXPECT_EQ(all.total_closed_trades, 5);
  EXPECT_EQ(all.total_open_trades, 0);
  EXPECT_EQ(all.winning_trades, 2);
  EXPECT_EQ(all.losing_trades, 2);
  EXPECT_DOUBLE_EQ(*all.percent_profitable, 40);
  EXPECT_DOUBLE_EQ(*all.average_trade, 1);
  EXPECT_DOUBLE_EQ(*all.average_trade_percent, (10 - 10 + 20 - 5 + 0) / 5.0);
  EXPECT_DOUBLE_EQ(*all.average_winning_trade, 15);
  EXPECT_DOUBLE_EQ(*all.average_losing_trade, 12.5);
  EXPECT_DOUBLE_EQ(*all.ratio_average_win_loss, 1.2);
  EXPECT_DOUBLE_EQ(*all.largest_winning_trade, 20);
  EXPECT_DOUBLE_EQ(*all.largest_winning_trade_percent, 20) << "of another trade than the largest in money";
  EXPECT_DOUBLE_EQ(*all.largest_losing_trade, 20);
  EXPECT_DOUBLE_EQ(*all.average_bars_in_trades, (3 + 2 + 1 + 4 + 2) / 5.0);
  EXPECT_DOUBLE_EQ(*all.average_bars_in_winning_trades, 2);
  EXPECT_DOUBLE_EQ(*all.average_bars_in_losing_trades, 3);

  EXPECT_DOUBLE_EQ(all.long_.net_profit, 25);
  EXPECT_EQ(all.long_.total_closed_trades, 3);
  EXPECT_DOUBLE_EQ(*all.long_.profit_factor, 6);
  EXPECT_DOUBLE_EQ(all.short_.net_profit, -20);
  EXPECT_EQ(all.short_.losing_trades, 1);
  EXPECT_EQ(all.short_.winning_trades, 0);
  EXPECT_FALSE(all.short_.average_winning_trade);
  EXPECT_FALSE(all.short_.ratio_average_win_loss);
  EXPECT_DOUBLE_EQ(*all.short_.profit_factor, 0);
}

TEST(Metrics, fees_of_open_entries_are_in_net_profit_and_not_in_open_profit) {
  RunResult result;
  result.trades = {trade(Direction::kLong, 0, 1, 100, 110, 1, 1), open_trade(Direction::kLong, 1, 110, 130, 2)};
  result.open_trade_count = 1;
  const Metrics metrics = compute_metrics(result, capital(1000), flat_days(3), {0, 3});
  EXPECT_DOUBLE_EQ(metrics.net_profit, 8 - 2);
  EXPECT_DOUBLE_EQ(metrics.open_profit, 20);
  EXPECT_DOUBLE_EQ(metrics.commission_paid, 4);
  EXPECT_EQ(metrics.total_open_trades, 1);
  EXPECT_EQ(metrics.total_closed_trades, 1);
}

TEST(Metrics, no_trades_leave_what_has_no_value_absent) {
  const Metrics metrics = compute_metrics({}, capital(1000), flat_days(70), {0, 70});
  EXPECT_EQ(metrics.net_profit, 0);
  EXPECT_FALSE(metrics.profit_factor);
  EXPECT_FALSE(metrics.percent_profitable);
  EXPECT_FALSE(metrics.average_trade);
  EXPECT_FALSE(metrics.average_bars_in_trades);
  EXPECT_FALSE(metrics.sharpe_ratio);
  EXPECT_FALSE(metrics.sortino_ratio);
  EXPECT_FALSE(metrics.buy_and_hold_return);
  EXPECT_FALSE(metrics.return_of_max_drawdown);
  EXPECT_EQ(metrics.exposure_percent, 0);
  EXPECT_EQ(*metrics.trades_per_year, 0);
  EXPECT_EQ(*metrics.annualized_return_percent, 0);
}

TEST(Metrics, json_names_the_sides_long_and_short_and_prints_absent_figures_as_null) {
  const boost::json::value json = base::to_json(compute_metrics({}, capital(1000), flat_days(3), {0, 3}));
  EXPECT_TRUE(json.at("profit_factor").is_null());
  EXPECT_EQ(json.at("long").at("total_closed_trades").as_int64(), 0);
  EXPECT_TRUE(json.at("short").at("average_trade").is_null());
  EXPECT_TRUE(json.as_object().contains("max_drawdown_percent"));
  const auto back = base::from_json<Metrics>(json);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(base::json_text(base::to_json(*back)), base::json_text(json));
}

TEST(Metrics, exposure_counts_bars_at_whose_close_something_was_open_once) {
  RunResult result;
  result.trades = {trade(Direction::kLong, 1, 4, 1, 1), trade(Direction::kLong, 2, 5, 1, 1),
                   trade(Direction::kShort, 7, 7, 1, 1), open_trade(Direction::kLong, 9, 1, 1)};
  result.open_trade_count = 1;
  // Bars 1..4, none for the trade inside bar 7, and bar 9.
  EXPECT_DOUBLE_EQ(compute_metrics(result, capital(10), flat_days(10), {0, 10}).exposure_percent, 50);
}

TEST(Metrics, buy_and_hold_starts_at_the_first_entry) {
  RunResult result;
  result.trades = {trade(Direction::kShort, 3, 4, 80, 80), trade(Direction::kLong, 1, 5, 50, 50)};
  const Metrics metrics = compute_metrics(result, capital(1000), daily({10, 20, 30, 40, 50, 75}), {0, 6});
  EXPECT_DOUBLE_EQ(*metrics.buy_and_hold_return_percent, 50);
  EXPECT_DOUBLE_EQ(*metrics.buy_and_hold_return, 500);
}

TEST(Metrics, margin_calls_count_liquidations_not_the_rows_they_closed) {
  RunResult result;
  Trade first = trade(Direction::kLong, 0, 2, 10, 9), second = first, third = first;
  first.exit_reason = second.exit_reason = third.exit_reason = ExitReason::kMarginCall;
  third.exit_bar = 3;
  result.trades = {first, second, third};
  EXPECT_EQ(compute_metrics(result, capital(1000), flat_days(5), {0, 5}).margin_calls, 2);
}

/// A trade with an excursion; serials say which of a bar's entries came first.
Trade excursion(Trade made, double run_up, double drawdown, std::uint64_t serial) {
  made.run_up = run_up;
  made.drawdown = drawdown;
  made.entry_serial = serial;
  return made;
}

TEST(Metrics, intrabar_extremes_are_of_each_trade_against_what_was_realised_before_it) {
  RunResult result;  // fees of 1 a side; realised 1000, 999, 1018, 1017, 1006, 1005
  result.trades = {excursion(trade(Direction::kLong, 0, 2, 100, 120, 1, 1), 29, -6, 1),    // +18
                   excursion(trade(Direction::kShort, 2, 4, 100, 110, 1, 1), 4, -21, 2)};  // -12
  Trade open = excursion(open_trade(Direction::kLong, 4, 100, 95, 1), 2, -8, 3);
  result.trades.push_back(open);
  result.open_trade_count = 1;
  const Metrics metrics = compute_metrics(result, capital(1000), flat_days(6), {0, 6});
  // The second from 1018 down to 997, 21 below the peak; the third from 1006 to 998, 20 below it.
  EXPECT_DOUBLE_EQ(*metrics.max_drawdown_intrabar, 21);
  // The first to 1029 above the 1000 at the start; the second to 1022 above 999, where the first one's fee had led.
  EXPECT_DOUBLE_EQ(*metrics.max_run_up_intrabar, 29);
  result.trades[0].run_up = 20;
  EXPECT_DOUBLE_EQ(*compute_metrics(result, capital(1000), flat_days(6), {0, 6}).max_run_up_intrabar, 23);
}

TEST(Metrics, margin_used_is_measured_at_the_closes_of_all_bars) {
  RunResult result;  // long 2 on bars 1 and 2, short 1 on bar 3
  result.trades = {trade(Direction::kLong, 1, 3, 100, 110, 2), trade(Direction::kShort, 3, 4, 100, 100, 1)};
  pine::StrategySettings settings = capital(1000);
  settings.margin_long = 50;
  settings.margin_short = 100;
  const Metrics metrics = compute_metrics(result, settings, daily({100, 100, 120, 130, 140}), {0, 5});
  EXPECT_DOUBLE_EQ(*metrics.average_margin_used, (100 + 120 + 130) / 5.0);
  EXPECT_DOUBLE_EQ(*metrics.max_margin_used, 130);
  EXPECT_DOUBLE_EQ(*metrics.margin_efficiency, 20 / 70.0);
  EXPECT_DOUBLE_EQ(*metrics.account_size_required, 130);
  EXPECT_DOUBLE_EQ(*metrics.return_on_account_size_required_percent, 100 * 20 / 130.0);
  settings.margin_long = settings.margin_short = 0;
  EXPECT_FALSE(compute_metrics(result, settings, daily({100, 100, 120, 130, 140}), {0, 5}).average_margin_used);
}

TEST(Metrics, shares_of_the_largest_trades_and_comparisons_follow_from_the_sums) {
  RunResult result;
  result.trades = {trade(Direction::kLong, 0, 1, 100, 130), trade(Direction::kLong, 1, 2, 100, 110),
                   trade(Direction::kLong, 2, 3, 100, 85), trade(Direction::kLong, 3, 4, 100, 95),
                   open_trade(Direction::kLong, 4, 100, 107)};
  result.open_trade_count = 1;
  const Metrics metrics = compute_metrics(result, capital(1000), daily({100, 100, 100, 100, 101}), {0, 5});
  EXPECT_DOUBLE_EQ(*metrics.largest_winning_trade_share, 75);
  EXPECT_DOUBLE_EQ(*metrics.largest_losing_trade_share, 75);
  EXPECT_DOUBLE_EQ(*metrics.net_profit_percent_of_largest_loss, 100 * 20 / 15.0);
  EXPECT_DOUBLE_EQ(*metrics.total_profit, 27);
  EXPECT_NEAR(*metrics.strategy_outperformance, 20 - 10, 1e-9) << "1 % of the capital held";
}

TEST(Returns, months_without_trades_count_and_returns_are_of_the_months_start) {
  RunResult result;  // day 15 is in January, 45 in February, 100 in April (2020)
  result.trades = {trade(Direction::kLong, 1, 15, 100, 200), trade(Direction::kLong, 20, 45, 100, 45),
                   trade(Direction::kLong, 50, 100, 100, 204.5)};
  const auto months = monthly_returns(result, 1000, flat_days(121), {0, 121});
  ASSERT_EQ(months.size(), 4u);
  EXPECT_EQ(months[0].year, 2020);
  EXPECT_EQ(months[0].month, 1);
  EXPECT_DOUBLE_EQ(months[0].profit, 100);
  EXPECT_NEAR(months[0].return_percent, 10, 1e-12);
  EXPECT_NEAR(months[1].return_percent, -5, 1e-12);
  EXPECT_EQ(months[2].return_percent, 0);
  EXPECT_EQ(months[3].month, 4);
  EXPECT_NEAR(months[3].return_percent, 10, 1e-12);
}

TEST(Returns, sharpe_uses_the_population_deviation_and_a_twelfth_of_the_yearly_rate) {
  const std::vector<MonthlyReturn> months = {{2020, 1, 0, 3}, {2020, 2, 0, -1}, {2020, 3, 0, 1}};
  // Mean 1 %, deviations 2, -2, 0 %: population deviation sqrt(8/3) %.
  EXPECT_NEAR(*sharpe_ratio(months, 0), 1 / std::sqrt(8.0 / 3), 1e-12);
  EXPECT_NEAR(*sharpe_ratio(months, 6), 0.5 / std::sqrt(8.0 / 3), 1e-12);
  // Below the target 0.5 %: only -1 %, by 1.5 %, over all three months.
  EXPECT_NEAR(*sortino_ratio(months, 6), 0.5 / std::sqrt(1.5 * 1.5 / 3), 1e-12);
}

TEST(Returns, ratios_of_one_month_of_equal_months_and_of_lost_equity_are_absent) {
  const std::vector<MonthlyReturn> one = {{2020, 1, 0, 3}};
  const std::vector<MonthlyReturn> equal = {{2020, 1, 0, 3}, {2020, 2, 0, 3}};
  EXPECT_FALSE(sharpe_ratio(one, 2));
  EXPECT_FALSE(sharpe_ratio(equal, 2));
  EXPECT_FALSE(sortino_ratio(equal, 2)) << "no month was below the rate";
  RunResult lost;
  lost.trades = {trade(Direction::kLong, 0, 1, 100, 0, 20)};
  const auto months = monthly_returns(lost, 1000, flat_days(70), {0, 70});
  EXPECT_TRUE(std::isnan(months[1].return_percent));
  EXPECT_FALSE(sharpe_ratio(months, 2));
  EXPECT_FALSE(sortino_ratio(months, 2));
}

TEST(Returns, annual_growth_is_compound_over_365_days) {
  EXPECT_NEAR(*annualized_return_percent(1000, 210, 730), 10, 1e-9);
  EXPECT_NEAR(*annualized_return_percent(1000, -190, 730), -10, 1e-9);
  EXPECT_FALSE(annualized_return_percent(1000, 10, 0));
  EXPECT_FALSE(annualized_return_percent(1000, -1000, 365));
  EXPECT_FALSE(annualized_return_percent(1, 1e300, 0.001));
}

TEST(Returns, buy_and_hold_buys_at_the_first_open_and_measures_its_fall_at_closes) {
  market::Series series = daily({99, 100, 120, 90, 150});
  series.close[1] = 110;
  const BuyAndHold hold = buy_and_hold(series, {1, 5}, 1000);
  EXPECT_EQ(hold.value, (std::vector<double>{1100, 1200, 900, 1500}));
  EXPECT_DOUBLE_EQ(*hold.return_percent, 50);
  EXPECT_DOUBLE_EQ(*hold.max_drawdown_percent, 25);
  series.open[1] = -3;
  const BuyAndHold none = buy_and_hold(series, {1, 5}, 1000);
  EXPECT_FALSE(none.return_percent);
  EXPECT_TRUE(std::isnan(none.value[0]));
}

TEST(EquityPhases, equity_at_exits_is_cut_at_its_highest_and_lowest_point) {
  RunResult result;  // equity at exits 1010, 1050, 1020, 960, 1000 on days 1, 3, 6, 10, 15
  result.trades = {trade(Direction::kLong, 0, 1, 100, 110), trade(Direction::kLong, 1, 3, 100, 140),
                   trade(Direction::kLong, 3, 6, 100, 70), trade(Direction::kLong, 6, 10, 100, 40),
                   trade(Direction::kLong, 10, 15, 100, 140)};
  const EquityPhases phases = equity_phases(result, 1000, flat_days(20));
  EXPECT_DOUBLE_EQ(*phases.falls.largest, 90);  // 1050 → 960
  EXPECT_DOUBLE_EQ(*phases.falls.average, 90);
  EXPECT_DOUBLE_EQ(*phases.falls.average_days, 7);
  EXPECT_DOUBLE_EQ(*phases.rises.largest, 40);  // 1010 → 1050 and 960 → 1000
  EXPECT_DOUBLE_EQ(*phases.rises.average, 40);
  EXPECT_DOUBLE_EQ(*phases.rises.average_days, 3.5);
  result.trades.resize(1);
  EXPECT_FALSE(equity_phases(result, 1000, flat_days(20)).falls.largest);
}

TEST(TradesCsv, rows_have_the_documented_columns_shortest_numbers_and_quoted_text) {
  RunResult result;
  result.texts = {"Long", "say \"up\", now", "TP"};
  Trade first = trade(Direction::kLong, 0, 2, 0.1, 0.3, 1, 0);
  first.entry_id = 1;
  first.exit_id = 2;
  first.exit_reason = ExitReason::kExit;
  first.run_up = 0.25;
  first.drawdown = -0.05;
  Trade second = open_trade(Direction::kShort, 3, 50, 40, 2);
  second.entry_id = 0;
  result.trades = {first, second};
  result.open_trade_count = 1;
  EXPECT_EQ(trades_csv(result, flat_days(5)),
            "number,side,entry_time,entry_price,entry_id,exit_time,exit_price,exit_id,quantity,profit,profit_percent,"
            "run_up,drawdown,commission,cumulative_profit\n"
            "1,long,2020-01-01T00:00:00Z,0.1,\"say \"\"up\"\", now\",2020-01-03T00:00:00Z,0.3,TP,1,0.19999999999999998,"
            "200,0.25,-0.05,0,0.19999999999999998\n"
            "2,short,2020-01-04T00:00:00Z,50,Long,,,,1,8,16,0,0,2,8.2\n");
}

TEST(TradeRows, first_of_several_open_trades_to_close_carries_the_entry_fees_of_the_others) {
  RunResult result;
  result.trades = {trade(Direction::kLong, 1, 5, 100, 110, 1, 1), trade(Direction::kLong, 2, 5, 100, 110, 1, 1),
                   trade(Direction::kLong, 5, 6, 100, 110, 1, 1), open_trade(Direction::kLong, 6, 100, 103, 1)};
  result.open_trade_count = 1;
  std::uint64_t fill = 0;
  const auto fill_next = [&](std::uint64_t& number) { number = ++fill; };
  fill_next(result.trades[0].entry_fill);
  fill_next(result.trades[1].entry_fill);
  fill_next(result.trades[0].exit_fill);
  fill_next(result.trades[1].exit_fill);
  fill_next(result.trades[2].entry_fill);
  fill_next(result.trades[2].exit_fill);
  fill_next(result.trades[3].entry_fill);
  const auto rows = trade_rows(result, flat_days(8));
  EXPECT_DOUBLE_EQ(rows[0].cumulative_profit, 8 - 1) << "the second entry's fee is already paid";
  EXPECT_DOUBLE_EQ(rows[1].cumulative_profit, 16) << "the third was entered at this bar, after the exit";
  EXPECT_DOUBLE_EQ(rows[2].cumulative_profit, 24);
  EXPECT_DOUBLE_EQ(rows[3].cumulative_profit, 26);
  EXPECT_FALSE(rows[3].exit_time);
}

TEST(TradeRows, exits_without_an_id_of_their_own_say_what_they_were) {
  RunResult result;
  result.texts = {"Long", "Crossed down"};
  Trade close = trade(Direction::kLong, 0, 1, 1, 1), commented = close, all = close, call = close;
  close.exit_reason = commented.exit_reason = ExitReason::kClose;
  close.exit_id = commented.exit_id = 0;
  commented.exit_comment = 1;
  all.exit_reason = ExitReason::kCloseAll;
  call.exit_reason = ExitReason::kMarginCall;
  result.trades = {close, commented, all, call};
  const auto rows = trade_rows(result, flat_days(3));
  EXPECT_EQ(rows[0].exit_id, "Close entry(s) order Long");
  EXPECT_EQ(rows[1].exit_id, "Crossed down");
  EXPECT_EQ(rows[2].exit_id, "Close position order");
  EXPECT_EQ(rows[3].exit_id, "Margin call");
}

TEST(NoTrades, each_reason_is_said_with_its_count_and_remedy) {
  RunResult result;
  EXPECT_THAT(explain_no_trades(result).front(), testing::HasSubstr("never placed an order"));
  result.rejections.insufficient_margin = 3;
  result.rejections.quantity_rounds_to_zero = 1;
  const auto reasons = explain_no_trades(result);
  ASSERT_EQ(reasons.size(), 2u);
  EXPECT_THAT(reasons[0], testing::StartsWith("1 order was dropped because the quantity rounds down to zero"));
  EXPECT_THAT(reasons[1], testing::StartsWith("3 orders were rejected because the position would need more margin"));
  result.orders_placed = 2;
  EXPECT_THAT(explain_no_trades(result).back(), testing::StartsWith("2 orders were placed but never filled"));
  result.trades = {trade(Direction::kLong, 0, 1, 1, 1)};
  EXPECT_TRUE(explain_no_trades(result).empty());
}

}  // namespace
}  // namespace tradeassist::backtest
