// Trailing stops: activation, the path they follow, what a repeated call keeps. Ticks are whole points.
#include "backtest/testing/broker_run.hpp"

namespace tradeassist::backtest::testing {
namespace {

ExitRequest trailing(TextId from, double points, double offset, double price = kNa) {
  ExitRequest request = exit_of(kX, from, {});
  request.trail_points = points;
  request.trail_offset = offset;
  request.trail_price = price;
  return request;
}

/// Long 1 at 100 on bar 1; the exit is given once, at that bar's close.
Broker& long_with(Market& market, const ExitRequest& exit) {
  return market.run([&](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 1));
    if (i == 1) b.place(exit);
  });
}

TEST(TrailingStops, follow_the_high_and_fill_on_the_way_down_within_the_bar) {
  // Path 100, 98, 112, 103: armed at 105, raised to 112 - 4.
  Market market({kFlat, kFlat, {101, 112, 98, 103}});
  EXPECT_EQ(closed(long_with(market, trailing(kL, 5, 4))), (Rows{{kBuy, 1, 100, 2, 108, 1}}));
}

TEST(TrailingStops, stay_without_effect_below_the_activation_level) {
  Market market({kFlat, kFlat, {101, 104, 90, 92}, kFlat});
  EXPECT_TRUE(closed(long_with(market, trailing(kL, 5, 4))).empty());
}

TEST(TrailingStops, keep_the_best_price_over_bars_and_never_fall_back) {
  // Best 110 on bar 2, stop 104; bar 3 opens lower and meets it.
  Market market({kFlat, kFlat, {101, 110, 100, 109}, {107, 108, 103, 105}});
  EXPECT_EQ(closed(long_with(market, trailing(kL, 5, 6))), (Rows{{kBuy, 1, 100, 3, 104, 1}}));
}

TEST(TrailingStops, gapped_by_the_open_fill_there) {
  Market market({kFlat, kFlat, {101, 110, 100, 109}, {102, 103, 98, 100}});
  EXPECT_EQ(closed(long_with(market, trailing(kL, 5, 6))), (Rows{{kBuy, 1, 100, 3, 102, 1}}));
}

TEST(TrailingStops, of_shorts_mirror_those_of_longs) {
  Market market({kFlat, kFlat, {99, 102, 88, 97}});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kS, kSell, 1));
    if (i == 1) b.place(trailing(kS, 5, 4));
  });
  EXPECT_EQ(closed(broker), (Rows{{kSell, 1, 100, 2, 92, 1}}));
}

TEST(TrailingStops, activation_at_a_price_works_like_points) {
  Market market({kFlat, kFlat, {101, 112, 98, 103}});
  EXPECT_EQ(closed(long_with(market, trailing(kL, kNa, 4, 105))), (Rows{{kBuy, 1, 100, 2, 108, 1}}));
}

TEST(TrailingStops, fraction_of_an_offset_is_dropped) {
  Market market({kFlat, kFlat, {101, 112, 98, 103}});
  EXPECT_EQ(closed(long_with(market, trailing(kL, 5, 4.9))), (Rows{{kBuy, 1, 100, 2, 108, 1}}));
}

TEST(TrailingStops, offset_of_zero_fills_at_the_activation_level_or_at_an_open_beyond_it) {
  for (const auto& [bar, price] : {std::pair<Ohlc, double>{{101, 112, 98, 103}, 105}, {{107, 112, 98, 103}, 107}}) {
    Market market({kFlat, kFlat, bar});
    EXPECT_EQ(closed(long_with(market, trailing(kL, 5, 0))), (Rows{{kBuy, 1, 100, 2, price, 1}}));
  }
}

TEST(TrailingStops, slip_like_stops_and_take_the_comment_of_their_leg) {
  pine::StrategySettings settings = Market::no_margin();
  settings.slippage = 2;
  Market market({kFlat, kFlat, {103, 114, 101, 105}}, settings);  // entered at 102
  ExitRequest exit = trailing(kL, 5, 4);
  exit.comment = kA;
  exit.comment_loss = kB;
  exit.comment_trailing = kWord;
  Broker& broker = long_with(market, exit);
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 102, 2, 108, 1}}));
  EXPECT_EQ(broker.closed_trades()[0].exit_comment, kWord);
}

TEST(TrailingStops, first_call_after_the_entry_arms_by_the_close_and_starts_from_the_extreme) {
  // Bar 1 closes at 106, past 105, its high is 109: the stop stands at 103 when bar 2 opens.
  Market market({kFlat, {100, 109, 99, 106}, {106, 107, 102, 104}});
  EXPECT_EQ(closed(long_with(market, trailing(kL, 5, 6))), (Rows{{kBuy, 1, 100, 2, 103, 1}}));
  // A close of 104 does not arm it, whatever the high was.
  Market below({kFlat, {100, 109, 99, 104}, {104, 104, 90, 95}});
  EXPECT_TRUE(closed(long_with(below, trailing(kL, 5, 6))).empty());
}

TEST(TrailingStops, given_with_the_entry_ignore_what_the_bar_did_before_it) {
  // Path 100, 112, 94, 99: bought at 95 on the way down. 112 is past the activation level of 97 but was before.
  Market market({kFlat, {104, 112, 94, 96}, {96, 96, 90, 91}});
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i != 0) return;
    b.place(entry(kL, kBuy, 1, 95));
    b.place(trailing(kL, 2, 1));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 1, 95)}));
}

TEST(TrailingStops, same_call_again_keeps_the_stop_and_a_changed_one_starts_from_the_close) {
  // Bar 2 takes the best price to 112 and closes at 110 (stop of 6 ticks: 106). Changed to 5 ticks at that close the
  // stop stands 5 below the close.
  for (const auto& [offset, price] : {std::pair{6.0, 106.0}, {5.0, 105.0}}) {
    Market market({kFlat, kFlat, {101, 112, 100, 110}, {109, 110, 104, 104}});
    Broker& broker = market.run([&](Broker& b, std::size_t i) {
      if (i == 0) b.place(entry(kL, kBuy, 1));
      if (i >= 1) b.place(trailing(kL, 5, i == 1 ? 6 : offset));
    });
    EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 3, price, 1}}));
  }
}

TEST(TrailingStops, beside_a_stop_the_tighter_one_acts) {
  ExitRequest exit = trailing(kL, 5, 4);
  exit.stop = 96;
  Market loses({kFlat, kFlat, {100, 104, 95, 96}});
  EXPECT_EQ(closed(long_with(loses, exit)), (Rows{{kBuy, 1, 100, 2, 96, 1}}));
  Market wins({kFlat, kFlat, {101, 112, 98, 103}});
  EXPECT_EQ(closed(long_with(wins, exit)), (Rows{{kBuy, 1, 100, 2, 108, 1}}));
}

TEST(TrailingStops, take_only_their_part_of_the_position) {
  ExitRequest exit = trailing(kL, 5, 4);
  exit.quantity_percent = 50;
  Market market({kFlat, kFlat, {101, 112, 98, 103}, {103, 115, 100, 101}});
  Broker& broker = market.run([&](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 4));
    if (i >= 1) b.place(exit);
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 2, 108, 2}}));
  EXPECT_EQ(broker.position_size(), 2);
}

TEST(TrailingStops, follow_the_market_and_not_what_slippage_made_other_entries_pay) {
  pine::StrategySettings settings = adding();
  settings.slippage = 1;
  Market market({kFlat, kFlat, {100, 105, 100, 105}, {105, 105, 101, 102}, kFlat}, settings);
  Broker& broker = market.run([](Broker& b, std::size_t i) {
    if (i == 0) b.place(entry(kL, kBuy, 1));
    if (i == 0) b.place(trailing(kL, 1, 4));
    if (i == 2) b.place(entry(kA, kBuy, 1));
  });
  // The best price is 105, so the stop is at 101, the low of bar 3: with the 106 that A paid it would be at 102.
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 101, 3, 100, 1}}));
}

}  // namespace
}  // namespace tradeassist::backtest::testing
