// calc_on_order_fills: where inside the bar the script runs again, and at what prices its orders fill there.
#include "backtest/testing/broker_run.hpp"
#include "backtest/testing/script_run.hpp"

namespace tradeassist::backtest::testing {
namespace {

/// A market whose script runs after fills too; `closing` tells the run at the close from those inside the bar.
class Recalculated {
 public:
  using Script = std::function<void(Broker&, std::size_t bar, bool closing)>;

  explicit Recalculated(const std::vector<Ohlc>& rows, pine::StrategySettings settings = adding(100))
      : series_(bars_of(rows)), broker_(settings, Market::whole_points(), series_) {}

  Broker& run(const Script& script) {
    std::size_t bar = 0;
    broker_.set_recalculation([&] {
      script(broker_, bar, false);
      return true;
    });
    for (; bar < series_.size(); ++bar) {
      broker_.begin_bar(bar);
      script(broker_, bar, true);
      broker_.end_bar();
    }
    return broker_;
  }

 private:
  market::Series series_;
  Broker broker_;
};

TEST(Recalculation, entry_on_every_run_fills_twice_at_the_open_and_once_at_each_extreme) {
  // Path 100, 106 (nearer), 90, 95.
  Recalculated market({kFlat, {100, 106, 90, 95}, kFlat});
  Broker& broker = market.run([](Broker& b, std::size_t bar, bool) {
    if (bar < 2) b.place(entry(kL, kBuy, 1));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 1, 100), open_row(kBuy, 1, 100), open_row(kBuy, 1, 106),
                                  open_row(kBuy, 1, 90), open_row(kBuy, 2, 100)}))
      << "the run at the close fills at the next open";
}

TEST(Recalculation, runs_stand_at_the_nodes_and_value_the_position_there) {
  Recalculated market({kFlat, {100, 106, 90, 95}});
  std::vector<double> profits;
  market.run([&](Broker& b, std::size_t bar, bool) {
    if (bar == 1) profits.push_back(b.open_profit());
    if (b.open_trade_count() == 0) b.place(entry(kL, kBuy, 1));
    if (bar == 1 && profits.size() == 1) b.place(order(kA, kBuy, 1, kNa, 103));
  });
  // At the open; after the stop at 103 filled on the way up, at 106; and at the close.
  EXPECT_EQ(profits, (std::vector<double>{0, 6 + 3, -5 - 8}));
}

TEST(Recalculation, bar_without_fills_runs_once) {
  Recalculated market({kFlat, kFlat, kFlat});
  int runs = 0;
  market.run([&](Broker& b, std::size_t bar, bool) {
    ++runs;
    if (bar == 0) b.place(entry(kL, kBuy, 1, 50));
  });
  EXPECT_EQ(runs, 3);
}

TEST(Recalculation, orders_of_the_run_at_the_open_are_live_on_the_whole_path) {
  Recalculated market({kFlat, {100, 106, 90, 95}});
  Broker& broker = market.run([](Broker& b, std::size_t bar, bool closing) {
    if (bar == 0) b.place(entry(kL, kBuy, 1));
    if (bar == 1 && !closing && b.open_trade_count() == 1) b.place(exit_of(kX, kL, {.limit = 104, .stop = 97}));
  });
  EXPECT_EQ(closed(broker), (Rows{{kBuy, 1, 100, 1, 104, 1}}));
}

TEST(Recalculation, exit_given_inside_the_bar_fills_at_the_node_when_the_leg_had_passed_its_level) {
  // Bought by the stop at 103 on the way to 106; the run at 106 gives the exit.
  struct Case {
    double limit, stop, price;
  };
  for (const Case& c : {Case{105, kNa, 106}, {kNa, 98, 98}, {110, kNa, 0}, {103, kNa, 0}}) {
    Recalculated market({kFlat, {100, 106, 90, 95}});
    Broker& broker = market.run([&](Broker& b, std::size_t bar, bool closing) {
      if (bar == 0) b.place(entry(kL, kBuy, 1, kNa, 103));
      if (bar == 1 && !closing && b.open_trade_count() == 1)
        b.place(exit_of(kX, kL, {.limit = c.limit, .stop = c.stop}));
    });
    EXPECT_EQ(closed(broker), c.price == 0 ? Rows{} : (Rows{{kBuy, 1, 103, 1, c.price, 1}}))
        << c.limit << " " << c.stop
        << ": 105 better at 106, 98 exactly on the next leg, 110 out of reach, 103 not past";
  }
}

TEST(Recalculation, entry_given_inside_the_bar_fills_at_its_nodes_only) {
  // The first fill is at 103 on the way to 106. The buy limit at 95 lies on the leg down: it fills at 90, the node.
  Recalculated market({kFlat, {100, 106, 90, 95}});
  Broker& broker = market.run([](Broker& b, std::size_t bar, bool closing) {
    if (bar == 0) b.place(entry(kL, kBuy, 1, kNa, 103));
    if (bar == 1 && !closing && b.open_trade_count() == 1) b.place(entry(kA, kBuy, 1, 95));
  });
  EXPECT_EQ(opened(broker), (Rows{open_row(kBuy, 1, 103), open_row(kBuy, 1, 90)}));
}

TEST(Recalculation, fill_on_the_last_leg_leaves_the_orders_to_the_close) {
  // Path 100, 106, 90, 97: the buy stop at 95 fills after the second extreme.
  Recalculated market({kFlat, {100, 106, 90, 97}, kFlat});
  std::size_t inside = 0;
  market.run([&](Broker& b, std::size_t bar, bool closing) {
    if (!closing) ++inside;
    if (bar == 0) b.place(entry(kL, kBuy, 1, kNa, 107));
    if (bar == 0) b.place(entry(kA, kBuy, 1, 90));
    if (bar == 0) b.place(order(kB, kBuy, 1, 108, 95));
  });
  EXPECT_EQ(inside, 2u) << "at the open for the stop-limit that it fills as a limit, at 90 for the limit";
}

TEST(Recalculation, is_ignored_when_orders_are_processed_on_close) {
  pine::StrategySettings settings = adding(100);
  settings.process_orders_on_close = true;
  Recalculated market({kFlat, kFlat, kFlat}, settings);
  int runs = 0;
  market.run([&](Broker& b, std::size_t, bool) {
    ++runs;
    b.place(entry(kL, kBuy, 1));
  });
  EXPECT_EQ(runs, 3);
}

/// Bars of an hour, the flat one and then one with the path 100, 106, 90, 95.
market::Series two_bars() {
  market::Series bars = bars_of_closes({100, 95, 95}, nanoseconds("2024-01-01T00:00:00Z"), kHour);
  bars.high[1] = 106;
  bars.low[1] = 90;
  return bars;
}

TEST(Recalculation, takes_back_var_and_keeps_varip) {
  const ScriptRun made = run_script(
      "//@version=6\nstrategy(\"t\", calc_on_order_fills = true, pyramiding = 100, margin_long = 0)\n"
      "var int steps = 0\nvarip int runs = 0\nvar a = array.new<int>()\nvarip b = array.new<int>()\n"
      "steps += 1\nruns += 1\narray.push(a, runs)\narray.push(b, runs)\nsum = ta.cum(1)\n"
      "if bar_index < 2\n    strategy.entry(\"L\", strategy.long, qty = 1)\n"
      "if barstate.islast\n    label.new(bar_index, close)\n"
      "plot(steps, \"steps\")\nplot(runs, \"runs\")\nplot(array.size(a), \"a\")\nplot(array.size(b), \"b\")\n"
      "plot(sum, \"sum\")\nplot(array.size(label.all), \"labels\")\nplot(steps[1], \"before\")\n",
      two_bars());
  ASSERT_TRUE(made.result) << made.result.error().message;
  EXPECT_EQ(made.result->trades.size(), 5u);
  // One run on bar 0, four on bar 1 (open, both extremes, close), two on bar 2.
  EXPECT_EQ(made.plot("runs"), (std::vector<double>{1, 5, 7}));
  EXPECT_EQ(made.plot("b"), (std::vector<double>{1, 5, 7}));
  for (const char* plot : {"steps", "a", "sum"}) EXPECT_EQ(made.plot(plot), (std::vector<double>{1, 2, 3})) << plot;
  EXPECT_EQ(made.plot("labels")[2], 1);
  EXPECT_EQ(made.plot("before")[2], 2);
}

TEST(Recalculation, error_of_a_run_inside_the_bar_ends_the_run_of_the_script) {
  const ScriptRun made = run_script(
      "//@version=6\nstrategy(\"t\", calc_on_order_fills = true)\n"
      "if bar_index == 0\n    strategy.entry(\"L\", strategy.long)\n"
      "if strategy.position_size > 0 and bar_index == 1\n    runtime.error(\"inside\")\n",
      two_bars());
  ASSERT_FALSE(made.result);
  EXPECT_NE(made.result.error().message.find("inside"), std::string::npos);
}

}  // namespace
}  // namespace tradeassist::backtest::testing
