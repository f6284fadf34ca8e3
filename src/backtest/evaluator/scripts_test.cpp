#include <gtest/gtest.h>

#include <cmath>

#include "backtest/testing/script_run.hpp"

/// What scripts compute, bar by bar, from Pine text.
namespace tradeassist::backtest {
namespace {

using namespace testing;

/// One number as text, by an alert on the last bar.
std::string text_of(const std::string& expression, const std::string& lines = "") {
  const ScriptRun script = run_script(lines + "\nif barstate.islast\n    alert(" + expression + ")\n", five_bars());
  if (!script.result) throw std::runtime_error(script.result.error().message);
  return script.result->messages.at(0).text;
}

std::string error_of(const std::string& text) {
  const ScriptRun script = run_script(text, five_bars());
  return script.result ? "ran" : script.result.error().message;
}

TEST(Evaluator, history_reads_past_bars_and_na_before_the_first) {
  expect_values(values_of("close[1]"), {kNone, 10, 12, 11, 15});
  expect_values(values_of("(close + 1)[2]"), {kNone, kNone, 11, 13, 12});
  expect_values(values_of("close[bar_index]"), {10, 10, 10, 10, 10});
  expect_values(values_of("nz(close[1], -1)"), {-1, 10, 12, 11, 15});
}

TEST(Evaluator, var_keeps_its_value_and_a_plain_variable_starts_anew) {
  expect_values(values_of("x", "var x = 0\nx += 1"), {1, 2, 3, 4, 5});
  expect_values(values_of("x", "x = 0\nx += 1"), {1, 1, 1, 1, 1});
  expect_values(values_of("nz(x[1])", "x = 0.0\nx := nz(x[1]) + close"), {0, 10, 22, 33, 48});
}

TEST(Evaluator, a_var_in_a_branch_is_set_when_the_branch_first_runs) {
  expect_values(
      values_of("x", "f() =>\n    var start = close\n    start\nfloat x = na\nif bar_index >= 2\n    x := f()"),
      {kNone, kNone, 11, 11, 11});
}

TEST(Evaluator, each_call_of_a_function_has_its_own_state) {
  expect_values(values_of("count(1) + 10 * count(2)", "count(step) =>\n    var n = 0\n    n += step\n    n"),
                {21, 42, 63, 84, 105});
}

TEST(Evaluator, history_in_a_branch_repeats_the_last_value_on_skipped_bars) {
  // y is assigned on even bars only; on odd ones its history repeats what it was.
  expect_values(values_of("x", "float x = na\nif bar_index % 2 == 0\n    y = close\n    x := y[1]"),
                {kNone, kNone, 10, kNone, 11});
}

TEST(Evaluator, a_parameter_in_a_branch_has_the_past_of_its_own_calls) {
  expect_values(values_of("x", "f(source) => source[1]\nfloat x = na\nif bar_index % 2 == 0\n    x := f(close)"),
                {kNone, kNone, 10, kNone, 11});
  expect_values(values_of("x", "float x = na\nif bar_index % 2 == 0\n    x := close[1]"),
                {kNone, kNone, 12, kNone, 15});
}

TEST(Evaluator, history_in_an_arm_of_a_conditional_is_that_of_every_bar) {
  expect_values(values_of("bar_index % 2 == 0 ? (close * 2)[1] : 0"), {kNone, 0, 24, 0, 30});
  expect_values(values_of("bar_index % 2 == 0 and (close * 2)[1] > 25 ? 1 : 0"), {0, 0, 0, 0, 1});
}

TEST(Evaluator, loops_count_both_ways_and_know_break_and_continue) {
  expect_values(values_of("x", "x = 0\nfor i = 1 to 4\n    x += i"), {10, 10, 10, 10, 10});
  expect_values(values_of("x", "x = 0\nfor i = 4 to 1\n    x := x * 10 + i"), {4321, 4321, 4321, 4321, 4321});
  expect_values(
      values_of(
          "x",
          "x = 0\nfor i = 0 to 10 by 3\n    if i == 3\n        continue\n    if i == 9\n        break\n    x += i"),
      {6, 6, 6, 6, 6});
  expect_values(values_of("x", "x = 1\nwhile x < 100\n    x *= 3"), {243, 243, 243, 243, 243});
}

TEST(Evaluator, arithmetic_with_na_is_na_and_comparison_with_na_is_false) {
  expect_values(values_of("close[1] > 0 ? 1 : 0"), {0, 1, 1, 1, 1});
  expect_values(values_of("close[1] != 5 ? 1 : 0"), {0, 1, 1, 1, 1});
  expect_values(values_of("close[1] + 1"), {kNone, 11, 13, 12, 16});
  expect_values(values_of("1 / (close - 12)"), {-0.5, kNone, -1, 1 / 3.0, 0.5});
  expect_values(values_of("(0 - bar_index) % 3"), {0, 2, 1, 0, 2});
}

TEST(Evaluator, floats_closer_than_a_tenth_of_a_billionth_are_equal) {
  expect_values(values_of("close + 0.00000000005 > close ? 1 : 0"), Values(5, 0));
  expect_values(values_of("close + 0.00000000005 == close ? 1 : 0"), Values(5, 1));
  expect_values(values_of("close + 0.0000000002 > close ? 1 : 0"), Values(5, 1));
}

TEST(Evaluator, and_and_or_do_not_evaluate_what_cannot_matter) {
  expect_values(values_of("x", "f() =>\n    var n = 0\n    n += 1\n    n\nx = close > 11 and f() > 1 ? 1 : 0"),
                {0, 0, 0, 1, 1});
}

TEST(Evaluator, switch_takes_the_first_case_that_holds) {
  expect_values(values_of("x", "x = switch\n    close > 14 => 3\n    close > 11 => 2\n    => 1"), {1, 2, 1, 3, 2});
}

TEST(Evaluator, errors_at_run_time_name_file_line_and_column) {
  EXPECT_EQ(error_of("if bar_index == 3\n    runtime.error(\"too far\")\n"),
            "test.pine:4:5: runtime.error: too far (bar 3)");
  EXPECT_EQ(error_of("plot(close[bar_index - 2])\n").substr(0, 14), "test.pine:3:6:");
  EXPECT_NE(error_of("plot(ta.sma(close, bar_index - 1))\n").find("length must be from 1"), std::string::npos);
}

TEST(Evaluator, an_endless_loop_stops_at_the_bound_with_its_place) {
  const ScriptRun script = run_script("x = 0\nwhile x >= 0\n    x += 1\nplot(x)\n", five_bars(),
                                      [](RunRequest& request) { request.limits.loop_iterations_max = 1000; });
  ASSERT_FALSE(script.result);
  EXPECT_EQ(script.result.error().code, base::ErrorCode::kResourceExhausted);
  EXPECT_EQ(script.result.error().message.substr(0, 12), "test.pine:4:");
}

TEST(Evaluator, a_loop_is_cancelled_while_it_runs) {
  std::stop_source stop;
  stop.request_stop();
  const auto program = compiled("//@version=6\nindicator(\"x\")\nx = 0\nwhile x >= 0\n    x += 1\nplot(x)\n");
  const market::Series bars = five_bars();
  RunRequest request = request_for(*program, bars);
  request.stop = stop.get_token();
  const auto result = run(request);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, base::ErrorCode::kCancelled);
}

TEST(Evaluator, strings_beyond_the_bound_stop_the_run) {
  const ScriptRun script = run_script("var s = \"ab\"\ns := s + s\nplot(str.length(s))\n", random_bars(40),
                                      [](RunRequest& request) { request.limits.string_bytes_max = 10'000; });
  ASSERT_FALSE(script.result);
  EXPECT_EQ(script.result.error().code, base::ErrorCode::kResourceExhausted);
}

TEST(Evaluator, history_further_back_than_is_kept_is_an_error_and_not_na) {
  const ScriptRun script = run_script("x = close * 2\nplot(x[math.max(0, bar_index - 5)])\n", random_bars(300),
                                      [](RunRequest& request) { request.limits.dynamic_history_max = 64; });
  ASSERT_FALSE(script.result);
  EXPECT_EQ(script.result.error().code, base::ErrorCode::kResourceExhausted);
}

TEST(Strings, numbers_print_with_up_to_ten_decimals_and_a_leading_zero) {
  EXPECT_EQ(text_of("str.tostring(close)"), "14");
  EXPECT_EQ(text_of("str.tostring(0.5)"), "0.5");
  EXPECT_EQ(text_of("str.tostring(-0.25)"), "-0.25");
  EXPECT_EQ(text_of("str.tostring(1.0 / 3)"), "0.3333333333");
  EXPECT_EQ(text_of("str.tostring(1234567.891)"), "1234567.891");
  EXPECT_EQ(text_of("str.tostring(close[100])"), "NaN");
  EXPECT_EQ(text_of("str.tostring(close > 1)"), "true");
}

TEST(Strings, formats_round_half_up_on_the_shortest_digits) {
  EXPECT_EQ(text_of("str.tostring(1.005, \"#.##\")"), "1.01");
  EXPECT_EQ(text_of("str.tostring(2.5, \"#\")"), "3");
  EXPECT_EQ(text_of("str.tostring(0.5, \"#.0\")"), ".5");
  EXPECT_EQ(text_of("str.tostring(7, \"000.00\")"), "007.00");
  EXPECT_EQ(text_of("str.tostring(1234567.5, \"#,###.##\")"), "1,234,567.5");
  EXPECT_EQ(text_of("str.tostring(0.256, \"#.#%\")"), "25.6%");
  EXPECT_EQ(text_of("str.tostring(1.23456, format.mintick)"), "1.23");
  EXPECT_EQ(text_of("str.tostring(1.2, format.mintick)"), "1.20");
}

TEST(Strings, format_fills_placeholders) {
  EXPECT_EQ(text_of("str.format(\"{0} of {1}: {2,number,#.#}\", \"a\", 1234.5678, 2.25)"), "a of 1,234.568: 2.2");
  EXPECT_EQ(text_of("str.format(\"{0} '{1}' {3}\", 1, 2)"), "1 {1} {3}");
}

TEST(Strings, functions_follow_the_manual) {
  EXPECT_EQ(text_of("str.replace(\"banana\", \"an\", \"AN\", 1)"), "banANa");
  EXPECT_EQ(text_of("str.replace_all(\"banana\", \"an\", \"-\")"), "b--a");
  EXPECT_EQ(text_of("str.upper(str.substring(\"abcdef\", 1, 3)) + str.trim(\" x \")"), "BCx");
  EXPECT_EQ(text_of("str.tostring(str.pos(\"abc\", \"c\")) + str.repeat(\"xy\", 2, \"-\")"), "2xy-xy");
  EXPECT_EQ(text_of("str.tostring(str.tonumber(\"-1.5\") * 2)"), "-3");
  expect_values(values_of("s == \"up\" ? 1 : 0", "s = close > close[1] ? \"u\" + \"p\" : \"down\""), {0, 1, 0, 1, 0});
}

TEST(Maths, rounding_is_half_away_from_zero) {
  expect_values(values_of("math.round(-2.5) + 10 * math.round(2.5)"), Values(5, 27));
  expect_values(values_of("math.round(1.005, 2)"), Values(5, 1.01));
  expect_values(values_of("math.round_to_mintick(close / 7)"), {1.43, 1.71, 1.57, 2.14, 2.0});
  expect_values(values_of("math.avg(close, close[1])"), {kNone, 11, 11.5, 13, 14.5});
  expect_values(values_of("math.log(0) + math.sqrt(-1)"), Values(5, kNone));
  expect_values(values_of("int(-2.7) * 100 + math.floor(-2.2) * 10 + math.ceil(2.2)"), Values(5, -227));
}

TEST(Runs, a_source_input_reads_the_named_column) {
  const auto program =
      compiled("//@version=6\nindicator(\"x\")\nsource = input.source(close, \"Source\")\nplot(source, \"x\")\n");
  const market::Series bars = five_bars();
  RunRequest request = request_for(*program, bars);
  request.inputs = *bind_inputs(*program, {{"source", std::string("hl2")}});
  const auto result = run(request);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->outputs[0].values[1], (bars.high[1] + bars.low[1]) / 2);
}

TEST(Runs, orders_before_the_first_trading_bar_are_ignored) {
  const std::string text =
      "//@version=6\nstrategy(\"x\")\nif bar_index % 4 == 0\n    strategy.entry(\"L\", strategy.long)\n"
      "if bar_index % 4 == 2\n    strategy.close(\"L\")\n";
  const ScriptRun all = run_script(text, random_bars(40));
  const ScriptRun late = run_script(text, random_bars(40), [](RunRequest& request) { request.trade_from_bar = 18; });
  ASSERT_TRUE(all.result && late.result);
  EXPECT_EQ(all.result->trades.front().entry_bar, 1u);
  EXPECT_EQ(late.result->trades.front().entry_bar, 21u);
  EXPECT_EQ(late.result->equity.size(), 40u);
  EXPECT_EQ(late.result->equity[17], 1'000'000);
}

TEST(Runs, the_equity_curve_is_capital_plus_realised_and_open_profit_at_each_close) {
  const ScriptRun script = run_script(
      "//@version=6\nstrategy(\"x\", initial_capital = 1000)\nif bar_index == 0\n    strategy.entry(\"L\", "
      "strategy.long, qty = 2)\n"
      "if bar_index == 2\n    strategy.close(\"L\")\n",
      five_bars());
  ASSERT_TRUE(script.result);
  // Bought 2 at the open of bar 1 (10), sold at the open of bar 3 (11).
  EXPECT_EQ(script.result->equity, (std::vector<double>{1000, 1004, 1002, 1002, 1002}));
  ASSERT_EQ(script.result->trades.size(), 1u);
  EXPECT_EQ(script.result->trades[0].profit, 2);
}

TEST(Runs, no_bars_is_an_error_that_says_so) {
  const ScriptRun script = run_script("plot(close)\n", market::Series{});
  ASSERT_FALSE(script.result);
  EXPECT_NE(script.result.error().message.find("no bars"), std::string::npos);
}

TEST(Runs, unsuitable_inputs_are_refused_with_what_the_input_accepts) {
  const auto program = compiled(
      "//@version=6\nindicator(\"x\")\nlength = input.int(10, \"Length\", minval = 1, maxval = 50)\n"
      "mode = input.string(\"a\", \"Mode\", options = [\"a\", \"b\"])\non = input.bool(true, \"On\")\n"
      "plot(on and mode == \"a\" ? length : 0)\n");
  const auto message = [&](const std::string& name, InputValue value) {
    const auto bound = bind_inputs(*program, {{name, std::move(value)}});
    return bound ? std::string("accepted") : bound.error().message;
  };
  EXPECT_EQ(message("length", 20.0), "accepted");
  EXPECT_EQ(message("Length", std::string("20")), "accepted");
  EXPECT_EQ(message("on", std::string("false")), "accepted");
  EXPECT_EQ(message("length", 20.5), "input length: must be a whole number, is 20.5");
  EXPECT_EQ(message("length", 51.0), "input length: 51 is above its maximum 50");
  EXPECT_EQ(message("length", std::string("many")), "input length: must be a number, is 'many'");
  EXPECT_EQ(message("mode", std::string("c")), "input mode: 'c' is not one of a, b");
  EXPECT_EQ(message("on", 2.0), "input on: must be true or false");
  EXPECT_EQ(message("size", 2.0), "the script has no input 'size'; it has length, mode, on");
}

TEST(Scripts, a_variable_of_a_plain_type_does_not_hide_the_names_behind_its_own) {
  for (const std::string version : {"4", "5", "6"}) {
    const std::string label = version == "4" ? "label.style_labeldown" : "label.style_label_down";
    const ScriptRun made = run_script(
        "//@version=" + version +
            "\nstrategy(\"x\")\nsize = 5\nposition = close > open ? 1 : -1\ntext = \"t\"\nline = 2.0\n"
            "color = close > open ? color.green : color.red\nplotshape(close > open, size = size.small, color = "
            "color)\n"
            "f(color, text, size) =>\n    label.new(bar_index, close, text, color = color, style = " +
            label +
            ", textcolor = color.white, size = size)\nf(color.blue, text, size.tiny)\nstrategy = 3\n"
            "if position > 0\n    strategy.entry(\"L\", strategy.long)\nplot(size + line + strategy, \"out\")\n",
        five_bars());
    ASSERT_TRUE(made.result) << made.result.error().message;
    EXPECT_EQ(made.plot("out").back(), 10);
    EXPECT_EQ(made.result->trades.size(), 1u);
  }
  const ScriptRun calls = run_script(
      "input = 5\nmath = 2.0\nta = 1\nx = input.int(7)\nplot(x + math.max(input, 3) + ta.sma(close, 1) * 0 + math.pi * "
      "0, "
      "\"out\")",
      five_bars());
  ASSERT_TRUE(calls.result) << calls.result.error().message;
  EXPECT_EQ(calls.plot("out").back(), 12);
}

TEST(Scripts, ints_that_come_through_parameters_divide_as_in_a_series) {
  const std::string script =
      "f(length) => 1 / length\ng(int n = 14) => 2 / (n + 1)\nplot(f(16) + g(), \"out\")\nplot(1 / 16, \"const\")";
  const ScriptRun made = run_script("//@version=5\nindicator(\"t\")\n" + script, five_bars());
  EXPECT_DOUBLE_EQ(made.plot("out").back(), 1.0 / 16 + 2.0 / 15);
  EXPECT_EQ(made.plot("const").back(), 0) << "two const ints do truncate before v6";
}

TEST(Scripts, defaults_of_inputs_may_be_computed_of_constants) {
  const ScriptRun made = run_script(
      "//@version=5\nindicator(\"t\")\nb = input.bool(not true)\na = input(timestamp(\"2024-01-01 00:00 +0000\"), "
      "\"a\")\nc = input.int(math.max(1, 2))\nd = input.float(math.sqrt(9))\n"
      "plot(c + d + (b ? 1 : 0), \"out\")\nplot(a, \"time\")",
      five_bars());
  ASSERT_TRUE(made.result) << made.result.error().message;
  EXPECT_EQ(made.plot("out").back(), 5);
  EXPECT_EQ(made.plot("time").back(), 1'704'067'200'000);
}

TEST(Scripts, an_order_with_na_for_its_quantity_has_the_default_size_and_one_that_computes_na_has_none) {
  const auto orders = [](const std::string& quantity) {
    const ScriptRun made = run_script(
        "//@version=6\nstrategy(\"t\")\nq = close > 0 ? float(na) : 1.0\n"
        "if bar_index == 1\n    strategy.entry(\"L\", strategy.long, " +
            quantity + ")\n",
        five_bars());
    return std::pair(made.result->trades.size(), made.result->rejections.no_quantity);
  };
  EXPECT_EQ(orders("na"), (std::pair<std::size_t, std::uint64_t>(1, 0)));
  EXPECT_EQ(orders("qty = na"), (std::pair<std::size_t, std::uint64_t>(1, 0)));
  EXPECT_EQ(orders("q"), (std::pair<std::size_t, std::uint64_t>(0, 1)));
  EXPECT_EQ(orders("0"), (std::pair<std::size_t, std::uint64_t>(0, 1)));
}

TEST(Scripts, an_exit_without_levels_does_nothing_before_v5) {
  const ScriptRun made = run_script(
      "//@version=4\nstrategy(\"t\")\nstrategy.entry(\"L\", true, 1, when = bar_index == 0)\n"
      "strategy.exit(\"X\", \"L\", when = bar_index == 2)\n",
      five_bars());
  ASSERT_TRUE(made.result) << made.result.error().message;
  EXPECT_EQ(made.result->open_trade_count, 1u);
}

TEST(Scripts, loops_count_from_bound_to_bound_whatever_the_sign_of_their_step) {
  const auto counted = [](const std::string& loop) {
    const ScriptRun made =
        run_script("s = input.int(-2)\nc = 0\nfor " + loop + "\n    c := c * 10 + i\nplot(c, \"out\")", five_bars());
    return made.result ? made.plot("out").back() : -1;
  };
  EXPECT_EQ(counted("i = 3 to 1 by -1"), 321);
  EXPECT_EQ(counted("i = 3 to 1 by 1"), 321);
  EXPECT_EQ(counted("i = 1 to 3 by -1"), 123);
  EXPECT_EQ(counted("i = 5 to 1 by s"), 531);
  EXPECT_EQ(counted("i = 1 to 5 by s"), 135);
}

TEST(Scripts, parameters_cannot_be_changed) {
  const pine::Compilation made = pine::compile(
      "test.pine", "//@version=5\nindicator(\"t\")\nf(x) =>\n    x := nz(x, 5)\n    x\nplot(f(close[1]))\n");
  ASSERT_EQ(made.program, nullptr);
  EXPECT_NE(pine::render(made).find("test.pine:4:5"), std::string::npos) << pine::render(made);
}

TEST(Scripts, a_simple_average_holds_its_last_value_on_an_na_bar_whatever_the_length_there) {
  expect_values(values_of("ta.sma(bar_index == 3 ? na : close, bar_index == 3 ? 4 : 2)"),
                {kNone, 11, 11.5, 11.5, 12.5});
}

}  // namespace
}  // namespace tradeassist::backtest
