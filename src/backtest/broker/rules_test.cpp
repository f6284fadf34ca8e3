// The emulator's finer rules, each on bars that tell it from its neighbours.
#include "backtest/broker/price_grid.hpp"
#include "backtest/testing/broker_run.hpp"

namespace tradeassist::backtest::testing {
namespace {

const Ohlc kFlat = {100, 101, 99, 100};

pine::StrategySettings adding() {
  pine::StrategySettings settings = Market::no_margin();
  settings.pyramiding = 5;
  return settings;
}

pine::StrategySettings on_close() {
  pine::StrategySettings settings = adding();
  settings.process_orders_on_close = true;
  return settings;
}

pine::StrategySettings margined(double long_percent, double short_percent) {
  pine::StrategySettings settings;
  settings.initial_capital = 1000;
  settings.margin_long = long_percent;
  settings.margin_short = short_percent;
  return settings;
}

// Placing, replacing, cancelling ------------------------------------------------------------------------------------

TEST(Placing, refused_priced_add_takes_the_older_order_of_its_id_with_it) {
  pine::StrategySettings settings = Market::no_margin();
  Market market({kFlat, kFlat, kFlat, {100, 110, 99, 105}}, settings);
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 1, 50));
    if (i == 0) b.place(order(kA, kBuy, 1));
    if (i == 1) b.place(entry(kL, kBuy, 1, kNa, 105));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 1, 100)}));
  EXPECT_EQ(broker.rejections().pyramiding, 1u);
}

TEST(Placing, priced_reversal_ends_flat_when_the_position_has_grown_to_all_it_trades) {
  Market market({kFlat, kFlat, kFlat, kFlat, {100, 101, 90, 95}}, adding());
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 2));
    if (i == 1) b.place(entry(kS, kSell, 1, kNa, 95));  // 1 + 2
    if (i == 2) b.place(entry(kA, kBuy, 1));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 4, 95, 2}, {kBuy, 3, 100, 4, 95, 1}}));
  EXPECT_EQ(broker.position_size(), 0);
}

TEST(Placing, id_given_again_later_takes_a_fresh_look_at_the_position) {
  Market market({kFlat, kFlat, kFlat, {100, 101, 90, 95}});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 2));
    if (i == 1) b.place(entry(kS, kSell, 1, kNa, 95));
    if (i == 1) b.place(close_of(kNoText));
    if (i == 2) b.place(entry(kS, kSell, 1, kNa, 95));  // flat now
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kSell, 3, 95, 1)}));
}

TEST(Placing, of_several_orders_that_were_to_turn_a_position_round_one_carries_its_size) {
  Market market({kFlat, kFlat, kFlat, {100, 101, 85, 90}});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 2));
    if (i != 1) return;
    b.place(entry(kA, kSell, 1, kNa, 95));
    b.place(entry(kB, kSell, 1, kNa, 90));
    b.place(close_of(kNoText));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kSell, 3, 95, 3), open_row(kSell, 3, 90, 1)}));
}

TEST(Placing, stop_entry_counts_an_opposite_market_entry_given_before_it) {
  for (const bool before : {true, false}) {
    Market market({kFlat, {100, 101, 90, 95}});
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      if (i != 0) return;
      if (before) b.place(entry(kL, kBuy, 2));
      b.place(entry(kS, kSell, 1, kNa, 95));
      if (!before) b.place(entry(kL, kBuy, 2));
    });
    EXPECT_EQ(broker.position_size(), before ? -1 : 1);
  }
}

TEST(Placing, pending_stops_do_not_count_each_other) {
  // High first: long at 105, then the sell stop with its own 1 ends flat.
  Market market({kFlat, {100, 106, 93, 100}});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 1, kNa, 105));
    if (i == 0) b.place(entry(kS, kSell, 1, kNa, 95));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 105, 1, 95, 1}}));
  EXPECT_EQ(broker.position_size(), 0);
}

TEST(Placing, exits_and_entries_of_one_id_are_different_orders) {
  Market market({kFlat, kFlat, {100, 106, 99, 100}, {100, 101, 90, 95}}, adding());
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 1));
    if (i != 1) return;
    b.place(entry(kX, kBuy, 1, 95));
    b.place(exit_of(kX, kL, {.limit = 105}));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, 105, 1}}));
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 3, 95)}));
}

TEST(Cancelling, close_all_spares_a_stop_that_goes_on_under_the_id_of_an_open_trade) {
  for (const bool all : {true, false}) {
    Market market({kFlat, kFlat, kFlat, kFlat, {100, 120, 99, 110}}, adding());
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kL, kBuy, 1));
      if (i == 1) b.place(entry(kL, kBuy, 1, kNa, 110));
      if (i == 2) b.place(close_of(all ? TextId{kNoText} : TextId{kL}));
    });
    EXPECT_EQ(opened(broker), all ? (Rows{open_row(kBuy, 4, 110)}) : Rows{});
  }
}

TEST(Cancelling, exit_of_a_cancelled_entry_waits_for_the_next_of_that_id) {
  Market market({kFlat, kFlat, {100, 101, 94, 96}, {96, 101, 95, 100}});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) {
      b.place(entry(kL, kBuy, 1, 90));
      b.place(exit_of(kX, kL, {.profit = 5}));
    }
    if (i == 1) {
      b.cancel(kL);
      b.place(entry(kL, kBuy, 1, 95));
    }
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 2, 95, 3, 100, 1}}));
}

TEST(Cancelling, rejected_entry_takes_the_exit_that_names_it_and_leaves_the_one_that_names_none) {
  for (const bool named : {true, false}) {
    Market market({kFlat, {101, 102, 100, 101}, kFlat, {100, 111, 99, 110}}, margined(100, 100));
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      if (i == 0) {
        b.place(entry(kL, kBuy, 10));  // 1010 at the open, with 1000
        b.place(exit_of(kX, named ? TextId{kL} : kNoText, {.limit = 110}));
      }
      if (i == 1) b.place(entry(kL, kBuy, 5));
    });
    EXPECT_EQ(closed(broker), named ? Rows{} : (Rows{{kBuy, 2, 100, 3, 110, 5}}));
  }
}

// The order of fills ------------------------------------------------------------------------------------------------

TEST(OpenTick, long_add_comes_before_the_stop_that_the_open_jumped_over_and_leaves_with_it) {
  for (const auto& [bar, add, exit] :
       {std::tuple<Ohlc, double, double>{{90, 91, 89, 90}, 90, 90}, {{100, 101, 94, 96}, 100, 95}}) {
    Market market({kFlat, kFlat, bar}, adding());
    Broker& broker = market.run([](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kL, kBuy, 1));
      if (i != 1) return;
      b.place(entry(kL, kBuy, 2));
      b.place(exit_of(kX, kL, {.stop = 95}));
    });
    EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, exit, 1}, {kBuy, 2, add, 2, exit, 2}}));
  }
}

TEST(OpenTick, buy_stop_of_a_short_comes_before_the_add_and_leaves_it_open) {
  Market market({kFlat, kFlat, {110, 111, 109, 110}}, adding());
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kS, kSell, 1));
    if (i != 1) return;
    b.place(entry(kS, kSell, 2));
    b.place(exit_of(kX, kS, {.stop = 105}));
  });
  EXPECT_EQ(closed(broker), (Rows{{kSell, 1, 100, 2, 110, 1}}));
  EXPECT_EQ(opened(broker), (Rows{open_row(kSell, 2, 110, 2)}));
}

TEST(OpenTick, limit_that_the_open_jumped_over_comes_after_the_add_of_a_short) {
  Market market({kFlat, kFlat, {90, 91, 89, 90}}, adding());
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kS, kSell, 1));
    if (i != 1) return;
    b.place(entry(kS, kSell, 2));
    b.place(exit_of(kX, kS, {.limit = 95}));
  });
  EXPECT_EQ(closed(broker), (Rows{{kSell, 1, 100, 2, 90, 1}, {kSell, 2, 90, 2, 90, 2}}));
}

TEST(OpenTick, stop_jumped_over_with_a_reversing_stop_opens_under_its_own_id) {
  struct Case {
    Ohlc bar;
    bool market;
    std::size_t rows;
  };
  for (const Case& c : {Case{{80, 82, 78, 80}, false, 2}, {{80, 82, 78, 80}, true, 1}, {{94, 96, 85, 90}, false, 1}}) {
    Market market({kFlat, kFlat, c.bar});
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kL, kBuy, 1));
      if (i != 1) return;
      b.place(exit_of(kX, kL, {.stop = 92}));
      b.place(entry(kS, kSell, 1, kNa, c.market ? kNa : 95));
    });
    EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, c.bar.open, 1}}));
    EXPECT_EQ(opened(broker), Rows(c.rows, open_row(kSell, 2, c.bar.open)));
    EXPECT_EQ(broker.open_trades().back().entry_id, c.rows == 2 ? kX : kS);
  }
}

TEST(OpenTick, of_opposite_stops_that_one_open_jumped_over_the_buy_fills_first) {
  Market market({kFlat, {100, 101, 99, 100}});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i != 0) return;
    b.place(entry(kS, kSell, 1, kNa, 105));
    b.place(entry(kL, kBuy, 1, kNa, 95));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 1, 100, 1}}));
}

TEST(OneBar, fills_one_freshly_given_priced_add_and_all_limits_that_rest) {
  struct Case {
    bool again, moved;
    Rows rows;
  };
  const Row first = open_row(kBuy, 1, 100);
  for (const Case& c : {Case{false, false, {first, open_row(kBuy, 3, 98), open_row(kBuy, 3, 97)}},
                        {true, false, {first, open_row(kBuy, 3, 98), open_row(kBuy, 3, 97)}},
                        {true, true, {first, open_row(kBuy, 3, 97), open_row(kBuy, 4, 96)}}}) {
    Market market({kFlat, kFlat, kFlat, {100, 101, 95, 100}, {100, 101, 95, 100}}, adding());
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kL, kBuy, 1));
      if (i != 1 && !(i == 2 && c.again)) return;
      const double lower = i == 2 && c.moved ? 1 : 0;
      b.place(entry(kA, kBuy, 1, 98 - lower));
      b.place(entry(kB, kBuy, 1, 97 - lower));
    });
    EXPECT_EQ(opened(broker), c.rows) << "given once; again at the same price; moved, so fresh";
  }
}

TEST(OneBar, fills_all_priced_entries_given_from_flat) {
  Market market({kFlat, {100, 101, 95, 100}}, adding());
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kA, kBuy, 1, 98));
    if (i == 0) b.place(entry(kB, kBuy, 1, 97));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 1, 98), open_row(kBuy, 1, 97)}));
}

TEST(OneBar, second_of_two_opposite_stops_fills_only_after_the_buy_and_only_to_flat) {
  struct Case {
    Ohlc bar;
    double sells;
    double position;
  };
  for (const Case& c : {Case{{100, 106, 93, 100}, 1, 0},  // bought at 105, sold at 95
                        {{100, 106, 93, 100}, 2, 1},      // would turn round: waits
                        {{100, 107, 94, 100}, 1, -1}}) {  // the sell led: the buy waits
    Market market({kFlat, c.bar});
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kL, kBuy, 1, kNa, 105));
      if (i == 0) b.place(entry(kS, kSell, c.sells, kNa, 95));
    });
    EXPECT_EQ(broker.position_size(), c.position);
  }
}

TEST(OneBar, stop_that_margin_declines_leaves_the_path_to_its_opposite) {
  Market market({kFlat, {101, 106, 93, 100}}, margined(100, 100));
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 10, kNa, 105));  // 10 x 101 > 1000
    if (i == 0) b.place(entry(kS, kSell, 5, kNa, 95));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kSell, 1, 95, 5)}));
}

TEST(Reversals, of_several_entries_with_brackets_the_last_one_trades_the_position_too) {
  struct Case {
    bool brackets;
    double held, first;
    Rows closed;
    Row row;
    TextId id;
  };
  const Row one = {kSell, 1, 100, 2, 100, 1};
  for (const Case& c : {Case{true, 1, 1, {one}, open_row(kBuy, 2, 100, 2), kB},
                        {true, 2, 1, {one, one}, open_row(kBuy, 2, 100, 2), kB},
                        {true, 1, 3, {one}, open_row(kBuy, 2, 100, 2), kA},  // the first turns round alone
                        {false, 1, 3, {one}, open_row(kBuy, 2, 100, 3), kA}}) {
    Market market({kFlat, kFlat, kFlat});
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kS, kSell, c.held));
      if (i != 1) return;
      b.place(entry(kA, kBuy, c.first));
      b.place(entry(kB, kBuy, 1));
      if (!c.brackets) return;
      b.place(exit_of(kX, kA, {.limit = 130}));
      b.place(exit_of(kY, kB, {.limit = 130}));
    });
    EXPECT_EQ(closed(broker), c.closed);
    EXPECT_EQ(broker.closed_trades()[0].exit_id, kA);
    ASSERT_EQ(opened(broker), (Rows{c.row}));
    EXPECT_EQ(broker.open_trades()[0].entry_id, c.id);
  }
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
