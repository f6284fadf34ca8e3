// Finer rules of exits, closes and money, each on bars that tell it from its neighbours.
#include "backtest/broker/price_grid.hpp"
#include "backtest/testing/broker_run.hpp"

namespace tradeassist::backtest::testing {
namespace {

pine::StrategySettings on_close() {
  pine::StrategySettings settings = adding();
  settings.process_orders_on_close = true;
  return settings;
}

// Exits -------------------------------------------------------------------------------------------------------------

TEST(Brackets, beyond_their_level_from_the_entry_on_wait_for_the_next_open) {
  Market market({kFlat, {100, 104, 98, 100}, kFlat});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i != 0) return;
    b.place(entry(kL, kBuy, 1));
    b.place(exit_of(kX, kL, {.stop = 110}));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, 100, 1}}));
}

TEST(Brackets, that_name_a_reversing_entry_fill_at_its_open_when_beyond_their_level) {
  pine::StrategySettings settings = Market::no_margin();
  settings.slippage = 1;
  for (const auto& [levels, price] : {std::pair{Levels{.stop = 105}, 109.0}, {Levels{.limit = 110}, 108.0}}) {
    Market market({kFlat, kFlat, {108, 109, 107, 108}}, settings);
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kL, kBuy, 1));
      if (i == 1) b.place(entry(kS, kSell, 1));
      if (i == 1) b.place(exit_of(kX, kS, levels));
    });
    EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 101, 2, 107, 1}, {kSell, 2, 107, 2, price, 1}}))
        << "stops slip, limits do not";
  }
}

TEST(Brackets, of_one_entry_at_one_price_are_filled_whole_before_parts_when_one_trails) {
  for (const bool trails : {false, true}) {
    Market market({kFlat, {100, 106, 99, 105}, {90, 91, 89, 90}});
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      if (i != 0) return;
      b.place(entry(kL, kBuy, 2));
      b.place(exit_of(kX, kL, {.stop = 95, .quantity = 1}));
      ExitRequest whole = exit_of(kY, kL, {.stop = trails ? kNa : 95});
      if (trails) whole.trail_points = whole.trail_offset = 3;
      b.place(whole);
    });
    ASSERT_EQ(broker.closed_trades().size(), 2u);
    EXPECT_EQ(broker.closed_trades()[0].exit_id, trails ? kY : kX);
    EXPECT_EQ(broker.closed_trades()[1].exit_id, trails ? kX : kY);
  }
}

TEST(Brackets, at_the_very_extreme_of_a_bar_all_fill) {
  {
    Market market({kFlat, {100, 102, 99, 101}, {101, 105, 100, 102}, kFlat});
    Broker& broker = market.run([](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kL, kBuy, 2));
      b.place(exit_of(kX, kL, {.limit = 105, .stop = 90, .percent = 50}));
      b.place(exit_of(kY, kL, {.limit = 105, .stop = 95}));
    });
    EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, 105, 1}, {kBuy, 1, 100, 2, 105, 1}}));
  }
  {  // a short's stop and the stop entry that turns it round; two stops from flat, on either side
    Market market({kFlat, kFlat, {101, 105, 100, 102}, kFlat});
    Broker& broker = market.run([](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kS, kSell, 1));
      if (i == 0) b.place(exit_of(kX, kS, {.stop = 105}));
      if (i == 0) b.place(order(kA, kBuy, 3, kNa, 105));
    });
    EXPECT_EQ(closed(broker), (Rows{{kSell, 1, 100, 2, 105, 1}}));
    EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 2, 105, 3)}));
  }
  for (const bool buys : {true, false}) {
    const double level = buys ? 105 : 95;
    Market market({kFlat, {100, buys ? level : 101, buys ? 99 : level, 100}, kFlat}, adding());
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      if (i != 0) return;
      b.place(entry(kA, buys ? kBuy : kSell, 1, kNa, level));
      b.place(entry(kB, buys ? kBuy : kSell, 1, kNa, level));
    });
    EXPECT_EQ(opened(broker).size(), 2u);
  }
}

TEST(Brackets, given_again_cover_no_entry_that_comes_later) {
  for (const bool again : {false, true}) {
    Market market({kFlat, kFlat, kFlat, kFlat, kFlat, {100, 101, 80, 82}, kFlat}, adding());
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      if (i == 0 || i == 3) b.place(entry(kL, kBuy, 1));
      if (i == 1 || (again && i == 2)) b.place(exit_of(kX, kL, {.stop = 90}));
    });
    EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 5, 90, 1}}));
  }
}

TEST(Brackets, of_an_entry_that_is_closed_already_do_nothing) {
  for (const bool newest : {false, true}) {
    pine::StrategySettings settings = adding();
    settings.close_any = true;
    Market market({kFlat, kFlat, kFlat, {100, 103, 100, 100}, kFlat, {100, 101, 97, 100}, kFlat}, settings);
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      b.place(exit_of(kX, kB, {.limit = 103, .stop = 98}));
      if (i == 0) b.place(entry(newest ? kA : kB, kBuy, 1));
      if (i == 1) b.place(entry(newest ? kB : kA, kBuy, 1));
      if (i == 4) b.place(entry(kB, kBuy, 1));
    });
    EXPECT_EQ(opened(broker).size(), 2u) << "the second one is given after the exit found nothing to leave";
  }
}

TEST(Brackets, asleep_since_a_refused_reversal_wake_with_a_margin_call_and_fill_there) {
  // At 65 the 20 bought at 100 are worth 300 of equity and need 325: 1 covers, 4 go, and the stop at 80 takes the rest.
  Market market({kFlat, kFlat, {101, 102, 65, 90}}, margined(25, 100));
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 20));
    if (i != 1) return;
    b.place(exit_of(kX, kL, {.stop = 80}));
    b.place(entry(kS, kSell, 10));  // 1010 at the open, with 1000
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, 65, 4}, {kBuy, 1, 100, 2, 65, 16}}));
  EXPECT_EQ(broker.closed_trades()[0].exit_reason, ExitReason::kMarginCall);
  EXPECT_EQ(broker.closed_trades()[1].exit_id, kX);
}

TEST(Brackets, cover_an_entry_of_their_name_that_the_same_bar_gives_after_them) {
  Market market({kFlat, kFlat, kFlat, {100, 111, 99, 110}}, adding());
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 1));
    if (i != 1) return;
    b.place(exit_of(kX, kL, {.limit = 110}));
    b.place(entry(kL, kBuy, 2));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 3, 110, 1}, {kBuy, 2, 100, 3, 110, 2}}));
}

TEST(Brackets, given_after_a_close_of_the_bar_have_what_it_leaves) {
  Market market({kFlat, kFlat, {100, 111, 99, 110}});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 10));
    if (i == 1) b.place(close_of(kL, 4));
    if (i == 1) b.place(exit_of(kX, kL, {.limit = 110}));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, 100, 4}, {kBuy, 1, 100, 2, 110, 6}}));
}

// Closes ------------------------------------------------------------------------------------------------------------

TEST(ClosingOrders, called_after_a_reversal_leave_the_new_position_alone) {
  for (const bool all : {true, false}) {
    Market market({kFlat, kFlat, kFlat});
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kL, kBuy, 1));
      if (i == 1) b.place(entry(kS, kSell, 1));
      if (i == 1) b.place(close_of(all ? TextId{kNoText} : TextId{kL}));
    });
    EXPECT_EQ(opened(broker), (Rows{open_row(kSell, 2, 100)}));
  }
}

TEST(ClosingOrders, go_before_the_entries_of_the_same_close) {
  Market market({kFlat, kFlat}, on_close());
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 1));
    if (i == 1) b.place(entry(kS, kSell, 2));
    if (i == 1) b.place(close_of(kL));
  });
  ASSERT_EQ(closed(broker), (Rows{{kBuy, 0, 100, 1, 100, 1}}));
  EXPECT_EQ(broker.closed_trades()[0].exit_reason, ExitReason::kClose);
  EXPECT_EQ(opened(broker), (Rows{open_row(kSell, 1, 100, 2)}));
}

TEST(ClosingOrders, adds_of_the_same_close_survive_close_all) {
  Market market({kFlat, kFlat}, on_close());
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 1));
    if (i == 1) b.place(entry(kA, kBuy, 2));
    if (i == 1) b.place(close_of(kNoText));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 0, 100, 1, 100, 1}}));
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 1, 100, 2)}));
}

TEST(ClosingOrders, of_one_place_in_the_script_the_last_acts_when_orders_fill_at_the_close) {
  for (const bool same_place : {true, false}) {
    Market market({kFlat, kFlat, kFlat}, on_close());
    std::vector<double> sizes;
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      sizes.push_back(b.position_size());
      if (i == 0) b.place(entry(kA, kBuy, 1));
      if (i == 0) b.place(entry(kB, kBuy, 2));
      if (i != 1) return;
      for (const TextId id : {kA, kB}) {
        CloseRequest close = close_of(id);
        close.call_site = same_place ? 7 : 7 + id;
        b.place(close);
      }
    });
    EXPECT_EQ(sizes[2], same_place ? 1 : 0);
    // By FIFO the 2 of B take the row of A and half of B's.
    EXPECT_EQ(closed(broker), same_place ? (Rows{{kBuy, 0, 100, 1, 100, 1}, {kBuy, 0, 100, 1, 100, 1}})
                                         : (Rows{{kBuy, 0, 100, 1, 100, 1}, {kBuy, 0, 100, 1, 100, 2}}));
  }
}

TEST(ClosingOrders, close_all_at_once_lists_the_close_and_pays_the_slippage) {
  pine::StrategySettings settings = Market::no_margin();
  settings.slippage = 2;
  Market market({kFlat, kFlat}, settings);
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 1));
    if (i == 1) b.place(close_of(kNoText, kNa, true));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 102, 1, 100, 1}}));
  EXPECT_EQ(broker.closed_trades()[0].profit, 98 - 102);
}

TEST(ClosingOrders, exit_of_all_at_the_close_covers_adds_given_before_it_and_none_after) {
  Market market({kFlat, kFlat}, on_close());
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 1));
    if (i != 1) return;
    b.place(entry(kA, kBuy, 2));
    b.place(exit_of(kX, kNoText, {.limit = 100}));
    b.place(entry(kB, kBuy, 3));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 0, 100, 1, 100, 1}, {kBuy, 1, 100, 1, 100, 2}}));
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 1, 100, 3)}));
}

// Money -------------------------------------------------------------------------------------------------------------

TEST(MarginRules, strategy_order_that_only_closes_needs_none) {
  for (const auto& [sells, position] : {std::pair{10.0, 0.0}, {11.0, 10.0}}) {
    pine::StrategySettings settings = margined(100, 2000);
    Market market({kFlat, {100, 101, 60, 60}, {60, 61, 59, 60}}, settings);
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      if (i == 0) b.place(order(kL, kBuy, 10));
      if (i == 1) b.place(order(kS, kSell, sells));  // the 11th needs 1200 with 600
    });
    EXPECT_EQ(broker.position_size(), position);
  }
}

TEST(MarginRules, position_opened_at_the_close_is_not_tested_on_the_bar_before_it) {
  pine::StrategySettings settings = margined(100, 100);
  settings.process_orders_on_close = true;
  for (const double next_high : {100.0, 101.0}) {
    Market market({{100, 300, 99, 100}, {100, next_high, 99, 100}}, settings);
    Broker& broker = market.run([](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kS, kSell, 10));
    });
    EXPECT_EQ(broker.position_size(), next_high == 100 ? -10 : -9) << "only what came after it counts";
  }
}

TEST(MarginRules, trailing_stop_of_an_entry_at_the_close_knows_nothing_of_its_bar) {
  Market market({{100, 120, 99, 100}, {100, 104, 99, 103}, {103, 104, 99, 100}}, on_close());
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    ExitRequest exit = exit_of(kX, kL, {});
    exit.trail_points = 5;
    exit.trail_offset = 3;
    if (i == 0) b.place(entry(kL, kBuy, 1));
    b.place(exit);
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 0, 100)})) << "105 was not reached since";
}

TEST(MarginRules, cover_counts_as_whole_what_is_next_to_it) {
  const QuantityGrid grid(1);
  EXPECT_EQ(grid.floor_near(3 - 1e-9), 3);
  EXPECT_EQ(grid.floor_near(3 - 1e-6), 2);
  EXPECT_EQ(grid.floor_near(3.9), 3);
}

TEST(Alerts, messages_of_the_orders_stay_with_their_fills) {
  for (const auto& [high, low, alert] : {std::tuple{108.0, 99.0, kA}, {101.0, 92.0, kB}}) {
    Market market({kFlat, kFlat, {100, high, low, 100}});
    Broker& broker = market.run([](Broker& b, std::size_t i) {
      EntryRequest in = entry(kL, kBuy, 1);
      in.alert = kWord;
      ExitRequest out = exit_of(kX, kL, {.limit = 108, .stop = 92});
      out.alert = kA;
      out.alert_loss = kB;
      if (i == 0) b.place(in);
      if (i == 1) b.place(out);
    });
    ASSERT_EQ(broker.closed_trades().size(), 1u);
    EXPECT_EQ(broker.closed_trades()[0].entry_alert, kWord);
    EXPECT_EQ(broker.closed_trades()[0].exit_alert, alert);
  }
}

}  // namespace
}  // namespace tradeassist::backtest::testing
