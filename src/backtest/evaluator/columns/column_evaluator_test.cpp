// Columns and bar by bar are two ways to the same values; which operations go which way, and what of a call that fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backtest/evaluator/columns/column_evaluator.hpp"
#include "backtest/testing/script_run.hpp"

namespace tradeassist::backtest {
namespace {

using namespace testing;
using ::testing::HasSubstr;

constexpr std::size_t kBars = 2 * ColumnEvaluator::kBlock + 100;

void bar_by_bar(RunRequest& request) { request.columns = false; }

void expect_same(const std::string& script, const market::Series& bars) {
  SCOPED_TRACE(script);
  const ScriptRun columns = run_script(script, bars), single = run_script(script, bars, bar_by_bar);
  ASSERT_TRUE(columns.result) << columns.result.error().message;
  ASSERT_TRUE(single.result) << single.result.error().message;
  ASSERT_EQ(columns.result->outputs.size(), single.result->outputs.size());
  for (std::size_t k = 0; k < single.result->outputs.size(); ++k) {
    const std::vector<double>&a = columns.result->outputs[k].values, &b = single.result->outputs[k].values;
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < b.size(); ++i) {
      ASSERT_TRUE(a[i] == b[i] || (a[i] != a[i] && b[i] != b[i]))
          << "output " << k << ", bar " << i << ": " << a[i] << ", bar by bar " << b[i];
    }
  }
}

TEST(ColumnEvaluator, every_operation_gives_the_same_across_blocks_and_holes) {
  const market::Series bars = random_bars(kBars);
  const std::string holed = "holed = bar_index % 7 == 3 ? na : close\n";
  expect_same(holed +
                  "plot(holed + open - high * low / close % 3)\nplot(-holed)\nplot(nz(holed, 1))\n"
                  "plot(na(holed) ? 1 : 2)\nplot(int(holed))\n"
                  "plot(close > open and holed >= low or not (close <= holed) ? high : low)\n"
                  "plot(holed == close ? 1 : 0)\nplot(holed != close ? 1 : 0)\nplot(holed < open ? 1 : 0)\n"
                  "plot(math.max(holed, open, low))\nplot(math.round(holed, 1))\nplot(math.pow(holed, 2))",
              bars);
  expect_same(holed +
                  "plot(holed[1])\nplot(holed[300])\nplot(close[1])\nplot(close[600])\nplot((5 + 0 * close)[2])\n"
                  "plot(ta.sma(holed, 5)[7])\nlength = input.int(40)\nplot(holed[length])",
              bars);
  for (const char* call : {"ta.sma(holed, 9)",
                           "ta.ema(holed, 9)",
                           "ta.rma(holed, 9)",
                           "ta.wma(holed, 9)",
                           "ta.vwma(holed, 9)",
                           "ta.hma(close, 9)",
                           "ta.alma(holed, 9, 0.85, 6)",
                           "ta.swma(holed)",
                           "ta.linreg(holed, 9, 1)",
                           "ta.highest(holed, 300)",
                           "ta.lowestbars(holed, 9)",
                           "ta.stdev(holed, 9)",
                           "ta.dev(holed, 9)",
                           "ta.median(holed, 9)",
                           "ta.percentrank(holed, 9)",
                           "ta.correlation(holed, open, 9)",
                           "ta.rsi(holed, 9)",
                           "ta.cci(holed, 9)",
                           "ta.mfi(hlc3, 9)",
                           "ta.stoch(close, high, low, 9)",
                           "ta.atr(9)",
                           "ta.tr(true)",
                           "ta.sar(0.02, 0.02, 0.2)",
                           "ta.obv",
                           "ta.vwap",
                           "ta.pivothigh(3, 2)",
                           "ta.valuewhen(close > open, holed, 1)",
                           "ta.barssince(close > open)",
                           "ta.cum(nz(holed))",
                           "ta.change(holed, 3)",
                           "ta.mom(holed, 3)",
                           "ta.cross(close, holed) ? 1 : 0",
                           "ta.rising(close, 2) ? 1 : 0",
                           "fixnan(holed)",
                           "math.sum(holed, 9)",
                           "math.random(0, 1, 7)",
                           "timeframe.change(\"240\") ? 1 : 0"}) {
    expect_same(holed + "plot(" + call + ")", bars);
  }
  expect_same(
      "[a, b, c] = ta.macd(close, 3, 9, 4)\nplot(a)\nplot(b)\nplot(c)\n[up, down] = ta.supertrend(3, 10)\n"
      "plot(up)\nplot(down)\n[m, h, l] = ta.bb(close, 5, 2)\nplot(m - h + l)",
      bars);
}

TEST(ColumnEvaluator, leaves_to_the_bar_what_depends_on_variables_and_on_the_bar_before) {
  const market::Series bars = random_bars(kBars);
  expect_same(
      "var x = 0.0\nx += close\ny = x[1]\nplot(ta.ema(y, 5) + close)\n"
      "if close > open\n    x := ta.sma(close, 3)\nplot(x)\n"
      "for i = 0 to 2\n    x += close[i]\nplot(x)",
      bars);
  expect_same(
      "//@version=5\nindicator(\"test\")\nvar float sum = na\nplot(nz(sum[1]) + close)\nsum := nz(sum) + open\n"
      "plot(sum)",
      bars);
  expect_same(
      "f(x) =>\n    var n = 0\n    n += 1\n    x > 0 ? ta.rsi(x, 5) + n : na\nplot(f(close - open))\n"
      "plot(f(open))",
      bars);
}

TEST(ColumnEvaluator, a_call_that_fails_does_so_on_its_own_bar) {
  const market::Series bars = random_bars(kBars);
  const std::string failing = "plot(ta.sma(close, bar_index == 400 ? 0 : 5))\n";
  const std::string sooner = "plot(ta.wma(close, bar_index == 390 ? -1 : 5))\n";
  for (const bool columns : {true, false}) {
    const auto message = [&](const std::string& script) {
      const ScriptRun made = run_script(script, bars, [&](RunRequest& request) { request.columns = columns; });
      return made.result ? "none" : made.result.error().message;
    };
    EXPECT_THAT(message(failing), AllOf(HasSubstr("test.pine:3:"), HasSubstr("ta.sma(): "), HasSubstr("(bar 400)")));
    EXPECT_THAT(message(failing + sooner), AllOf(HasSubstr("ta.wma(): "), HasSubstr("(bar 390)")));
    EXPECT_THAT(message(failing + "if bar_index == 399\n    runtime.error(\"enough\")\n"),
                AllOf(HasSubstr("enough"), HasSubstr("(bar 399)")));
  }
}

TEST(ColumnEvaluator, what_is_only_shown_fails_whether_it_is_recorded_or_not) {
  const market::Series bars = random_bars(kBars);
  const std::string script =
      "//@version=6\nstrategy(\"t\")\nplot(ta.sma(close, bar_index == 400 ? 0 : 5))\n"
      "if bar_index == 7\n    strategy.entry(\"L\", strategy.long)\n";
  for (const bool columns : {true, false}) {
    for (const bool recorded : {true, false}) {
      const ScriptRun made = run_script(script, bars, [&](RunRequest& request) {
        request.columns = columns;
        request.record_outputs = recorded;
      });
      ASSERT_FALSE(made.result) << columns << recorded;
      EXPECT_THAT(made.result.error().message, AllOf(HasSubstr("test.pine:3:"), HasSubstr("(bar 400)")));
    }
  }
}

TEST(ColumnEvaluator, names_of_orders_that_columns_choose_are_those_of_their_bar) {
  const market::Series bars = random_bars(50);
  const std::string script =
      "//@version=6\nstrategy(\"t\")\nname = close > open ? \"up\" : \"down\"\n"
      "if bar_index % 5 == 0\n    strategy.entry(name, strategy.long)\n"
      "if bar_index % 5 == 3\n    strategy.exit(name, stop = 1000, comment = name)\n";
  for (const bool columns : {true, false}) {
    const ScriptRun made = run_script(script, bars, [&](RunRequest& request) { request.columns = columns; });
    ASSERT_TRUE(made.result) << made.result.error().message;
    ASSERT_GT(made.result->trades.size(), 5u);
    const std::size_t closed = made.result->trades.size() - made.result->open_trade_count;
    for (std::size_t i = 0; i < closed; ++i) {
      const Trade& trade = made.result->trades[i];
      const auto name_on = [&](std::size_t bar) { return bars.close[bar] > bars.open[bar] ? "up" : "down"; };
      EXPECT_EQ(made.result->texts.at(trade.entry_id), name_on(trade.entry_bar - 1));
      EXPECT_EQ(made.result->texts.at(trade.exit_id), name_on(trade.exit_bar - 1));
      EXPECT_EQ(made.result->texts.at(trade.exit_comment), name_on(trade.exit_bar - 1));
    }
  }
}

}  // namespace
}  // namespace tradeassist::backtest
