#include "pine/versions/versions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <map>
#include <sstream>

#include "pine/compile.hpp"

// Older versions of Pine: each script beside what it means in v5, compared as programs.
namespace tradeassist::pine {
namespace {

using ::testing::HasSubstr;

/// The operations with constants written out and slots numbered as they appear, so that constants which nothing uses
/// and the order in which slots were made do not count.
std::string canonical(const std::string& disassembled) {
  std::map<std::string, std::string> names;
  std::istringstream lines(disassembled);
  std::string out;
  int slots = 0;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first, slot, equals, value;
    words >> first >> slot >> equals >> value;
    if (first == "constant") names[slot] = "<" + value + ">";
    if (first == "load") names[slot] = "field" + line.substr(line.rfind(' ') + 1);
    if (first == "constant" || first == "load") continue;
    std::istringstream again(line);
    for (std::string word; again >> word;) {
      if (word.size() > 1 && word[0] == 's' && std::isdigit(static_cast<unsigned char>(word[1])) != 0) {
        const auto [name, added] = names.try_emplace(word, "slot" + std::to_string(slots));
        slots += added;
        word = name->second;
      }
      out += word + " ";
    }
    out += "\n";
  }
  return out;
}

std::string listing(const std::string& text) {
  const Compilation made = compile("v.pine", text);
  if (!made.program) {
    ADD_FAILURE() << text << render(made);
    return "";
  }
  std::string inputs;
  for (const Input& input : made.program->inputs) {
    inputs += input.name + "|" + input.title + "|" + std::to_string(static_cast<int>(input.kind)) + "|" +
              std::to_string(input.number) + "|" + input.text + "|" + std::to_string(input.minimum) + "|" +
              std::to_string(input.maximum) + "|" + std::to_string(input.step) + "|" +
              std::to_string(input.number_options.size()) + "|" + std::to_string(input.text_options.size()) + "\n";
  }
  return inputs + canonical(disassemble(*made.program));
}

void expect_same(const std::string& old_version, const std::string& body, const std::string& v5_body) {
  const std::string old_head = "//@version=" + old_version + "\nstudy(\"v\")\n";
  EXPECT_EQ(listing(old_head + body), listing("//@version=5\nindicator(\"v\")\n" + v5_body)) << body;
}

void expect_same_strategy(const std::string& old_version, const std::string& body, const std::string& v5_body) {
  EXPECT_EQ(listing("//@version=" + old_version + "\nstrategy(\"v\")\n" + body),
            listing("//@version=5\nstrategy(\"v\")\n" + v5_body))
      << body;
}

std::string errors(const std::string& text) { return render(compile("v.pine", text)); }

TEST(Versions, functions_without_namespaces_are_those_of_ta_math_and_str) {
  expect_same("4", "plot(sma(close, 9) + ema(high, 5) - rma(low, 3) * wma(open, 4))\n",
              "plot(ta.sma(close, 9) + ta.ema(high, 5) - ta.rma(low, 3) * ta.wma(open, 4))\n");
  expect_same("4", "plot(abs(close - open) + max(high, low, 3) + round(pow(close, 2)) + sum(volume, 3))\n",
              "plot(math.abs(close - open) + math.max(high, low, 3) + math.round(math.pow(close, 2)) + "
              "math.sum(volume, 3))\n");
  expect_same("4", "[a, b, c] = macd(close, 12, 26, 9)\nplot(a + b + c + highest(10) + lowest(low, 4))\n",
              "[a, b, c] = ta.macd(close, 12, 26, 9)\nplot(a + b + c + ta.highest(10) + ta.lowest(low, 4))\n");
  expect_same("4", "plot(crossover(close, open) ? atr(14) : tr)\n",
              "plot(ta.crossover(close, open) ? ta.atr(14) : ta.tr)\n");
  expect_same("4", "plot(tr(true) + vwap + vwap(hlc3) + obv)\n",
              "plot(ta.tr(true) + ta.vwap + ta.vwap(hlc3) + ta.obv)\n");
  expect_same("4", "s = tostring(close, \"#.#\")\nalert(s)\nplot(tonumber(\"3\"))\n",
              "s = str.tostring(close, \"#.#\")\nalert(s)\nplot(str.tonumber(\"3\"))\n");
}

TEST(Versions, old_parameter_names_are_understood) {
  expect_same("4", "plot(crossunder(x = close, y = open) ? 1 : nz(x = close[1], y = 3))\n",
              "plot(ta.crossunder(close, open) ? 1 : nz(close[1], 3))\n");
  expect_same("4", "plot(sma(source = close, length = 9) + abs(x = open))\n",
              "plot(ta.sma(close, 9) + math.abs(open))\n");
  expect_same("4", "plot(correlation(source_a = close, source_b = open, length = 5))\n",
              "plot(ta.correlation(close, open, 5))\n");
  expect_same("4", "plot(time(resolution = \"D\", session = \"0900-1000\"))\n", "plot(time(\"D\", \"0900-1000\"))\n");
}

TEST(Versions, iff_computes_both_sides_and_offset_looks_back) {
  expect_same("4", "plot(offset(close, 3) + offset(source = open, offset = 2))\n", "plot(close[3] + open[2])\n");
  expect_same("4", "a = sma(close, 3)\nb = ema(close, 3)\nplot(iff(close > open, a, b))\n",
              "a = ta.sma(close, 3)\nb = ta.ema(close, 3)\nplot(close > open ? a : b)\n");
  // A ternary would compute the averages on the bars of their own side only.
  expect_same("4", "plot(iff(close > open, sma(close, 3), ema(close, 3)))\n",
              "c = close > open\na = ta.sma(close, 3)\nb = ta.ema(close, 3)\nplot(c ? a : b)\n");
}

TEST(Versions, rsi_of_two_series_is_their_ratio) {
  expect_same("4", "up = rma(max(change(close), 0), 14)\ndown = rma(-min(change(close), 0), 14)\nplot(rsi(up, down))\n",
              "up = ta.rma(math.max(ta.change(close), 0), 14)\ndown = ta.rma(-math.min(ta.change(close), 0), 14)\n"
              "plot(100 - 100 / (1 + up / down))\n");
  expect_same("4", "n = input(14)\nplot(rsi(close, n))\n", "n = input.int(14)\nplot(ta.rsi(close, n))\n");
}

TEST(Versions, inputs_name_their_type_in_an_argument) {
  expect_same("4", "a = input(14, minval=1)\nplot(a)\n", "a = input.int(14, minval = 1)\nplot(a)\n");
  expect_same("4", "a = input(14, \"Length\", input.integer, 1, 50, false, 2)\nplot(a)\n",
              "a = input.int(14, \"Length\", minval = 1, maxval = 50, step = 2)\nplot(a)\n");
  expect_same("4", "a = input(title=\"Mult\", type=input.float, defval=2, minval=0.5, step=0.5)\nplot(a)\n",
              "a = input.float(2, \"Mult\", minval = 0.5, step = 0.5)\nplot(a)\n");
  expect_same("4", "a = input(close, title = \"Source\", type = input.source)\nb = input(hl2)\nplot(a + b)\n",
              "a = input.source(close, \"Source\")\nb = input.source(hl2)\nplot(a + b)\n");
  expect_same("4", "a = input(\"SMA\", options=[\"SMA\", \"EMA\"])\nplot(a == \"SMA\" ? 1 : 2)\n",
              "a = input.string(\"SMA\", options = [\"SMA\", \"EMA\"])\nplot(a == \"SMA\" ? 1 : 2)\n");
  expect_same("4", "a = input(5, options=[5, 9], minval = 1)\nplot(a)\n",
              "a = input.int(5, options = [5, 9])\nplot(a)\n");
  expect_same("4", "a = input(true, \"Use\", input.bool)\nb = input(false)\nplot(a and b ? 1 : 0)\n",
              "a = input.bool(true, \"Use\")\nb = input.bool(false)\nplot(a and b ? 1 : 0)\n");
  expect_same(
      "4", "r = input(\"60\", type=input.resolution)\ns = input(\"0900-1000\", type=input.session)\nplot(time(r, s))\n",
      "r = input.timeframe(\"60\")\ns = input.session(\"0900-1000\")\nplot(time(r, s))\n");
  expect_same("4", "def = 3\na = input(def, minval=1)\nb = input(-0.5, step=0.1)\nplot(sma(close, a) * b)\n",
              "def = 3\na = input.int(def, minval=1)\nb = input.float(-0.5, step = 0.1)\nplot(ta.sma(close, a) * b)\n");
  expect_same("4", "c = input(#ff0000, type=input.color)\nplot(close, color = c)\n",
              "c = input.color(#ff0000)\nplot(close, color = c)\n");
  expect_same("3", "a = input(14, title=\"n\", type=integer)\nb = input(1.5, \"m\", float)\nplot(a * b)\n",
              "a = input.int(14, \"n\")\nb = input.float(1.5, \"m\")\nplot(a * b)\n");
}

TEST(Versions, names_of_the_script_win_over_those_of_the_language) {
  expect_same("4",
              "hma(src, length) => wma(2 * wma(src, length / 2) - wma(src, length), "
              "round(sqrt(length)))\nplot(hma(close, 9))\n",
              "h(src, length) => ta.wma(2 * ta.wma(src, length / 2) - ta.wma(src, length), "
              "math.round(math.sqrt(length)))\nplot(h(close, 9))\n");
  // A variable and a function may share a name.
  expect_same("4", "rsi = rsi(close, 14)\natr = atr(10)\nplot(rsi + atr)\n",
              "r = ta.rsi(close, 14)\na = ta.atr(10)\nplot(r + a)\n");
  expect_same("4", "tr = max(high - low, 1)\nplot(tr)\n", "t = math.max(high - low, 1)\nplot(t)\n");
  expect_same("4", "f(tr, sma) => tr + sma\nplot(f(1, close))\n", "f(a, b) => a + b\nplot(f(1, close))\n");
  // Inside its own body a function's name is still the built-in one; Pine has no recursion.
  expect_same("4", "ema(x, l) => ema(x, l) * 2\nplot(ema(close, 5))\n",
              "e(x, l) => ta.ema(x, l) * 2\nplot(e(close, 5))\n");
  expect_same("3", "n = 5\nred = close\nplot(red + n)\n", "k = 5\nr = close\nplot(r + k)\n");
}

TEST(Versions, orders_take_bools_for_directions_and_conditions) {
  expect_same_strategy(
      "4", "strategy.entry(\"L\", true, when = close > open)\nstrategy.entry(\"S\", long = false, qty = 2)\n",
      "strategy.entry(\"L\", strategy.long, when = close > open)\n"
      "strategy.entry(\"S\", strategy.short, qty = 2)\n");
  expect_same_strategy("4", "strategy.entry(\"L\", strategy.long, 1)\nstrategy.close(\"L\", close < open, \"out\")\n",
                       "strategy.entry(\"L\", strategy.long, 1)\nstrategy.close(\"L\", close < open, \"out\")\n");
  expect_same_strategy("3", "strategy.exit(\"X\", \"L\", profit = 10, loss = 5, when = close > open)\n",
                       "strategy.exit(\"X\", \"L\", profit = 10, loss = 5, when = close > open)\n");
  // Today's order of arguments, which scripts of v5 follow since its manual dropped `when`.
  expect_same_strategy("5", "strategy.close(\"L\", \"out\")\nstrategy.close_all(\"all \" + str.tostring(close))\n",
                       "strategy.close(\"L\", comment = \"out\")\n"
                       "strategy.close_all(comment = \"all \" + str.tostring(close))\n");
  // A direction that is only known on the bar.
  EXPECT_EQ(errors("//@version=4\nstrategy(\"v\")\nup = close > open\nstrategy.entry(\"E\", up)\n"), "");
  EXPECT_THAT(errors("//@version=5\nstrategy(\"v\")\nup = close > open\nstrategy.entry(\"E\", up)\n"),
              HasSubstr("v.pine:4:21: error: the argument `direction` of strategy.entry() must be"));
}

TEST(Versions, transparency_stands_in_the_middle_of_old_plots_and_is_gone_in_v6) {
  expect_same("4",
              "plot(close, \"t\", color.red, 2, plot.style_line, false, 50)\nbgcolor(color.red, 90)\n"
              "plotshape(close > open, \"s\", shape.circle, location.top, color.blue, 10, 0, \"x\")\n",
              "plot(close, \"t\", color.red, 2, plot.style_line, false)\nbgcolor(color.red)\n"
              "plotshape(close > open, \"s\", shape.circle, location.top, color.blue, 0, \"x\")\n");
  EXPECT_EQ(errors("//@version=5\nindicator(\"v\")\nplot(close, transp = 10)\n"), "");
  EXPECT_THAT(errors("//@version=6\nindicator(\"v\")\nplot(close, transp = 10)\n"),
              HasSubstr("has no parameter `transp`"));
}

TEST(Versions, version_three_has_names_without_namespaces_everywhere) {
  expect_same("3", "plot(close, color = red, style = histogram)\nhline(3, linestyle = dashed)\nplot(n + interval)\n",
              "plot(close, color = color.red, style = plot.style_histogram)\nhline(3, linestyle = hline.style_dashed)\n"
              "plot(bar_index + timeframe.multiplier)\n");
  expect_same("3", "plot(dayofweek == monday and isintraday ? security(tickerid, \"D\", close) : na)\n",
              "plot(dayofweek == dayofweek.monday and timeframe.isintraday ? request.security(syminfo.tickerid, \"D\", "
              "close) : na)\n");
  expect_same("3", "bgcolor(color(red, 80))\n", "bgcolor(color.new(color.red, 80))\n");
  expect_same("3", "x = na\nx := close > open ? 1 : nz(x[1])\nplot(x)\n",
              "float x = na\nx := close > open ? 1 : nz(x[1])\nplot(x)\n");
  expect_same("3", "b = na\nif close > open\n    b := true\nplot(b ? 1 : 0)\n",
              "bool b = na\nif close > open\n    b := true\nplot(b ? 1 : 0)\n");
  EXPECT_THAT(errors("//@version=4\nstudy(\"v\")\nx = na\nx := close\nplot(x)\n"), HasSubstr("needs a type"));
}

TEST(Versions, version_two_reads_its_own_past_and_looks_ahead_in_security) {
  expect_same("2", "x = nz(x[1]) + close\nplot(x)\n", "float x = na\nx := nz(x[1]) + close\nplot(x)\n");
  expect_same("2", "trend = close > open ? 1 : close < open ? -1 : nz(trend[1], 1)\nplot(trend)\n",
              "float t = na\nt := close > open ? 1 : close < open ? -1 : nz(t[1], 1)\nplot(t)\n");
  expect_same("2", "plot(security(tickerid, \"W\", close))\n",
              "plot(request.security(syminfo.tickerid, \"W\", close, lookahead = barmerge.lookahead_on))\n");
}

TEST(Versions, a_variable_has_a_past_in_v6_and_a_literal_has_none) {
  EXPECT_EQ(
      errors("//@version=6\nindicator(\"v\")\nvar x = 5.0\nplot(nz(x[1]))\nmax_bars_back(var = close, num = 9)\n"), "");
  EXPECT_THAT(errors("//@version=6\nindicator(\"v\")\nplot(5[1])\n"),
              HasSubstr("a constant has no history in Pine v6"));
}

TEST(Versions, what_is_not_supported_is_refused_by_its_version) {
  EXPECT_THAT(errors("//@version=1\nstudy(\"v\")\nplot(close)\n"), HasSubstr("Pine v1 is not supported"));
  EXPECT_THAT(errors("study(\"v\")\nplot(close)\n"), HasSubstr("is taken for Pine v1, which is not supported"));
  EXPECT_THAT(errors("//@version=7\nindicator(\"v\")\n"), HasSubstr("Pine v7 is not supported"));
}

TEST(Versions, a_later_version_does_not_know_the_old_names_but_says_the_new_ones) {
  EXPECT_THAT(errors("//@version=5\nindicator(\"v\")\nplot(sma(close, 3))\n"), HasSubstr("did you mean `ta.sma`?"));
  EXPECT_THAT(errors("//@version=5\nindicator(\"v\")\nplot(security(\"a\", \"D\", close))\n"),
              HasSubstr("did you mean `request.security`?"));
  EXPECT_THAT(errors("//@version=6\nindicator(\"v\")\nplot(close, color = red)\n"),
              HasSubstr("did you mean `color.red`?"));
}

TEST(Versions, rules_and_colours_part_where_the_manual_says) {
  EXPECT_EQ(language_rules(4).default_margin, 0);
  EXPECT_EQ(language_rules(6).default_margin, 100);
  EXPECT_TRUE(language_rules(4).bool_is_direction);
  EXPECT_FALSE(language_rules(5).bool_is_direction);
  EXPECT_TRUE(language_rules(5).numbers_are_conditions);
  EXPECT_TRUE(language_rules(6).lazy_logic);
  EXPECT_EQ(language_rules(2).version, 2);
  EXPECT_TRUE(language_rules(4).sessions_skip_weekends);
  EXPECT_FALSE(language_rules(5).sessions_skip_weekends);
  EXPECT_TRUE(language_rules(6).period_has_number);
  EXPECT_EQ(old_color("color.red", 5), 0xFF5252u);
  EXPECT_EQ(old_color("color.red", 6), std::nullopt);
  EXPECT_EQ(old_variable("n", 3), "bar_index");
  EXPECT_EQ(old_variable("n", 4), std::nullopt);
  EXPECT_EQ(old_function("security", 4)->name, "request.security");
  EXPECT_FALSE(old_function("security", 5));
}

}  // namespace
}  // namespace tradeassist::pine
