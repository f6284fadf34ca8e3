// strategy.risk.*: what ends trading. The bars are days.
#include "backtest/testing/broker_run.hpp"

namespace tradeassist::backtest::testing {
namespace {

pine::StrategySettings capital(double money) {
  pine::StrategySettings settings = Market::no_margin();
  settings.initial_capital = money;
  settings.pyramiding = 10;
  return settings;
}

/// The day of each bar: 1 for the `first` ones, 2 from then on.
std::vector<double> two_days(std::size_t bars, std::size_t first) {
  std::vector<double> days(bars, 2);
  for (std::size_t i = 0; i < first && i < bars; ++i) days[i] = 1;
  return days;
}

TEST(RiskRules, position_size_trims_the_entry_that_would_exceed_it) {
  Market market({kFlat, kFlat, kFlat, kFlat}, capital(100'000));
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    b.risk_rules().max_position_size = 5;
    if (i == 0) b.place(entry(kA, kBuy, 3));
    if (i == 1) b.place(entry(kB, kBuy, 3));
    if (i == 2) b.place(entry(kX, kBuy, 3));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 1, 100, 3), open_row(kBuy, 2, 100, 2)}));
  EXPECT_EQ(broker.rejections().position_limit, 1u);
}

TEST(RiskRules, last_allowed_order_of_a_day_closes_the_position_and_trading_resumes_the_next_day) {
  const std::vector<double> days = two_days(7, 4);
  Market market({kFlat, kFlat, kFlat, kFlat, kFlat, kFlat, kFlat}, capital(100'000));
  Broker& broker = market.run([&](Broker& b, std::size_t i) {
    if (i == 0) b.set_trading_days([&] { return days.data(); });
    b.risk_rules().max_filled_orders = 2;
    b.place(entry(i % 2 == 0 ? kL : kS, i % 2 == 0 ? kBuy : kSell, 1));
  });
  // Bar 1 buys, bar 2 turns round: the second order of the day, closed at its own price. Bar 3's orders are refused,
  // so nothing fills on bar 4; its script places the buy of bar 5.
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, 100, 1},
                                  {kSell, 2, 100, 2, 100, 1},
                                  {kBuy, 5, 100, 6, 100, 1},
                                  {kSell, 6, 100, 6, 100, 1}}));
  EXPECT_EQ(broker.closed_trades()[1].exit_reason, ExitReason::kMaxFilledOrders);
}

TEST(RiskRules, stop_entry_that_uses_up_the_day_is_closed_at_the_far_end_of_the_bar) {
  const std::vector<double> days(3, 1);
  Market market({kFlat, {100, 110, 98, 100}, kFlat}, capital(100'000));
  Broker& broker = market.run([&](Broker& b, std::size_t i) {
    if (i == 0) b.set_trading_days([&] { return days.data(); });
    b.risk_rules().max_filled_orders = 1;
    if (i == 0) b.place(entry(kL, kBuy, 1, kNa, 105));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 105, 1, 110, 1}}));
}

TEST(RiskRules, loss_of_the_day_closes_at_the_price_of_the_path_that_shows_it) {
  for (const bool percent : {true, false}) {
    const std::vector<double> days = two_days(5, 4);
    Market market({kFlat, kFlat, {100, 101, 89, 95}, kFlat, kFlat}, capital(1'000));
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      if (i == 0) b.set_trading_days([&] { return days.data(); });
      b.risk_rules().max_intraday_loss = {percent ? 1.0 : 10.0, percent};
      if (b.open_trade_count() == 0) b.place(entry(kL, kBuy, 1));
    });
    // 11 lost at the low of bar 2; the order of bar 2's close is refused, that of bar 4's is of the next day.
    EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, 89, 1}}));
    EXPECT_EQ(broker.closed_trades()[0].exit_reason, ExitReason::kMaxIntradayLoss);
    EXPECT_EQ(broker.open_trade_count(), 0u);
  }
}

TEST(RiskRules, drawdown_counts_when_a_closing_fill_books_it_and_ends_the_run) {
  Market market({kFlat, kFlat, {100, 100, 80, 90}, {90, 91, 89, 90}, kFlat, kFlat}, capital(1'000));
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    b.risk_rules().max_drawdown = {5, false};
    if (i == 0) b.place(entry(kA, kBuy, 2));
    if (i == 2) b.place(close_of(kA, 1));  // 20 were lost within bar 2, but nothing was booked there
    if (i >= 3) b.place(entry(kB, kBuy, 1));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 3, 90, 1}, {kBuy, 1, 100, 3, 90, 1}}));
  EXPECT_EQ(broker.closed_trades()[1].exit_reason, ExitReason::kMaxDrawdown);
  EXPECT_EQ(broker.open_trade_count(), 0u);
}

TEST(RiskRules, losing_days_in_a_row_end_the_run_before_the_next_days_orders_fill) {
  Market market({kFlat, {100, 100, 95, 95}, {95, 95, 90, 90}, {92, 93, 91, 92}, kFlat, kFlat}, capital(1'000));
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    b.risk_rules().max_losing_days = 2;
    if (i == 0) b.place(entry(kA, kBuy, 1));
    if (i >= 2) b.place(entry(kB, kBuy, 1));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 3, 92, 1}}));
  EXPECT_EQ(broker.closed_trades()[0].exit_reason, ExitReason::kMaxLosingDays);
  EXPECT_EQ(broker.open_trade_count(), 0u);
}

TEST(RiskRules, orders_that_pyramiding_refuses_do_not_count) {
  const std::vector<double> days(4, 1);
  pine::StrategySettings settings = capital(100'000);
  settings.pyramiding = 1;
  Market market({kFlat, kFlat, kFlat, kFlat}, settings);
  Broker& broker = market.run([&](Broker& b, std::size_t i) {
    if (i == 0) b.set_trading_days([&] { return days.data(); });
    b.risk_rules().max_filled_orders = 2;
    if (i == 0) b.place(entry(kL, kBuy, 1));
    if (i == 1) b.place(entry(kA, kBuy, 1));  // refused
    if (i == 2) b.place(entry(kS, kSell, 1));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 3, 100, 1}, {kSell, 3, 100, 3, 100, 1}}));
}

TEST(RiskRules, close_and_entry_at_one_close_count_as_one_order) {
  const std::vector<double> days(4, 1);
  pine::StrategySettings settings = capital(100'000);
  settings.process_orders_on_close = true;
  Market market({kFlat, kFlat, kFlat, kFlat}, settings);
  Broker& broker = market.run([&](Broker& b, std::size_t i) {
    if (i == 0) b.set_trading_days([&] { return days.data(); });
    b.risk_rules().max_filled_orders = 3;
    if (i == 0) b.place(entry(kL, kBuy, 1));
    if (i == 1) b.place(close_of(kL));
    if (i == 1) b.place(entry(kS, kSell, 1));
    if (i == 2) b.place(close_of(kS));  // the third
    if (i == 2) b.place(entry(kL, kBuy, 1));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 0, 100, 1, 100, 1}, {kSell, 1, 100, 2, 100, 1}}));
  EXPECT_EQ(broker.closed_trades()[1].exit_reason, ExitReason::kClose);
  EXPECT_EQ(broker.open_trade_count(), 0u);
}

TEST(RiskRules, last_allowed_order_at_a_close_is_closed_at_the_next_open) {
  const std::vector<double> days(2, 1);
  pine::StrategySettings settings = capital(100'000);
  settings.process_orders_on_close = true;
  Market market({kFlat, {103, 104, 102, 103}}, settings);
  Broker& broker = market.run([&](Broker& b, std::size_t i) {
    if (i == 0) b.set_trading_days([&] { return days.data(); });
    b.risk_rules().max_filled_orders = 1;
    if (i == 0) b.place(entry(kL, kBuy, 1));
  });
  ASSERT_EQ(closed(broker), (Rows{{kBuy, 0, 100, 1, 103, 1}}));
  EXPECT_EQ(broker.closed_trades()[0].exit_reason, ExitReason::kMaxFilledOrders);
}

TEST(RiskRules, loss_in_percent_of_lost_equity_ends_the_run) {
  Market market({kFlat, {100, 101, 99, 100}, {100, 100, 90, 95}, kFlat, kFlat}, capital(100));
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    b.risk_rules().max_intraday_loss = {200, true};
    if (i == 0) b.place(entry(kL, kBuy, 10));
    if (i >= 2) b.place(entry(kA, kBuy, 1));  // the days that follow bring none
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, 90, 10}}));
  EXPECT_EQ(broker.open_trade_count(), 0u);
}

TEST(RiskRules, allowing_all_directions_takes_the_limit_back) {
  Market market({kFlat, kFlat, kFlat});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    b.allow_entry_in(i == 0 ? 1 : 0);
    if (i < 2) b.place(entry(kS, kSell, 1));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kSell, 2, 100)}));
}

}  // namespace
}  // namespace tradeassist::backtest::testing
