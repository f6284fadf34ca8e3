#include "backtest/testing/random_program.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include "backtest/testing/random_values.hpp"

namespace tradeassist::backtest::testing {
namespace {

class Writer : private RandomValues {
 public:
  using RandomValues::RandomValues;

  std::string program() {
    out_ = "//@version=" + pick({"6", "5"}) + "\nstrategy(\"random\"" + settings() + ")\n";
    out_ +=
        "type Point\n    float x = 1.5\n    int n\n    array<float> list\n"
        "enum Side\n    up = \"U\"\n    down\n"
        "method moved(Point p, float by) =>\n    p.x += nz(by)\n    p.x\n";
    for (int i = below(3); i > 0; --i) function();
    for (int i = 4 + below(14); i > 0; --i) statement(2);
    for (int i = 1 + below(3); i > 0; --i) order();
    for (int i = 0; i < 2; ++i) line("plot(" + number(2) + ", \"p" + std::to_string(i) + "\")");
    return out_;
  }

 private:
  std::string settings() {
    std::string made;
    if (percent(40)) made += ", pyramiding = " + digits(4);
    if (percent(30)) made += ", process_orders_on_close = true";
    if (percent(30)) made += ", default_qty_type = strategy.percent_of_equity, default_qty_value = " + digits(150);
    if (percent(30)) made += ", commission_type = strategy.commission.percent, commission_value = 0.1";
    if (percent(20)) made += ", slippage = 2";
    if (percent(20)) made += ", close_entries_rule = \"ANY\"";
    return made;
  }

  // Statements.
  void line(const std::string& text) { out_ += std::string(4 * static_cast<std::size_t>(indent_), ' ') + text + "\n"; }
  void block(int nesting, int most) {
    ++indent_;
    const std::size_t outer = names_.size();
    for (int i = below(most); i >= 0; --i) statement(nesting - 1);
    names_.resize(outer);
    --indent_;
  }
  void statement(int nesting) {
    if (nesting <= 0) return percent(50) ? change() : declare();
    switch (below(14)) {
      case 0:
      case 1: return declare();
      case 2: return declare_several();
      case 3:
      case 4:
      case 5: return change();
      case 6: return if_else(nesting);
      case 7: return loop(nesting);
      case 8: return switch_text(nesting);
      case 9: return loop_in(nesting);
      case 10: return order();
      case 11: return side();
      default: return draw();
    }
  }
  void declare() {
    const auto kind = static_cast<Kind>(below(kKinds));
    const std::string made = value(kind, 3);
    const std::string name = fresh();
    // What is a constant has no past.
    const bool has_past = kind == Kind::kFloat && indent_ == 0 && percent(60);
    line(pick({"", "var ", "varip "}) + type_of(kind) + " " + name + " = " + (has_past ? "open - " : "") + made);
    names_.push_back({name, kind, true});
    if (has_past) pasts_.push_back(name);
  }
  void declare_several() {
    const std::string a = fresh(), b = fresh(), c = fresh(), length = std::to_string(2 + below(12));
    line("[" + a + ", " + b + ", " + c + "] = " +
         (percent(50) ? "ta.bb(" + number(1) + ", " + length + ", 2.0)" : "ta.macd(close, 3, " + length + ", 4)"));
    for (const std::string& name : {a, b, c}) names_.push_back({name, Kind::kFloat, true});
  }
  void side() {
    const std::string name = fresh(), text = fresh();
    line("Side " + name + " = " + condition(1) + " ? Side.up : Side.down");
    line("string " + text + " = " + name + " == Side.up ? str.tostring(" + name + ") : \"other\"");
    names_.push_back({text, Kind::kString, true});
  }
  void change() {
    const auto kind = static_cast<Kind>(below(kKinds));
    const std::vector<Name> found = named(kind, kind < Kind::kFloats);
    if (found.empty()) return declare();
    const std::string name = found[static_cast<std::size_t>(below(static_cast<int>(found.size())))].text;
    switch (kind) {
      case Kind::kFloat:
      case Kind::kInt: return line(name + (percent(30) ? " += " : " := ") + value(kind, 2));
      case Kind::kBool: return line(name + " := " + condition(2));
      case Kind::kString: return line(name + " := " + text(2));
      case Kind::kFloats: return change_floats(name);
      case Kind::kInts: return line(name + pick({".push(", ".unshift("}) + integer(1) + ")");
      case Kind::kTexts: return line(percent(30) ? name + ".sort(order.descending)" : name + ".push(" + text(1) + ")");
      case Kind::kMap:
        if (percent(10)) return line(name + pick({".clear()", ".put_all(map.new<string, float>())"}));
        if (percent(20)) return line(name + ".remove(" + text(1) + ")");
        return line(name + ".put(" + text(1) + ", " + number(2) + ")");
      case Kind::kMatrix: return change_matrix(name);
      case Kind::kPoint: return change_point(name);
    }
  }
  void change_floats(const std::string& name) {
    switch (below(10)) {
      case 0:
        line("if " + name + ".size() > " + digits(8));
        return line("    " + name + pick({".pop()", ".shift()", ".remove(0)", ".clear()"}));
      case 1: return line(name + pick({".sort()", ".reverse()", ".sort(order.descending)"}));
      case 2: return line(name + ".insert(0, " + number(2) + ")");
      case 3: return line(name + ".fill(" + number(1) + ")");
      case 4:
        line("if " + name + ".size() < 50");
        return line("    " + name + ".concat(" + variable(Kind::kFloats, name) + ")");
      case 5: {
        line("if " + name + ".size() > 2");
        const std::string view = fresh();
        line("    " + view + " = " + name + ".slice(1, " + name + ".size())");
        line("    " + view + "." + pick({"push(1.0)", "sort()", "set(0, close)", "pop()", "clear()"}));
        return;
      }
      case 6: return line(name + pick({".pop()", ".set(0, 1.0)", ".shift()"}));  // an error when empty
      default: return line(name + ".push(" + number(2) + ")");
    }
  }
  void change_matrix(const std::string& name) {
    switch (below(5)) {
      case 0: return line(name + ".add_row()");
      case 1: return line(name + ".fill(" + number(1) + ")");
      case 2: line("if " + name + ".rows() > 2"); return line("    " + name + ".remove_row(0)");
      case 3: return line(name + pick({".reverse()", ".sort(0)"}));
      default: line("for row in " + name); return line("    row.set(0, " + number(1) + ")");
    }
  }
  void change_point(const std::string& name) {
    line("if not na(" + name + ")");
    switch (below(3)) {
      case 0: return line("    " + name + ".x := " + number(2));
      case 1: return line("    " + name + ".list := " + floats(1));
      default:
        line("    if not na(" + name + ".list)");
        return line("        " + name + ".list.push(" + number(1) + ")");
    }
  }
  void if_else(int nesting) {
    line("if " + condition(2));
    block(nesting, 3);
    if (percent(40)) {
      line(percent(40) ? "else if " + condition(1) : "else");
      block(nesting, 2);
    }
  }
  void loop(int nesting) {
    const bool outer = std::exchange(in_loop_, true);
    const std::string counter = fresh();
    if (percent(70)) {
      line("for " + counter + " = " + place(1, 6) + " to " + place(1, 12) + pick({"", " by 2", " by 3"}));
      names_.push_back({counter, Kind::kInt, false});
      loop_body(nesting);
      names_.pop_back();
    } else {
      line("int " + counter + " = 0");
      line("while " + counter + " < " + std::to_string(1 + below(9)));
      line("    " + counter + " += 1");
      loop_body(nesting);
    }
    in_loop_ = outer;
  }
  void loop_in(int nesting) {
    const bool outer = std::exchange(in_loop_, true);
    const std::string item = fresh(), index = fresh();
    const std::size_t before = names_.size();
    if (percent(60)) {
      line("for [" + index + ", " + item + "] in " + variable(Kind::kFloats, "array.from(1.0, 2)") + ".copy()");
      names_.push_back({index, Kind::kInt, false});
    } else {
      line("for [" + index + ", " + item + "] in " + variable(Kind::kMap, "map.new<string, float>()"));
      names_.push_back({index, Kind::kString, false});
    }
    names_.push_back({item, Kind::kFloat, false});
    loop_body(nesting);
    names_.resize(before);
    in_loop_ = outer;
  }
  void loop_body(int nesting) {
    block(nesting, 2);
    if (percent(20)) {
      line("    if " + condition(1));
      line(pick({"        break", "        continue"}));
    }
  }
  void switch_text(int nesting) {
    const std::string name = fresh();
    line("float " + name + " = switch " + text(1));
    line("    \"a\" => " + number(nesting));
    line("    \"b\" => " + number(nesting));
    line("    => " + number(nesting));
    names_.push_back({name, Kind::kFloat, true});
  }
  void function() {
    const std::string name = "f" + std::to_string(functions_);
    line(name + "(float a, int n) =>");
    in_function_ = true;
    const std::size_t outer = names_.size();
    changeable_from_ = outer + 2;
    names_.push_back({"a", Kind::kFloat, false});
    names_.push_back({"n", Kind::kInt, false});
    ++indent_;
    for (int i = below(3); i > 0; --i) declare();
    if (percent(50)) loop(1);
    line(number(3));
    --indent_;
    names_.resize(outer);
    changeable_from_ = 0;
    in_function_ = false;
    ++functions_;
  }
  void order() {
    if (in_function_) return declare();
    line("if " + condition(2));
    const std::string id = pick({"\"L\"", "\"S\"", "\"X\""}),
                      level = "close" + pick({" * 1.002", " * 0.998", " + 1", " - 2"});
    const std::string side = pick({"strategy.long", "strategy.short"});
    switch (below(10)) {
      case 8:
        return line("    strategy.entry(" + id + ", " + side +
                    ", limit = close * 0.999, oca_name = \"g\", oca_type = strategy.oca." +
                    pick({"cancel", "reduce", "none"}) + ")");
      case 9:
        return line("    strategy.exit(\"part\", " + id + ", qty_percent = 50, trail_price = " + level +
                    ", trail_offset = 20, stop = " + level + ")");
      case 0: return line("    strategy.exit(\"exit\", " + id + ", " + pick({"stop", "limit"}) + " = " + level + ")");
      case 1:
        return line("    strategy.exit(\"out\", profit = " + digits(200) + ", loss = " + digits(200) +
                    (percent(30) ? ", trail_points = 50, trail_offset = 10)" : ")"));
      case 2: return line("    strategy.close(" + id + pick({")", ", qty_percent = 50)"}));
      case 3: return line(pick({"    strategy.close_all()", "    strategy.cancel_all()"}));
      case 4:
        return line("    strategy.entry(" + id + ", " + side + ", " + pick({"limit", "stop"}) + " = " + level + ")");
      case 5:
        return line("    strategy.order(" + id + ", " + side + ", qty = " + std::to_string(1 + below(5)) +
                    ", comment = " + text(1) + ")");
      default:
        return line("    strategy.entry(" + id + ", " + side +
                    (percent(40) ? ", qty = math.abs(" + number(1) + ") % 7)" : ")"));
    }
  }
  void draw() {
    if (in_function_) return declare();
    switch (below(6)) {
      case 3: return line("box.new(bar_index, high, bar_index + 2, " + number(1) + ")");
      case 4: return line("polyline.new(array.from(chart.point.from_index(bar_index, close), chart.point.now()))");
      case 5: return line("table.cell(table.new(position.top_left, 2, 2), 1, 0, " + text(1) + ")");
      case 0: return line("label.new(bar_index, " + number(1) + ", " + text(1) + ")");
      case 1: return line("line.new(bar_index, close, bar_index + 1, " + number(1) + ")");
      default: return line("log.info(" + text(1) + ")");
    }
  }

  std::string out_;
  int indent_ = 0;
};

}  // namespace

std::string random_program(pine::testing::Chance& chance) { return Writer(chance).program(); }

}  // namespace tradeassist::backtest::testing
