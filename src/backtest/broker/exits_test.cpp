// Exits: strategy.exit with its brackets, partials and reservations, strategy.close and close_all.
#include "backtest/testing/broker_run.hpp"

namespace tradeassist::backtest::testing {
namespace {

/// Long `quantity` from the open of bar 1 at 100, with exits given once at its close or with the entry.
TEST(Exits, bracket_leg_that_the_path_meets_first_fills_and_ends_the_other) {
  for (const auto& [bar, price] : {std::pair<Ohlc, double>{{100, 106, 90, 95}, 92},
                                   {{100, 112, 91, 95}, 92},
                                   {{100, 108, 91, 95}, 108},
                                   {{100, 108, 92, 95}, 92}}) {
    Market market({kFlat, kFlat, bar, kFlat});
    Broker& broker = market.run([](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kL, kBuy, 1));
      if (i == 1) b.place(exit_of(kX, kL, {.limit = 108, .stop = 92}));
    });
    ASSERT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, price, 1}}));
    EXPECT_EQ(broker.closed_trades()[0].exit_reason, ExitReason::kExit);
    EXPECT_TRUE(broker.idle());
  }
}

TEST(Exits, gapped_stop_fills_at_the_open_and_so_does_a_gapped_limit) {
  for (const double open : {85.0, 120.0}) {
    Market market({kFlat, kFlat, {open, open + 1, open - 1, open}});
    Broker& broker = market.run([](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kL, kBuy, 1));
      if (i == 1) b.place(exit_of(kX, kL, {.limit = 108, .stop = 92}));
    });
    EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, open, 1}}));
  }
}

TEST(Exits, stops_slip_and_limits_do_not) {
  pine::StrategySettings settings = Market::no_margin();
  settings.slippage = 3;
  for (const auto& [bar, price] : {std::pair<Ohlc, double>{{103, 104, 90, 95}, 89}, {{103, 112, 100, 105}, 108}}) {
    Market market({kFlat, kFlat, bar}, settings);
    Broker& broker = market.run([](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kL, kBuy, 1));
      if (i == 1) b.place(exit_of(kX, kL, {.limit = 108, .stop = 92}));
    });
    EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 103, 2, price, 1}}));
  }
}

TEST(Exits, profit_and_loss_are_ticks_from_the_entry_price) {
  market::Instrument instrument;
  instrument.tick_size = 0.5;
  for (const int side : {1, -1}) {
    for (const bool up : {true, false}) {
      const Ohlc bar = up ? Ohlc{100, 110, 100, 105} : Ohlc{100, 100, 90, 95};
      Market market({kFlat, kFlat, bar}, Market::no_margin(), instrument);
      Broker& broker = market.run([&](Broker& b, std::size_t i) {
        if (i == 0) b.place(entry(kL, side > 0 ? kBuy : kSell, 1));
        if (i == 1) b.place(exit_of(kX, kL, {.profit = 10, .loss = 6}));
      });
      ASSERT_EQ(broker.closed_trades().size(), 1u);
      EXPECT_EQ(broker.closed_trades()[0].exit_price, (side > 0) == up ? 100 + side * 5 : 100 - side * 3);
    }
  }
}

TEST(Exits, of_an_absolute_and_a_relative_level_v6_takes_the_nearer_and_v5_the_absolute) {
  for (const bool nearer : {true, false}) {
    pine::StrategySettings settings = Market::no_margin();
    settings.exit_takes_nearer_level = nearer;
    Market market({kFlat, kFlat, {100, 130, 100, 130}}, settings);
    Broker& broker = market.run([](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kL, kBuy, 1));
      if (i == 1) b.place(exit_of(kX, kL, {.limit = 120, .profit = 10}));
    });
    EXPECT_EQ(broker.closed_trades()[0].exit_price, nearer ? 110 : 120);
  }
}

TEST(Exits, given_with_the_entry_live_on_its_bar_for_the_rest_of_the_path) {
  // Low first: 95 fills the limit entry, then 104 takes the profit of the exit that waited for it.
  Market market({kFlat, {100, 106, 95, 100}});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i != 0) return;
    b.place(entry(kL, kBuy, 1, 96));
    b.place(exit_of(kX, kL, {.profit = 8, .loss = 20}));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 96, 1, 104, 1}}));
  // High first: 106 comes before the entry at 96 and does not count.
  Market before({kFlat, {100, 104, 95, 97}, {97, 98, 96, 97}});
  Broker& open = before.run([](Broker& b, std::size_t i) {
    if (i != 0) return;
    b.place(entry(kL, kBuy, 1, 96));
    b.place(exit_of(kX, kL, {.profit = 8}));
  });
  EXPECT_TRUE(closed(open).empty());
  EXPECT_EQ(open.position_size(), 1);
}

TEST(Exits, without_entry_or_pending_order_of_the_name_do_nothing) {
  Market market({kFlat, kFlat, {100, 130, 70, 100}});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(exit_of(kX, kL, {.limit = 120}));
    if (i == 0) b.place(entry(kA, kBuy, 1));
    if (i == 1) b.place(exit_of(kX, kL, {.limit = 120, .stop = 80}));
  });
  EXPECT_TRUE(closed(broker).empty());
  EXPECT_EQ(broker.rejections().no_matching_entry, 2u);
}

TEST(Exits, repeated_call_moves_the_levels_and_one_without_levels_removes_them) {
  Market market({kFlat, kFlat, {100, 101, 96, 100}, {100, 101, 94, 100}, {100, 101, 80, 100}});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 1));
    if (i == 1) b.place(exit_of(kX, kL, {.stop = 95}));
    if (i == 2) b.place(exit_of(kX, kL, {.stop = 90}));
    if (i == 3) b.place(exit_of(kX, kL, {}));
  });
  EXPECT_TRUE(closed(broker).empty());
  EXPECT_EQ(broker.position_size(), 1);
}

TEST(Exits, percent_is_of_the_entry_floored_and_a_filled_part_is_not_armed_again) {
  Market market({kFlat, kFlat, {100, 106, 99, 100}, {100, 106, 99, 100}, {100, 111, 99, 100}});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 5));
    if (i >= 1) {
      b.place(exit_of(kX, kL, {.limit = 105, .percent = 50}));
      b.place(exit_of(kY, kL, {.limit = 110}));
    }
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, 105, 2}, {kBuy, 1, 100, 4, 110, 3}}));
}

TEST(Exits, later_call_gets_what_earlier_ones_left) {
  Market market({kFlat, kFlat, {100, 120, 99, 100}});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 10));
    if (i != 1) return;
    b.place(exit_of(kX, kL, {.limit = 115, .quantity = 8}));
    b.place(exit_of(kY, kL, {.limit = 110, .quantity = 8}));  // 2 are left
    b.place(exit_of(kWord, kL, {.limit = 105}));              // none is
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, 110, 2}, {kBuy, 1, 100, 2, 115, 8}}));
}

TEST(Exits, unnamed_one_covers_every_entry_of_the_position_also_later_ones) {
  pine::StrategySettings settings = Market::no_margin();
  settings.pyramiding = 2;
  Market market({kFlat, kFlat, {100, 101, 99, 100}, {100, 101, 99, 100}, {100, 111, 99, 100}}, settings);
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kA, kBuy, 1));
    if (i == 1) b.place(exit_of(kX, kNoText, {.limit = 110}));
    if (i == 2) b.place(entry(kB, kBuy, 2));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 4, 110, 1}, {kBuy, 3, 100, 4, 110, 2}}));
}

TEST(Exits, named_one_does_not_cover_a_later_entry_unless_called_again) {
  pine::StrategySettings settings = Market::no_margin();
  settings.pyramiding = 2;
  Market market({kFlat, kFlat, kFlat, kFlat, {100, 111, 99, 100}}, settings);
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kA, kBuy, 1));
    if (i == 1) b.place(exit_of(kX, kA, {.limit = 110}));
    if (i == 2) b.place(entry(kA, kBuy, 2));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 4, 110, 1}}));
  EXPECT_EQ(broker.position_size(), 2);
}

TEST(Exits, waiting_for_a_replaced_entry_wait_for_its_replacement) {
  Market market({kFlat, kFlat, {100, 112, 99, 111}, {111, 121, 110, 120}});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) {
      b.place(entry(kL, kBuy, 1, kNa, 150));
      b.place(exit_of(kX, kL, {.profit = 10}));
    }
    if (i == 1) b.place(entry(kL, kBuy, 1, kNa, 110));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 2, 110, 3, 120, 1}}));
}

TEST(Exits, of_a_reversing_entry_protect_the_new_position) {
  Market market({kFlat, kFlat, {100, 101, 99, 100}, {100, 111, 99, 110}});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 1));
    if (i == 1) {
      b.place(entry(kS, kSell, 1));
      b.place(exit_of(kX, kS, {.stop = 105}));
    }
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, 100, 1}, {kSell, 2, 100, 3, 105, 1}}));
}

TEST(Exits, unnamed_one_belongs_to_the_position_that_a_reversal_closes) {
  Market market({kFlat, kFlat, {100, 108, 99, 100}});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 1));
    if (i == 1) {
      b.place(exit_of(kX, kNoText, {.limit = 120, .stop = 105}));
      b.place(entry(kS, kSell, 1));
    }
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kSell, 2, 100)}));
}

TEST(Exits, market_close_comes_before_levels_the_open_jumped_over) {
  Market market({kFlat, kFlat, {80, 82, 78, 80}});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 1));
    if (i == 1) {
      b.place(exit_of(kX, kL, {.stop = 92}));
      b.place(close_of(kL));
    }
  });
  ASSERT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, 80, 1}}));
  EXPECT_EQ(broker.closed_trades()[0].exit_reason, ExitReason::kClose);
}

TEST(Closes, fill_at_the_next_open_or_immediately_at_the_close) {
  for (const bool immediately : {false, true}) {
    Market market({kFlat, {100, 105, 99, 104}, {107, 108, 106, 107}});
    double size_in_script = 0;
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kL, kBuy, 1));
      if (i != 1) return;
      b.place(close_of(kL, kNa, immediately));
      size_in_script = b.position_size();
    });
    EXPECT_EQ(closed(broker), immediately ? (Rows{{kBuy, 1, 100, 1, 104, 1}}) : (Rows{{kBuy, 1, 100, 2, 107, 1}}));
    EXPECT_EQ(size_in_script, 1) << "the script sees the fill on its next run";
  }
}

TEST(Closes, take_the_oldest_rows_under_fifo_and_the_named_ones_under_any) {
  for (const bool any : {false, true}) {
    pine::StrategySettings settings = Market::no_margin();
    settings.pyramiding = 2;
    settings.close_any = any;
    Market market({kFlat, {100, 101, 99, 100}, {110, 111, 109, 110}, {120, 121, 119, 120}, {130, 131, 129, 130}},
                  settings);
    Broker& broker = market.run([](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kA, kBuy, 2));
      if (i == 1) b.place(entry(kB, kBuy, 3));
      if (i == 2) b.place(close_of(kB));
      if (i == 3) b.place(close_of(kA));
    });
    if (any) {
      EXPECT_EQ(closed(broker), (Rows{{kBuy, 2, 110, 3, 120, 3}, {kBuy, 1, 100, 4, 130, 2}}));
    } else {
      EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 3, 120, 2}, {kBuy, 2, 110, 3, 120, 1}, {kBuy, 2, 110, 4, 130, 2}}))
          << "A still has its two, whichever rows went for B";
    }
    EXPECT_EQ(broker.position_size(), 0);
  }
}

TEST(Closes, quantity_and_percent_limit_them_and_several_on_a_bar_add_up) {
  Market market({kFlat, kFlat, kFlat, kFlat});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 10));
    if (i != 1) return;
    b.place(close_of(kL, 3));
    CloseRequest half = close_of(kL);
    half.quantity_percent = 50;
    b.place(half);              // of the 7 left: 3
    b.place(close_of(kL, 99));  // the rest
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, 100, 3}, {kBuy, 1, 100, 2, 100, 3}, {kBuy, 1, 100, 2, 100, 4}}));
}

TEST(Closes, close_all_after_a_partial_close_of_the_bar_takes_what_remains) {
  Market market({kFlat, kFlat, kFlat});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kSell, 10));
    if (i != 1) return;
    b.place(close_of(kL, 4));
    b.place(close_of(kNoText));
  });
  EXPECT_EQ(closed(broker), (Rows{{kSell, 1, 100, 2, 100, 4}, {kSell, 1, 100, 2, 100, 6}}));
  EXPECT_EQ(broker.closed_trades()[1].exit_reason, ExitReason::kCloseAll);
}

TEST(Closes, without_a_matching_trade_at_the_call_do_nothing) {
  Market market({kFlat, kFlat, kFlat});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) {
      b.place(close_of(kL));
      b.place(close_of(kNoText));
      b.place(entry(kL, kBuy, 1));
    }
    if (i == 1) b.place(close_of(kS));
  });
  EXPECT_TRUE(closed(broker).empty());
  EXPECT_EQ(broker.rejections().no_matching_entry, 1u);
}

TEST(OnClose, market_orders_fill_at_the_close_of_their_bar_and_show_on_the_next) {
  pine::StrategySettings settings = Market::no_margin();
  settings.process_orders_on_close = true;
  settings.slippage = 1;
  Market market({{100, 105, 95, 102}, {103, 108, 98, 104}}, settings);
  std::vector<double> seen;
  Broker& broker = market.run([&](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 1));
    if (i == 1) b.place(close_of(kL));
    seen.push_back(b.position_size());
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 0, 103, 1, 103, 1}}));
  EXPECT_EQ(seen, (std::vector<double>{0, 1}));
}

TEST(OnClose, fresh_priced_orders_fill_only_when_the_close_is_already_good) {
  pine::StrategySettings settings = Market::no_margin();
  settings.process_orders_on_close = true;
  settings.pyramiding = 5;
  Market market({{100, 105, 95, 102}}, settings);
  Broker& broker = market.run([](Broker& b, std::size_t) {
    b.place(entry(kL, kBuy, 1, 104));       // the close is better: filled there
    b.place(entry(kA, kBuy, 1, 96));        // the bar's low reached it, the close does not
    b.place(entry(kB, kBuy, 1, kNa, 101));  // a stop waits for the next bar
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 0, 102)}));
  EXPECT_FALSE(broker.idle());
}

TEST(OnClose, exits_of_an_entry_filled_at_the_close_are_live_from_the_next_open) {
  pine::StrategySettings settings = Market::no_margin();
  settings.process_orders_on_close = true;
  Market market({{100, 105, 95, 102}, {90, 92, 89, 91}}, settings);
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i != 0) return;
    b.place(entry(kL, kBuy, 1));
    b.place(exit_of(kX, kL, {.stop = 110}));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 0, 102, 1, 90, 1}}));
}

}  // namespace
}  // namespace tradeassist::backtest::testing
