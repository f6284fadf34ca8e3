#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <utility>

#include "pine/analysis/lowering.hpp"
#include "pine/analysis/syntax_walk.hpp"

namespace tradeassist::pine {

using namespace ast;

namespace {

const char* spelling(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::kAdd: return "+";
    case BinaryOperator::kSubtract: return "-";
    case BinaryOperator::kMultiply: return "*";
    case BinaryOperator::kDivide: return "/";
    case BinaryOperator::kModulo: return "%";
    case BinaryOperator::kLess: return "<";
    case BinaryOperator::kLessEqual: return "<=";
    case BinaryOperator::kGreater: return ">";
    case BinaryOperator::kGreaterEqual: return ">=";
    case BinaryOperator::kEqual: return "==";
    case BinaryOperator::kNotEqual: return "!=";
    case BinaryOperator::kAnd: return "and";
    case BinaryOperator::kOr: return "or";
  }
  return "?";
}

Opcode opcode_of(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::kAdd: return Opcode::kAdd;
    case BinaryOperator::kSubtract: return Opcode::kSubtract;
    case BinaryOperator::kMultiply: return Opcode::kMultiply;
    case BinaryOperator::kDivide: return Opcode::kDivide;
    case BinaryOperator::kModulo: return Opcode::kModulo;
    case BinaryOperator::kLess: return Opcode::kLess;
    case BinaryOperator::kLessEqual: return Opcode::kLessEqual;
    case BinaryOperator::kGreater: return Opcode::kGreater;
    case BinaryOperator::kGreaterEqual: return Opcode::kGreaterEqual;
    case BinaryOperator::kEqual: return Opcode::kEqual;
    case BinaryOperator::kNotEqual: return Opcode::kNotEqual;
    case BinaryOperator::kAnd: return Opcode::kAnd;
    case BinaryOperator::kOr: return Opcode::kOr;
  }
  return Opcode::kMove;
}

bool is_comparison(BinaryOperator op) { return op >= BinaryOperator::kLess && op <= BinaryOperator::kNotEqual; }

/// Constant arithmetic, as the evaluators do it.
std::optional<double> fold(BinaryOperator op, double a, double b) {
  constexpr double kNa = std::numeric_limits<double>::quiet_NaN();
  switch (op) {
    case BinaryOperator::kAdd: return a + b;
    case BinaryOperator::kSubtract: return a - b;
    case BinaryOperator::kMultiply: return a * b;
    case BinaryOperator::kDivide: return b == 0 ? kNa : a / b;
    case BinaryOperator::kModulo: return b == 0 ? kNa : a - b * std::floor(a / b);
    default: return std::nullopt;
  }
}

}  // namespace

Value Lowering::expression(const Expression& expression, bool wants_value) {
  const SourceRange before = emit_.range();
  emit_.at(expression.range);
  Value value;
  if (const auto* number = std::get_if<NumberLiteral>(&expression.node)) {
    value = emit_.number(number->value, number->is_integer ? Type::kInt : Type::kFloat);
  } else if (const auto* text = std::get_if<StringLiteral>(&expression.node)) {
    value = emit_.text(text->value);
  } else if (const auto* boolean = std::get_if<BoolLiteral>(&expression.node)) {
    value = emit_.number(boolean->value ? 1 : 0, Type::kBool);
  } else if (const auto* color = std::get_if<ColorLiteral>(&expression.node)) {
    value = emit_.number(color->rgba, Type::kColor);
  } else if (const auto* named = std::get_if<Name>(&expression.node)) {
    value = name(expression, named->name);
  } else if (const auto* part = std::get_if<Member>(&expression.node)) {
    value = member(expression, *part);
  } else if (const auto* called = std::get_if<Call>(&expression.node)) {
    value = call(expression, *called, wants_value);
  } else if (const auto* past = std::get_if<ast::History>(&expression.node)) {
    value = history(expression, *past);
  } else if (const auto* one = std::get_if<Unary>(&expression.node)) {
    value = unary(expression, *one);
  } else if (const auto* two = std::get_if<Binary>(&expression.node)) {
    value = binary(expression, *two);
  } else if (const auto* ternary = std::get_if<Conditional>(&expression.node)) {
    value = conditional(expression, *ternary);
  } else if (const auto* tuple = std::get_if<Tuple>(&expression.node)) {
    for (const ExpressionPtr& element : tuple->elements) value.tuple.push_back(stable(scalar(*element)));
    if (value.tuple.empty()) value = error(expression.range, "a tuple needs values");
  } else {
    value = structure(expression, true);
  }
  emit_.at(before);
  return value;
}

Value Lowering::scalar(const Expression& at) {
  Value value = expression(at);
  if (value.is_tuple()) return error(at.range, "a tuple cannot be used here", "take its parts: [a, b] = …");
  if (value.type == Type::kVoid) return error(at.range, "this gives no value that could be used here");
  return value;
}

Value Lowering::to_condition(const Value& value, SourceRange range) {
  if (value.is_error() || value.type == Type::kBool) return value;
  if (value.type == Type::kNa && rules_.bool_can_be_na) return emit_.number(0, Type::kBool);
  if (is_number(value.type) && rules_.numbers_are_conditions) return emit_.pure(Opcode::kTruth, Type::kBool, value);
  return error(range, "a condition must be bool, is " + type_name(value.type, value.qualifier),
               is_number(value.type)
                   ? "compare it with a number, or use bool(): v6 does not take a number for a condition"
                   : "");
}

Value Lowering::condition(const Expression& at) { return to_condition(scalar(at), at.range); }

Value Lowering::name(const Expression& expression, const std::string& name) {
  if (name == "na") return emit_.na(Type::kNa);
  if (const Variable* variable = find(name)) return variable->value;
  if (const auto variable = builtin_variable(name, rules_.version)) return builtin(*variable);
  if (here().functions.contains(name)) {
    return error(expression.range, "`" + name + "` is a function; call it with parentheses");
  }
  std::string hint;
  for (const auto& scope : scopes_) {
    for (const auto& [other, variable] : scope->variables) {
      if (other.size() == name.size() && std::ranges::equal(other, name, [](char a, char b) {
            return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
          })) {
        hint = "names are case sensitive: did you mean `" + other + "`?";
      }
    }
  }
  if (hint.empty()) {
    if (const auto near = nearest_builtin(name)) hint = "did you mean `" + *near + "`?";
  }
  return error(expression.range, "`" + name + "` is not declared", hint);
}

namespace {

/// A value that a backtest knows but that the language says is known only later.
Value as_unknown(Value value, Qualifier qualifier) {
  if (qualifier != Qualifier::kConst) value.is_constant = false;
  value.qualifier = qualifier;
  return value;
}

}  // namespace

Value Lowering::builtin(const BuiltinVariable& variable) {
  using Kind = BuiltinVariable::Kind;
  switch (variable.kind) {
    case Kind::kField: return emit_.load(variable.field, variable.type);
    case Kind::kString: return emit_.text(variable.text);
    case Kind::kNaFloat: return as_unknown(emit_.na(variable.type), variable.qualifier);
    case Kind::kCall:
      if (variable.effect == Effect::kStateful) {
        // Such variables are computed once on every bar, wherever they are named.
        std::vector<Value> operands;
        if (variable.function == Function::kTaTr) operands.push_back(emit_.number(0, Type::kBool));
        if (variable.function == Function::kTaVwap) operands.push_back(emit_.load(BarField::kHlc3, Type::kFloat));
        return emit_.call_each_bar(variable.function, operands, variable.type, true);
      }
      if (is_strategy_value(variable.function)) {
        return emit_.call_each_bar(variable.function, {}, variable.type, false);
      }
      return emit_.call(variable.function, {}, {variable.type}, false, variable.effect == Effect::kRunConstant);
    default: return as_unknown(emit_.number(variable.number, variable.type), variable.qualifier);
  }
}

bool Lowering::has_members(const Value& value) {
  return value.is_tuple() || value.type == Type::kError || is_record(value.type) || value.type == Type::kChartPoint;
}

Value Lowering::member(const Expression& expression, const Member& node) {
  const std::string full = dotted_name(expression);
  if (!full.empty()) {
    const std::string root = full.substr(0, full.find('.'));
    const Variable* const variable_of_root = find(root);
    if (variable_of_root != nullptr && !has_members(variable_of_root->value)) {
      // An int has no members: after `size = 5` size.small is still the built-in.
      if (const auto list = drawing_list(full)) return *list;
      if (const auto variable = builtin_variable(full, rules_.version)) return builtin(*variable);
    }
    if (variable_of_root == nullptr) {
      if (const auto member = enum_member(full)) return *member;
      if (const auto variable = imported_variable(full)) return *variable;
      if (const auto list = drawing_list(full)) return *list;
      if (const auto variable = builtin_variable(full, rules_.version)) return builtin(*variable);
      if (const auto from = imported(full)) return not_exported(*from, expression.range);
      if (is_known_namespace(root)) {
        if (!builtin_functions(full).empty()) {
          return error(expression.range, "`" + full + "` is a function; call it with parentheses");
        }
        const auto near = nearest_builtin(full);
        return error(expression.range, "`" + full + "` is not a built-in name that is supported",
                     near ? "did you mean `" + *near + "`?" : "");
      }
      return error(expression.range, "`" + root + "` is not declared");
    }
  }
  const Value object = scalar(*node.object);
  return object.is_error() ? object : get_field(object, node.name, expression.range, node.name_range);
}

/// `object.field` of a variable that holds an object of a user type.
bool Lowering::is_field(const Expression& expression) {
  const auto* part = std::get_if<Member>(&expression.node);
  if (part == nullptr || part->object->range.begin != expression.range.begin) return false;  // (object.field)
  const std::string full = dotted_name(expression);
  const Variable* const root = full.empty() ? nullptr : find(full.substr(0, full.find('.')));
  return root != nullptr && is_record(root->value.type);
}

Value Lowering::history(const Expression& expression, const ast::History& node) {
  const Value object = scalar(*node.object);
  const Value offset = scalar(*node.offset);
  if (object.is_error() || offset.is_error()) return {};
  if (object.type == Type::kPlot) return error(expression.range, "a plot has no history");
  if (const auto* past = std::get_if<ast::History>(&node.object->node); past && !past->is_call && !node.is_call) {
    return error(expression.range, "`[]` stands once behind a value", "add the offsets, or name the first past");
  }
  if (!rules_.fields_have_history && is_field(*node.object)) {
    return error(expression.range, "a field has no history in Pine v6",
                 "write (object[1]).field: the field of the object of then");
  }
  if (!is_number(offset.type)) {
    return error(node.offset->range, "the offset of [] must be an int, is " + type_name(offset.type, offset.qualifier));
  }
  if (offset.is_constant && offset.number < 0) {
    return error(node.offset->range, "the offset of [] must not be negative", "a script cannot see the future");
  }
  // A variable has a past whatever it holds; a literal and a constant of the language have none.
  const bool is_variable = std::holds_alternative<Name>(node.object->node);
  if (object.is_constant && !is_variable && !rules_.constants_have_history) {
    return error(expression.range, "a constant has no history in Pine v6");
  }
  if (offset.is_constant && offset.number == 0) return object;
  Value source = object;
  if (source.is_constant) {  // the past of a constant is na before the first bar, like that of any series
    source.slot = emit_.fresh();
    emit_.move(source.slot, object);
    source.is_constant = false;
  }
  Value past = emit_.history(source, offset);
  if (past.type == Type::kNa) past.type = Type::kFloat;
  past.is_int_quotient = object.is_int_quotient;
  if (past.type == Type::kBool && !rules_.bool_can_be_na) {
    past = emit_.pure(Opcode::kNz, Type::kBool, past, emit_.number(0, Type::kBool));
  }
  return past;
}

Value Lowering::unary(const Expression& expression, const Unary& node) {
  if (node.op == UnaryOperator::kNot) {
    const Value operand = condition(*node.operand);
    if (operand.is_error()) return {};
    return emit_.pure(Opcode::kNot, Type::kBool, operand);
  }
  const Value operand = scalar(*node.operand);
  if (operand.is_error()) return {};
  if (!is_number(operand.type)) {
    return error(expression.range, "a sign needs a number, not " + type_name(operand.type, operand.qualifier),
                 operand.type == Type::kBool ? "write `not`" : "");
  }
  if (node.op == UnaryOperator::kPlus) return operand;
  Value negated = operand.is_constant ? emit_.number(-operand.number, operand.type)
                                      : emit_.pure(Opcode::kNegate, operand.type, operand);
  negated.is_int_quotient = operand.is_int_quotient;
  negated.is_argument = operand.is_argument;
  return negated;
}

Value Lowering::binary(const Expression& expression, const Binary& node) {
  if (node.op == BinaryOperator::kAnd || node.op == BinaryOperator::kOr) return logic(expression, node);
  const Value left = scalar(*node.left);
  const Value right = scalar(*node.right);
  if (left.is_error() || right.is_error()) return {};
  return arithmetic(node.op, left, right, expression.range);
}

Value Lowering::arithmetic(BinaryOperator op, const Value& left, const Value& right, SourceRange range) {
  const auto refuse = [&](const std::string& needs) {
    return error(range, "`" + std::string(spelling(op)) + "` needs " + needs + ", got " +
                            type_name(left.type, left.qualifier) + " and " + type_name(right.type, right.qualifier));
  };
  if (left.is_error() || right.is_error()) return {};
  const bool numbers = is_number(left.type) && is_number(right.type);
  const auto serves_as_int = [](const Value& value) { return value.type == Type::kInt || value.is_int_quotient; };
  if (op == BinaryOperator::kEqual || op == BinaryOperator::kNotEqual) {
    const Type common = common_type(left.type, right.type);
    if (common == Type::kVoid) return refuse("two values of one type");
    if (left.type == Type::kNa || right.type == Type::kNa) {
      warn_once("na comparison" + std::to_string(range.begin), range, "comparing with na is always false",
                "write na(x)");
    }
    return emit_.pure(opcode_of(op), Type::kBool, left, right);
  }
  if (is_comparison(op)) {
    if (!numbers) return refuse("numbers");
    return emit_.pure(opcode_of(op), Type::kBool, left, right);
  }
  if (op == BinaryOperator::kAdd && common_type(left.type, right.type) == Type::kString) {
    const auto is_text = [](const Value& value) { return value.is_constant && value.number == value.number; };
    // What is longer than a string may be is left to the run, which refuses it.
    if (is_text(left) && is_text(right) && left.type == right.type &&
        text_of(left).size() + text_of(right).size() <= Limits{}.string_length_max) {
      return emit_.text(text_of(left) + text_of(right));
    }
    return emit_.call(Function::kStrConcat, {left, right}, {Type::kString}, false, true);
  }
  if (!numbers) return refuse(op == BinaryOperator::kAdd ? "two numbers or two strings" : "numbers");
  Type type = common_type(left.type, right.type);
  if (type == Type::kNa) type = Type::kFloat;
  if (op == BinaryOperator::kDivide) {
    const bool ints = serves_as_int(left) && serves_as_int(right);
    if (left.type == Type::kInt && right.type == Type::kInt && rules_.constant_division_truncates && left.is_constant &&
        right.is_constant && right.number != 0 && !left.is_argument && !right.is_argument) {
      return emit_.number(std::trunc(left.number / right.number), Type::kInt);
    }
    // The quotient of ints keeps its fraction, and yet serves where an int is asked for (truncated there).
    Value quotient = left.is_constant && right.is_constant
                         ? emit_.number(*fold(op, left.number, right.number), Type::kFloat)
                         : emit_.pure(Opcode::kDivide, Type::kFloat, left, right);
    quotient.is_int_quotient = ints;
    return quotient;
  }
  if (left.is_constant && right.is_constant) {
    if (const auto folded = fold(op, left.number, right.number)) {
      Value made = emit_.number(*folded, type);
      made.is_argument = left.is_argument || right.is_argument;
      return made;
    }
  }
  Value result = emit_.pure(opcode_of(op), type, left, right);
  result.is_int_quotient = type == Type::kFloat && serves_as_int(left) && serves_as_int(right);
  return result;
}

bool Lowering::has_effects(const Expression& expression) {
  bool found = false;
  if (const auto* called = std::get_if<Call>(&expression.node)) {
    const std::string name = dotted_name(*called->callee);
    if (const auto own = functions_named(name); !own.empty()) {
      const InFile at_home(*this, homes_.at(own.front()));
      for (const FunctionDeclaration* function : own) {
        const auto [memo, added] = function_effects_.try_emplace(function, true);  // true while being looked at
        if (added) {
          bool inside = false;
          for (const StatementPtr& statement : function->body.statements) {
            const bool plain = std::holds_alternative<ExpressionStatement>(statement->node) ||
                               std::holds_alternative<Declaration>(statement->node);
            if (!plain) inside = true;
            if (const auto* node = std::get_if<Declaration>(&statement->node)) {
              inside = inside || node->persistence != Persistence::kNone || has_effects(*node->value);
            }
            if (const auto* node = std::get_if<ExpressionStatement>(&statement->node)) {
              inside = inside || has_effects(*node->value);
            }
          }
          memo->second = inside;
        }
        found = found || memo->second;
      }
    } else if (const auto& overloads = builtin_functions(name); !overloads.empty()) {
      found = overloads.front().effect == Effect::kStateful || overloads.front().effect == Effect::kHeap;
    } else {
      static const std::set<std::string> kPlain = {"na",   "nz",     "int",   "float",
                                                   "bool", "string", "color", "str.tostring"};
      found = !kPlain.contains(name) && !name.starts_with("input");
    }
  }
  if (std::holds_alternative<If>(expression.node) || std::holds_alternative<Switch>(expression.node) ||
      std::holds_alternative<For>(expression.node) || std::holds_alternative<ForIn>(expression.node) ||
      std::holds_alternative<While>(expression.node)) {
    return true;
  }
  if (std::holds_alternative<Member>(expression.node)) {  // reading a field of na ends the run
    const std::string full = dotted_name(expression);
    if (full.empty() || find(full.substr(0, full.find('.'))) != nullptr) return true;
  }
  visit_children(expression, {[&](const Expression& inside) { found = found || has_effects(inside); },
                              [&](const Statement&) { found = true; }});
  return found;
}

Value Lowering::logic(const Expression& expression, const Binary& node) {
  const bool is_and = node.op == BinaryOperator::kAnd;
  const Value left = condition(*node.left);
  if (!rules_.lazy_logic || !has_effects(*node.right)) {
    const Value right = condition(*node.right);
    if (left.is_error() || right.is_error()) return {};
    return emit_.pure(is_and ? Opcode::kAnd : Opcode::kOr, Type::kBool, left, right);
  }
  // v6 evaluates the right side only when the left has not decided; what remembers there then misses the bar.
  Value result;
  result.type = Type::kBool;
  result.qualifier = Qualifier::kSeries;
  result.slot = emit_.fresh();
  emit_.at(expression.range);
  emit_.move(result.slot, left.is_error() ? emit_.number(0, Type::kBool) : left);
  const std::uint32_t end = emit_.jump(is_and ? Opcode::kJumpIfFalse : Opcode::kJumpIfTrue, result.slot);
  Value right;
  {
    const Emitter::Region region(emit_);
    right = condition(*node.right);
    if (!right.is_error()) emit_.move(result.slot, right);
  }
  emit_.land(end);
  if (left.is_error() || right.is_error()) return {};
  return result;
}

Value Lowering::conditional(const Expression& expression, const Conditional& node) {
  const Value test = condition(*node.condition);
  const auto result_type = [&](const Value& a, const Value& b) -> std::optional<Type> {
    if (a.is_error() || b.is_error()) return std::nullopt;
    const Type type = common_type(a.type, b.type);
    if (type == Type::kVoid) {
      error(expression.range, "the two values of `?` have different types: " + type_name(a.type, a.qualifier) +
                                  " and " + type_name(b.type, b.qualifier));
      return std::nullopt;
    }
    if (type == Type::kBool && !rules_.bool_can_be_na && (a.type == Type::kNa || b.type == Type::kNa)) {
      error(expression.range, "a bool is never na in Pine v6", "use false");
      return std::nullopt;
    }
    return type;
  };
  if (node.is_eager || (!has_effects(*node.then) && !has_effects(*node.otherwise))) {
    const Value then = scalar(*node.then);
    const Value otherwise = scalar(*node.otherwise);
    const auto type = result_type(then, otherwise);
    if (test.is_error() || !type) return {};
    Value value = emit_.pure(Opcode::kSelect, *type, test, then, otherwise);
    value.is_int_quotient = both_serve_as_int(then, otherwise);
    return value;
  }
  Value result;
  result.qualifier = Qualifier::kSeries;
  result.slot = emit_.fresh();
  const std::uint32_t to_otherwise = emit_.jump(Opcode::kJumpIfFalse, test.slot);
  Value then, otherwise;
  {
    const Emitter::Region region(emit_);
    then = scalar(*node.then);
    if (!then.is_error()) emit_.move(result.slot, then);
  }
  const std::uint32_t end = emit_.jump(Opcode::kJump);
  emit_.land(to_otherwise);
  {
    const Emitter::Region region(emit_);
    otherwise = scalar(*node.otherwise);
    if (!otherwise.is_error()) emit_.move(result.slot, otherwise);
  }
  emit_.land(end);
  const auto type = result_type(then, otherwise);
  if (test.is_error() || !type) return {};
  result.type = *type;
  result.is_int_quotient = both_serve_as_int(then, otherwise);
  return result;
}

}  // namespace tradeassist::pine
