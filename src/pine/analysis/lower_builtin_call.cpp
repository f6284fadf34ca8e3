#include <algorithm>
#include <charconv>
#include <utility>

#include "pine/analysis/lowering.hpp"
#include "pine/program/date_text.hpp"

namespace tradeassist::pine {

using namespace ast;

namespace {

Type type_of_parameter(ParameterKind kind) {
  switch (kind) {
    case ParameterKind::kInt:
    case ParameterKind::kWhole: return Type::kInt;
    case ParameterKind::kBool: return Type::kBool;
    case ParameterKind::kString: return Type::kString;
    case ParameterKind::kColor: return Type::kColor;
    case ParameterKind::kDirection: return Type::kDirection;
    default: return Type::kFloat;
  }
}

std::string name_of_parameter(const BuiltinParameter& parameter) {
  return parameter.kind == ParameterKind::kPattern ? to_string(parameter.pattern)
                                                   : to_string(type_of_parameter(parameter.kind));
}

Type type_of_result(const BuiltinResult& result, const std::vector<Value>& operands, const TypeBindings& bindings) {
  const auto operand = [&](std::size_t i) {
    return i >= operands.size() || operands[i].type == Type::kNa ? Type::kFloat : operands[i].type;
  };
  switch (result.kind) {
    case ResultKind::kVoid: return Type::kVoid;
    case ResultKind::kInt: return Type::kInt;
    case ResultKind::kFloat: return Type::kFloat;
    case ResultKind::kBool: return Type::kBool;
    case ResultKind::kString: return Type::kString;
    case ResultKind::kColor: return Type::kColor;
    case ResultKind::kNumber:  // an int where all arguments, or the elements of the collection, are ints
      if (!operands.empty() && collection_of(operands[0].type) != Collection::kNone) {
        return element_of(operands[0].type) == Type::kInt ? Type::kInt : Type::kFloat;
      }
      for (const Value& value : operands) {
        if (value.type != Type::kInt) return Type::kFloat;
      }
      return Type::kInt;
    case ResultKind::kFirst: return operand(0);
    case ResultKind::kSecond: return operand(1);
    case ResultKind::kPattern: return bindings.resolve(result.pattern);
  }
  return Type::kFloat;
}

bool holds_collections(const BuiltinResult& result, const TypeBindings& bindings) {
  TypePattern inside;
  inside.element = result.pattern.element;
  return result.pattern.collection != Collection::kNone && collection_of(bindings.resolve(inside)) != Collection::kNone;
}

/// A result of the type of its arguments is an int when they are; the quotient of ints counts as one.
bool keeps_int(ResultKind kind, const std::vector<Value>& operands) {
  const auto serves_as_int = [](const Value& value) { return value.type == Type::kInt || value.is_int_quotient; };
  switch (kind) {
    case ResultKind::kNumber: return std::ranges::all_of(operands, serves_as_int);
    case ResultKind::kFirst: return serves_as_int(operands[0]);
    case ResultKind::kSecond: return serves_as_int(operands[1]);
    default: return false;
  }
}

/// How the elements (bits 0 to 7) and keys (8 to 15) of the collection at hand are kept: that of the result, else that
/// of the first argument.
std::uint32_t kinds_of(const std::vector<Type>& results, const std::vector<Value>& operands) {
  const auto kinds = [](Type type) {
    const bool is_map = collection_of(type) == Collection::kMap;
    return collection_index(value_type(element_of(type)), is_map ? value_type(key_of(type)) : ValueType::kVoid);
  };
  if (!results.empty() && collection_of(results[0]) != Collection::kNone) return kinds(results[0]);
  return operands.empty() ? 0 : kinds(operands[0].type);
}

}  // namespace

bool Lowering::accepts(const BuiltinParameter& parameter, const Value& value, TypeBindings& bindings) const {
  if (value.is_error()) return true;
  if (value.is_tuple() || value.type == Type::kVoid) return false;
  if (value.type == Type::kNa) return true;
  switch (parameter.kind) {
    case ParameterKind::kInt: return value.type == Type::kInt || value.is_int_quotient;
    case ParameterKind::kWhole:
    case ParameterKind::kFloat:
    case ParameterKind::kNumber: return is_number(value.type);
    case ParameterKind::kBool:
      return value.type == Type::kBool || (rules_.numbers_are_conditions && is_number(value.type));
    case ParameterKind::kString: return value.type == Type::kString || is_enum(value.type);
    case ParameterKind::kColor: return value.type == Type::kColor;
    case ParameterKind::kDirection: return value.type == Type::kDirection;
    case ParameterKind::kPrintable:
      return !is_reference(value.type)
                 ? value.type != Type::kPlot
                 : collection_of(value.type) == Collection::kArray || collection_of(value.type) == Collection::kMatrix;
    case ParameterKind::kAny: return !is_reference(value.type) && value.type != Type::kPlot;
    case ParameterKind::kPattern: {
      TypeBindings tried = bindings;
      Type type = value.type;
      if (!tried.match(parameter.pattern, type)) {
        // The quotient of two ints is one where an int is asked for; v5 takes a number for a condition.
        if (value.is_int_quotient) type = Type::kInt;
        if (rules_.numbers_are_conditions && is_number(type)) {
          tried = bindings;
          if (tried.resolve(parameter.pattern) == Type::kBool) return true;
        }
        tried = bindings;
        if (!tried.match(parameter.pattern, type)) return false;
      }
      bindings = tried;
      return true;
    }
  }
  return false;
}

Value Lowering::default_value(const std::string& text, ParameterKind kind) {
  if (text.empty()) return {};
  if (text == "na") return emit_.na(type_of_parameter(kind));
  if (text.front() == '"') return emit_.text(text.substr(1, text.size() - 2));
  if (text == "true" || text == "false") return emit_.number(text == "true" ? 1 : 0, Type::kBool);
  double number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc()) {
    return emit_.number(number, type_of_parameter(kind) == Type::kInt ? Type::kInt : Type::kFloat);
  }
  return builtin(*builtin_variable(text, rules_.version));
}

/// What str.format and log.* print: a number stays one, for its placeholder may say how it is written.
Value Lowering::printable(const Value& value) {
  if (is_number(value.type) || value.type == Type::kNa || value.type == Type::kString) return value;
  if (is_enum(value.type)) {
    Value title = value;
    title.type = Type::kString;
    return title;
  }
  const Collection collection = collection_of(value.type);
  if (collection != Collection::kNone) {
    return emit_.heap_call(collection == Collection::kArray ? Function::kArrayToString : Function::kMatrixToString,
                           {value.slot, kNoSlot}, {Type::kString},
                           static_cast<std::uint32_t>(value_type(element_of(value.type))));
  }
  return emit_.call(Function::kStrToString, {value, {}}, {Type::kString}, false, true,
                    static_cast<std::uint32_t>(value_type(value.type)));
}

Value Lowering::builtin_call(const std::string& name, const Expression& expression, const Call& node,
                             const Receiver* receiver) {
  // Arguments are lowered once, in the order in which they are written; overloads are then tried on their types.
  std::map<const Expression*, Value> lowered;
  bool failed = false;
  if (receiver != nullptr) lowered[receiver->expression] = receiver->value;
  for (const Argument& argument : node.arguments) {
    Value value = this->expression(*argument.value);
    if (value.is_error()) failed = true;
    lowered[argument.value.get()] = std::move(value);
  }
  const auto& overloads = builtin_functions(name);
  const BuiltinFunction* chosen = nullptr;
  std::vector<const Expression*> arguments;
  TypeBindings bindings;
  for (const BuiltinFunction& candidate : overloads) {
    std::vector<std::string> names;
    std::vector<bool> optional;
    for (const BuiltinParameter& parameter : candidate.parameters) {
      if (parameter.implicit) continue;
      names.push_back(parameter.name);
      optional.push_back(parameter.optional);
    }
    while (candidate.variadic && names.size() < node.arguments.size() + (receiver != nullptr ? 1 : 0)) {
      names.push_back("…" + std::to_string(names.size()));
      optional.push_back(true);
    }
    const auto bound = bind(name, names, optional, expression, node, overloads.size() == 1, receiver);
    if (!bound) {
      if (overloads.size() == 1) return {};
      continue;
    }
    bool suits = true;
    TypeBindings tried;
    for (std::size_t i = 0; i < candidate.type_arguments.size() && i < node.type_arguments.size(); ++i) {
      tried.bind(candidate.type_arguments[i], type_of(node.type_arguments[i]).value_or(Type::kError));
    }
    std::size_t next = 0;
    for (const BuiltinParameter& parameter : candidate.parameters) {
      if (parameter.implicit) continue;
      const Expression* argument = (*bound)[next++];
      if (argument != nullptr && !accepts(parameter, lowered[argument], tried)) suits = false;
    }
    if (suits || overloads.size() == 1) {
      chosen = &candidate;
      bindings = std::move(tried);
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

  if (!node.type_arguments.empty() && node.type_arguments.size() != chosen->type_arguments.size()) {
    return error(expression.range, name + "() takes " + std::to_string(chosen->type_arguments.size()) +
                                       " type arguments, not " + std::to_string(node.type_arguments.size()));
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
    if (!accepts(parameter, value, bindings)) {
      return error(argument->range,
                   what + " must be " + name_of_parameter(parameter) + ", is " +
                       (value.is_tuple() ? "a tuple" : type_name(value.type, value.qualifier)),
                   chosen->signature);
    }
    if (value.qualifier > parameter.strongest && !value.is_steady) {
      return error(argument->range,
                   what + " must be known before the first bar (simple " + name_of_parameter(parameter) + "), is " +
                       type_name(value.type, value.qualifier),
                   "use a constant or an input");
    }
    if (parameter.kind == ParameterKind::kWhole && value.type == Type::kFloat && !value.is_int_quotient) {
      value = emit_.pure(Opcode::kTruncate, Type::kInt, value);
    }
    if (parameter.kind == ParameterKind::kBool) value = to_condition(value, argument->range);
    if (parameter.kind == ParameterKind::kPrintable) value = printable(value);
    if (value.type == Type::kNa && parameter.kind != ParameterKind::kPattern)
      value.type = type_of_parameter(parameter.kind);
    operands.push_back(std::move(value));
  }
  while (next < arguments.size()) {  // further ones of a variadic function
    const Expression* argument = arguments[next++];
    if (argument == nullptr) continue;
    if (!accepts(chosen->parameters.back(), lowered[argument], bindings)) {
      return error(argument->range,
                   "an argument of " + name +
                       "() has the wrong type: " + type_name(lowered[argument].type, lowered[argument].qualifier),
                   chosen->signature);
    }
    operands.push_back(chosen->parameters.back().kind == ParameterKind::kPrintable ? printable(lowered[argument])
                                                                                   : lowered[argument]);
  }
  constexpr std::size_t kArgumentsMax = 60'000;
  if (operands.size() > kArgumentsMax) {
    return error(expression.range, name + "() is given more than " + std::to_string(kArgumentsMax) + " arguments");
  }

  std::vector<Type> results;
  for (const BuiltinResult& result : chosen->results) {
    results.push_back(type_of_result(result, operands, bindings));
    if (results.back() == Type::kError) {
      return error(expression.range, name + "() does not say what its elements are",
                   "give the type: " + chosen->name + "<float>(…)");
    }
    if (holds_collections(result, bindings)) {
      return error(expression.range, "a collection cannot hold collections",
                   "put the inner one into a field of a user type");
    }
  }
  const bool is_date_text = chosen->function == Function::kTimestampText && operands[0].is_constant;
  if (is_date_text && operands[0].number == operands[0].number && !parse_date_text(text_of(operands[0]))) {
    return error(arguments[0]->range, "'" + text_of(operands[0]) + "' is not a date",
                 "write 2020-02-20T10:00:00+00:00 or 20 Feb 2020 10:00 +0000");
  }
  emit_.at(expression.range);
  if (chosen->drawing != DrawingAccess::kNone) return drawing_call(*chosen, operands);
  if (chosen->effect == Effect::kHeap) {
    std::vector<Slot> slots;
    for (const Value& operand : operands) slots.push_back(operand.slot);
    return emit_.heap_call(chosen->function, slots, results, kinds_of(results, operands));
  }
  std::uint32_t index = 0;
  if (chosen->function == Function::kStrFormat) {
    constexpr std::size_t kValuesMax = 32;
    if (operands.size() > kValuesMax + 1) {
      return error(expression.range, name + "() takes at most " + std::to_string(kValuesMax) + " values");
    }
    for (std::size_t i = 1; i < operands.size(); ++i) {
      if (operands[i].type != Type::kString) index |= 1u << (i - 1);
    }
  }
  if (chosen->function == Function::kTaPivotPointLevels) return pivot_levels(operands, results);
  if (chosen->function == Function::kMathMax || chosen->function == Function::kMathMin) {
    const Opcode opcode = chosen->function == Function::kMathMax ? Opcode::kMax : Opcode::kMin;
    Value best = operands[0];
    for (std::size_t i = 1; i < operands.size(); ++i) best = emit_.pure(opcode, results[0], best, operands[i]);
    best.is_int_quotient = keeps_int(chosen->results[0].kind, operands);
    return best;
  }
  const bool stateful = chosen->effect == Effect::kStateful;
  const bool invariant_possible = chosen->effect == Effect::kPure || chosen->effect == Effect::kRunConstant;
  const bool bool_change = chosen->function == Function::kTaChange && operands[0].type == Type::kBool;
  if (bool_change) results = {Type::kInt};
  Value value = emit_.call(chosen->function, operands, results, stateful, invariant_possible, index);
  value.is_int_quotient = results.size() == 1 && keeps_int(chosen->results[0].kind, operands);
  return bool_change ? emit_.pure(Opcode::kNotEqual, Type::kBool, value, emit_.number(0, Type::kInt)) : value;
}

/// Levels are computed on every bar that asks for them and then put into an array of their own.
Value Lowering::pivot_levels(const std::vector<Value>& operands, const std::vector<Type>& results) {
  constexpr std::size_t kLevels = 11;
  const Value levels =
      emit_.call(Function::kTaPivotPointLevels, operands, std::vector<Type>(kLevels, Type::kFloat), true, false);
  std::vector<Slot> slots;
  for (const Value& level : levels.tuple) slots.push_back(level.slot);
  return emit_.heap_call(Function::kArrayFrom, slots, results, kinds_of(results, operands));
}

Value Lowering::drawing_call(const BuiltinFunction& function, const std::vector<Value>& operands) {
  const Layout layout = function.layout;
  const bool creates = function.drawing == DrawingAccess::kNew;
  const auto index_of = [&](std::string_view name) { return static_cast<std::uint32_t>(field_index(layout, name)); };
  if (function.drawing == DrawingAccess::kGet) {
    const std::string field = function.name.substr(function.name.rfind("get_") + 4);
    return emit_.get_field(operands[0], index_of(field),
                           function.results[0].kind == ResultKind::kPattern  ? Type::kLine
                           : function.results[0].kind == ResultKind::kInt    ? Type::kInt
                           : function.results[0].kind == ResultKind::kString ? Type::kString
                                                                             : Type::kFloat,
                           true);
  }

  // What goes into which field. A point gives the time or the index, as the drawing's xloc has it.
  std::vector<std::pair<std::uint32_t, Value>> writes;
  const auto write = [&](const std::string& name, Value value) {
    const std::uint32_t index = index_of(name);
    if (fields_of(layout)[index].type == ValueType::kInt && value.type != Type::kInt) {
      value = emit_.pure(Opcode::kTruncate, Type::kInt, value);
    }
    writes.emplace_back(index, value);
  };
  Value xloc;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (function.parameters[i].field == "xloc") xloc = operands[i];
  }
  for (std::size_t i = creates ? 0 : 1; i < operands.size(); ++i) {
    const std::string& field = function.parameters[i].field;
    if (operands[i].slot == kNoSlot) continue;
    const std::size_t plus = field.find('+');
    if (plus == std::string::npos) {
      write(field, operands[i]);
      continue;
    }
    const auto part = [&](const char* name, Type type) {
      return emit_.get_field(operands[i], static_cast<std::uint32_t>(field_index(Layout::kChartPoint, name)), type,
                             true);
    };
    if (xloc.slot == kNoSlot) xloc = emit_.get_field(operands[0], index_of("xloc"), Type::kString, true);
    const Value by_time = emit_.pure(Opcode::kEqual, Type::kBool, xloc, emit_.text("xloc.bar_time"));
    write(field.substr(0, plus),
          emit_.pure(Opcode::kSelect, Type::kInt, by_time, part("time", Type::kInt), part("index", Type::kInt)));
    write(field.substr(plus + 1), part("price", Type::kFloat));
  }
  if (!creates) {
    for (const auto& [index, value] : writes) emit_.set_field(operands[0], index, value, true);
    Value none;
    none.type = Type::kVoid;
    return none;
  }
  std::vector<Slot> fields(fields_of(layout).size(), kNoSlot);
  for (const auto& [index, value] : writes) fields[index] = value.slot;
  return emit_.new_record(static_cast<std::uint32_t>(layout), fields, parse_pattern(name_of(layout))->element.type);
}

}  // namespace tradeassist::pine
