#include "pine/versions/expression_kind.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "pine/analysis/syntax_walk.hpp"

namespace tradeassist::pine {
namespace {

using namespace ast;
using Kind = ExpressionKind;

bool is_any_of(std::string_view name, const auto& names) { return std::ranges::find(names, name) != names.end(); }

Kind kind_of_call(const std::string& name) {
  constexpr std::array<std::string_view, 5> kBool = {"ta.cross", "ta.crossover", "ta.crossunder", "ta.rising",
                                                     "ta.falling"};
  constexpr std::array<std::string_view, 7> kInt = {"ta.barssince", "ta.highestbars", "ta.lowestbars", "math.ceil",
                                                    "math.floor",   "math.round",     "timestamp"};
  // These give what they are given.
  constexpr std::array<std::string_view, 6> kAsGiven = {"ta.valuewhen", "ta.change", "math.abs",
                                                        "math.max",     "math.min",  "ta.mode"};
  if (is_any_of(name, kBool) || name == "na" || name == "bool" || name == "input.bool") return Kind::kBool;
  if (is_any_of(name, kInt) || name == "int" || name == "input.int" || name == "input.time") return Kind::kInt;
  if (is_any_of(name, kAsGiven)) return Kind::kUnknown;
  if (name == "input.float" || name == "float" || name == "input.price" || name == "input.source") return Kind::kFloat;
  if (name.starts_with("color.") || name == "input.color" || name == "color") return Kind::kColor;
  if (name == "str.tostring" || name == "str.format" || name == "string") return Kind::kString;
  if (name == "input.string" || name == "input.symbol" || name == "input.session" || name == "input.timeframe") {
    return Kind::kString;
  }
  return name.starts_with("ta.") || name.starts_with("math.") ? Kind::kFloat : Kind::kUnknown;
}

Kind common(Kind a, Kind b) {
  if (a == Kind::kSource) a = Kind::kFloat;
  if (b == Kind::kSource) b = Kind::kFloat;
  if (a == b || b == Kind::kUnknown) return a;
  if (a == Kind::kUnknown) return b;
  const bool numbers = (a == Kind::kInt || a == Kind::kFloat) && (b == Kind::kInt || b == Kind::kFloat);
  return numbers ? Kind::kFloat : Kind::kUnknown;
}

Kind kind_of_binary(const Binary& node, const auto& part) {
  if (node.op >= BinaryOperator::kLess) return Kind::kBool;
  const Kind kind = common(part(*node.left), part(*node.right));
  return kind == Kind::kInt && node.op == BinaryOperator::kDivide ? Kind::kUnknown : kind;
}

}  // namespace

ExpressionKind kind_of(const Expression& expression,
                       const std::function<ExpressionKind(const std::string&)>& kind_of_name) {
  const auto part = [&](const Expression& inside) { return kind_of(inside, kind_of_name); };
  if (const auto* number = std::get_if<NumberLiteral>(&expression.node)) {
    return number->is_integer ? Kind::kInt : Kind::kFloat;
  }
  if (std::holds_alternative<StringLiteral>(expression.node)) return Kind::kString;
  if (std::holds_alternative<BoolLiteral>(expression.node)) return Kind::kBool;
  if (std::holds_alternative<ColorLiteral>(expression.node)) return Kind::kColor;
  if (const auto* name = std::get_if<Name>(&expression.node)) {
    constexpr std::array<std::string_view, 9> kSources = {"open", "high", "low",   "close", "volume",
                                                          "hl2",  "hlc3", "ohlc4", "hlcc4"};
    const Kind own = kind_of_name(name->name);
    return own == Kind::kUnknown && is_any_of(name->name, kSources) ? Kind::kSource : own;
  }
  if (std::holds_alternative<Member>(expression.node)) {
    return dotted_name(expression).starts_with("color.") ? Kind::kColor : Kind::kUnknown;
  }
  if (const auto* call = std::get_if<Call>(&expression.node)) {
    const std::string name = dotted_name(*call->callee);
    const Kind kind = kind_of_call(name);
    const bool as_first = name == "nz" || name == "fixnan" || name == "ta.change" || name == "math.abs" ||
                          name == "math.max" || name == "math.min";
    return kind == Kind::kUnknown && as_first && !call->arguments.empty()
               ? common(part(*call->arguments[0].value), Kind::kUnknown)
               : kind;
  }
  if (const auto* past = std::get_if<ast::History>(&expression.node))
    return common(part(*past->object), Kind::kUnknown);
  if (const auto* unary = std::get_if<Unary>(&expression.node)) {
    return unary->op == UnaryOperator::kNot ? Kind::kBool : common(part(*unary->operand), Kind::kUnknown);
  }
  if (const auto* binary = std::get_if<Binary>(&expression.node)) return kind_of_binary(*binary, part);
  if (const auto* ternary = std::get_if<Conditional>(&expression.node)) {
    return common(part(*ternary->then), part(*ternary->otherwise));
  }
  return Kind::kUnknown;
}

}  // namespace tradeassist::pine
