#include <gtest/gtest.h>

#include <cmath>

#include "backtest/testing/script_run.hpp"

/// Variables and functions of the chart and of ta.*, as scripts see them.
namespace tradeassist::backtest {
namespace {

using namespace testing;

template <class Change>
std::string text_of(const std::string& expression, Change change) {
  const ScriptRun script =
      run_script("if barstate.islast\n    alert(" + expression + ")\n", five_bars(), std::move(change));
  if (!script.result) return script.result.error().message;
  return script.result->messages.at(0).text;
}

std::string error_of(const std::string& text) {
  const ScriptRun script = run_script(text, five_bars());
  return script.result ? "ran" : script.result.error().message;
}

TEST(Symbol, facts_come_from_the_instrument) {
  const auto future = [](RunRequest& request) {
    request.instrument.symbol = "ES1!";
    request.instrument.exchange = "CME";
    request.instrument.asset_class = "future";
    request.instrument.tick_size = 0.25;
  };
  EXPECT_EQ(text_of("syminfo.root + syminfo.type + syminfo.tickerid", future), "ESfuturesCME:ES1!");
  EXPECT_EQ(text_of("str.format(\"{0} {1}\", syminfo.minmove, syminfo.pricescale)", future), "25 100");
  EXPECT_EQ(text_of("syminfo.volumetype + syminfo.basecurrency", future), "base");
  const auto pair = [](RunRequest& request) {
    request.instrument.symbol = "BTCUSDT";
    request.instrument.asset_class = "crypto";
    request.instrument.currency = "USDT";
  };
  EXPECT_EQ(text_of("syminfo.basecurrency", pair), "BTC");
  EXPECT_EQ(text_of("syminfo.prefix(\"NASDAQ:AAPL\") + \" \" + syminfo.ticker(\"NASDAQ:AAPL\")", pair), "NASDAQ AAPL");
  EXPECT_EQ(text_of("syminfo.ticker(ticker.heikinashi(\"X:Y\")) + syminfo.prefix(\"Y\")", pair), "Y");
}

TEST(Symbol, what_only_a_vendor_knows_is_na) {
  expect_values(values_of("na(syminfo.employees) and na(syminfo.target_price_average) and na(syminfo.sector) ? 1 : 0"),
                Values(5, 1));
}

TEST(Symbol, in_a_request_the_main_names_stay_the_charts) {
  const ScriptRun script = run_script(
      "x = request.security(syminfo.tickerid, \"240\", timeframe.main_period + \" \" + timeframe.period)\n"
      "if barstate.islast\n    alert(x)\n",
      random_bars(48));
  ASSERT_TRUE(script.result);
  EXPECT_EQ(script.result->messages.at(0).text, "60 240");
}

TEST(Symbol, tickers_keep_the_kind_of_bars) {
  const auto plain = [](RunRequest&) {};
  EXPECT_EQ(text_of("ticker.new(\"X\", \"Y\", session.extended, adjustment.none)", plain), "X:Y");
  EXPECT_EQ(text_of("ticker.modify(\"X:Y\", session = session.regular)", plain), "X:Y");
  EXPECT_EQ(text_of("syminfo.ticker(ticker.inherit(ticker.heikinashi(\"X:Y\"), \"X:Z\"))", plain), "Z");
  EXPECT_EQ(text_of("ticker.inherit(\"X:Y\", \"X:Z\")", plain), "X:Z");
}

TEST(Chart, visible_bars_are_all_bars) {
  expect_values(values_of("chart.left_visible_bar_time == time ? 1 : 0"), {1, 0, 0, 0, 0});
  expect_values(values_of("chart.right_visible_bar_time == time ? 1 : 0"), {0, 0, 0, 0, 1});
}

TEST(Chart, states_of_a_bar_have_a_past) {
  expect_values(values_of("barstate.isconfirmed[1] ? 1 : 0"), {0, 1, 1, 1, 1});
  expect_values(values_of("close[barstate.isrealtime ? 1 : 0]"), {10, 12, 11, 15, 14});
}

TEST(Indicators, pivot_levels_are_an_array_that_changes_at_the_anchor) {
  const std::string lines = "levels = ta.pivot_point_levels(\"Traditional\", bar_index == 2)";
  const double high = 13, low = 9, close = 12, pivot = (high + low + close) / 3;
  expect_values(values_of("levels.size()", lines), Values(5, 11));
  expect_values(values_of("levels.get(0)", lines), {kNone, kNone, pivot, pivot, pivot});
  expect_values(values_of("array.get(levels, 1)", lines),
                {kNone, kNone, 2 * pivot - low, 2 * pivot - low, 2 * pivot - low});
  EXPECT_NE(error_of("x = ta.pivot_point_levels(\"Odd\", true)\nplot(x.get(0))\n").find("'Odd' is no type"),
            std::string::npos);
  EXPECT_NE(error_of("x = ta.pivot_point_levels(\"Woodie\", true, true)\nplot(x.get(0))\n").find("never developing"),
            std::string::npos);
}

TEST(Indicators, vwap_bands_may_keep_the_daily_anchor) {
  expect_values(values_of("m - ta.vwap(close)", "[m, u, l] = ta.vwap(close, stdev_mult = 2)"), Values(5, 0));
  expect_values(values_of("u + l - 2 * m", "[m, u, l] = ta.vwap(close, bar_index == 0, 2)"), Values(5, 0));
}

TEST(Indicators, an_na_length_gives_na_where_the_window_is_sorted_and_an_error_elsewhere) {
  const std::string lines = "int n = bar_index < 4 ? na : 3";
  const Values median = values_of("ta.median(close, n)", lines);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(std::isnan(median[i]));
  EXPECT_NE(error_of(lines + "\nplot(ta.sma(close, n))\n").find("is na"), std::string::npos);
}

TEST(Indicators, windows_pass_over_an_na_bar_and_are_na_there) {
  const std::string lines = "x = bar_index == 2 ? na : close";  // 10, 12, na, 15, 14
  for (const char* call :
       {"ta.range(x, 2)", "ta.dev(x, 2) * 2", "ta.stdev(x, 2) * 2", "math.sqrt(ta.variance(x, 2)) * 2",
        "ta.percentile_nearest_rank(x, 2, 100) - ta.percentile_nearest_rank(x, 2, 0)",
        "(ta.median(x, 2) - ta.mode(x, 2)) * 2", "ta.bbw(x, 2, 1) * ta.sma(x, 2) / 100"}) {
    SCOPED_TRACE(call);
    expect_values(values_of("math.round(" + std::string(call) + ", 6)", lines), {kNone, 2, kNone, 3, 1});
  }
  expect_values(values_of("ta.sma(x, 2)", lines), {kNone, 11, 11, 13.5, 14.5});  // holds its value
  expect_values(values_of("ta.percentile_linear_interpolation(x, 2, 50)", lines), {kNone, 11, kNone, kNone, 14.5});
}

TEST(Indicators, the_highest_in_a_branch_is_of_bars_and_not_of_calls) {
  // Closes 10, 12, 11, 15, 14. On bar 3 the branch runs for the first time; the bars before it left nothing.
  expect_values(values_of("x", "float x = na\nif bar_index >= 3\n    x := ta.lowest(close, 3)"),
                {kNone, kNone, kNone, 15, 14});
  expect_values(values_of("x", "float x = na\nif bar_index % 2 == 0\n    x := ta.highestbars(close, 3)"),
                {kNone, kNone, -0.0, kNone, 0});
}

TEST(Indicators, a_change_in_a_branch_goes_back_by_bars_on_which_skipped_ones_keep_the_value_before) {
  // Closes 10, 12, 11, 15, 14; the branch runs on bars 0, 2 and 4.
  const std::string lines = "float x = na\nif bar_index % 2 == 0\n    x := ";
  expect_values(values_of("x", lines + "ta.change(close)"), {kNone, kNone, 1, kNone, 3});
  expect_values(values_of("x", lines + "ta.mom(close, 2)"), {kNone, kNone, 1, kNone, 3});
  expect_values(values_of("x", lines + "ta.change(close, 3)"), {kNone, kNone, kNone, kNone, 4});
  expect_values(values_of("x", lines + "ta.roc(close, 4)"), {kNone, kNone, kNone, kNone, 40});
  expect_values(values_of("x", "float x = na\nif bar_index >= 2\n    x := ta.change(close, 2)"),
                {kNone, kNone, kNone, kNone, 3});
  // In a loop the last turn of each bar counts.
  expect_values(values_of("x", "float x = na\nfor i = 1 to 3\n    x := ta.change(close * i)"), {kNone, 6, -3, 12, -3});
}

TEST(Indicators, a_sar_that_misses_the_first_bar_never_begins) {
  expect_values(values_of("x", "float x = na\nif bar_index >= 1\n    x := ta.sar(0.02, 0.02, 0.2)"), Values(5, kNone));
}

TEST(Indicators, quotients_of_ints_serve_as_lengths) {
  const std::string lines = "n = input.int(5)\nhalf(int x) => x / 2\nchosen = if n > 1\n    n / 2\nelse\n    n";
  const Values expected = values_of("ta.sma(close, 2)");
  for (const char* length : {"n / 2", "math.max(1, n / 2)", "nz(n / 2)", "n > 1 ? n / 2 : 1", "half(n)",
                             "math.abs(n / 2)", "-(-n / 2)", "chosen"}) {
    expect_values(values_of("ta.sma(close, " + std::string(length) + ")", lines), expected);
  }
}

TEST(Indicators, a_float_is_cut_to_a_length_or_an_index) {
  expect_values(values_of("ta.sma(close, 2.9)"), values_of("ta.sma(close, 2)"));
  expect_values(values_of("ta.ema(close, 2.9)"), values_of("ta.ema(close, 2)"));
  expect_values(values_of("math.sum(close, hl2 / hl2 + 1.5)"), values_of("math.sum(close, 2)"));
  expect_values(values_of("array.from(7, 8, 9).get(close / close + 0.9)"), Values(5, 8));
  expect_values(values_of("array.new<float>(2.7, 1).size()"), Values(5, 2));
  expect_values(values_of("str.length(str.substring(\"abcd\", 0.9, 2.9))"), Values(5, 2));
  const std::string refused = pine::render(
      pine::compile("t.pine", "//@version=6\nindicator(\"x\")\nplot(ta.ema(close, close))\nplot(hour(1.5))\n"));
  EXPECT_NE(refused.find("t.pine:3:20: error: the argument `length` of ta.ema() must be known before the first bar"),
            std::string::npos);
  EXPECT_NE(refused.find("t.pine:4:11: error: the argument `time` of hour() must be int"), std::string::npos);
}

TEST(Indicators, branches_on_inputs_choose_lengths_that_must_be_known_before_the_first_bar) {
  const std::string lines =
      "kind = input.string(\"b\", options = [\"a\", \"b\"])\nn = input.int(1)\n"
      "length = switch kind\n    \"a\" => 4\n    => n + 1\n"
      "[first, second] = if kind == \"b\"\n    [2, 5]\nelse\n    [5, 2]\n"
      "var kept = length\naverage(simple int m) => ta.ema(close, m)";
  const Values expected = values_of("ta.ema(close, 2)");
  for (const char* length : {"length", "first", "kept", "length * 2 - 2", "math.max(length, 1)"}) {
    expect_values(values_of("ta.ema(close, " + std::string(length) + ")", lines), expected);
  }
  expect_values(values_of("average(length)", lines), expected);
  const auto refused = [&](const std::string& chosen) {
    return pine::render(pine::compile("t.pine", "//@version=6\nindicator(\"x\")\nn = input.int(2)\n" + chosen +
                                                    "\nplot(ta.ema(close, x))\n"))
               .find("must be known before the first bar") != std::string::npos;
  };
  EXPECT_TRUE(refused("x = if close > open\n    1\nelse\n    2"));
  EXPECT_TRUE(refused("x = if n > 1\n    bar_index\nelse\n    2"));
  EXPECT_TRUE(refused("var x = 2\nx := n"));
  EXPECT_TRUE(refused("[x, y] = if n > 1\n    [1, 2]\nelse\n    [2, 1]\nx := bar_index"));
}

TEST(Random, calls_draw_each_their_own_numbers_and_a_seed_repeats_them) {
  const Values two = values_of("math.random() == math.random() ? 1 : 0");
  expect_values(two, Values(5, 0));
  expect_values(values_of("math.random(0, 1, 7) - x", "x = math.random(0, 1, 7)"), Values(5, 0));
  for (const double x : values_of("math.random(5, 6)")) EXPECT_TRUE(x >= 5 && x < 6);
}

TEST(Inputs, an_enum_is_chosen_by_its_title) {
  const std::string text =
      "//@version=6\nindicator(\"x\")\nenum Mode\n    fast = \"Fast one\"\n    slow\n"
      "mode = input.enum(Mode.slow, \"Mode\")\nplot(mode == Mode.fast ? 1 : 0, \"x\")\n";
  const auto program = compiled(text);
  ASSERT_EQ(program->inputs.size(), 1u);
  EXPECT_EQ(program->inputs[0].text, "slow");
  EXPECT_EQ(program->inputs[0].text_options, (std::vector<std::string>{"Fast one", "slow"}));
  const market::Series bars = five_bars();
  RunRequest request = request_for(*program, bars);
  EXPECT_EQ(run(request)->outputs[0].values[0], 0);
  request.inputs = *bind_inputs(*program, {{"mode", std::string("Fast one")}});
  EXPECT_EQ(run(request)->outputs[0].values[0], 1);
  EXPECT_FALSE(bind_inputs(*program, {{"mode", std::string("other")}}));
}

TEST(Messages, logs_are_formatted_and_their_values_computed_once) {
  const ScriptRun script = run_script(
      "var a = array.new<int>()\nadd() =>\n    a.push(1)\n    a.size()\n"
      "log.info(\"{0} of {1}\", add(), close)\nlog.warning(message = \"plain\")\n",
      five_bars());
  ASSERT_TRUE(script.result);
  EXPECT_EQ(script.result->messages.at(0).text, "1 of 10");
  EXPECT_EQ(script.result->messages.at(1).text, "plain");
  EXPECT_EQ(script.result->messages.at(8).text, "5 of 14");
}

}  // namespace
}  // namespace tradeassist::backtest
