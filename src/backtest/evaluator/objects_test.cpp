// Collections, user types, methods, enums and drawings, from script to result.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "backtest/testing/script_run.hpp"

namespace tradeassist::backtest {
namespace {

using testing::bars_of_closes;
using testing::kHour;
using testing::nanoseconds;
using testing::run_script;

market::Series five_bars() { return bars_of_closes({10, 11, 12, 13, 14}, nanoseconds("2024-01-01T00:00:00Z"), kHour); }

/// The plot "out" of a script on five bars with the closes 10 to 14.
std::vector<double> out_of(const std::string& script) {
  const auto run = run_script(script, five_bars());
  if (!run.result) throw std::runtime_error(run.result.error().message);
  return run.plot("out");
}

std::string error_of(const std::string& script) {
  const auto run = run_script(script, five_bars());
  return run.result ? "" : run.result.error().message;
}

std::string refusal_of(const std::string& text) {
  return pine::render(pine::compile("t.pine", "//@version=6\nindicator(\"t\")\n" + text));
}

TEST(Arrays, a_var_array_keeps_what_was_pushed_on_earlier_bars) {
  EXPECT_EQ(out_of(R"(
var a = array.new<float>()
array.push(a, close)
if array.size(a) > 3
    a.shift()
plot(a.get(0) * 100 + a.size(), "out")
)"),
            (std::vector<double>{1001, 1002, 1003, 1103, 1203}));
}

TEST(Arrays, two_names_of_one_array_see_the_same_elements_and_a_copy_does_not) {
  EXPECT_EQ(out_of(R"(
a = array.from(1, 2, 3)
b = a
c = a.copy()
b.set(0, 9)
plot(a.get(0) * 10 + c.get(0), "out")
)"),
            std::vector<double>(5, 91));
}

TEST(Arrays, for_in_gives_elements_with_their_index_and_can_be_left) {
  EXPECT_EQ(out_of(R"(
a = array.from(3, 5, 7, 9)
s = 0
for [i, x] in a
    if x > 7
        break
    s += i * x
t = 0
for x in a
    t += x
plot(s * 100 + t, "out")
)"),
            std::vector<double>(5, 1924));
}

TEST(Arrays, the_history_of_an_array_is_the_array_that_was_there) {
  const auto out = out_of(R"(
a = array.from(bar_index)
b = a[1]
plot(na(b) ? -1 : b.get(0), "out")
)");
  EXPECT_EQ(out, (std::vector<double>{-1, 0, 1, 2, 3}));
}

TEST(Arrays, an_index_outside_is_an_error_at_its_place_and_negative_ones_count_from_the_end) {
  EXPECT_EQ(out_of("a = array.from(1, 2, 3)\nplot(a.get(-1), \"out\")"), std::vector<double>(5, 3));
  const std::string error = error_of("a = array.from(1, 2, 3)\nplot(array.get(a, 3))");
  EXPECT_NE(error.find("test.pine:4:6"), std::string::npos) << error;
  EXPECT_NE(error.find("index 3 is outside an array of 3 elements"), std::string::npos) << error;
}

TEST(Arrays, a_conditional_reads_only_the_arm_it_takes) {
  EXPECT_EQ(out_of("a = array.new<float>()\nplot(a.size() > 0 ? a.get(0) : -1, \"out\")"), std::vector<double>(5, -1));
}

TEST(Arrays, elements_have_the_type_they_were_declared_with) {
  EXPECT_NE(refusal_of("a = array.new<int>()\na.push(1.5)").find("must be T"), std::string::npos)
      << refusal_of("a = array.new<int>()\na.push(1.5)");
  EXPECT_NE(refusal_of("array<array<int>> a = na").find("cannot hold collections"), std::string::npos);
}

TEST(Arrays, what_no_name_reaches_is_freed) {
  const auto bars = testing::random_bars(3000);
  const auto run = run_script(R"(
var float s = 0
a = array.new<float>(10000, close)
s += a.get(9999)
plot(s, "out")
)",
                              bars);
  ASSERT_TRUE(run.result) << run.result.error().message;  // 240 MB in all
}

TEST(Maps, keys_keep_their_order_and_missing_ones_give_na) {
  EXPECT_EQ(out_of(R"(
m = map.new<string, float>()
m.put("a", 1)
m.put("b", 2)
m.put("a", 3)
s = 0.0
for [k, v] in m
    s := s * 10 + v
plot(s * 10 + (na(m.get("c")) ? 1 : 0), "out")
)"),
            std::vector<double>(5, 321));
}

TEST(Records, fields_have_defaults_and_are_changed_through_every_name_of_the_object) {
  EXPECT_EQ(out_of(R"(
type Pivot
    float price
    int bar = 7
    bool used = false
var Pivot last = Pivot.new(1.5)
p = last
p.price += 1
if not p.used
    p.used := true
plot(last.price * 100 + last.bar + (last.used ? 0.5 : 0), "out")
)"),
            (std::vector<double>{257.5, 357.5, 457.5, 557.5, 657.5}));
}

TEST(Records, a_copy_is_an_object_of_its_own_and_objects_hold_objects) {
  EXPECT_EQ(out_of(R"(
type Inner
    float x = 1
type Outer
    Inner inner
    array<float> list
o = Outer.new(Inner.new(5), array.from(1.0, 2.0))
c = Outer.copy(o)
c.inner.x := 6
c.inner := Inner.new(8)
plot(o.inner.x * 100 + c.inner.x * 10 + o.list.get(1), "out")
)"),
            std::vector<double>(5, 682));
}

TEST(Records, a_field_of_na_is_an_error_that_says_so) {
  const std::string error = error_of("type P\n    float x\nP p = na\nplot(p.x)");
  EXPECT_NE(error.find("is na"), std::string::npos) << error;
  EXPECT_NE(error.find("test.pine:6:6"), std::string::npos) << error;
}

TEST(Records, the_object_of_an_earlier_bar_is_reached_by_history) {
  EXPECT_EQ(out_of(R"(
type P
    float x
p = P.new(close)
plot(bar_index > 0 ? (p[1]).x : -1, "out")
)"),
            (std::vector<double>{-1, 10, 11, 12, 13}));
}

TEST(Records, unknown_fields_and_wrong_types_are_refused) {
  EXPECT_NE(refusal_of("type P\n    float x\np = P.new(1)\nplot(p.y)").find("a P has no field `y`"), std::string::npos);
  EXPECT_NE(refusal_of("type P\n    float x\np = P.new(\"a\")").find("must be float"), std::string::npos);
}

TEST(Methods, are_found_by_the_type_they_are_called_on) {
  EXPECT_EQ(out_of(R"(
type P
    float x
method twice(P this) => this.x * 2
method twice(float this) => this * 3
method add(array<float> this, float value) =>
    this.push(value)
    this.size()
p = P.new(4)
a = array.new<float>()
n = a.add(1)
plot(p.twice() * 100 + close.twice() + n * 0.5, "out")
)"),
            (std::vector<double>{830.5, 833.5, 836.5, 839.5, 842.5}));
}

TEST(Functions, overloads_are_chosen_by_the_types_of_the_arguments) {
  EXPECT_EQ(out_of(R"(
f(int x) => 1
f(string x) => 2
f(float x, float y) => 3
plot(f(1) * 100 + f("a") * 10 + f(1.5, 2), "out")
)"),
            std::vector<double>(5, 123));
}

TEST(Enums, members_compare_print_their_title_and_select) {
  EXPECT_EQ(out_of(R"(
enum Side
    up = "Going up"
    down
Side s = close > 11 ? Side.up : Side.down
n = switch s
    Side.up => 1
    Side.down => 2
plot(n * 10 + (str.tostring(Side.up) == "Going up" ? 1 : 0) + (str.tostring(Side.down) == "down" ? 2 : 0), "out")
)"),
            (std::vector<double>{23, 23, 13, 13, 13}));
}

TEST(Drawings, getters_read_what_setters_wrote_and_na_has_none) {
  EXPECT_EQ(out_of(R"(
var line l = line.new(0, 100, 10, 200)
l.set_y2(300)
label none = na
none.set_x(3)
plot(line.get_y2(l) + l.get_price(5) + (na(none.get_x()) ? 0.5 : 0), "out")
)"),
            std::vector<double>(5, 500.5));
}

TEST(Drawings, with_one_more_than_are_kept_the_oldest_goes) {
  const auto run = run_script(R"(//@version=6
indicator("t", max_labels_count = 3)
label.new(bar_index, close, str.tostring(bar_index))
plot(label.all.size(), "out")
)",
                              five_bars());
  ASSERT_TRUE(run.result) << run.result.error().message;
  EXPECT_EQ(run.plot("out"), (std::vector<double>{1, 2, 3, 3, 3}));
  ASSERT_EQ(run.result->drawings.size(), 3u);
  const RecordedDrawing& first = run.result->drawings.front();
  EXPECT_EQ(first.fields[0], 2);
  EXPECT_EQ(run.result->texts[static_cast<std::size_t>(first.fields[2])], "2");
}

TEST(Drawings, arrays_hold_them) {
  EXPECT_EQ(out_of(R"(
var lines = array.new_line()
lines.push(line.new(bar_index, close, bar_index + 1, close))
if lines.size() > 2
    line.delete(lines.shift())
plot(lines.get(0).get_y1() * 10 + line.all.size(), "out")
)"),
            (std::vector<double>{101, 102, 112, 122, 132}));
}

TEST(Drawings, points_place_by_index_or_time_as_xloc_says) {
  EXPECT_EQ(out_of(R"(
p = chart.point.new(1000, 5, 42.5)
a = label.new(p)
b = label.new(p, xloc = xloc.bar_time)
plot(a.get_x() * 10000 + b.get_x() + a.get_y(), "out")
)"),
            std::vector<double>(5, 51042.5));
}

TEST(Objects, a_block_that_ends_by_changing_a_field_has_its_new_value) {
  EXPECT_EQ(out_of(R"(
type Account
    float balance = 100
pay(Account a, float amount) =>
    a.balance -= amount
set(Account a, float balance) =>
    a.balance := balance
account = Account.new()
paid = pay(account, 30)
chosen = if close > 11
    account.balance += 1
else
    account.balance := 5
plot(paid * 1000 + chosen + set(account, 2) / 10, "out")
)"),
            (std::vector<double>{70005.2, 70005.2, 70071.2, 70071.2, 70071.2}));
}

TEST(Drawings, setters_take_their_arguments_by_name_and_have_defaults) {
  const auto run = run_script(R"(
if barstate.islast
    b = box.new(0, 2, 1, 1)
    box.set_bgcolor(id = b, color = color.red)
    box.set_border_color(id = b, color = color.red)
    box.set_border_style(id = b, style = line.style_dashed)
    b.set_border_width(width = 3)
    t = table.new(position.top_right, 1, 1, bgcolor = color.red, border_width = 2)
    t.set_bgcolor()
    table.set_border_width(t)
    l = label.new(0, 1, size = size.huge)
    label.set_size(l)
)",
                              five_bars());
  ASSERT_TRUE(run.result) << run.result.error().message;
  ASSERT_EQ(run.result->drawings.size(), 3u);
  const auto field = [&](pine::Layout layout, const char* name) {
    const auto drawn = std::ranges::find(run.result->drawings, layout, &RecordedDrawing::layout);
    return drawn->fields.at(static_cast<std::size_t>(pine::field_index(layout, name)));
  };
  constexpr auto kRed = static_cast<double>(0xF23645FFu);
  EXPECT_EQ(field(pine::Layout::kBox, "bgcolor"), kRed);
  EXPECT_EQ(field(pine::Layout::kBox, "border_color"), kRed);
  EXPECT_EQ(field(pine::Layout::kBox, "border_width"), 3);
  EXPECT_TRUE(std::isnan(field(pine::Layout::kTable, "bgcolor")));
  EXPECT_EQ(field(pine::Layout::kTable, "border_width"), 0);
  const double size = field(pine::Layout::kLabel, "size");
  EXPECT_EQ(run.result->texts[static_cast<std::size_t>(size)], "size.normal");
}

TEST(Drawings, a_table_keeps_the_attributes_of_its_cells) {
  const auto run = run_script(R"(
var table t = table.new(position.top_right, 2, 3)
if barstate.islast
    t.cell(1, 2, "x", bgcolor = color.red)
    t.cell_set_text(1, 2, "y")
)",
                              five_bars());
  ASSERT_TRUE(run.result) << run.result.error().message;
  ASSERT_EQ(run.result->drawings.size(), 1u);
  ASSERT_EQ(run.result->drawings[0].parts.size(), 1u);
  const auto& cell = run.result->drawings[0].parts[0];
  EXPECT_EQ(cell[0], 1);
  EXPECT_EQ(cell[1], 2);
  EXPECT_EQ(run.result->texts[static_cast<std::size_t>(cell[2])], "y");
  EXPECT_EQ(cell[9], static_cast<double>(0xF23645FFu));
}

}  // namespace
}  // namespace tradeassist::backtest
