#include "backtest/testing/random_values.hpp"

#include <string_view>

namespace tradeassist::backtest::testing {

std::vector<RandomValues::Name> RandomValues::named(Kind kind, bool to_change) const {
  std::vector<Name> found;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const Name& name = names_[i];
    // Functions may not assign to what lies outside them.
    if (name.kind == kind && (!to_change || (name.may_change && i >= changeable_from_))) found.push_back(name);
  }
  return found;
}

std::string RandomValues::variable(Kind kind, const std::string& otherwise) {
  const std::vector<Name> found = named(kind, false);
  return found.empty() ? otherwise : found[static_cast<std::size_t>(below(static_cast<int>(found.size())))].text;
}

std::string RandomValues::value(Kind kind, int depth) {
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

std::string RandomValues::series() { return pick({"close", "open", "high", "low", "volume", "hl2", "ohlc4"}); }

std::string RandomValues::number(int depth) {
  if (depth <= 0 || percent(15)) {
    switch (below(4)) {
      case 0: return series();
      case 1: return pick({"1.5", "0.0", "2.25", "-3.0", "1e6", "0.001"});
      case 2: return variable(Kind::kFloat, "close");
      default: return series() + "[" + digits(9) + "]";
    }
  }
  const int less = depth - 1;
  switch (below(20)) {
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
    case 11: return field("");
    case 12:
      return pick({"strategy.position_size", "strategy.equity", "strategy.openprofit", "strategy.netprofit",
                   "nz(strategy.position_avg_price)", "strategy.max_drawdown"});
    case 13: return "float(" + integer(less) + ")";
    case 14: return call(less);
    case 15: return "Point.new(" + number(less) + ").moved(" + number(less) + ")";
    case 16:
      return "nz(strategy." +
             pick({"closedtrades.profit", "opentrades.entry_price", "closedtrades.exit_price", "opentrades.profit",
                   "closedtrades.max_drawdown"}) +
             "(" + integer(less) + "))";
    case 17: return decomposed();
    case 18: return field("[1]");
    default: return request();
  }
}

std::string RandomValues::integer(int depth) {
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
std::string RandomValues::place(int depth, int bound) {
  return percent(60) ? digits(bound) : "int(nz(math.abs(" + integer(depth) + "))) % " + std::to_string(bound);
}

std::string RandomValues::condition(int depth) {
  if (depth <= 0 || percent(15)) {
    return percent(50) ? variable(Kind::kBool, "close > open")
                       : "bar_index % " + std::to_string(2 + below(9)) + " == 0";
  }
  const int less = depth - 1;
  switch (below(8)) {
    case 0: return "(" + condition(less) + pick({" and ", " or "}) + condition(less) + ")";
    case 1: return "not (" + condition(less) + ")";
    case 2: return "ta." + pick({"crossover", "crossunder", "cross"}) + "(" + number(less) + ", " + number(less) + ")";
    case 3: return "na(" + number(less) + ")";
    case 4: return variable(Kind::kFloats, "array.from(1.0)") + ".includes(" + number(less) + ")";
    case 5: return variable(Kind::kMap, "map.new<string, float>()") + ".contains(" + text(less) + ")";
    case 6: return "(" + text(less) + pick({" == ", " != "}) + text(less) + ")";
    default: return "(" + number(less) + pick({" > ", " < ", " >= ", " <= ", " == ", " != "}) + number(less) + ")";
  }
}

std::string RandomValues::text(int depth) {
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

std::string RandomValues::floats(int depth) {
  switch (below(6)) {
    case 0: return "array.new_float(" + digits(6) + ", " + number(depth - 1) + ")";
    case 1: return "array.from(" + number(depth - 1) + ", 2.0, na)";
    case 2: return variable(Kind::kFloats, "array.from(1.0)") + ".copy()";
    case 3: return variable(Kind::kFloats, "array.from(1.0)") + ".standardize()";
    case 4: return variable(Kind::kMap, "map.new<string, float>()") + ".values()";
    default: return "array.new<float>()";
  }
}

std::string RandomValues::matrix(int depth) {
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

std::string RandomValues::point(int depth) {
  switch (below(3)) {
    case 0: return "Point.new(" + number(depth - 1) + ", list = array.new<float>(2, " + number(depth - 1) + "))";
    case 1: return point_name() + ".copy()";
    default: return "Point.new()";
  }
}

std::string RandomValues::field(const std::string& past) {
  if (named(Kind::kPoint, false).empty()) return "1.0";
  const std::string point = variable(Kind::kPoint, "") + past;
  return "(na(" + point + ") ? 0.0 : (" + point + ").x)";
}

std::string RandomValues::point_name() { return variable(Kind::kPoint, "Point.new()"); }

std::string RandomValues::statistic() {
  return pick({"sum()", "avg()", "max()", "min(1)", "median()", "mode()", "stdev()", "variance(false)", "range()",
               "percentile_linear_interpolation(40)", "percentile_nearest_rank(75)"});
}

std::string RandomValues::element(int depth) {
  const std::string list = variable(Kind::kFloats, "array.from(1.0, 2)");
  const std::string at = percent(97) ? place(depth, 50) + " % " + list + ".size()" : integer(depth);
  return "(" + list + ".size() > 0 ? " + list + ".get(" + at + ") : 0.0)";
}

std::string RandomValues::cell(int depth) {
  const std::string m = variable(Kind::kMatrix, "matrix.new<float>(2, 2, 3)");
  if (percent(40)) return m + "." + pick({"avg()", "max()", "min()", "median()", "mode()"});
  if (percent(30)) return "(" + m + ".is_square() ? " + m + "." + pick({"det()", "trace()"}) + " : 0.0)";
  return "(" + m + ".elements_count() > 0 ? " + m + ".get(" + place(depth, 9) + " % " + m + ".rows(), 0) : 0.0)";
}

std::string RandomValues::decomposed() {
  const std::string m = variable(Kind::kMatrix, "matrix.new<float>(2, 2, 3)");
  return "(" + m + ".is_square() and " + m + ".rows() > 0 ? " + m +
         pick({".eigenvalues().first()", ".inv().get(0, 0)", ".pow(2).get(0, 0)", ".pinv().get(0, 0)",
               ".kron(matrix.new<float>(1, 2, 2)).sum(1).avg()", ".eigenvectors().get(0, 0)", ".rank() * 1.0",
               ".submatrix(0, 1).max()", ".row(0).sum()", ".col(0).max()"}) +
         " : 0.0)";
}

std::string RandomValues::indicator(int depth) {
  const std::string source = number(depth), length = std::to_string(1 + below(20));
  switch (below(8)) {
    case 0:
      return "ta." + pick({"ema", "rma", "rsi", "hma"}) + "(" + source + ", " + std::to_string(2 + below(12)) + ")";
    case 1: return "ta." + pick({"highest", "lowest", "change", "mom", "median"}) + "(" + source + ", " + length + ")";
    case 2: return "ta.atr(" + length + ")";
    case 3: return "ta.valuewhen(" + condition(depth) + ", " + source + ", " + digits(3) + ")";
    case 4: return "ta.barssince(" + condition(depth) + ") * 1.0";
    case 5: return "ta.linreg(" + source + ", " + length + ", 0)";
    case 6: return "math.random(" + digits(3) + ", " + source + ", " + digits(100) + ")";  // which no two runs share
    default: return "ta." + pick({"sma", "wma", "stdev", "cog"}) + "(" + source + ", " + length + ")";
  }
}

std::string RandomValues::request() {
  if (in_function_ || in_loop_ || requests_ >= 3) return series();
  ++requests_;
  return "request.security(syminfo.tickerid, " + pick({"\"240\"", "\"D\"", "\"60\""}) + ", " +
         (percent(50) ? series() : "ta.sma(" + series() + ", " + std::to_string(1 + below(5)) + ")") +
         pick({")", ", barmerge.gaps_on)"});
}

std::string RandomValues::call(int depth) {
  if (functions_ == 0 || in_function_) return series();
  return "f" + digits(functions_) + "(" + number(depth) + ", " + integer(depth) + ")";
}

}  // namespace tradeassist::backtest::testing
