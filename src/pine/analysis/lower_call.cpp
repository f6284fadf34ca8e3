#include <algorithm>
#include <charconv>
#include <utility>

#include "pine/analysis/lowering.hpp"
#include "pine/analysis/syntax_walk.hpp"

namespace tradeassist::pine {

using namespace ast;

std::optional<BoundArguments> Lowering::bind(const std::string& function, const std::vector<std::string>& parameters,
                                             const std::vector<bool>& optional, const Expression& expression,
                                             const Call& node, bool report) {
  BoundArguments bound(parameters.size(), nullptr);
  const auto refuse = [&](SourceRange range, std::string message, std::string hint = {}) {
    if (report) error(range, std::move(message), std::move(hint));
    return std::nullopt;
  };
  std::size_t position = 0;
  for (const Argument& argument : node.arguments) {
    std::size_t index = position;
    if (argument.name.empty()) {
      if (position >= parameters.size()) {
        return refuse(argument.range,
                      function + "() takes at most " + std::to_string(parameters.size()) + " arguments");
      }
      ++position;
    } else {
      index = static_cast<std::size_t>(std::ranges::find(parameters, argument.name) - parameters.begin());
      if (index == parameters.size()) {
        std::string names;
        for (const std::string& name : parameters) names += (names.empty() ? "" : ", ") + name;
        return refuse(argument.range, function + "() has no parameter `" + argument.name + "`", "it has " + names);
      }
    }
    if (bound[index] != nullptr) {
      if (!rules_.repeated_argument_is_ignored || argument.name.empty()) {
        return refuse(argument.range, "the argument `" + parameters[index] + "` is given twice");
      }
      continue;  // v5 takes the first
    }
    bound[index] = argument.value.get();
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (bound[i] == nullptr && !optional[i]) {
      return refuse(expression.range, function + "() needs the argument `" + parameters[i] + "`");
    }
  }
  return bound;
}

Value Lowering::call(const Expression& expression, const Call& node) {
  const std::string name = dotted_name(*node.callee);
  if (name.empty()) {
    if (const auto* method = std::get_if<Member>(&node.callee->node)) {
      const Value object = scalar(*method->object);
      if (object.is_error()) return {};
      if (object.type == Type::kDrawing) return drawing_call("drawing." + method->name, expression, node);
      return error(expression.range, "methods of user types and collections are not supported yet");
    }
    return error(expression.range, "this cannot be called");
  }
  const std::string root = name.substr(0, name.find('.'));
  if (const Variable* variable = root == name ? nullptr : find(root)) {
    // A method call on a variable: box.set_right(...) written as mybox.set_right(...).
    if (variable->value.is_error()) return {};
    if (variable->value.type == Type::kDrawing) {
      return drawing_call("drawing." + name.substr(root.size() + 1), expression, node);
    }
    return error(expression.range, "methods are not supported yet: `" + name + "()`");
  }
  if (const auto own = functions_.find(name); own != functions_.end()) return user_call(own->second, expression, node);
  if (const auto value = special_call(name, expression, node)) return *value;
  if (!builtin_functions(name).empty()) return builtin_call(name, expression, node);

  for (const Argument& argument : node.arguments) structure(*argument.value, true);  // their errors count too
  if (root != name && is_known_namespace(root)) {
    static const std::vector<std::string> kLater =
        words("array matrix map request ticker polyline chart strategy str input syminfo timeframe ta");
    const auto near = nearest_builtin(name);
    if (root == "array" || root == "matrix" || root == "map") {
      return error(expression.range, "collections are not supported yet: `" + name + "()`");
    }
    if (near)
      return error(expression.range, "`" + name + "()` is not a built-in function that is supported",
                   "did you mean `" + *near + "`?");
    return error(expression.range, std::ranges::find(kLater, root) != kLater.end()
                                       ? "`" + name + "()` is not supported yet"
                                       : "`" + name + "()` is not a built-in function");
  }
  const auto near = nearest_builtin(name);
  return error(expression.range, "there is no function `" + name + "`", near ? "did you mean `" + *near + "`?" : "");
}

std::optional<Value> Lowering::special_call(const std::string& name, const Expression& expression, const Call& node) {
  if (name == "na" || name == "int" || name == "float" || name == "bool" || name == "string" || name == "color" ||
      name == "label" || name == "line" || name == "box" || name == "table" || name == "linefill" || name == "nz") {
    return cast(name, expression, node);
  }
  if (name == "str.tostring") return to_string_call(expression, node);
  if (name == "input" || name.starts_with("input.")) return input_call(name, expression, node);
  if (name == "strategy" || name == "indicator" || name == "study" || name == "library") {
    script_declaration(name, expression, node);
    Value none;
    none.type = Type::kVoid;
    return none;
  }
  if (name.starts_with("strategy.")) {
    if (auto value = strategy_call(name, expression, node)) return value;
    return std::nullopt;
  }
  if (name == "request.security") return request_security(expression, node);
  if (name == "max_bars_back") {
    Value none;
    none.type = Type::kVoid;
    return none;  // all history is there
  }
  return output_call(name, expression, node);
}

Value Lowering::cast(const std::string& name, const Expression& expression, const Call& node) {
  const bool is_nz = name == "nz";
  const auto bound =
      bind(name, is_nz ? std::vector<std::string>{"source", "replacement"} : std::vector<std::string>{"x"},
           is_nz ? std::vector<bool>{false, true} : std::vector<bool>{false}, expression, node);
  if (!bound) return {};
  const Value value = scalar(*(*bound)[0]);
  if (value.is_error()) return {};
  const auto wrong = [&](const char* needs) {
    return error((*bound)[0]->range, name + "() needs " + needs + ", got " + type_name(value.type, value.qualifier));
  };
  if (name == "na") {
    if (value.type == Type::kBool && !rules_.bool_can_be_na) {
      return error(expression.range, "a bool is never na in Pine v6", "na() takes no bool");
    }
    if (value.type == Type::kDrawing) return emit_.number(1, Type::kBool);  // drawings are never made
    return emit_.pure(Opcode::kIsNa, Type::kBool, value);
  }
  if (is_nz) {
    if (value.type == Type::kBool && !rules_.bool_can_be_na) {
      return error(expression.range, "a bool is never na in Pine v6", "nz() takes no bool");
    }
    Value replacement = (*bound)[1] != nullptr ? scalar(*(*bound)[1])
                                               : emit_.number(0, value.type == Type::kNa ? Type::kInt : value.type);
    if (replacement.is_error()) return {};
    const Type type = common_type(value.type, replacement.type);
    if (type == Type::kVoid) {
      return error(expression.range, "nz() needs a replacement of the source's type, got " +
                                         type_name(value.type, value.qualifier) + " and " +
                                         type_name(replacement.type, replacement.qualifier));
    }
    return emit_.pure(Opcode::kNz, type, value, replacement);
  }
  if (name == "int") {
    if (!is_number(value.type)) return wrong("a number");
    return value.type == Type::kInt ? value : emit_.pure(Opcode::kTruncate, Type::kInt, value);
  }
  if (name == "float") {
    if (!is_number(value.type)) return wrong("a number");
    Value same = value;
    same.type = Type::kFloat;
    return same;
  }
  if (name == "bool") {
    if (value.type == Type::kBool) return value;
    if (!is_number(value.type)) return wrong("a number");
    return emit_.pure(Opcode::kTruth, Type::kBool, value);
  }
  const Type to = name == "string" ? Type::kString : name == "color" ? Type::kColor : Type::kDrawing;
  if (value.type != to && value.type != Type::kNa) return wrong(std::string(to_string(to)).c_str());
  Value same = value;
  same.type = to;
  return same;
}

Value Lowering::to_string_call(const Expression& expression, const Call& node) {
  const auto bound = bind("str.tostring", {"value", "format"}, {false, true}, expression, node);
  if (!bound) return {};
  const Value value = scalar(*(*bound)[0]);
  Value format;
  if ((*bound)[1] != nullptr) format = convert(scalar(*(*bound)[1]), Type::kString, (*bound)[1]->range, "the format");
  if (value.is_error() || ((*bound)[1] != nullptr && format.is_error())) return {};
  ValueType kind = ValueType::kFloat;
  switch (value.type) {
    case Type::kInt: kind = ValueType::kInt; break;
    case Type::kBool: kind = ValueType::kBool; break;
    case Type::kString: kind = ValueType::kString; break;
    case Type::kFloat:
    case Type::kNa: break;
    default:
      return error(expression.range,
                   "str.tostring() needs a number, bool or string, got " + type_name(value.type, value.qualifier));
  }
  return emit_.call(Function::kStrToString, {value, format}, {Type::kString}, false, true,
                    static_cast<std::uint32_t>(kind));
}

bool Lowering::accepts(const BuiltinParameter& parameter, const Value& value) const {
  if (value.is_error()) return true;
  if (value.is_tuple() || value.type == Type::kVoid) return false;
  if (value.type == Type::kNa) return true;
  switch (parameter.kind) {
    case ParameterKind::kInt: return value.type == Type::kInt || value.is_int_quotient;
    case ParameterKind::kFloat:
    case ParameterKind::kNumber: return is_number(value.type);
    case ParameterKind::kBool:
      return value.type == Type::kBool || (rules_.numbers_are_conditions && is_number(value.type));
    case ParameterKind::kString: return value.type == Type::kString;
    case ParameterKind::kColor: return value.type == Type::kColor;
    case ParameterKind::kDirection: return value.type == Type::kDirection;
    case ParameterKind::kAny: return value.type != Type::kDrawing && value.type != Type::kPlot;
  }
  return false;
}

Value Lowering::default_value(const std::string& text, ParameterKind kind) {
  if (text.empty()) return {};
  if (text == "true" || text == "false") return emit_.number(text == "true" ? 1 : 0, Type::kBool);
  double number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc()) {
    return emit_.number(number, kind == ParameterKind::kInt ? Type::kInt : Type::kFloat);
  }
  return builtin(*builtin_variable(text, rules_.version));
}

namespace {

Type type_of_parameter(ParameterKind kind) {
  switch (kind) {
    case ParameterKind::kInt: return Type::kInt;
    case ParameterKind::kBool: return Type::kBool;
    case ParameterKind::kString: return Type::kString;
    case ParameterKind::kColor: return Type::kColor;
    case ParameterKind::kDirection: return Type::kDirection;
    default: return Type::kFloat;
  }
}

Type type_of_result(ResultKind kind, const std::vector<Value>& operands) {
  switch (kind) {
    case ResultKind::kVoid: return Type::kVoid;
    case ResultKind::kInt: return Type::kInt;
    case ResultKind::kFloat: return Type::kFloat;
    case ResultKind::kBool: return Type::kBool;
    case ResultKind::kString: return Type::kString;
    case ResultKind::kColor: return Type::kColor;
    case ResultKind::kNumber:
      for (const Value& operand : operands) {
        if (operand.type != Type::kInt) return Type::kFloat;
      }
      return Type::kInt;
    case ResultKind::kFirst: return operands.empty() || operands[0].type == Type::kNa ? Type::kFloat : operands[0].type;
    case ResultKind::kSecond:
      return operands.size() < 2 || operands[1].type == Type::kNa ? Type::kFloat : operands[1].type;
  }
  return Type::kFloat;
}

}  // namespace

Value Lowering::builtin_call(const std::string& name, const Expression& expression, const Call& node) {
  // Arguments are lowered once, in the order in which they are written; overloads are then tried on their types.
  std::map<const Expression*, Value> lowered;
  bool failed = false;
  for (const Argument& argument : node.arguments) {
    Value value = this->expression(*argument.value);
    if (value.is_error()) failed = true;
    lowered[argument.value.get()] = std::move(value);
  }
  const auto& overloads = builtin_functions(name);
  const BuiltinFunction* chosen = nullptr;
  std::vector<const Expression*> arguments;
  for (const BuiltinFunction& candidate : overloads) {
    std::vector<std::string> names;
    std::vector<bool> optional;
    for (const BuiltinParameter& parameter : candidate.parameters) {
      if (parameter.implicit) continue;
      names.push_back(parameter.name);
      optional.push_back(parameter.optional);
    }
    while (candidate.variadic && names.size() < node.arguments.size()) {
      names.push_back("…" + std::to_string(names.size()));
      optional.push_back(true);
    }
    const auto bound = bind(name, names, optional, expression, node, overloads.size() == 1);
    if (!bound) {
      if (overloads.size() == 1) return {};
      continue;
    }
    bool fits = true;
    std::size_t next = 0;
    for (const BuiltinParameter& parameter : candidate.parameters) {
      if (parameter.implicit) continue;
      const Expression* argument = (*bound)[next++];
      if (argument != nullptr && !accepts(parameter, lowered[argument])) fits = false;
    }
    if (fits || overloads.size() == 1) {
      chosen = &candidate;
      arguments = *bound;
      break;
    }
  }
  if (failed) return {};
  if (chosen == nullptr) {
    std::string forms, given;
    for (const BuiltinFunction& candidate : overloads) forms += (forms.empty() ? "" : " or ") + candidate.signature;
    for (const Argument& argument : node.arguments) {
      const Value& value = lowered[argument.value.get()];
      given += (given.empty() ? "" : ", ") + (argument.name.empty() ? "" : argument.name + " = ") +
               (value.is_tuple() ? "a tuple" : type_name(value.type, value.qualifier));
    }
    return error(expression.range, "no form of " + name + "() takes (" + given + ")", "it is called as " + forms);
  }

  std::vector<Value> operands;
  std::size_t next = 0;
  for (const BuiltinParameter& parameter : chosen->parameters) {
    const Expression* argument = parameter.implicit ? nullptr : arguments[next++];
    if (argument == nullptr) {
      operands.push_back(default_value(parameter.default_text, parameter.kind));
      continue;
    }
    Value value = lowered[argument];
    const std::string what = "the argument `" + parameter.name + "` of " + name + "()";
    if (!accepts(parameter, value)) {
      return error(argument->range,
                   what + " must be " + std::string(to_string(type_of_parameter(parameter.kind))) + ", is " +
                       (value.is_tuple() ? "a tuple" : type_name(value.type, value.qualifier)),
                   chosen->signature);
    }
    if (value.qualifier > parameter.strongest) {
      return error(argument->range,
                   what + " must be known before the first bar (simple " +
                       std::string(to_string(type_of_parameter(parameter.kind))) + "), is " +
                       type_name(value.type, value.qualifier),
                   "use a constant or an input");
    }
    if (parameter.kind == ParameterKind::kBool) value = to_condition(value, argument->range);
    if (value.type == Type::kNa) value.type = type_of_parameter(parameter.kind);
    operands.push_back(std::move(value));
  }
  while (next < arguments.size()) {  // further ones of a variadic function
    const Expression* argument = arguments[next++];
    if (argument == nullptr) continue;
    if (!accepts(chosen->parameters.back(), lowered[argument])) {
      return error(argument->range,
                   "an argument of " + name +
                       "() has the wrong type: " + type_name(lowered[argument].type, lowered[argument].qualifier),
                   chosen->signature);
    }
    operands.push_back(lowered[argument]);
  }
  if (operands.size() > 250) return error(expression.range, name + "() is given more than 250 arguments");

  std::vector<Type> results;
  for (const ResultKind kind : chosen->results) results.push_back(type_of_result(kind, operands));
  std::uint32_t index = 0;
  if (chosen->function == Function::kStrFormat) {  // how each argument prints: three bits each, the first ten
    for (std::size_t i = 1; i < operands.size() && i <= 10; ++i) {
      const ValueType kind = operands[i].type == Type::kInt      ? ValueType::kInt
                             : operands[i].type == Type::kBool   ? ValueType::kBool
                             : operands[i].type == Type::kString ? ValueType::kString
                                                                 : ValueType::kFloat;
      index |= static_cast<std::uint32_t>(kind) << (3 * (i - 1));
    }
  }
  const bool stateful = chosen->effect == Effect::kStateful;
  const bool invariant_possible = chosen->effect == Effect::kPure || chosen->effect == Effect::kRunConstant;
  emit_.at(expression.range);
  const bool bool_change = chosen->function == Function::kTaChange && operands[0].type == Type::kBool;
  if (bool_change) results = {Type::kInt};
  const Value value = emit_.call(chosen->function, operands, results, stateful, invariant_possible, index);
  return bool_change ? emit_.pure(Opcode::kNotEqual, Type::kBool, value, emit_.number(0, Type::kInt)) : value;
}

Value Lowering::user_call(const std::vector<const FunctionDeclaration*>& overloads, const Expression& expression,
                          const Call& node) {
  const FunctionDeclaration* chosen = nullptr;
  std::optional<BoundArguments> bound;
  for (const FunctionDeclaration* candidate : overloads) {
    std::vector<std::string> names;
    std::vector<bool> optional;
    for (const Parameter& parameter : candidate->parameters) {
      names.push_back(parameter.name);
      optional.push_back(parameter.default_value != nullptr);
    }
    bound = bind(candidate->name, names, optional, expression, node, overloads.size() == 1);
    if (bound) {
      chosen = candidate;
      break;
    }
  }
  if (chosen == nullptr) {
    for (const Argument& argument : node.arguments) structure(*argument.value, true);
    if (overloads.size() > 1)
      error(expression.range, "no overload of `" + overloads[0]->name + "` takes these arguments");
    return {};
  }
  called_.insert(chosen);
  const bool at_global_scope = call_stack_.empty();
  std::vector<Variable> arguments;
  for (std::size_t i = 0; i < bound->size(); ++i) {
    const Parameter& parameter = chosen->parameters[i];
    const Expression* argument = (*bound)[i] != nullptr ? (*bound)[i] : parameter.default_value.get();
    Variable variable;
    Value value = scalar(*argument);
    if (parameter.type) {
      value = convert(value, type_of(*parameter.type).value_or(Type::kError), argument->range,
                      "the argument `" + parameter.name + "` of " + chosen->name + "()");
    }
    variable.value = stable(value);
    variable.origin = argument;
    if (!at_global_scope) {
      const auto* plain = std::get_if<Name>(&argument->node);
      const Variable* outer = plain != nullptr ? find(plain->name) : nullptr;
      const bool global = outer != nullptr && scopes_.front()->variables.contains(plain->name) &&
                          outer == &scopes_.front()->variables.at(plain->name);
      if (outer != nullptr && !global) variable.origin = outer->origin;
    }
    arguments.push_back(std::move(variable));
  }
  return inline_function(*chosen, arguments, expression.range);
}

Value Lowering::inline_function(const FunctionDeclaration& function, const std::vector<Variable>& arguments,
                                SourceRange range) {
  if (std::ranges::find(call_stack_, &function) != call_stack_.end()) {
    return error(range, "the function `" + function.name + "` calls itself", "Pine has no recursion; use a loop");
  }
  if (call_stack_.size() >= static_cast<std::size_t>(limits_.call_depth_max)) {
    return error(range,
                 "functions call one another more than " + std::to_string(limits_.call_depth_max) + " levels deep");
  }
  if (emit_.overflowed() || ++expansions_ > limits_.expansions_max) return {};
  Scopes outer = std::exchange(scopes_, {scopes_.front()});
  std::vector<Loop*> outer_loops = std::exchange(loops_, {});
  const std::string outer_input = std::exchange(pending_input_name_, {});
  call_stack_.push_back(&function);
  scopes_.push_back(std::make_shared<Scope>());
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Parameter& parameter = function.parameters[i];
    declare(parameter.name, parameter.range, arguments[i]);
  }
  Value result = block(function.body, true);
  call_stack_.pop_back();
  loops_ = std::move(outer_loops);
  scopes_ = std::move(outer);
  pending_input_name_ = outer_input;
  emit_.at(range);
  return result;
}

std::optional<std::string> Lowering::constant_text(const Expression* at, const std::string& what) {
  if (at == nullptr) return std::nullopt;
  const Value value = scalar(*at);
  if (value.is_error()) return std::nullopt;
  if (value.type != Type::kString || !value.is_constant) {
    error(at->range, what + " must be a const string, is " + type_name(value.type, value.qualifier));
    return std::nullopt;
  }
  return program_.strings[static_cast<std::size_t>(value.number)];
}

std::optional<double> Lowering::constant_number(const Expression* at, const std::string& what) {
  if (at == nullptr) return std::nullopt;
  const Value value = scalar(*at);
  if (value.is_error()) return std::nullopt;
  if (!is_number(value.type) || !value.is_constant) {
    error(at->range, what + " must be a const number, is " + type_name(value.type, value.qualifier));
    return std::nullopt;
  }
  return value.number;
}

std::optional<bool> Lowering::constant_bool(const Expression* at, const std::string& what) {
  if (at == nullptr) return std::nullopt;
  const Value value = scalar(*at);
  if (value.is_error()) return std::nullopt;
  if (value.type != Type::kBool || !value.is_constant) {
    error(at->range, what + " must be true or false, is " + type_name(value.type, value.qualifier));
    return std::nullopt;
  }
  return value.number != 0;
}

}  // namespace tradeassist::pine
