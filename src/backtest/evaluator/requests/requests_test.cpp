#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

#include "backtest/testing/script_run.hpp"

namespace tradeassist::backtest {
namespace {

using testing::bars_of_closes;
using testing::compiled;
using testing::expect_values;
using ::testing::HasSubstr;
using testing::kHour;
using testing::kNone;
using testing::nanoseconds;
using testing::random_bars;
using testing::run_script;
using testing::ScriptRun;
using testing::Values;

const std::int64_t kMidnight = nanoseconds("2024-01-09T00:00:00Z");

market::Series hours(const Values& closes) { return bars_of_closes(closes, kMidnight, kHour); }

/// Bars by "SYMBOL timeframe".
using Library = std::map<std::string, market::Series>;

ScriptRun run_with(const std::string& text, const market::Series& bars, const Library& library,
                   void (*change)(market::Instrument&) = nullptr) {
  return run_script(text, bars, [&](RunRequest& request) {
    if (change != nullptr) change(request.instrument);
    const market::Instrument like = request.instrument;
    request.source = [&library, like](const std::string& symbol,
                                      market::Timeframe timeframe) -> base::Result<SourcedSeries> {
      const auto found = library.find(symbol + " " + market::to_string(timeframe));
      if (found == library.end()) return base::failure(base::ErrorCode::kNotFound, "no bars of " + symbol);
      market::Instrument instrument = like;
      instrument.symbol = symbol;
      return SourcedSeries{std::make_shared<const market::Series>(found->second), instrument};
    };
  });
}

Values plotted(const std::string& text, const market::Series& bars, const Library& library = {}) {
  const ScriptRun script = run_with(text, bars, library);
  if (!script.result) throw std::runtime_error(script.result.error().message);
  return script.plot("x");
}

TEST(Requests, another_symbol_holds_its_last_value_over_its_holes) {
  market::Series other;
  const market::Series whole = hours({10, 20, 25, 30});
  for (const std::size_t i : {0u, 1u, 3u}) other.push_back(whole.bar(i));
  const Library library = {{"OTHER 1h", other}};
  const market::Series chart = hours({1, 2, 3, 4, 5, 6});
  expect_values(plotted("plot(request.security(\"OTHER\", \"\", close), \"x\")\n", chart, library),
                {10, 20, 20, 30, 30, 30});
  expect_values(
      plotted("plot(request.security(\"OTHER\", \"60\", close, gaps = barmerge.gaps_on), \"x\")\n", chart, library),
      {10, 20, kNone, 30, kNone, kNone});
  expect_values(plotted("plot(request.security(\"OTHER\", \"60\", close[1]), \"x\")\n", chart, library),
                {kNone, 10, 10, 20, 20, 20});
}

TEST(Requests, another_symbol_is_na_before_its_first_bar_and_a_bool_of_v6_false) {
  const Library library = {{"OTHER 1h", bars_of_closes({7, 8}, kMidnight + 2 * kHour, kHour)}};
  const market::Series chart = hours({1, 2, 3, 4});
  expect_values(plotted("plot(request.security(\"OTHER\", \"60\", close), \"x\")\n", chart, library),
                {kNone, kNone, 7, 8});
  expect_values(plotted("plot(request.security(\"OTHER\", \"60\", close > 0) ? 1 : 0, \"x\")\n", chart, library),
                {0, 0, 1, 1});
}

TEST(Requests, a_finer_timeframe_gives_the_last_bar_inside_and_with_lookahead_the_first) {
  const Library library = {{"TEST 30m", bars_of_closes({1, 2, 3, 4, 5, 6}, kMidnight, kHour / 2)}};
  const market::Series chart = hours({2, 4, 6});
  const std::string call = "plot(request.security(syminfo.tickerid, \"30\", close";
  expect_values(plotted(call + "), \"x\")\n", chart, library), {2, 4, 6});
  expect_values(plotted(call + "[1]), \"x\")\n", chart, library), {1, 3, 5});
  const std::string on = ", lookahead = barmerge.lookahead_on), \"x\")\n";
  expect_values(plotted(call + on, chart, library), {1, 3, 5});
  expect_values(plotted(call + "[1]" + on, chart, library), {kNone, 2, 4});
}

TEST(Requests, a_lower_timeframe_gives_arrays_of_the_bars_that_open_inside) {
  const Library library = {{"TEST 30m", bars_of_closes({3, 4, 5}, kMidnight + kHour, kHour / 2)}};
  const market::Series chart = hours({2, 4, 6});
  const std::string text = "[a, b] = request.security_lower_tf(syminfo.tickerid, \"30\", [close, close > 3])\n";
  expect_values(plotted(text + "plot(array.size(a), \"x\")\n", chart, library), {0, 2, 1});
  expect_values(
      plotted(text + "plot(array.size(a) > 0 ? array.get(a, array.size(a) - 1) : na, \"x\")\n", chart, library),
      {kNone, 4, 5});
  expect_values(plotted(text + "plot(array.size(b) > 0 and array.get(b, 0) ? 1 : 0, \"x\")\n", chart, library),
                {0, 0, 1});
  const ScriptRun above =
      run_with("plot(array.size(request.security_lower_tf(\"TEST\", \"120\", close)))\n", chart, {});
  ASSERT_FALSE(above.result);
  EXPECT_THAT(above.result.error().message, HasSubstr("above the chart's"));
}

TEST(Requests, a_symbol_may_change_inside_a_loop) {
  const Library library = {{"A 1h", hours({1, 2, 3})}, {"B 1h", hours({10, 20, 30})}};
  const std::string text = R"(sum = 0.0
for i = 0 to 1
    string symbol = i == 0 ? "A" : "B"
    sum += request.security(symbol, timeframe.period, close)
plot(sum, "x")
)";
  expect_values(plotted(text, hours({5, 5, 5}), library), {11, 22, 33});
  const ScriptRun bounded = run_script(text, hours({5, 5, 5}), [&](RunRequest& request) {
    request.limits.requests_max = 1;
    request.source = [&](const std::string&, market::Timeframe) -> base::Result<SourcedSeries> {
      return SourcedSeries{std::make_shared<const market::Series>(hours({1, 2, 3})), market::Instrument{}};
    };
  });
  ASSERT_FALSE(bounded.result);
  EXPECT_EQ(bounded.result.error().code, base::ErrorCode::kResourceExhausted);
}

TEST(Requests, a_function_called_twice_has_two_requests_with_parameters_and_locals) {
  const std::string text = R"(f(tf, factor) =>
    scaled = close * factor
    request.security(syminfo.tickerid, tf, ta.cum(scaled))
plot(f("60", 1) + 1000 * nz(f("120", 10)), "x")
)";
  // Hours add up to 1, 3, 6, 10; the two-hour bars close at 20 and 40 (times ten) and add up to 20 and 60.
  expect_values(plotted(text, hours({1, 2, 3, 4})), {1, 20003, 20006, 60010});
}

TEST(Requests, the_expression_runs_on_every_bar_although_the_branch_around_it_does_not) {
  const std::string text = R"(float x = na
if barstate.islast
    for i = 0 to 2
        x := request.security(syminfo.tickerid, timeframe.period, ta.cum(close))
plot(x, "x")
)";
  expect_values(plotted(text, hours({1, 2, 3, 4})), {kNone, kNone, kNone, 10});
}

TEST(Requests, mutable_variables_are_computed_anew_in_the_context) {
  const std::string text = R"(var float n = 0
n += 1
if close > 1
    n += 10
var first = request.security(syminfo.tickerid, "120", n)
plot(request.security(syminfo.tickerid, "120", n), "x")
plot(first, "first")
)";
  const ScriptRun script = run_with(text, hours({1, 1, 2, 2}), {});
  ASSERT_TRUE(script.result);
  expect_values(script.plot("x"), {kNone, 1, 1, 12});
  expect_values(script.plot("first"), {kNone, kNone, kNone, kNone});
}

TEST(Requests, requests_inside_a_request_are_made_in_its_context) {
  const market::Series chart = hours({1, 2, 3, 4, 5, 6, 7, 8});
  expect_values(
      plotted("plot(request.security(\"TEST\", \"240\", request.security(\"\", \"480\", close)), \"x\")\n", chart),
      {kNone, kNone, kNone, kNone, kNone, kNone, kNone, 8});
  const Library library = {{"B 2h", bars_of_closes({10, 20, 30, 40}, kMidnight, 2 * kHour)}};
  expect_values(plotted("plot(request.security(\"B\", \"120\", close + request.security(\"\", \"\", close)), \"x\")\n",
                        chart, library),
                {kNone, 20, 20, 40, 40, 60, 60, 80});
}

TEST(Requests, tuples_hold_numbers_bools_and_strings) {
  const std::string text =
      R"([c, up, name] = request.security(syminfo.tickerid, "120", [close, close > 2, str.tostring(bar_index)])
plot(c + (up ? 100 : 0) + (name == "1" ? 1000 : name == "0" ? 2000 : 0), "x")
)";
  expect_values(plotted(text, hours({1, 2, 3, 4})), {kNone, 2002, 2002, 1104});
}

TEST(Requests, heikin_ashi_bars_are_made_of_the_bars_asked_for) {
  // Opens 1, 1, 3; highs 2, 4, 5; lows 0, 0, 2; closes 1, 3, 4.
  const std::string call = "plot(request.security(ticker.heikinashi(syminfo.tickerid), \"60\", ";
  const market::Series chart = hours({1, 3, 4});
  ASSERT_EQ(chart.open, (Values{1, 1, 3}));
  expect_values(plotted(call + "close), \"x\")\n", chart), {1, 2, 3.5});
  expect_values(plotted(call + "open), \"x\")\n", chart), {1, 1, 1.5});
  expect_values(plotted(call + "low), \"x\")\n", chart), {0, 0, 1.5});
}

TEST(Requests, an_unknown_symbol_is_an_error_that_may_be_ignored) {
  const market::Series chart = hours({1, 2});
  const ScriptRun refused = run_with("plot(request.security(\"GONE\", \"60\", close))\n", chart, {});
  ASSERT_FALSE(refused.result);
  EXPECT_EQ(refused.result.error().code, base::ErrorCode::kNotFound);
  EXPECT_THAT(refused.result.error().message, HasSubstr("GONE"));
  expect_values(
      plotted("plot(request.security(\"GONE\", \"60\", close, ignore_invalid_symbol = true), \"x\")\n", chart),
      {kNone, kNone});
}

TEST(Requests, what_is_not_there_is_na_and_a_warning_where_the_run_says_so) {
  const ScriptRun script = run_script(
      "plot(request.security(\"GONE\", \"60\", close), \"bars\")\n"
      "plot(request.currency_rate(\"EUR\", \"XYZ\"), \"rate\")\n"
      "plot(array.size(request.security_lower_tf(\"TEST\", \"5\", close)), \"inside\")\n",
      hours({1, 2}), [](RunRequest& request) { request.missing_bars_are_na = true; });
  ASSERT_TRUE(script.result) << script.result.error().message;
  expect_values(script.plot("bars"), {kNone, kNone});
  expect_values(script.plot("rate"), {kNone, kNone});
  expect_values(script.plot("inside"), {0, 0});
  ASSERT_EQ(script.result->warnings.size(), 3u);
  EXPECT_THAT(script.result->warnings[0], HasSubstr("request.security() gave na: there are no bars of GONE"));
  EXPECT_THAT(script.result->warnings[1], HasSubstr("from EUR to XYZ"));
}

TEST(Requests, a_count_of_bars_keeps_the_newest_and_a_currency_without_rates_is_refused) {
  const market::Series chart = hours({1, 2, 3, 4});
  expect_values(plotted("plot(request.security(\"TEST\", \"60\", bar_index, calc_bars_count = 2), \"x\")\n", chart),
                {kNone, kNone, 0, 1});
  const ScriptRun euros = run_with("plot(request.security(\"TEST\", \"60\", close, currency = \"EUR\"))\n", chart, {});
  ASSERT_FALSE(euros.result);
  EXPECT_THAT(euros.result.error().message, HasSubstr("from USD to EUR"));
}

TEST(Requests, prices_and_rates_are_those_of_the_day_before_of_the_pair_its_reverse_or_over_the_dollar) {
  const market::Series chart = bars_of_closes({10, 20, 30}, kMidnight, 24 * kHour);
  const auto days = [](const Values& closes) { return bars_of_closes(closes, kMidnight, 24 * kHour); };
  const auto daily = [](const std::string& text) { return "plot(" + text + ", \"x\")\n"; };
  const auto values = [&](const std::string& text, const Library& library) {
    const ScriptRun script = run_script(daily(text), chart, [&](RunRequest& request) {
      request.timeframe = {market::Timeframe::Unit::kDay, 1};
      request.source = [&](const std::string& symbol, market::Timeframe) -> base::Result<SourcedSeries> {
        const auto found = library.find(symbol);
        if (found == library.end()) return base::failure(base::ErrorCode::kNotFound, "no bars of " + symbol);
        return SourcedSeries{std::make_shared<const market::Series>(found->second), market::Instrument{}};
      };
    });
    if (!script.result) throw std::runtime_error(script.result.error().message);
    return script.plot("x");
  };
  const std::string rate = "request.currency_rate(\"USD\", \"EUR\")";
  expect_values(values(rate, {{"USDEUR", days({0.5, 0.25, 0.2})}}), {kNone, 0.5, 0.25});
  expect_values(values(rate, {{"EURUSD", days({2, 4, 5})}}), {kNone, 0.5, 0.25});
  const Library pounds = {{"EURUSD", days({2, 4, 5})}, {"GBPUSD", days({4, 2, 1})}};
  expect_values(values("request.currency_rate(\"EUR\", \"GBP\")", pounds), {kNone, 0.5, 2});
  expect_values(values("request.currency_rate(syminfo.currency, \"USD\")", {}), {1, 1, 1});
  expect_values(values("request.currency_rate(\"EUR\", \"XYZ\", true)", {}), {kNone, kNone, kNone});
  EXPECT_THROW(values("request.currency_rate(\"EUR\", \"XYZ\")", {}), std::runtime_error);
  expect_values(values("request.security(\"TEST\", \"D\", close + high - high, currency = \"EUR\")",
                       {{"USDEUR", days({0.5, 0.25, 0.2})}}),
                {kNone, 10, 7.5});
}

TEST(Requests, arrays_are_what_they_are_at_the_end_of_the_bar_that_is_shown) {
  const std::string text = R"(var seen = array.new<float>()
seen.push(close)
got = request.security(syminfo.tickerid, "120", seen)
plot(na(got) ? -1 : got.size() * 100 + got.last(), "x")
got.push(99)
plot(seen.size(), "own")
)";
  // The copy is the script's own: what it pushes is gone on the next bar.
  const ScriptRun script = run_with("//@version=6\nindicator(\"t\")\n" + text, hours({1, 2, 3, 4}), {});
  ASSERT_FALSE(script.result) << "on the first bar nothing has closed, so the array is na";
  const std::string guarded = std::string(text).replace(text.find("got.push"), 8, "if not na(got)\n    got.push");
  const ScriptRun works = run_with(guarded, hours({1, 2, 3, 4}), {});
  ASSERT_TRUE(works.result) << works.result.error().message;
  expect_values(works.plot("x"), {-1, 102, 102, 204});
  expect_values(works.plot("own"), {1, 2, 3, 4});
}

TEST(Requests, what_the_script_makes_of_an_answer_is_not_part_of_the_question) {
  const std::string text = R"(src = close
src := request.security(syminfo.tickerid, "120", src * 10)
all = array.new<float>()
all.push(src)
if src > 30
    all.push(1)
else
    all.push(2)
size = request.security(syminfo.tickerid, "120", array.from(close, open).size())
all.push(size)
plot(nz(src) + all.size() * 100 + all.get(1) * 1000, "x")
)";
  expect_values(plotted(text, hours({1, 2, 3, 4})), {2300, 2320, 2320, 1340});
}

TEST(Requests, objects_come_with_all_that_they_lead_to) {
  const std::string text = R"(type Node
    float price
    string name
    Node next
    array<float> past
    map<string, Node> index
f() =>
    var Node last = na
    node = Node.new(close, str.tostring(bar_index), last, array.from(close, open), map.new<string, Node>())
    node.index.put("self", node)
    last := node
    node
[node, up, grid] = request.security(syminfo.tickerid, "120", [f(), close > 2, matrix.new<float>(1, 2, close)])
x = na(node) ? na : node.price + node.past.get(1) + (node.name == "1" ? 1000 : 0) + (na(node.next) ? 0 : node.next.price * 10000) + (up ? 0.5 : 0) + grid.get(0, 1) * 100000
plot(x, "x")
plot(na(node) ? 0 : node.index.get("self").price, "self")
)";
  const ScriptRun script = run_with(text, hours({1, 2, 3, 4}), {});
  ASSERT_TRUE(script.result) << script.result.error().message;
  // The two-hour bars: open 1, close 2; open 2, close 4.
  expect_values(script.plot("x"), {kNone, 200003, 200003, 4 + 2 + 1000 + 20000 + 0.5 + 400000});
  expect_values(script.plot("self"), {0, 2, 2, 4});
}

TEST(Requests, a_lower_timeframe_gives_an_array_of_objects_and_no_array_of_arrays) {
  const Library library = {{"TEST 30m", bars_of_closes({3, 4, 5, 6}, kMidnight, kHour / 2)}};
  const std::string text = R"(type Count
    int n = 0
f() =>
    var c = Count.new()
    c.n += 1
    c
counts = request.security_lower_tf(syminfo.tickerid, "30", f())
plot(counts.size() == 2 ? counts.get(0).n * 10 + counts.get(1).n : na, "x")
)";
  expect_values(plotted(text, hours({2, 4}), library), {12, 34});
  const auto refused = pine::compile("t.pine",
                                     "//@version=6\nindicator(\"t\")\n"
                                     "a = request.security_lower_tf(\"\", \"30\", array.from(close))\n");
  EXPECT_THAT(pine::render(refused), HasSubstr("array of collections"));
  const auto label = pine::compile(
      "t.pine", "//@version=6\nindicator(\"t\")\na = request.security(\"\", \"D\", label.new(bar_index, close))\n");
  EXPECT_THAT(pine::render(label), HasSubstr("cannot give a label"));
}

TEST(Requests, objects_of_requests_are_collected) {
  const ScriptRun script = run_script(R"(f() =>
    a = array.new<float>(1000, close)
    a
got = request.security(syminfo.tickerid, timeframe.period, f())
plot(got.get(999), "x")
)",
                                      random_bars(3000), [](RunRequest& request) {
                                        request.limits.heap_bytes_max = 8ull << 20;  // 24 MB are made
                                      });
  ASSERT_TRUE(script.result) << script.result.error().message;
  EXPECT_EQ(script.plot("x").back(), random_bars(3000).close.back());
}

TEST(Requests, a_timeframe_above_the_charts_may_be_ignored_for_intrabars) {
  expect_values(plotted("a = request.security_lower_tf(\"TEST\", \"120\", close, ignore_invalid_timeframe = true)\n"
                        "plot(na(a) ? 1 : 0, \"x\")\n",
                        hours({2, 4})),
                {1, 1});
}

TEST(Requests, what_is_not_bars_is_na_with_a_warning) {
  const std::string text = R"(//@version=6
indicator("t")
d = request.dividends(syminfo.tickerid, dividends.gross)
e = request.earnings(syminfo.tickerid, earnings.actual, ignore_invalid_symbol = true)
s = request.splits(syminfo.tickerid, splits.numerator)
f = request.financial(syminfo.tickerid, "TOTAL_REVENUE", "FQ")
g = request.economic("US", "GDPYY")
q = request.quandl("WIKI/AAPL", barmerge.gaps_off, 3)
[a, b] = request.seed("seed_x", "Y", [close, close > 1])
plot(na(d) and na(e) and na(s) and na(f) and na(g) and na(q) and na(a) and not b ? 1 : 0, "x")
)";
  const pine::Compilation made = pine::compile("t.pine", text);
  ASSERT_TRUE(made.program) << pine::render(made);
  std::vector<std::string> warned;
  for (const pine::Diagnostic& finding : made.diagnostics.all()) warned.push_back(finding.message);
  EXPECT_THAT(warned,
              ::testing::ElementsAre(HasSubstr("request.dividends() is na on every bar"), HasSubstr("request.splits()"),
                                     HasSubstr("request.financial()"), HasSubstr("request.economic()"),
                                     HasSubstr("request.quandl()"), HasSubstr("request.seed()")));
  expect_values(plotted(text, hours({2, 4})), {1, 1});
}

TEST(Requests, a_day_of_another_symbol_shows_when_its_session_ends) {
  const Library library = {{"OTHER 1d", bars_of_closes({50, 60}, kMidnight, 24 * kHour)}};
  const market::Series chart =
      bars_of_closes({1, 2, 3, 4, 5, 6, 7, 8}, nanoseconds("2024-01-09T14:30:00Z"), kHour).slice(0, 7);
  const auto new_york = [](market::Instrument& instrument) {
    instrument.time_zone = "America/New_York";
    instrument.session = "0930-1600";
  };
  const ScriptRun script =
      run_with("plot(request.security(\"OTHER\", \"D\", close), \"x\")\n", chart, library, new_york);
  ASSERT_TRUE(script.result);
  expect_values(script.plot("x"), {kNone, kNone, kNone, kNone, kNone, kNone, 50});
}

TEST(Requests, orders_and_errors_of_the_script_stay_out_of_a_request) {
  const std::string text = R"(//@version=6
strategy("test")
x = request.security(syminfo.tickerid, "120", close)
if timeframe.period == "120"
    runtime.error("in the context")
strategy.entry("L", strategy.long)
plot(x, "x")
)";
  const ScriptRun script = run_with(text, hours({1, 2, 3, 4}), {});
  ASSERT_TRUE(script.result);
  expect_values(script.plot("x"), {kNone, 2, 2, 4});
  EXPECT_EQ(script.result->trades.size(), 1u);
}

TEST(Requests, strategy_values_inside_are_refused) {
  const auto compilation = pine::compile("test.pine", R"(//@version=6
strategy("test")
size = strategy.position_size
plot(request.security(syminfo.tickerid, "120", size))
)");
  EXPECT_FALSE(compilation.program);
  EXPECT_THAT(pine::render(compilation), HasSubstr("test.pine:4:6"));
}

TEST(Requests, a_requests_program_holds_only_what_its_expression_needs) {
  const auto program = compiled(R"(//@version=6
indicator("test")
var total = 0.0
for i = 0 to 10
    total += ta.rsi(close, 14)
label.new(bar_index, high, "x")
plot(request.security(syminfo.tickerid, "120", ta.sma(close, 3)))
plot(total)
)");
  ASSERT_EQ(program->requests.size(), 1u);
  const pine::Program& request = *program->requests[0].program;
  EXPECT_EQ(request.body.size(), 2u) << pine::disassemble(request);  // the average, and its move to the result
  EXPECT_EQ(request.states.size(), 1u);
  EXPECT_EQ(program->states.size(), 1u) << pine::disassemble(*program);  // the chart does not compute the average
}

/// A random expression of series, functions with memory and history.
std::string expression(std::mt19937_64& random, int depth) {
  const auto pick = [&](std::uint64_t bound) { return random() % bound; };
  if (depth == 0) {
    constexpr const char* kLeaves[] = {"close",     "open",       "high",  "hl2",       "volume",
                                       "bar_index", "2.5 * open", "total", "state(low)"};
    return kLeaves[pick(std::size(kLeaves))];
  }
  const std::string a = expression(random, depth - 1), b = expression(random, depth - 1);
  switch (pick(8)) {
    case 0: return "(" + a + " + " + b + ")";
    case 1: return "(" + a + " - " + b + ")";
    case 2: return "(" + a + " > " + b + " ? " + a + " : " + b + ")";
    case 3: return "ta.ema(" + a + ", 3)";
    case 4: return "ta.highest(" + a + ", 4)";
    case 5: return a.ends_with("[2]") ? a : "(" + a + ")[2]";
    case 6: return "nz(ta.rsi(" + a + ", 5), " + b + ")";
    default: return "state(" + a + ")";
  }
}

TEST(Requests, the_charts_own_symbol_and_timeframe_give_what_the_expression_gives) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    std::mt19937_64 random(seed);
    const std::string e = expression(random, 3);
    const std::string text = R"(state(x) =>
    var sum = 0.0
    if x > sum
        sum += x / 2
    sum - x
var total = 0.0
for i = 0 to 3
    if close > open
        total += i
asked = request.security(syminfo.tickerid, timeframe.period, )" +
                             e + R"()
total += 0
given = )" + e + R"(
plot(given, "given")
plot(asked, "x")
)";
    const ScriptRun script = run_with(text, random_bars(120, seed), {});
    ASSERT_TRUE(script.result) << text;
    SCOPED_TRACE(text);
    expect_values(script.plot("x"), script.plot("given"));
  }
}

// What else the script keeps in collections is no part of a question ------------------------------------------------

TEST(Requests, of_an_array_leave_the_other_arrays_of_the_script_alone) {
  const market::Series bars = hours({1, 2, 3, 4, 5, 6});
  // The second answer goes into an array; the first question knows another one.
  expect_values(plotted("a = request.security(syminfo.tickerid, \"120\", array.from(close, open).max())\n"
                        "b = request.security(syminfo.tickerid, \"180\", close)\n"
                        "var h = array.new<float>()\nh.push(b)\nplot(a, \"x\")",
                        bars),
                {kNone, 2, 2, 4, 4, 6});
  expect_values(plotted("a = request.security(syminfo.tickerid, \"120\", array.from(close))\n"
                        "b = request.security(syminfo.tickerid, \"180\", array.from(close))\n"
                        "plot((na(a) ? 0 : a.last()) + (na(b) ? 0 : b.last()), \"x\")",
                        bars),
                {0, 2, 5, 7, 7, 12});
  // What fails on the bars of the chart alone does not fail in the question.
  expect_values(plotted("w = request.security(syminfo.tickerid, \"120\", array.from(close, open).avg())\n"
                        "var closes = array.new<float>()\ncloses.push(close)\n"
                        "float first = na\nif barstate.islast\n    first := closes.get(5)\n"
                        "plot(first + w, \"x\")",
                        bars),
                {kNone, kNone, kNone, kNone, kNone, 6 + 5});
}

TEST(Requests, of_an_array_stand_beside_what_the_strategy_keeps_in_another) {
  const auto program = compiled(
      "//@version=6\nstrategy(\"x\")\n"
      "w = request.security(syminfo.tickerid, \"W\", array.from(high, low).avg())\n"
      "var profits = array.new<float>()\n"
      "if strategy.closedtrades > strategy.closedtrades[1]\n"
      "    profits.push(strategy.closedtrades.profit(strategy.closedtrades - 1))\n"
      "if close > w\n    strategy.entry(\"L\", strategy.long)\n");
  EXPECT_EQ(program->requests.size(), 1u);
}

TEST(Requests, do_not_multiply_with_what_keeps_their_answers) {
  std::string script = "f() => array.from(close, open, high).max()\nvar h = array.new<float>(1, 0)\nfloat acc = 0\n";
  for (int i = 1; i <= 20; ++i) {
    script += "acc += request.security(syminfo.tickerid, \"120\", f() + " + std::to_string(i) + ")\nh.set(0, acc)\n";
  }
  const Values got = plotted(script + "plot(h.get(0), \"x\")", hours({1, 2, 3, 4}));
  EXPECT_DOUBLE_EQ(got.back(), 20 * 5 + 210) << "the highs are a unit above the closes";
}

TEST(Requests, that_need_later_answers_get_them_and_those_that_need_each_other_are_refused) {
  const market::Series bars = hours({1, 2, 3, 4});
  expect_values(plotted("var float kept = na\na = request.security(syminfo.tickerid, \"60\", nz(kept))\n"
                        "b = request.security(syminfo.tickerid, \"60\", close)\nkept := b\nplot(a, \"x\")",
                        bars),
                {0, 1, 2, 3});
  const pine::Compilation circular =
      pine::compile("test.pine",
                    "//@version=6\nindicator(\"x\")\nvar float p = na\nvar float q = na\n"
                    "a = request.security(syminfo.tickerid, \"60\", q)\n"
                    "b = request.security(syminfo.tickerid, \"60\", p)\np := a\nq := b\nplot(a + b)\n");
  ASSERT_EQ(circular.program, nullptr);
  EXPECT_NE(pine::render(circular).find("test.pine:5:"), std::string::npos) << pine::render(circular);
}

}  // namespace
}  // namespace tradeassist::backtest
