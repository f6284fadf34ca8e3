// Entries: when and at what price each kind fills, what replaces, reverses and adds.
#include "backtest/testing/broker_run.hpp"

namespace tradeassist::backtest::testing {
namespace {

const std::vector<Ohlc> kQuiet = {{100, 105, 95, 102}, {103, 108, 98, 104}, {106, 110, 100, 107}, {108, 112, 104, 109}};

TEST(Entries, market_order_fills_at_the_next_open) {
  Market market(kQuiet);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 2));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 1, 103, 2)}));
  EXPECT_EQ(broker.position_size(), 2);
  EXPECT_EQ(broker.position_entry_name(), kL);
  EXPECT_DOUBLE_EQ(broker.open_profit(), 2 * (109 - 103));
}

TEST(Entries, order_of_the_last_bar_never_fills) {
  Market market(kQuiet);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 3) b.place(entry(kL, kBuy, 1));
  });
  EXPECT_TRUE(opened(broker).empty());
  EXPECT_EQ(broker.orders_placed(), 1u);
}

TEST(Entries, slippage_moves_market_and_stop_fills_against_the_order_and_leaves_limits) {
  pine::StrategySettings settings = Market::no_margin();
  settings.slippage = 2;
  settings.pyramiding = 5;
  Market market(kQuiet, settings);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar != 0) return;
    b.place(entry(kL, kBuy, 1));
    b.place(entry(kA, kBuy, 1, 99));
    b.place(entry(kB, kBuy, 1, kNa, 107));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 1, 105), open_row(kBuy, 1, 99), open_row(kBuy, 1, 109)}))
      << "the low is as near as the high, so it comes first: limit before stop";
}

TEST(Entries, off_tick_levels_round_away_from_filling) {
  struct Case {
    Direction direction;
    double limit, stop, fill;
  };
  for (const Case& c : {Case{kBuy, 100.6, kNa, 100}, Case{kSell, 105.4, kNa, 106}, Case{kBuy, kNa, 105.4, 106},
                        Case{kSell, kNa, 100.6, 100}, Case{kBuy, 99.99995, kNa, 100}}) {
    Market market(kQuiet);
    Broker& broker = market.run([&](Broker& b, std::size_t bar) {
      if (bar == 0) b.place(entry(kL, c.direction, 1, c.limit, c.stop));
    });
    ASSERT_EQ(broker.open_trade_count(), 1u);
    EXPECT_EQ(broker.open_trades()[0].entry_price, c.fill);
  }
}

TEST(Entries, levels_the_open_jumped_over_fill_at_the_open) {
  const std::vector<Ohlc> gap = {{100, 101, 99, 100}, {110, 111, 109, 110}};
  for (const EntryRequest& request : {entry(kL, kBuy, 1, kNa, 105), entry(kS, kSell, 1, 105)}) {
    Market market(gap);
    Broker& broker = market.run([&](Broker& b, std::size_t bar) {
      if (bar == 0) b.place(request);
    });
    ASSERT_EQ(broker.open_trade_count(), 1u);
    EXPECT_EQ(broker.open_trades()[0].entry_price, 110);
  }
}

TEST(Entries, levels_out_of_reach_wait_until_filled_or_cancelled) {
  const std::vector<Ohlc> bars = {{100, 101, 99, 100}, {100, 101, 99, 100}, {100, 103, 99, 100}, {100, 101, 90, 100}};
  Market market(bars);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) {
      b.place(entry(kL, kBuy, 1, kNa, 103));
      b.place(entry(kA, kBuy, 1, 95));
    }
    if (bar == 2) b.cancel(kA);
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 2, 103)}));
}

TEST(Entries, same_id_replaces_the_pending_order) {
  Market market(kQuiet);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar != 0) return;
    b.place(entry(kL, kBuy, 1, 50));
    b.place(entry(kL, kBuy, 3));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 1, 103, 3)}));
}

TEST(Entries, stop_limit_becomes_a_limit_once_its_stop_is_reached) {
  // Bar 1 reaches 105 while the limit asks for 101: filled there on the way down, in the same bar or a later one.
  Market same({{100, 101, 99, 100}, {103, 105, 100, 102}});
  Broker& down = same.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 1, 101, 105));
  });
  EXPECT_EQ(opened(down), (Rows{open_row(kBuy, 1, 101)}));

  Market later({{100, 101, 99, 100}, {103, 105, 102, 103}, {103, 104, 102, 103}, {103, 104, 100, 101}});
  Broker& waits = later.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 1, 101, 105));
  });
  EXPECT_EQ(opened(waits), (Rows{open_row(kBuy, 3, 101)}));

  Market better({{100, 101, 99, 100}, {103, 110, 102, 108}});
  Broker& now = better.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 1, 107, 105));
  });
  EXPECT_EQ(opened(now), (Rows{open_row(kBuy, 1, 105)})) << "already better than the limit: the stop's price";
}

TEST(Entries, limit_needs_the_assumed_ticks_beyond_it_and_fills_at_itself) {
  pine::StrategySettings settings = Market::no_margin();
  settings.backtest_fill_limits_assumption = 2;
  Market market({{100, 101, 99, 100}, {100, 101, 98, 100}, {98, 99, 97, 98}, {98, 99, 96, 98}}, settings);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 1, 98));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 3, 98)})) << "98 and 97 touch it; 96 is two ticks beyond";
}

TEST(Path, nearer_extreme_comes_first_and_of_equal_ones_the_low) {
  // Both a buy limit at 95 and a sell limit at 105 are reached; which opened the position tells the order.
  const auto first = [](const Ohlc& bar) {
    Market market({{100, 101, 99, 100}, bar});
    Broker& broker = market.run([](Broker& b, std::size_t i) {
      if (i != 0) return;
      b.place(order(kL, kBuy, 1, 95));
      b.place(order(kS, kSell, 1, 105));
    });
    EXPECT_EQ(closed(broker).size(), 1u);
    return closed(broker)[0].direction;
  };
  EXPECT_EQ(first({100, 106, 93, 100}), kSell);
  EXPECT_EQ(first({100, 107, 94, 100}), kBuy);
  EXPECT_EQ(first({100, 106, 94, 100}), kBuy);
}

TEST(Path, nearer_level_fills_first_and_equal_levels_by_creation) {
  pine::StrategySettings settings = Market::no_margin();
  settings.pyramiding = 5;
  Market market({{100, 101, 99, 100}, {100, 110, 100, 105}}, settings);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar != 0) return;
    b.place(entry(kL, kBuy, 1, kNa, 108));
    b.place(entry(kA, kBuy, 2, kNa, 104));
    b.place(entry(kB, kBuy, 3, kNa, 108));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 1, 104, 2), open_row(kBuy, 1, 108, 1), open_row(kBuy, 1, 108, 3)}));
}

TEST(Reversal, opposite_entry_closes_all_and_opens_its_own_size) {
  Market market(kQuiet);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 2));
    if (bar == 1) b.place(entry(kS, kSell, 3));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 103, 2, 106, 2}}));
  EXPECT_EQ(opened(broker), (Rows{open_row(kSell, 2, 106, 3)}));
  EXPECT_EQ(broker.closed_trades()[0].exit_id, kS);
}

TEST(Reversal, strategy_order_only_nets) {
  Market market(kQuiet);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(order(kL, kBuy, 2));
    if (bar == 1) b.place(order(kS, kSell, 3));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 103, 2, 106, 2}}));
  EXPECT_EQ(opened(broker), (Rows{open_row(kSell, 2, 106, 1)}));
}

TEST(Reversal, priced_entry_keeps_the_size_it_was_placed_against) {
  // The long of 2 is gone when the sell stop fills: it opens 2 + 1 short.
  Market deferred({{100, 101, 99, 100}, {100, 101, 99, 100}, {100, 101, 99, 100}, {100, 101, 90, 95}});
  Broker& flipped = deferred.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 2));
    if (bar == 1) {
      b.place(entry(kS, kSell, 1, kNa, 95));
      b.place(close_of(kNoText));
    }
  });
  EXPECT_EQ(opened(flipped), (Rows{open_row(kSell, 3, 95, 3)}));

  // Placed from flat it trades its own size only: the long that came meanwhile ends, nothing opens.
  Market netted({{100, 101, 99, 100}, {100, 101, 99, 100}, {100, 101, 90, 95}});
  Broker& flat = netted.run([](Broker& b, std::size_t bar) {
    if (bar != 0) return;
    b.place(entry(kS, kSell, 1, kNa, 95));
    b.place(entry(kL, kBuy, 1));
  });
  EXPECT_EQ(closed(flat), (Rows{{kBuy, 1, 100, 2, 95, 1}}));
  EXPECT_EQ(flat.position_size(), 0);
}

TEST(Reversal, close_before_the_priced_entry_is_taken_off_its_snapshot) {
  Market market({{100, 101, 99, 100}, {100, 101, 99, 100}, {100, 101, 99, 100}, {100, 101, 90, 95}});
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 2));
    if (bar == 1) {
      b.place(close_of(kNoText));
      b.place(entry(kS, kSell, 1, kNa, 95));
    }
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kSell, 3, 95, 1)}));
}

TEST(Reversal, market_entry_repeated_on_its_bar_takes_its_own_quantity_only) {
  Market market(kQuiet);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 10));
    if (bar == 1) {
      b.place(entry(kS, kSell, 4));
      b.place(entry(kS, kSell, 4));
    }
  });
  EXPECT_EQ(broker.position_size(), 6);
}

TEST(Reversal, of_opposite_market_entries_from_flat_the_buy_fills_first) {
  Market market(kQuiet);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar != 0) return;
    b.place(entry(kS, kSell, 1));
    b.place(entry(kL, kBuy, 1));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 103, 1, 103, 1}}));
  EXPECT_EQ(opened(broker), (Rows{open_row(kSell, 1, 103, 1)}));
}

TEST(Pyramiding, zero_and_one_allow_one_entry_and_strategy_order_is_not_limited) {
  for (const int pyramiding : {0, 1, 3}) {
    pine::StrategySettings settings = Market::no_margin();
    settings.pyramiding = pyramiding;
    Market market(kQuiet, settings);
    Broker& broker = market.run([](Broker& b, std::size_t bar) {
      if (bar < 3) b.place(entry(kL, kBuy, 1));
    });
    EXPECT_EQ(broker.position_size(), pyramiding == 3 ? 3 : 1) << pyramiding;
    EXPECT_EQ(broker.rejections().pyramiding, pyramiding == 3 ? 0u : 2u);
  }
  Market market(kQuiet);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar < 3) b.place(order(kL, kBuy, 1));
  });
  EXPECT_EQ(broker.position_size(), 3);
}

TEST(Pyramiding, priced_entry_is_refused_at_the_call_and_cannot_fill_later) {
  Market market({{100, 101, 99, 100}, {100, 101, 99, 100}, {100, 101, 99, 100}, {100, 110, 99, 105}});
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 1));
    if (bar == 1) {
      b.place(entry(kA, kBuy, 1, kNa, 105));
      b.place(close_of(kNoText));
    }
  });
  EXPECT_EQ(broker.position_size(), 0);
  EXPECT_EQ(broker.rejections().pyramiding, 1u);
}

TEST(Pyramiding, market_entry_is_judged_when_it_fills_so_it_follows_a_close) {
  Market market(kQuiet);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 1));
    if (bar == 1) {
      b.place(close_of(kL));
      b.place(entry(kL, kBuy, 1));
    }
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 103, 2, 106, 1}}));
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 2, 106, 1)}));
}

TEST(Pyramiding, adds_of_an_earlier_bar_go_with_the_position_but_limits_and_opposites_stay) {
  pine::StrategySettings settings = Market::no_margin();
  settings.pyramiding = 5;
  Market market(
      {{100, 101, 99, 100}, {100, 101, 99, 100}, {100, 101, 99, 100}, {100, 101, 99, 100}, {100, 120, 80, 100}},
      settings);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 1));
    if (bar == 1) {
      b.place(entry(kA, kBuy, 1, kNa, 110));  // goes
      b.place(entry(kB, kBuy, 1, 90));        // stays
      b.place(order(kS, kSell, 1, kNa, 85));  // stays
    }
    if (bar == 2) b.place(close_of(kNoText));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 3, 100, 1}, {kBuy, 4, 90, 4, 85, 1}}));
  EXPECT_EQ(broker.position_size(), 0);
}

TEST(Direction, entry_that_is_not_allowed_only_closes_as_it_was_placed) {
  Market market({{100, 101, 99, 100}, {100, 101, 99, 100}, {100, 101, 99, 100}, {100, 101, 90, 95}});
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    b.allow_entry_in(1);
    if (bar == 0) {
      b.place(entry(kS, kSell, 1));  // nothing to close: not entered
      b.place(entry(kL, kBuy, 2));
    }
    if (bar == 1) b.place(entry(kS, kSell, 5, kNa, 95));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 3, 95, 2}}));
  EXPECT_EQ(broker.position_size(), 0);
  EXPECT_EQ(broker.rejections().entry_not_allowed, 1u);
}

TEST(Cancel, all_removes_every_pending_order) {
  Market market(kQuiet);
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar != 0) return;
    b.place(entry(kL, kBuy, 1));
    b.place(entry(kA, kBuy, 1, 99));
    b.cancel_all();
  });
  EXPECT_TRUE(broker.idle());
}

TEST(Bars, without_prices_nothing_fills_and_orders_wait) {
  Market market({{100, 101, 99, 100}, {kNa, kNa, kNa, kNa}, {103, 104, 102, 103}});
  Broker& broker = market.run([](Broker& b, std::size_t bar) {
    if (bar == 0) b.place(entry(kL, kBuy, 1));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 2, 103)}));
}

}  // namespace
}  // namespace tradeassist::backtest::testing
