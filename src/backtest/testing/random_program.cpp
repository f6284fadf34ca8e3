#include "backtest/testing/random_program.hpp"

#include <string_view>
#include <utility>
#include <vector>

namespace tradeassist::backtest::testing {
namespace {

enum class Kind { kFloat, kInt, kBool, kString, kFloats, kInts, kTexts, kMap, kMatrix, kPoint };
constexpr int kKinds = 10;

const char* type_of(Kind kind) {
  switch (kind) {
    case Kind::kFloat: return "float";
    case Kind::kInt: return "int";
    case Kind::kBool: return "bool";
    case Kind::kString: return "string";
    case Kind::kFloats: return "array<float>";
    case Kind::kInts: return "array<int>";
    case Kind::kTexts: return "array<string>";
    case Kind::kMap: return "map<string, float>";
    case Kind::kMatrix: return "matrix<float>";
    case Kind::kPoint: return "Point";
  }
  return "";
}

class Writer {
 public:
  explicit Writer(pine::testing::Chance& chance) : chance_(chance) {}

  std::string program() {
    out_ = "//@version=" + pick({"6", "5"}) + "\nstrategy(\"random\"" + settings() + ")\n";
    out_ += "type Point\n    float x = 1.5\n    int n\n    array<float> list\n";
    for (int i = below(3); i > 0; --i) function();
    for (int i = 4 + below(14); i > 0; --i) statement(2);
    for (int i = 1 + below(3); i > 0; --i) order();
    for (int i = 0; i < 2; ++i) line("plot(" + number(2) + ", \"p" + std::to_string(i) + "\")");
    return out_;
  }

 private:
  struct Name {
    std::string text;
    Kind kind;
    bool may_change;
  };

  int below(int bound) { return chance_.below(bound); }
  bool percent(int share) { return chance_.percent(share); }
  std::string pick(std::initializer_list<std::string_view> list) { return chance_.pick(list); }
  std::string digits(int bound) { return std::to_string(below(bound)); }

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

  // Names.
  std::string fresh() { return "v" + std::to_string(names_made_++); }
  std::vector<Name> named(Kind kind, bool to_change) const {
    std::vector<Name> found;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const Name& name = names_[i];
      // Functions may not assign to what lies outside them.
      if (name.kind == kind && (!to_change || (name.may_change && i >= changeable_from_))) found.push_back(name);
    }
    return found;
  }
  /// A variable of this kind, or what stands for one.
  std::string variable(Kind kind, const std::string& otherwise) {
    const std::vector<Name> found = named(kind, false);
    return found.empty() ? otherwise : found[static_cast<std::size_t>(below(static_cast<int>(found.size())))].text;
  }

  // Values.
  std::string value(Kind kind, int depth) {
    switch (kind) {
      case Kind::kFloat: return number(depth);
      case Kind::kInt: return integer(depth);
      case Kind::kBool: return condition(depth);
      case Kind::kString: return text(depth);
      case Kind::kFloats: return floats(depth);
      case Kind::kInts: return pick({"array.new_int(3, 1)", "array.from(4, 2, 9)", "array.new<int>()"});
      case Kind::kTexts: return pick({"array.new_string()", "array.from(\"b\", \"a\")", "str.split(\"x,y,z\", \",\")"});
      case Kind::kMap: return "map.new<string, float>()";
      case Kind::kMatrix: return matrix(depth);
      case Kind::kPoint: return point(depth);
    }
    return "";
  }
  std::string series() { return pick({"close", "open", "high", "low", "volume", "hl2", "ohlc4"}); }
  std::string number(int depth) {
    if (depth <= 0 || percent(15)) {
      switch (below(4)) {
        case 0: return series();
        case 1: return pick({"1.5", "0.0", "2.25", "-3.0", "1e6", "0.001"});
        case 2: return variable(Kind::kFloat, "close");
        default: return series() + "[" + digits(9) + "]";
      }
    }
    const int less = depth - 1;
    switch (below(16)) {
      case 0: return "(" + number(less) + pick({" + ", " - ", " * ", " / ", " % "}) + number(less) + ")";
      case 1: return "(" + condition(less) + " ? " + number(less) + " : " + number(less) + ")";
      case 2: return indicator(less);
      case 3: return "math." + pick({"max", "min", "avg", "pow"}) + "(" + number(less) + ", " + number(less) + ")";
      case 4: return "math." + pick({"abs", "sqrt", "log", "exp", "sin", "sign", "ceil"}) + "(" + number(less) + ")";
      case 5: return "nz(" + number(less) + ", " + number(less) + ")";
      case 6:
        return (pasts_.empty() ? series() : pasts_[static_cast<std::size_t>(below(static_cast<int>(pasts_.size())))]) +
               "[" + place(less, 30) + "]";
      case 7: return element(less);
      case 8: return variable(Kind::kFloats, "array.from(1.0, 2)") + "." + statistic();
      case 9: return "nz(" + variable(Kind::kMap, "map.new<string, float>()") + ".get(" + text(less) + "), 1)";
      case 10: return cell(less);
      case 11: return "(na(" + point_name() + ") ? 0.0 : " + point_name() + ".x)";
      case 12:
        return pick({"strategy.position_size", "strategy.equity", "strategy.openprofit", "strategy.netprofit",
                     "nz(strategy.position_avg_price)", "strategy.max_drawdown"});
      case 13: return "float(" + integer(less) + ")";
      case 14: return call(less);
      default: return request();
    }
  }
  std::string integer(int depth) {
    if (depth <= 0 || percent(20)) return percent(50) ? digits(10) : variable(Kind::kInt, "bar_index");
    const int less = depth - 1;
    switch (below(8)) {
      case 0: return "(" + integer(less) + pick({" + ", " - ", " * "}) + integer(less) + ")";
      case 1: return "int(" + number(less) + ")";
      case 2: return variable(Kind::kInts, "array.from(1, 2)") + ".size()";
      case 3: return "math.round(" + number(less) + ")";
      case 4: return "str.length(" + text(less) + ")";
      case 5: return pick({"strategy.opentrades", "strategy.closedtrades", "bar_index", "dayofweek", "hour"});
      case 6: return variable(Kind::kFloats, "array.from(1.0)") + ".indexof(" + number(less) + ")";
      default: return "(" + condition(less) + " ? " + integer(less) + " : " + integer(less) + ")";
    }
  }
  /// A whole number from 0 to before the bound, whatever it is made of.
  std::string place(int depth, int bound) {
    return percent(60) ? digits(bound) : "int(nz(math.abs(" + integer(depth) + "))) % " + std::to_string(bound);
  }
  std::string condition(int depth) {
    if (depth <= 0 || percent(15)) {
      return percent(50) ? variable(Kind::kBool, "close > open")
                         : "bar_index % " + std::to_string(2 + below(9)) + " == 0";
    }
    const int less = depth - 1;
    switch (below(8)) {
      case 0: return "(" + condition(less) + pick({" and ", " or "}) + condition(less) + ")";
      case 1: return "not (" + condition(less) + ")";
      case 2:
        return "ta." + pick({"crossover", "crossunder", "cross"}) + "(" + number(less) + ", " + number(less) + ")";
      case 3: return "na(" + number(less) + ")";
      case 4: return variable(Kind::kFloats, "array.from(1.0)") + ".includes(" + number(less) + ")";
      case 5: return variable(Kind::kMap, "map.new<string, float>()") + ".contains(" + text(less) + ")";
      case 6: return "(" + text(less) + pick({" == ", " != "}) + text(less) + ")";
      default: return "(" + number(less) + pick({" > ", " < ", " >= ", " <= ", " == ", " != "}) + number(less) + ")";
    }
  }
  std::string text(int depth) {
    if (depth <= 0 || percent(25))
      return percent(50) ? pick({"\"a\"", "\"b\"", "\"\"", "\"long text\""}) : variable(Kind::kString, "\"c\"");
    const int less = depth - 1;
    switch (below(6)) {
      case 0: return "str.tostring(" + number(less) + pick({")", ", \"#.##\")", ", format.mintick)"});
      case 1: return "str.substring(" + text(less) + " + \"pad\", 0, 2)";
      case 2: return "str.format(\"{0} {1}\", " + number(less) + ", " + text(less) + ")";
      case 3: return "str.substring(" + variable(Kind::kTexts, "array.from(\"q\")") + ".join(\"-\") + \"ab\", 0, 2)";
      case 4: return "str." + pick({"upper", "lower", "trim"}) + "(" + text(less) + ")";
      default: return "(" + condition(less) + " ? " + text(less) + " : " + text(less) + ")";
    }
  }
  std::string floats(int depth) {
    switch (below(6)) {
      case 0: return "array.new_float(" + digits(6) + ", " + number(depth - 1) + ")";
      case 1: return "array.from(" + number(depth - 1) + ", 2.0, na)";
      case 2: return variable(Kind::kFloats, "array.from(1.0)") + ".copy()";
      case 3: return variable(Kind::kFloats, "array.from(1.0)") + ".standardize()";
      case 4: return variable(Kind::kMap, "map.new<string, float>()") + ".values()";
      default: return "array.new<float>()";
    }
  }
  std::string matrix(int depth) {
    const std::string other = variable(Kind::kMatrix, "matrix.new<float>(2, 2, 1)");
    switch (below(7)) {
      case 0: return other + ".copy()";
      case 1: return other + ".transpose()";
      case 2: return other + ".pinv()";
      case 3: return "matrix.mult(" + other + ", " + pick({"2", "0.5", "-1"}) + ")";
      case 4: return other + ".mult(" + other + ".transpose())";
      case 5: return "matrix.sum(" + other + ", " + number(depth - 1) + ")";
      default:
        return "matrix.new<float>(" + std::to_string(1 + below(3)) + ", " + std::to_string(1 + below(3)) + ", " +
               number(depth - 1) + ")";
    }
  }
  std::string point(int depth) {
    switch (below(3)) {
      case 0: return "Point.new(" + number(depth - 1) + ", list = array.new<float>(2, " + number(depth - 1) + "))";
      case 1: return point_name() + ".copy()";
      default: return "Point.new()";
    }
  }
  std::string point_name() { return variable(Kind::kPoint, "Point.new()"); }
  std::string statistic() {
    return pick({"sum()", "avg()", "max()", "min(1)", "median()", "mode()", "stdev()", "variance(false)", "range()",
                 "percentile_linear_interpolation(40)", "percentile_nearest_rank(75)"});
  }
  std::string element(int depth) {
    const std::string list = variable(Kind::kFloats, "array.from(1.0, 2)");
    const std::string at = percent(85) ? place(depth, 50) + " % " + list + ".size()" : integer(depth);
    return "(" + list + ".size() > 0 ? " + list + ".get(" + at + ") : 0.0)";
  }
  std::string cell(int depth) {
    const std::string m = variable(Kind::kMatrix, "matrix.new<float>(2, 2, 3)");
    if (percent(40)) return m + "." + pick({"avg()", "max()", "min()", "median()", "mode()"});
    if (percent(30)) return "(" + m + ".is_square() ? " + m + "." + pick({"det()", "trace()"}) + " : 0.0)";
    return "(" + m + ".elements_count() > 0 ? " + m + ".get(" + place(depth, 9) + " % " + m + ".rows(), 0) : 0.0)";
  }
  std::string indicator(int depth) {
    const std::string source = number(depth), length = std::to_string(1 + below(20));
    switch (below(7)) {
      case 0:
        return "ta." + pick({"ema", "rma", "rsi", "hma"}) + "(" + source + ", " + std::to_string(2 + below(12)) + ")";
      case 1:
        return "ta." + pick({"highest", "lowest", "change", "mom", "median"}) + "(" + source + ", " + length + ")";
      case 2: return "ta.atr(" + length + ")";
      case 3: return "ta.valuewhen(" + condition(depth) + ", " + source + ", " + digits(3) + ")";
      case 4: return "ta.barssince(" + condition(depth) + ") * 1.0";
      case 5: return "ta.linreg(" + source + ", " + length + ", 0)";
      default: return "ta." + pick({"sma", "wma", "stdev", "cog"}) + "(" + source + ", " + length + ")";
    }
  }
  std::string request() {
    if (in_function_ || in_loop_ || requests_ >= 3) return series();
    ++requests_;
    return "request.security(syminfo.tickerid, " + pick({"\"240\"", "\"D\"", "\"60\""}) + ", " +
           (percent(50) ? series() : "ta.sma(" + series() + ", " + std::to_string(1 + below(5)) + ")") +
           pick({")", ", barmerge.gaps_on)"});
  }
  std::string call(int depth) {
    if (functions_ == 0 || in_function_) return series();
    return "f" + digits(functions_) + "(" + number(depth) + ", " + integer(depth) + ")";
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
    switch (below(12)) {
      case 0:
      case 1:
      case 2: return declare();
      case 3:
      case 4:
      case 5: return change();
      case 6: return if_else(nesting);
      case 7: return loop(nesting);
      case 8: return switch_text(nesting);
      case 9: return loop_in(nesting);
      case 10: return order();
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
    switch (below(8)) {
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
    switch (below(3)) {
      case 0: return line("label.new(bar_index, " + number(1) + ", " + text(1) + ")");
      case 1: return line("line.new(bar_index, close, bar_index + 1, " + number(1) + ")");
      default: return line("log.info(" + text(1) + ")");
    }
  }

  pine::testing::Chance& chance_;
  std::string out_;
  std::vector<Name> names_;
  std::vector<std::string> pasts_;  // global variables that change from bar to bar
  std::size_t changeable_from_ = 0;
  int names_made_ = 0, functions_ = 0, requests_ = 0, indent_ = 0;
  bool in_function_ = false, in_loop_ = false;
};

}  // namespace

std::string random_program(pine::testing::Chance& chance) { return Writer(chance).program(); }

}  // namespace tradeassist::backtest::testing
