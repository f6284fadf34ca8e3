// Money: order sizes, fees, excursions, and what margin allows.
#include <fmt/format.h>

#include <cmath>
#include <random>
#include <string>

#include "backtest/broker/price_grid.hpp"
#include "backtest/testing/broker_run.hpp"

namespace tradeassist::backtest::testing {
namespace {

const Ohlc kTen = {10, 11, 9, 10};
const Ohlc kHundred = {100, 101, 99, 100};

pine::StrategySettings sized(pine::QuantityType type, double value, double capital = 1000) {
  pine::StrategySettings settings = Market::no_margin();
  settings.default_qty_type = type;
  settings.default_qty_value = value;
  settings.initial_capital = capital;
  return settings;
}

constexpr auto kPercent = pine::QuantityType::kPercentOfEquity;

Market::Script once(const EntryRequest& request) {
  return [request](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(request);
  };
}

TEST(Rounding, money_has_ten_significant_digits_and_halves_go_away_from_zero) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 200'000; ++i) {
    const double exponent = std::uniform_real_distribution(-12.0, 18.0)(random);
    const double money = (random() % 2 == 0 ? 1 : -1) * std::pow(10.0, exponent);
    const double written = std::stod(fmt::format("{:.9e}", money));
    EXPECT_NEAR(ten_digits(money), written, 2e-16 * std::fabs(written)) << money;
    EXPECT_EQ(round_half_away(money), std::round(money)) << money;
  }
  for (const double half : {0.5, 1.5, 2.5, 0.49999999999999994, 4503599627370495.5, 4503599627370497.0, 0.0}) {
    EXPECT_EQ(round_half_away(half), std::round(half)) << half;
    EXPECT_EQ(round_half_away(-half), std::round(-half)) << half;
  }
  EXPECT_EQ(ten_digits(9.9999999999), 10.0);
  EXPECT_EQ(ten_digits(1e10), 1e10);
  EXPECT_EQ(ten_digits(0.1), 0.1);
  EXPECT_EQ(ten_digits(0.0), 0.0);
}

TEST(Sizing, percent_of_equity_is_counted_at_the_signals_close_not_at_the_fill) {
  Market market({kTen, {12, 13, 11, 12}}, sized(kPercent, 50));
  EXPECT_EQ(opened(market.run(once(entry(kL, kBuy)))), (Rows{open_row(kBuy, 1, 12, 50)}));
}

TEST(Sizing, percent_of_equity_leaves_room_for_the_fee) {
  pine::StrategySettings settings = sized(kPercent, 100);
  settings.commission_value = 0.1;
  market::Instrument instrument = Market::whole_points();
  for (const auto& [step, quantity] : {std::pair{1.0, 99.0}, {0.01, 99.9}, {1e-6, 99.9001}}) {
    instrument.quantity_step = step;  // 1000 / 10.01 = 99.900099...
    Market market({kTen, kTen}, settings, instrument);
    Broker& broker = market.run(once(entry(kL, kBuy)));
    ASSERT_EQ(broker.open_trade_count(), 1u);
    EXPECT_NEAR(broker.open_trades()[0].quantity, quantity, step);
    EXPECT_LE(broker.open_trades()[0].quantity * 10.01, 1000);
  }
  settings.commission_type = pine::CommissionType::kCashPerContract;
  settings.commission_value = 2;
  Market per_contract({kTen, kTen}, settings);
  EXPECT_EQ(per_contract.run(once(entry(kL, kBuy))).position_size(), 83);  // 1000 / 12
  settings.commission_type = pine::CommissionType::kCashPerOrder;
  settings.commission_value = 101;
  Market per_order({kTen, kTen}, settings);
  EXPECT_EQ(per_order.run(once(entry(kL, kBuy))).position_size(), 89);  // 899 / 10
}

TEST(Sizing, slippage_moves_the_price_that_sizes) {
  pine::StrategySettings settings = sized(kPercent, 50);
  settings.slippage = 2;
  market::Instrument instrument;
  instrument.tick_size = 0.5;
  Market buys({kTen, kTen}, settings, instrument);
  EXPECT_EQ(buys.run(once(entry(kL, kBuy))).position_size(), 45);  // 500 / 11
  Market sells({kTen, kTen}, settings, instrument);
  EXPECT_EQ(sells.run(once(entry(kS, kSell))).position_size(), -55);  // 500 / 9
}

TEST(Sizing, priced_order_keeps_the_budget_of_its_placement_and_buys_at_its_fill) {
  Market market({kHundred, {100, 130, 99, 120}}, sized(kPercent, 50));
  EXPECT_EQ(opened(market.run(once(entry(kL, kBuy, kNa, kNa, 125)))), (Rows{open_row(kBuy, 1, 125, 4)}));
}

TEST(Sizing, cash_does_not_reserve_the_fee_and_fixed_is_the_number_itself) {
  pine::StrategySettings settings = sized(pine::QuantityType::kCash, 500);
  settings.commission_value = 10;
  Market cash({kTen, kTen}, settings);
  EXPECT_EQ(cash.run(once(entry(kL, kBuy))).position_size(), 50);
  Market fixed({kTen, kTen}, sized(pine::QuantityType::kFixed, 7));
  EXPECT_EQ(fixed.run(once(entry(kL, kBuy))).position_size(), 7);
}

TEST(Sizing, equity_of_a_reversal_is_marked_to_market_before_the_close) {
  Market market({kTen, {10, 12, 10, 12}, {12, 13, 11, 12}}, sized(kPercent, 50));
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy));
    if (bar == 1) b.place(entry(kS, kSell));  // equity 1000 + 50 x 2: 550 / 12
  });
  EXPECT_EQ(broker.position_size(), -45);
}

TEST(Sizing, point_value_divides_the_quantity_and_multiplies_the_profit) {
  market::Instrument future = Market::whole_points();
  future.point_value = 5;
  Market market({kTen, kTen, {13, 14, 12, 13}}, sized(kPercent, 100), future);
  Broker& broker = market.run(once(entry(kL, kBuy)));
  EXPECT_EQ(broker.position_size(), 20);
  EXPECT_DOUBLE_EQ(broker.open_profit(), 20 * 3 * 5);
}

TEST(Sizing, written_quantities_are_floored_by_their_digits_and_zero_is_refused) {
  market::Instrument instrument = Market::whole_points();
  instrument.quantity_step = 0.1;
  Market market({kTen, kTen}, Market::no_margin(), instrument);
  EXPECT_EQ(market.run(once(entry(kL, kBuy, 0.3))).position_size(), 0.3);
  Market floors({kTen, kTen}, Market::no_margin(), instrument);
  EXPECT_EQ(floors.run(once(entry(kL, kBuy, 0.39))).position_size(), 0.3);
  Market zero({kTen, kTen}, Market::no_margin(), instrument);
  Broker& none = zero.run(once(entry(kL, kBuy, 0.05)));
  EXPECT_EQ(none.position_size(), 0);
  EXPECT_EQ(none.rejections().quantity_rounds_to_zero, 1u);
  Market small({kTen, kTen}, sized(kPercent, 50, 15));
  EXPECT_EQ(small.run(once(entry(kL, kBuy))).rejections().quantity_rounds_to_zero, 1u);
}

TEST(Sizing, without_equity_a_default_order_is_dropped) {
  Market market({kHundred, kHundred, {100, 100, 40, 40}, {40, 41, 39, 40}}, sized(kPercent, 200));
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy));   // 20
    if (bar == 2) b.place(entry(kS, kSell));  // 1000 - 1200
  });
  EXPECT_EQ(broker.rejections().no_equity, 1u);
  EXPECT_EQ(broker.position_size(), 20);
}

TEST(Commission, percent_is_of_each_sides_value) {
  pine::StrategySettings settings = Market::no_margin();
  settings.commission_value = 0.1;
  Market market({kHundred, kHundred, {110, 111, 109, 110}}, settings);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 10));
    if (bar == 1) {
      EXPECT_DOUBLE_EQ(b.net_profit(), -1) << "the entry's fee is booked with the entry";
      EXPECT_DOUBLE_EQ(b.open_profit(), 0);
      b.place(close_of(kL));
    }
  });
  const Trade& trade = broker.closed_trades()[0];
  EXPECT_DOUBLE_EQ(trade.entry_commission, 1);
  EXPECT_DOUBLE_EQ(trade.exit_commission, 1.1);
  EXPECT_DOUBLE_EQ(trade.profit, 97.9);
  EXPECT_DOUBLE_EQ(broker.equity(), 1'000'097.9);
}

TEST(Commission, one_fee_an_order_is_shared_by_what_a_reversal_closes_and_opens) {
  pine::StrategySettings settings = Market::no_margin();
  settings.commission_type = pine::CommissionType::kCashPerOrder;
  settings.commission_value = 3;
  Market market({kHundred, kHundred, kHundred}, settings);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 2));
    if (bar == 1) b.place(entry(kS, kSell, 3));
  });
  EXPECT_DOUBLE_EQ(broker.closed_trades()[0].entry_commission, 3);
  EXPECT_DOUBLE_EQ(broker.closed_trades()[0].exit_commission, 1.2);
  EXPECT_DOUBLE_EQ(broker.open_trades()[0].entry_commission, 1.8);
}

TEST(Commission, partial_exit_carries_its_share_of_the_entry_fee) {
  pine::StrategySettings settings = Market::no_margin();
  settings.commission_type = pine::CommissionType::kCashPerContract;
  settings.commission_value = 0.5;
  Market market({kHundred, kHundred, kHundred}, settings);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 10));
    if (bar == 1) b.place(close_of(kL, 4));
  });
  EXPECT_DOUBLE_EQ(broker.closed_trades()[0].entry_commission, 2);
  EXPECT_DOUBLE_EQ(broker.closed_trades()[0].exit_commission, 2);
  EXPECT_DOUBLE_EQ(broker.open_trades()[0].entry_commission, 3);
  EXPECT_DOUBLE_EQ(broker.net_profit(), -7);
}

TEST(Commission, is_rounded_to_ten_significant_digits) {
  pine::StrategySettings settings = Market::no_margin();
  settings.commission_value = 100.0 / 3;
  Market market({kTen, kTen}, settings);
  EXPECT_EQ(market.run(once(entry(kL, kBuy, 1))).open_trades()[0].entry_commission, 3.333333333);
}

TEST(Excursions, run_from_the_fill_to_the_exit_and_carry_the_entry_fee) {
  pine::StrategySettings settings = Market::no_margin();
  settings.commission_type = pine::CommissionType::kCashPerOrder;
  settings.commission_value = 3;
  Market market({kHundred, {100, 105, 96, 101}, {101, 110, 99, 102}, {103, 200, 50, 103}}, settings);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 2));
    if (bar == 2) b.place(close_of(kL));
  });
  const Trade& trade = broker.closed_trades()[0];
  EXPECT_DOUBLE_EQ(trade.run_up, 2 * 10 - 3);
  EXPECT_DOUBLE_EQ(trade.drawdown, -2 * 4 - 3);
  EXPECT_DOUBLE_EQ(broker.max_drawdown(), 2 * 4 + 3) << "below the initial capital, with the fee that is paid";
  EXPECT_DOUBLE_EQ(broker.max_drawdown_percent(), 100 * 11.0 / 1'000'000);
  EXPECT_DOUBLE_EQ(broker.max_run_up(), 2 * 10 - 3);
}

TEST(Excursions, of_an_entry_inside_a_bar_begin_there) {
  // Low first: 90, then up through the stop at 105 to 110, then down to the close at 95.
  Market market({kHundred, {100, 110, 90, 95}});
  const Trade trade = market.run(once(entry(kL, kBuy, 1, kNa, 105))).open_trades()[0];
  EXPECT_DOUBLE_EQ(trade.run_up, 5);
  EXPECT_DOUBLE_EQ(trade.drawdown, -10) << "the close, not the low that came before the entry";
}

TEST(Excursions, of_an_exit_inside_a_bar_end_there) {
  Market market({kHundred, kHundred, {100, 112, 80, 90}});
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 1));
    if (bar == 1) b.place(exit_of(kX, kL, {.limit = 110}));
  });
  EXPECT_EQ(broker.closed_trades()[0].drawdown, -1) << "the high came first, 80 after the exit";
  EXPECT_EQ(broker.closed_trades()[0].run_up, 10);
}

TEST(Excursions, run_up_is_never_negative_and_drawdown_never_positive) {
  pine::StrategySettings settings = Market::no_margin();
  settings.commission_value = 1;
  Market market({kHundred, {100, 100, 95, 95}, {94, 94, 94, 94}}, settings);
  const Trade trade = market.run(once(entry(kL, kBuy, 1))).open_trades()[0];
  EXPECT_EQ(trade.run_up, 0);
  EXPECT_DOUBLE_EQ(trade.drawdown, -7);
}

TEST(Drawdown, is_measured_from_the_peak_of_closed_equity) {
  Market market({kHundred, kHundred, {120, 121, 119, 120}, {120, 121, 119, 120}, {120, 130, 105, 110}});
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 1));
    if (bar == 1) b.place(close_of(kL));  // +20
    if (bar == 2) b.place(entry(kL, kBuy, 1));
  });
  EXPECT_DOUBLE_EQ(broker.max_drawdown(), 15) << "from 1,000,020 to 1,000,005; the open 130 is no peak";
  EXPECT_DOUBLE_EQ(broker.max_run_up(), 30);
}

TEST(Margin, written_quantity_must_be_affordable_at_the_signal_and_at_the_fill) {
  struct Case {
    double quantity, open, size;
  };
  for (const Case& c : {Case{11, 90, 0}, Case{10, 101, 0}, Case{10, 100, 10}, Case{9, 105, 9}, Case{9, 112, 0}}) {
    Market market({kHundred, {c.open, c.open + 1, c.open - 1, c.open}}, margined(100, 100));
    Broker& broker = market.run(once(entry(kL, kBuy, c.quantity)));
    EXPECT_EQ(broker.position_size(), c.size) << c.quantity << " at " << c.open;
    EXPECT_EQ(broker.rejections().insufficient_margin, c.size == 0 ? 1u : 0u);
  }
}

TEST(Margin, all_of_the_equity_is_declined_by_a_worse_open_and_less_is_trimmed) {
  pine::StrategySettings all = margined(100, 100);
  all.default_qty_type = kPercent;
  all.default_qty_value = 100;
  Market worse({kHundred, {101, 102, 100, 101}}, all);
  EXPECT_EQ(worse.run(once(entry(kL, kBuy))).position_size(), 0);
  Market better({kHundred, {99, 100, 98, 99}}, all);
  EXPECT_EQ(better.run(once(entry(kL, kBuy))).position_size(), 10);
  pine::StrategySettings most = all;
  most.default_qty_value =
      90;  // 9 at 115 cost 1035: 35 short, less than a lot, so one contract goes at the entry's price
  Market gap({kHundred, {115, 116, 114, 115}}, most);
  Broker& trimmed = gap.run(once(entry(kL, kBuy)));
  EXPECT_EQ(closed(trimmed), (Rows{{kBuy, 1, 115, 1, 115, 1}}));
  EXPECT_EQ(trimmed.closed_trades()[0].exit_reason, ExitReason::kMarginCall);
  EXPECT_EQ(trimmed.position_size(), 8);
}

TEST(Margin, refused_reversal_keeps_the_position_and_suppresses_a_close_called_after_it) {
  for (const int closes : {0, 1, 2}) {  // none, before the entry, after it
    pine::StrategySettings all = margined(100, 100);
    all.default_qty_type = kPercent;
    all.default_qty_value = 100;
    Market market({kHundred, kHundred, {101, 101, 100, 101}}, all);
    Broker& broker = market.run([&](Broker& b, std::size_t bar) {
      if (bar == 0) b.place(entry(kL, kBuy));
      if (bar != 1) return;
      if (closes == 1) b.place(close_of(kL));
      b.place(entry(kS, kSell));
      if (closes == 2) b.place(close_of(kL));
    });
    EXPECT_EQ(broker.position_size(), closes == 1 ? -10 : 10) << closes;
  }
}

TEST(Margin, brackets_rest_after_a_refused_reversal_until_issued_again) {
  for (const bool again : {false, true}) {
    pine::StrategySettings all = margined(100, 100);
    all.default_qty_type = kPercent;
    all.default_qty_value = 100;
    Market market({kHundred, kHundred, {101, 102, 100, 101}, {101, 102, 90, 101}}, all);
    Broker& broker = market.run([&](Broker& b, std::size_t bar) {
      if (bar == 0) b.place(entry(kL, kBuy));
      if (bar == 1 || (again && bar == 2)) b.place(exit_of(kX, kL, {.stop = 95}));
      if (bar == 1) b.place(entry(kS, kSell));
    });
    EXPECT_EQ(broker.position_size(), again ? 0 : 10);
  }
}

TEST(Margin, of_two_opposite_entries_of_a_bar_the_second_needs_room_for_both) {
  for (const double capital : {1000.0, 1200.0}) {
    Market market({kHundred, kHundred}, margined(100, 100, capital));
    Broker& broker = market.run([](Broker& b, std::size_t bar) {
      if (bar != 0) return;
      b.place(entry(kL, kBuy, 6));
      b.place(entry(kS, kSell, 6));
    });
    EXPECT_EQ(broker.position_size(), capital == 1000 ? 6 : -6);
  }
}

TEST(Margin, add_needs_margin_that_the_position_does_not_hold) {
  for (const double add : {5.0, 6.0}) {
    pine::StrategySettings settings = margined(100, 100);
    settings.pyramiding = 2;
    Market market({kHundred, kHundred, kHundred}, settings);
    Broker& broker = market.run([&](Broker& b, std::size_t bar) {
      if (bar == 0) b.place(entry(kA, kBuy, 5));
      if (bar == 1) b.place(entry(kB, kBuy, add));
    });
    EXPECT_EQ(broker.position_size(), add == 5 ? 10 : 5);
  }
}

TEST(Margin, stop_entry_is_measured_at_the_open_of_its_bar) {
  for (const auto& [open, size] : {std::pair{102.0, 0.0}, {95.0, -10.0}}) {
    Market market({kHundred, {open, open + 1, 94, 95}}, margined(100, 100));
    EXPECT_EQ(market.run(once(entry(kS, kSell, 10, kNa, 98))).position_size(), size) << open;
  }
}

TEST(MarginCall, liquidates_four_times_what_would_cover_the_shortage) {
  // The manual's example: 682,438 shares at 4.43 on 25 % margin, price 3.90.
  market::Instrument instrument;
  Market market({{4.43, 4.43, 4.43, 4.43}, {4.43, 4.5, 4.4, 4.43}, {4.4, 4.41, 3.9, 4.0}}, margined(25, 25, 1'000'000),
                instrument);
  Broker& broker = market.run(once(entry(kL, kBuy, 682'438)));
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 4.43, 2, 3.9, 111'052}}));
  EXPECT_EQ(broker.closed_trades()[0].exit_reason, ExitReason::kMarginCall);
}

TEST(MarginCall, short_of_less_than_a_lot_costs_one_contract_and_of_much_the_whole_position) {
  for (const auto& [high, left] : {std::pair{101.0, -9.0}, {150.0, 0.0}}) {
    Market market({kHundred, {100, 100, 99, 100}, {100, high, 99, 100}}, margined(100, 100));
    EXPECT_EQ(market.run(once(entry(kS, kSell, 10))).position_size(), left) << high;
  }
}

TEST(MarginCall, exit_that_the_path_meets_before_the_extreme_goes_first) {
  Market market({kHundred, {100, 100, 99, 100}, {100, 150, 99, 120}}, margined(100, 100));
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kS, kSell, 10));
    if (bar == 1) b.place(exit_of(kX, kS, {.stop = 120}));
  });
  EXPECT_EQ(closed(broker), (Rows{{kSell, 1, 100, 2, 120, 10}}));
  EXPECT_EQ(broker.closed_trades()[0].exit_reason, ExitReason::kExit);
}

TEST(MarginCall, never_happens_to_a_fully_paid_long_or_without_margin) {
  Market paid({kHundred, kHundred, {100, 100, 1, 1}}, margined(100, 100));
  EXPECT_EQ(paid.run(once(entry(kL, kBuy, 10))).position_size(), 10);
  Market free({kHundred, kHundred, {100, 900, 100, 900}});
  EXPECT_EQ(free.run(once(entry(kS, kSell, 1'000'000))).position_size(), -1'000'000);
}

TEST(MarginCall, liquidation_price_solves_equity_equals_margin) {
  Market lever({kHundred, kHundred}, margined(25, 25));
  // Cost 2000, capital 1000: (2000 - 1000) / (20 x 0.75) = 66.67.
  EXPECT_EQ(lever.run(once(entry(kL, kBuy, 20))).margin_liquidation_price(), 66);
  Market shorts({kHundred, kHundred}, margined(100, 100));
  EXPECT_EQ(shorts.run(once(entry(kS, kSell, 5))).margin_liquidation_price(), 150);  // (1000 + 500) / (5 x 2)
  Market paid({kHundred, kHundred}, margined(100, 100));
  EXPECT_TRUE(std::isnan(paid.run(once(entry(kL, kBuy, 5))).margin_liquidation_price()));
}

}  // namespace
}  // namespace tradeassist::backtest::testing
