#include "pine/compile.hpp"

#include <gtest/gtest.h>

namespace tradeassist::pine {
namespace {

std::string errors(const std::string& text) { return render(compile("t.pine", text)); }

bool compiles(const std::string& text) {
  const Compilation made = compile("t.pine", text);
  if (!made.program) ADD_FAILURE() << render(made);
  return made.program != nullptr;
}

constexpr const char* kCross = R"(//@version=6
strategy("Cross", overlay = true, default_qty_type = strategy.percent_of_equity, default_qty_value = 50)
fast = input.int(10, "Fast", minval = 2, maxval = 50, step = 2)
slow = input.int(30, "Slow", minval = 5)
f = ta.sma(close, fast)
s = ta.sma(close, slow)
if ta.crossover(f, s)
    strategy.entry("Long", strategy.long)
if ta.crossunder(f, s)
    strategy.close("Long")
plot(f, "Fast", color.orange)
)";

TEST(Compile, a_strategy_becomes_a_program_with_its_inputs_and_settings) {
  const Compilation made = compile("cross.pine", kCross);
  ASSERT_TRUE(made.program) << render(made);
  const Program& program = *made.program;
  ASSERT_EQ(program.inputs.size(), 2u);
  EXPECT_EQ(program.inputs[0].name, "fast");
  EXPECT_EQ(program.inputs[0].title, "Fast");
  EXPECT_EQ(program.inputs[0].maximum, 50);
  EXPECT_EQ(program.source->slice(program.inputs[1].default_range), "30");
  EXPECT_EQ(program.settings.default_qty_type, QuantityType::kPercentOfEquity);
  EXPECT_EQ(program.settings.margin_long, 100);
  EXPECT_EQ(program.outputs.size(), 1u);
  EXPECT_EQ(program.states.size(), 4u) << disassemble(program);
}

TEST(Compile, equal_work_is_done_once_and_unused_work_not_at_all) {
  const Compilation made = compile("t.pine", R"(//@version=6
strategy("x")
a = ta.sma(close, 5) + ta.sma(close, 5)
unused = ta.ema(high, 9)
if close > open and a > 1
    strategy.entry("L", strategy.long)
if close > open
    strategy.close("L")
)");
  ASSERT_TRUE(made.program) << render(made);
  EXPECT_EQ(made.program->states.size(), 1u) << disassemble(*made.program);
  EXPECT_EQ(made.program->loads.size(), 2u);
}

TEST(Compile, what_depends_on_inputs_alone_is_computed_before_the_first_bar) {
  const Compilation made = compile("t.pine", R"(//@version=6
indicator("x")
n = input.int(10)
half = n / 2 + 1
plot(close * half)
)");
  ASSERT_TRUE(made.program) << render(made);
  EXPECT_EQ(made.program->prologue.size(), 2u) << disassemble(*made.program);
  EXPECT_EQ(made.program->body.size(), 2u) << disassemble(*made.program);
}

TEST(Compile, accepts_the_styles_people_write) {
  EXPECT_TRUE(compiles(R"(//@version=5
strategy("Old style", overlay=true, margin_long=100, commission_type=strategy.commission.percent, commission_value=0.1)
len = input(14, title="Length")
src = input(close, "Source")
use = input.bool(true, "Use it")
r = ta.rsi(src, len)
longCondition = r[1] < 30 and r > 30 and use
strategy.entry("L", strategy.long, when = longCondition)
strategy.exit("X", "L", stop = strategy.position_avg_price * 0.95, limit = strategy.position_avg_price * 1.1)
strategy.close("L", when = ta.crossunder(r, 70), comment = "out")
var float best = na
best := na(best) ? close : math.max(best, close)
int count = 0
for i = 0 to 9
    if close[i] > open[i]
        count += 1
f(x) =>
    var total = 0.0
    total := total + nz(x)
    [total, x]
[a, b] = f(volume)
kind = switch
    r > 70 => "high"
    r < 30 => "low"
    => "mid"
l = label.new(bar_index, high, kind + str.tostring(r, "#.##"))
label.set_text(l, "x")
bgcolor(longCondition ? color.new(color.green, 90) : na)
plotshape(longCondition, style=shape.triangleup, location=location.belowbar, color=color.green, size=size.small)
h = hline(70, "Upper")
p1 = plot(r), p2 = plot(a)
fill(p1, p2, color=color.new(color.blue, 90))
while count > 5
    count -= 1
htf = request.security(syminfo.tickerid, "D", ta.ema(close, len))
[hh, ll] = request.security(syminfo.tickerid, "W", [high, low], lookahead=barmerge.lookahead_on)
inRange = time >= timestamp(2015, 1, 1, 0, 0) and dayofweek != dayofweek.sunday and not na(htf)
alertcondition(longCondition, "t", "m")
if barstate.islast and inRange
    log.info("done {0}", count)
)"));
}

TEST(Compile, reports_all_errors_of_a_file_with_place_and_hint) {
  const std::string text = errors(R"(//@version=6
strategy("x")
a = ta.smaa(close, 5)
b = close + "text"
c = undefined_name
if close
    strategy.entry("L")
d = ta.ema(close, bar_index)
strategy.exit("X", "L")
arr = array.new<float>("3")
e = 5
e = 6
x = ta.sma(close, length = 5, foo = 3)
)");
  for (const char* expected :
       {"t.pine:3:5: error: `ta.smaa()`", "did you mean `ta.sma`",
        "t.pine:4:5: error: `+` needs two numbers or two strings",
        "t.pine:5:5: error: `undefined_name` is not declared",
        "t.pine:6:4: error: a condition must be bool, is series float",
        "t.pine:7:5: error: strategy.entry() needs the argument `direction`",
        "t.pine:8:19: error: the argument `length` of ta.ema() must be known before the first bar",
        "t.pine:9:1: error: strategy.exit() needs at least one of",
        "t.pine:10:24: error: the argument `size` of array.new() must be int",
        "t.pine:12:1: error: `e` is already declared", "has no parameter `foo`"}) {
    EXPECT_NE(text.find(expected), std::string::npos) << expected << "\n in\n" << text;
  }
}

TEST(Compile, branches_may_disagree_where_nobody_asks_for_their_value) {
  const std::string text = R"(//@version=6
indicator("x")
type State
    int count = 0
method note(State state, string text) =>
    if close > open
        state.count += 1
    else
        label.new(bar_index, close, text)
state = State.new()
note(state, "down")
state.note("down")
)";
  EXPECT_TRUE(compiles(text));
  EXPECT_NE(errors(text + "x = note(state, \"down\")\n").find("the branches give different types"), std::string::npos);
}

TEST(Compile, what_the_language_forbids_is_refused) {
  const auto refused = [](const std::string& lines, const std::string& expected, const std::string& version = "6") {
    const std::string text = errors("//@version=" + version + "\nindicator(\"x\")\n" + lines + "\n");
    EXPECT_NE(text.find(expected), std::string::npos) << lines << "\n" << text;
  };
  const auto taken = [](const std::string& lines, const std::string& version = "6") {
    EXPECT_TRUE(compiles("//@version=" + version + "\nindicator(\"x\")\n" + lines + "\n"));
  };
  refused("a = array.new<array<float>>(3)", "t.pine:3:5: error: a collection cannot hold collections");
  refused("a = array.from(array.new<int>(), array.new<int>())", "a collection cannot hold collections");
  refused("m = map.new<string, array<float>>()", "a collection cannot hold collections");
  refused("const int x = bar_index", "t.pine:3:15: error: `x` is const int and cannot be series int");
  refused("const int x = input.int(5)", "cannot be input int");
  refused("simple float x = close", "cannot be series float");
  taken(
      "n = input.int(5)\nconst int a = 2 + 3\nsimple int b = n > 3 ? n : 2\nsimple int c = if n > 2\n    7\nelse\n    "
      "n\n"
      "simple string d = timeframe.period\nconst color e = color.new(color.red, 50)\nseries float f = 1.0");
  refused("plot(close[1][1])", "t.pine:3:6: error: `[]` stands once behind a value");
  taken("study_offset = offset(close[1], 2) + offset(close, 1)[1]\nplot(study_offset)", "4");
  refused("try = 1", "t.pine:3:1: error: `try` is a reserved word");
  refused("class(x) => x", "`class` is a reserved word", "5");
  taken("return = 1\nplot(return)", "4");
  refused("plot(close, linewidth = 0)", "t.pine:3:25: error: the argument `linewidth` of plot() must be at least 1");
  refused("plot(close, offset = bar_index % 3)", "t.pine:3:22: error: the argument `offset` of plot() must be known");
  taken("plot(close, linewidth = 0, offset = bar_index)", "5");
  taken("plot(close, offset = input.int(-3))");
}

TEST(Compile, in_v6_the_past_of_a_field_is_a_field_of_the_past) {
  const std::string head = "indicator(\"x\")\ntype P\n    float a\np = P.new(close)\n";
  EXPECT_NE(errors("//@version=6\n" + head + "plot(p.a[1])\n").find("t.pine:6:6: error: a field has no history"),
            std::string::npos);
  EXPECT_TRUE(compiles("//@version=6\n" + head + "plot((p[1]).a)\nplot(ta.tr[1])\n"));
  EXPECT_TRUE(compiles("//@version=5\n" + head + "plot(p.a[1])\n"));
}

TEST(Compile, a_function_is_declared_above_its_calls) {
  const std::string calls_first = "plot(twice(close))\ntwice(x) => x * 2\n";
  for (const char* head : {"//@version=5\nindicator(\"x\")\n", "//@version=6\nindicator(\"x\")\n"}) {
    EXPECT_NE(errors(head + calls_first).find("t.pine:3:6: error: the function `twice` is declared below"),
              std::string::npos);
    EXPECT_NE(errors(std::string(head) + "four(x) => twice(twice(x))\ntwice(x) => x * 2\nplot(four(close))\n")
                  .find("is declared below"),
              std::string::npos);
  }
  // A later function of a built-in one's name does not hide it above.
  EXPECT_TRUE(compiles("//@version=6\nindicator(\"x\")\nplot(nz(close))\nnz(float x) => x\nplot(nz(open))\n"));
}

TEST(Compile, functions_that_nobody_calls_are_looked_into) {
  const auto mistakes = [](const std::string& body) {
    return errors("//@version=6\nstrategy(\"x\")\nplot(close)\nf(x, int n) =>\n" + body);
  };
  EXPECT_NE(mistakes("    x + nothing\n").find("t.pine:5:9: error: `nothing` is not declared"), std::string::npos);
  EXPECT_NE(mistakes("    ta.sma(x, lenght = n)\n").find("no parameter `lenght`"), std::string::npos);
  EXPECT_NE(mistakes("    ta.smaa(x, n)\n").find("did you mean `ta.sma`"), std::string::npos);
  EXPECT_NE(errors("//@version=6\nindicator(\"x\")\nplot(close)\nf(series int n) => ta.ema(close, n)\n")
                .find("must be known before the first bar"),
            std::string::npos);
  // A parameter without a qualifier may be given a constant.
  EXPECT_EQ(errors("//@version=6\nindicator(\"x\")\nplot(close)\nf(float x, int n, string t, color c) =>\n"
                   "    m = input.int(1, t) + n\n    const int k = 5 / n\n    n == 2 ? ta.ema(x[n], m) + k : na\n"),
            "");
  // What x is decides whether this is right: nobody says so.
  EXPECT_EQ(
      mistakes(
          "    [a, b] = x\n    y = x.first[1]\n    for [i, e] in x\n        a.push(e)\n"
          "    z = if n > 2\n        x\n    else\n        1\n    [v, w] = switch x\n        1 => [a, b]\n        => x\n"
          "    x.second := y + ta.highest(x, n)[n] + z\n    strategy.entry(x, x)\n    label.new(x, x).set_text(x)\n"
          "    request.security(x, x, x)\n    array.new<float>(x).get(x) + nz(x) + math.max(x, y, n)\n"),
      "");
}

TEST(Compile, a_date_that_is_none_is_an_error_at_its_place) {
  EXPECT_TRUE(compiles("//@version=5\nindicator(\"x\")\nplot(timestamp(\"01 Jan 2020 00:00 +0000\"))\n"));
  EXPECT_NE(errors("//@version=5\nindicator(\"x\")\nfrom = input.time(timestamp(\"2020-13-01\"))\nplot(from)\n")
                .find("t.pine:3:29: error: '2020-13-01' is not a date"),
            std::string::npos);
}

TEST(Compile, versions_part_ways_where_the_manual_says) {
  EXPECT_TRUE(compiles("//@version=5\nindicator('x')\nplot(close ? 1 : 0)\n"));
  EXPECT_NE(errors("//@version=6\nindicator('x')\nplot(close ? 1 : 0)\n").find("must be bool"), std::string::npos);
  EXPECT_NE(errors("//@version=6\nstrategy('x')\nstrategy.entry('a', strategy.long, when = true)\n")
                .find("no parameter `when`"),
            std::string::npos);
  EXPECT_TRUE(compiles("//@version=4\nstudy('x')\n"));
  EXPECT_NE(errors("//@version=5\nstudy('x')\n").find("`study` is the v4 name"), std::string::npos);
  EXPECT_NE(errors("plot(close)\n").find("does not state its version"), std::string::npos);
}

TEST(Compile, recursion_and_explosions_are_refused) {
  EXPECT_NE(errors("//@version=6\nindicator('x')\nf(x) => f(x)\nplot(f(close))\n").find("calls itself"),
            std::string::npos);
  std::string text = "//@version=6\nindicator('x')\nf0(x) => ta.ema(x, 3) + 1\n";
  for (int i = 1; i < 40; ++i) {
    text +=
        "f" + std::to_string(i) + "(x) => f" + std::to_string(i - 1) + "(x) + f" + std::to_string(i - 1) + "(x * 2)\n";
  }
  EXPECT_NE(errors(text + "plot(f39(close))\n").find("too large"), std::string::npos);
}

}  // namespace
}  // namespace tradeassist::pine
