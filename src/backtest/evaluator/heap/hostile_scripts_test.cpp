// Scripts that mean harm, or are merely wrong: they end with an error at their place, or with the right value, and take
// neither memory nor time beyond their bounds. Run under the sanitizers too.
#include <gtest/gtest.h>

#include <cmath>

#include "backtest/testing/script_run.hpp"

namespace tradeassist::backtest {
namespace {

using testing::bars_of_closes;
using testing::kHour;
using testing::nanoseconds;
using testing::run_script;
using testing::ScriptRun;

template <class Change = void (*)(RunRequest&)>
ScriptRun ran(const std::string& script, Change change = [](RunRequest&) {}) {
  const auto bars = bars_of_closes({10, 11, 12}, nanoseconds("2024-01-01T00:00:00Z"), kHour);
  return run_script(script, bars, change);
}

/// "line: message" of the error that ends the run.
template <class Change = void (*)(RunRequest&)>
std::string error_of(const std::string& script, Change change = [](RunRequest&) {}) {
  const ScriptRun run = ran(script, change);
  if (run.result) return "";
  const std::string& message = run.result.error().message;
  return message.substr(message.find(':') + 1);
}

double last(const std::string& script) {
  const ScriptRun run = ran(script);
  if (!run.result) throw std::runtime_error(run.result.error().message);
  return run.plot("out").back();
}

#define EXPECT_ERROR(script, text) EXPECT_NE(error_of(script).find(text), std::string::npos) << error_of(script)

TEST(HostileScripts, concat_with_itself_and_with_a_slice_of_itself) {
  EXPECT_EQ(last("a = array.from(1, 2)\nb = a.concat(a)\nplot(a.size() * 10 + b.get(3), \"out\")"), 42);
  EXPECT_EQ(last("a = array.from(1, 2, 3)\ns = a.slice(1, 2)\ns.concat(a)\n"
                 "plot(a.size() * 100 + s.size() * 10 + a.get(5), \"out\")"),
            643);
  EXPECT_EQ(last("m = matrix.new<float>(1, 2, 3)\nm.concat(m)\nplot(m.rows(), \"out\")"), 2);
  EXPECT_EQ(last("m = map.new<int, int>()\nm.put(1, 2)\nm.put_all(m)\nplot(m.size(), \"out\")"), 1);
}

TEST(HostileScripts, a_slice_whose_array_shrank_is_refused_wherever_it_is_used) {
  const std::string shrunk = "a = array.from(1, 2, 3, 4)\ns = a.slice(1, 4)\na.pop()\n";
  for (const char* use : {"s.get(0)", "s.size()", "s.sum()", "s.pop()", "s.copy().size()", "a.concat(s).size()",
                          "s.slice(0, 1).size()", "s.sort_indices().size()", "a.covariance(s)"}) {
    EXPECT_ERROR(shrunk + "plot(" + use + ")", "is outside its array, which has 3 elements now");
  }
  for (const char* use : {"s.push(1)", "s.clear()", "s.fill(1)", "s.sort()", "s.insert(0, 1)", "s.reverse()",
                          "for x in s\n    log.info(\"\")"}) {
    EXPECT_ERROR(shrunk + use, "is outside its array");
  }
  EXPECT_ERROR(
      "a = array.from(1.0, 2, 3, 4)\ns = a.slice(1, 4)\na.clear()\nm = matrix.new<float>(1, 3)\nm.add_row(0, s)",
      "is outside its array");
}

TEST(HostileScripts, a_row_of_a_matrix_that_changed_stays_inside_or_is_refused) {
  EXPECT_ERROR(
      "m = matrix.new<float>(2, 2, 1)\nfor row in m\n    m.reshape(4, 1)\n    m.remove_row()\n    m.remove_row()\n"
      "    m.remove_row()\n    row.set(1, 5)",
      "is outside its array");
  EXPECT_EQ(
      last("m = matrix.new<float>(3, 1, 1)\nn = 0\nfor row in m\n    n += 1\n    m.remove_row()\nplot(n, \"out\")"), 2);
}

TEST(HostileScripts, indices_of_empty_collections_and_senseless_ones_are_errors) {
  for (const char* index : {"0", "-1", "1", "1000000000", "-1000000000"}) {
    EXPECT_ERROR("a = array.new<float>()\nplot(a.get(" + std::string(index) + "))",
                 "is outside an array of 0 elements");
    EXPECT_ERROR("a = array.new<float>()\na.set(" + std::string(index) + ", 1)", "is outside an array of 0 elements");
    EXPECT_ERROR("a = array.new<float>()\nplot(a.remove(" + std::string(index) + "))",
                 "is outside an array of 0 elements");
  }
  EXPECT_EQ(last("a = array.from(7)\nplot(a.get(int(0.5)), \"out\")"), 7);
  EXPECT_ERROR("a = array.from(7)\nplot(a.get(int(math.exp(1000))))", "is outside an array of 1 elements");
  EXPECT_ERROR("a = array.from(7)\na.insert(int(-math.exp(1000)), 1)", "is outside an array of 1 elements");
  for (const char* call : {"a.pop()", "a.shift()", "a.first()", "a.last()"}) {
    EXPECT_ERROR("a = array.new<float>()\nplot(" + std::string(call) + ")", "the array is empty");
  }
  for (const char* call :
       {"m.get(0, 0)", "m.row(0).size()", "m.col(0).size()", "m.remove_row().size()", "m.remove_col(0).size()"}) {
    EXPECT_ERROR("m = matrix.new<float>()\nplot(" + std::string(call) + ")", "matrix");
  }
}

TEST(HostileScripts, matrices_without_elements_are_safe_to_swap_sort_and_reshape) {
  const std::string flat = "m = matrix.new<float>(0, 3)\n", thin = "m = matrix.new<float>(3, 0)\n";
  for (const std::string& m : {flat, thin, std::string("m = matrix.new<float>()\n")}) {
    for (const char* use : {"m.sort()", "m.swap_rows(0, 0)", "m.swap_columns(0, 0)", "m.reverse()", "m.fill(1)"}) {
      EXPECT_EQ(error_of(m + use), "") << m << use;
    }
    EXPECT_ERROR(m + "m.reshape(1, 1)", "cannot become");
    EXPECT_TRUE(std::isnan(last(m + "plot(m.avg() + m.median() + m.mode() + m.max(), \"out\")")));
    EXPECT_EQ(last(m + "plot(m.rank() + m.pinv().elements_count() + m.transpose().elements_count(), \"out\")"), 0);
  }
  EXPECT_EQ(last(flat + "m.add_row(0, array.from(1.0, 2, 3))\nplot(m.rows() * 10 + m.columns(), \"out\")"), 13);
  EXPECT_EQ(last(thin + "m.add_col(0, array.from(1.0, 2, 3))\nplot(m.rows() * 10 + m.get(2, 0), \"out\")"), 33);
  EXPECT_EQ(last("m = matrix.new<float>()\nm.add_col(0, array.from(1.0, 2))\nm.add_row()\n"
                 "plot(m.rows() * 10 + m.columns() + (na(m.get(2, 0)) ? 100 : 0), \"out\")"),
            131);
  EXPECT_EQ(last("float[] none = na\nm = matrix.new<float>(1, 2, 5)\nm.add_row(0, none)\n"
                 "plot(na(m.get(0, 0)) ? m.get(1, 1) : 0, \"out\")"),
            5);
}

TEST(HostileScripts, sizes_that_are_negative_huge_or_no_whole_numbers) {
  EXPECT_ERROR("m = matrix.new<float>(2, 2, 1)\nm.reshape(-2, -2)", "cannot become");
  EXPECT_ERROR("m = matrix.new<float>()\nm.reshape(0, int(1e300))", "cannot become");
  EXPECT_ERROR("plot(array.new<float>(-1).size())", "an array of -1 elements cannot be made");
  EXPECT_ERROR("plot(array.new<float>(int(1e300)).size())", "larger than the 100000 allowed");
  EXPECT_ERROR("plot(array.new<float>(int(math.exp(1000))).size())", "larger than the 100000 allowed");
  EXPECT_ERROR("plot(matrix.new<float>(100000, 100000).rows())", "larger than the 100000 allowed");
  EXPECT_ERROR("plot(matrix.new<float>(int(1e300), 0).rows())", "larger than the 100000 allowed");
  EXPECT_EQ(last("plot(array.new<float>(int(na)).size() + array.new<float>(5 / 2).size(), \"out\")"), 2);
}

TEST(HostileScripts, products_that_no_collection_can_hold_are_refused_before_they_are_made) {
  const std::string column = "a = matrix.new<float>(50000, 1, 1)\nb = matrix.new<float>(1, 50000, 1)\n";
  EXPECT_ERROR(column + "plot(a.mult(b).rows())", "2500000000 elements is larger than the 100000 allowed");
  EXPECT_ERROR(column + "plot(a.kron(b).rows())", "2500000000 elements is larger than the 100000 allowed");
  EXPECT_ERROR("a = array.new<float>(60000)\nb = a.concat(a)", "120000 elements is larger than the 100000 allowed");
}

TEST(HostileScripts, collections_that_change_while_they_are_gone_over) {
  EXPECT_EQ(last("a = array.from(1, 2, 3, 4)\nn = 0\nfor x in a\n    n += 1\n    a.pop()\nplot(n, \"out\")"), 2);
  EXPECT_EQ(last("a = array.from(1, 2)\nn = 0\nfor x in a\n    n += 1\n    a.clear()\nplot(n, \"out\")"), 1);
  EXPECT_ERROR("a = array.from(1)\nfor x in a\n    a.push(x)", "100001 elements is larger than the 100000 allowed");
  EXPECT_EQ(last("m = map.new<int, int>()\nm.put(1, 1)\nm.put(2, 2)\ns = 0\nfor [k, v] in m\n    m.remove(2)\n    "
                 "m.put(9, 9)\n"
                 "    s += nz(v, 100)\nplot(s, \"out\")"),
            101);
}

TEST(HostileScripts, objects_that_lead_to_themselves_are_collected) {
  const std::string script = R"(
type Node
    Node next
    array<float> load
for i = 0 to 2000
    Node a = Node.new()
    Node b = Node.new(a, array.new<float>(1000))
    a.next := b
plot(1, "out")
)";
  // 2,001 arrays of 8 kB do not fit at once.
  EXPECT_EQ(error_of(script, [](RunRequest& request) { request.limits.heap_bytes_max = 4 << 20; }), "");
}

TEST(HostileScripts, references_live_through_collections_in_the_middle_of_a_bar) {
  EXPECT_EQ(last(R"(
type P
    array<int> a
var keep = map.new<string, P>()
for i = 0 to 300
    P p = P.new(array.new<int>(1000, i))
    if i % 50 == 0
        keep.put(str.tostring(i), p)
    w = array.new<float>(5000)
s = 0
for [k, v] in keep
    s += v.a.get(999)
plot(s, "out")
)"),
            1050);
}

TEST(HostileScripts, strings_are_bounded_however_they_are_made) {
  const std::string big = "s = str.repeat(\"x\", 40000)\n";
  EXPECT_ERROR(big + "a = array.new<string>(1000, s)\nplot(str.length(a.join(s)))", "more than 40960 characters");
  EXPECT_ERROR(big + "a = array.new<string>(1000, s)\nplot(str.length(str.tostring(a)))", "more than 40960 characters");
  EXPECT_ERROR(big + "m = matrix.new<string>(10, 10, s)\nplot(str.length(str.tostring(m)))",
               "more than 40960 characters");
  EXPECT_ERROR(big + "plot(str.length(s + s))", "more than 40960 characters");
  EXPECT_ERROR(big + "plot(str.length(str.replace_all(s, \"x\", \"yy\")))", "more than 40960 characters");
  EXPECT_EQ(last("plot(str.length(str.repeat(\"\", 1000000000)), \"out\")"), 0);
  EXPECT_EQ(last("plot(str.length(str.replace_all(\"aXbXX\", \"X\", \"\")), \"out\")"), 2);
  EXPECT_EQ(last("plot(str.split(\"\", \"\").size() * 10 + str.split(\"abc\", \"\").size(), \"out\")"), 13);
  std::string doubling = "s0 = \"ab\"\n";
  for (int i = 1; i < 60; ++i) {
    doubling += "s" + std::to_string(i) + " = s" + std::to_string(i - 1) + " + s" + std::to_string(i - 1) + "\n";
  }
  EXPECT_ERROR(doubling + "plot(str.length(s59))", "more than 40960 characters");
  EXPECT_EQ(last("string n = na\nplot(str.length(n + \"x\"), title = \"out\")") == 0, false);
}

TEST(HostileScripts, strings_that_nothing_holds_any_more_are_freed) {
  const std::string script = R"(//@version=6
strategy("s", pyramiding = 5)
var first = str.tostring(close) + " first"
var array<string> kept = array.new<string>()
var map<string, int> places = map.new<string, int>()
t = table.new(position.top_left, 1, 1)
text = "bar " + str.tostring(bar_index) + str.repeat("-", 100)
table.cell(t, 0, 0, text)
if bar_index % 100 == 0
    kept.push(text)
    places.put(text, bar_index)
if bar_index % 1000 == 0
    strategy.entry("entry " + str.tostring(bar_index), strategy.long, comment = "why " + str.tostring(bar_index))
before = str.length(nz(text[50], "")) > 0 ? str.substring(text[50], 4, 4 + str.length(str.tostring(bar_index - 50))) : ""
right = bar_index < 50 or before == str.tostring(bar_index - 50)
right := right and str.startswith(kept.get(kept.size() - 1), "bar " + str.tostring(int(bar_index / 100) * 100) + "-")
seventh = ta.valuewhen(bar_index == 7, "seventh " + str.tostring(close), 0)
last_known = fixnan(bar_index % 500 == 0 ? "five hundred " + str.tostring(bar_index) : string(na))
right := right and (bar_index < 7 or str.startswith(seventh, "seventh "))
right := right and last_known == "five hundred " + str.tostring(int(bar_index / 500) * 500)
right := right and places.get(kept.get(0)) == 0 and str.endswith(first, " first")
plot(right ? 1 : 0, "out")
)";
  const market::Series bars = testing::random_bars(5'000);
  // The strings of all bars take more than 1 MB, those that are held about 60 kB.
  const ScriptRun run =
      run_script(script, bars, [](RunRequest& request) { request.limits.string_bytes_max = 300'000; });
  ASSERT_TRUE(run.result) << run.result.error().message;
  for (const double right : run.plot("out")) ASSERT_EQ(right, 1);
  ASSERT_EQ(run.result->trades.size(), 5u);
  EXPECT_EQ(run.result->texts[run.result->trades[1].entry_id], "entry 1000");
  EXPECT_EQ(run.result->texts[run.result->trades[1].entry_comment], "why 1000");
  const RecordedDrawing& table = run.result->drawings.back();
  EXPECT_TRUE(run.result->texts[static_cast<std::size_t>(table.parts.front()[2])].starts_with("bar 4999-"));
}

TEST(HostileScripts, steps_of_a_bar_and_of_a_run_are_counted_where_loops_are_not_the_cost) {
  const auto few_steps = [](RunRequest& request) { request.limits.bar_steps_max = 100'000; };
  const std::string error =
      error_of("a = array.new<float>(100000, 1)\nfor i = 0 to 100\n    a.sort()\nplot(1)", few_steps);
  EXPECT_NE(
      error.find("5:5: array.sort(): the script takes more than 100000 steps on one bar; shorten its loops (bar 0)"),
      std::string::npos)
      << error;
  EXPECT_NE(error_of("for i = 0 to 100000\n    x = i * 2\nplot(1)", few_steps).find("steps on one bar"),
            std::string::npos);
  EXPECT_NE(error_of("x = 0\nfor i = 0 to 20000\n    x += i\nplot(x)",
                     [](RunRequest& request) {
                       request.limits.run_steps_max = 100'000;
                       request.limits.run_steps_of_bar = 0;
                     })
                .find("the run takes more than 100000 steps"),
            std::string::npos);
  EXPECT_NE(error_of("x = 0\nfor i = 0 to 200000\n    x += i\nplot(x)",
                     [](RunRequest& request) { request.limits.run_seconds_max = 0; })
                .find("the run takes longer than 0 seconds"),
            std::string::npos);
}

TEST(HostileScripts, a_heap_that_is_nearly_full_cannot_make_the_run_collect_for_ever) {
  const std::string error = error_of(R"(
type Block
    array<float> values
var keep = array.new<Block>()
for i = 0 to 9
    keep.push(Block.new(array.new<float>(100000)))
for i = 0 to 4000000
    garbage = array.new<float>(100)
)",
                                     [](RunRequest& request) {
                                       request.limits.heap_bytes_max = 8 << 20;
                                       request.limits.bar_steps_max = 50'000'000;
                                     });
  EXPECT_NE(error.find("steps on one bar"), std::string::npos) << error;
}

TEST(HostileScripts, past_values_windows_and_plots_are_bounded_together) {
  EXPECT_EQ(error_of("x = close * 2\nplot(x[1000000000])"), "");  // no more than the bars there are
  std::string windows = "x = 0.0\n";
  for (int i = 0; i < 100; ++i) windows += "x += ta.sma(close * " + std::to_string(i + 2) + ", 1000000)\n";
  const std::string error =
      error_of(windows + "plot(x)", [](RunRequest& request) { request.limits.series_bytes_max = 100 << 20; });
  EXPECT_NE(error.find("take more than 100 MiB"), std::string::npos) << error;
}

TEST(HostileScripts, drawings_tables_and_polylines_are_bounded) {
  EXPECT_EQ(
      last("for i = 0 to 2000\n    label.new(bar_index, close, str.tostring(i))\nplot(label.all.size(), \"out\")"), 50);
  EXPECT_ERROR("a = array.new<chart.point>(10001)\np = polyline.new(a)", "a polyline of 10001 points");
  EXPECT_ERROR(
      "t = table.new(position.top_left, 1000000, 1000000)\nfor i = 0 to 200000\n    table.cell(t, i, 0, \"x\")",
      "the tables have more than the 100000 cells allowed");
  EXPECT_ERROR("t = table.new(position.top_left, 1, 1)\ntable.cell(t, int(1e300), 0, \"x\")",
               "is outside a table of 1 columns");
  EXPECT_ERROR("t = table.new(position.top_left, int(1e300), 1)\ntable.cell(t, int(1e299), 0, \"x\")",
               "is outside a table");
  EXPECT_ERROR("t = table.new(position.top_left, 1, 1)\ntable.cell(t, int(na), 0, \"x\")", "is outside a table");
}

TEST(HostileScripts, messages_beyond_what_is_recorded_are_dropped) {
  const ScriptRun run = ran("for i = 0 to 20000\n    log.info(\"x\")\nplot(1)");
  ASSERT_TRUE(run.result);
  EXPECT_EQ(run.result->messages.size(), 10'000u);
}

TEST(HostileScripts, orders_that_are_never_filled_do_not_pile_up) {
  const std::string script =
      "//@version=6\nstrategy(\"s\")\nfor i = 0 to 20000\n    strategy.order(str.tostring(i), strategy.long, 1, limit "
      "= 0.5)\n";
  const std::string error = error_of(script);
  EXPECT_NE(error.find("more than 10000 orders wait to be filled"), std::string::npos) << error;
}

TEST(HostileScripts, constants_that_fit_no_setting_compile) {
  EXPECT_EQ(error_of("//@version=6\nindicator(string(na), max_labels_count = 1e300)\nplot(close, title = string(na), "
                     "linewidth = 1e300)"),
            "");
}

}  // namespace
}  // namespace tradeassist::backtest
