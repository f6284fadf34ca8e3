// Finer rules of entries: what a call makes of the orders there are, and which of several fills first.
#include "backtest/testing/broker_run.hpp"

namespace tradeassist::backtest::testing {
namespace {

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

TEST(Closes, between_two_entries_that_turn_round_add_what_the_second_entry_does_not_turn) {
  for (const auto& [seed, lot, left] : {std::tuple{1.0, 3.0, 2.0}, {2.0, 1.0, 0.0}, {2.0, 2.0, 0.0}}) {
    Market market({kFlat, kFlat, {104, 105, 103, 104}, kFlat});
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kB, kSell, seed));
      if (i != 1) return;
      b.place(entry(kA, kBuy, lot));
      b.place(close_of(kB));
      b.place(entry(kB, kSell, lot));
    });
    const double added = std::min(seed, lot);
    EXPECT_EQ(closed(broker),
              (Rows{{kSell, 1, 100, 2, 104, seed}, {kBuy, 2, 104, 2, 104, lot}, {kBuy, 2, 104, 2, 104, added}}));
    EXPECT_EQ(opened(broker), left == 0 ? Rows{} : Rows{open_row(kSell, 2, 104, left)});
  }
  // Without the second entry there is nothing left to close.
  Market market({kFlat, kFlat, {104, 105, 103, 104}});
  Broker& broker = market.run([&](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kB, kSell, 1));
    if (i != 1) return;
    b.place(entry(kA, kBuy, 3));
    b.place(close_of(kB));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 2, 104, 3)}));
}

}  // namespace
}  // namespace tradeassist::backtest::testing
