#include <algorithm>
#include <charconv>
#include <utility>

#include "pine/analysis/lowering.hpp"
#include "pine/analysis/syntax_walk.hpp"

namespace tradeassist::pine {

using namespace ast;

std::optional<BoundArguments> Lowering::bind(const std::string& function, const std::vector<std::string>& parameters,
                                             const std::vector<bool>& optional, const Expression& expression,
                                             const Call& node, bool report, const Receiver* receiver) {
  BoundArguments bound(parameters.size(), nullptr);
  const auto refuse = [&](SourceRange range, std::string message, std::string hint = {}) {
    if (report) error(range, std::move(message), std::move(hint));
    return std::nullopt;
  };
  std::size_t position = 0;
  if (receiver != nullptr) {
    if (parameters.empty()) return refuse(expression.range, function + "() takes no arguments, not even its object");
    bound[position++] = receiver->expression;
  }
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

Value Lowering::call(const Expression& expression, const Call& node, bool wants_value) {
  const std::string name = dotted_name(*node.callee);
  const auto* member = std::get_if<Member>(&node.callee->node);
  const std::string root = name.substr(0, name.find('.'));
  if (name.empty() && member == nullptr) return error(expression.range, "this cannot be called");
  const Variable* const variable_of_root = root != name ? find(root) : nullptr;
  const bool on_variable = variable_of_root != nullptr && !names_builtin(name, node) &&
                           !(is_value_type(variable_of_root->value.type) && is_known_namespace(root) &&
                             methods_named(name.substr(name.rfind('.') + 1)).empty());
  if (name.empty() || on_variable || is_method_on_builtin(name)) {
    const Receiver receiver{member->object.get(), scalar(*member->object)};
    if (!receiver.value.is_error()) return method_call(receiver, member->name, expression, node, wants_value);
    for (const Argument& argument : node.arguments) structure(*argument.value, true);  // their errors count too
    return {};
  }
  if (const auto own = callable(name, expression.range); !own.empty())
    return user_call(own, expression, node, wants_value);
  if (const auto value = record_call(name, expression, node)) return *value;
  if (const auto value = special_call(name, expression, node)) return *value;
  if (!builtin_functions(name).empty()) return builtin_call(name, expression, node);
  return unknown_call(name, expression, node);
}

/// A method of a variable of the language: close.twice(), label.all.size().
bool Lowering::is_method_on_builtin(const std::string& name) const {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos || !builtin_functions(name).empty()) return false;
  const std::string object = name.substr(0, dot), method = name.substr(dot + 1);
  if (object.ends_with(".all")) return true;
  if (const auto from = imported(object); from && from->file != nullptr) {
    return from->file->exported_variables().contains(from->name);
  }
  return !methods_named(method).empty() && builtin_variable(object, rules_.version).has_value();
}

/// A variable may be called as a namespace is (`line`, `label`, `box`): the call is then still the built-in one when
/// its arguments say so, as in line.set_x1(line, bar_index).
bool Lowering::names_builtin(const std::string& name, const Call& node) {
  const auto& overloads = builtin_functions(name);
  if (overloads.empty()) return false;
  if (name.ends_with(".new") || name.find(".new_") != std::string::npos) return true;
  std::size_t most = 0;
  for (const BuiltinFunction& function : overloads) {
    std::size_t required = 0;
    for (const BuiltinParameter& parameter : function.parameters) required += parameter.optional ? 0 : 1;
    most = std::max(most, required);
  }
  return node.arguments.size() >= most && !overloads.front().parameters.empty();
}

Value Lowering::method_call(const Receiver& receiver, const std::string& name, const Expression& expression,
                            const Call& node, bool wants_value) {
  const Type type = receiver.value.type;
  if (const auto own = methods_of(type, name); !own.empty())
    return user_call(own, expression, node, wants_value, &receiver);
  std::string space;
  switch (collection_of(type)) {
    case Collection::kArray: space = "array"; break;
    case Collection::kMatrix: space = "matrix"; break;
    case Collection::kMap: space = "map"; break;
    case Collection::kNone: space = is_drawing(type) || type == Type::kChartPoint ? to_string(type) : ""; break;
  }
  if (!space.empty() && !builtin_functions(space + "." + name).empty()) {
    return builtin_call(space + "." + name, expression, node, &receiver);
  }
  if (is_record(type) && name == "copy") return emit_.copy_record(receiver.value);
  for (const Argument& argument : node.arguments) structure(*argument.value, true);  // their errors count too
  return error(expression.range, "a " + to_string(type) + " has no method `" + name + "`");
}

Value Lowering::unknown_call(const std::string& name, const Expression& expression, const Call& node) {
  for (const Argument& argument : node.arguments) structure(*argument.value, true);  // their errors count too
  if (!functions_named(name).empty()) {
    return error(expression.range, "the function `" + name + "` is declared below", "move its declaration up");
  }
  if (const auto from = imported(name)) return not_exported(*from, expression.range);
  const auto near = nearest_builtin(name);
  const std::string root = name.substr(0, name.find('.'));
  if (root == name || !is_known_namespace(root)) {
    return error(expression.range, "there is no function `" + name + "`", near ? "did you mean `" + *near + "`?" : "");
  }
  if (near) {
    return error(expression.range, "`" + name + "()` is not a built-in function that is supported",
                 "did you mean `" + *near + "`?");
  }
  return error(expression.range, "`" + name + "()` is not a built-in function");
}

std::optional<Value> Lowering::special_call(const std::string& name, const Expression& expression, const Call& node) {
  if (name == "na" || name == "int" || name == "float" || name == "bool" || name == "string" || name == "color" ||
      name == "label" || name == "line" || name == "box" || name == "table" || name == "linefill" ||
      name == "polyline" || name == "nz") {
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
  if (name.starts_with("request.") || name.starts_with("ticker.")) return request_call(name, expression, node);
  if (name == "max_bars_back") {  // all history is there
    Value none;
    none.type = Type::kVoid;
    if (const auto bound = bind(name, {"var", "num"}, {false, false}, expression, node)) {
      for (const Expression* argument : *bound) scalar(*argument);
    }
    return none;
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
    return emit_.pure(Opcode::kIsNa, Type::kBool, value);
  }
  if (is_nz) {
    if (value.type == Type::kBool && !rules_.bool_can_be_na) {
      return error(expression.range, "a bool is never na in Pine v6", "nz() takes no bool");
    }
    Value replacement =
        (*bound)[1] != nullptr ? scalar(*(*bound)[1])
        : value.type == Type::kString
            ? emit_.text("")
            : emit_.number(0, value.type == Type::kNa || value.is_int_quotient ? Type::kInt : value.type);
    if (replacement.is_error()) return {};
    const Type type = common_type(value.type, replacement.type);
    if (type == Type::kVoid) {
      return error(expression.range, "nz() needs a replacement of the source's type, got " +
                                         type_name(value.type, value.qualifier) + " and " +
                                         type_name(replacement.type, replacement.qualifier));
    }
    Value known = emit_.pure(Opcode::kNz, type, value, replacement);
    known.is_int_quotient = both_serve_as_int(value, replacement);
    return known;
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
  const Type to = parse_pattern(name)->element.type;
  if (value.type != to && value.type != Type::kNa) return wrong(to_string(to).c_str());
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
  if (collection_of(value.type) == Collection::kArray || collection_of(value.type) == Collection::kMatrix) {
    const bool is_array = collection_of(value.type) == Collection::kArray;
    return emit_.heap_call(is_array ? Function::kArrayToString : Function::kMatrixToString, {value.slot, format.slot},
                           {Type::kString}, static_cast<std::uint32_t>(value_type(element_of(value.type))));
  }
  if (is_enum(value.type)) {  // a member is its title
    Value title = value;
    title.type = Type::kString;
    return title;
  }
  if (!is_number(value.type) && value.type != Type::kBool && value.type != Type::kString) {
    return error(expression.range, "str.tostring() needs a number, bool, string, enum, array or matrix, got " +
                                       type_name(value.type, value.qualifier));
  }
  return emit_.call(Function::kStrToString, {value, format}, {Type::kString}, false, true,
                    static_cast<std::uint32_t>(value_type(value.type)));
}

const std::string& Lowering::text_of(const Value& constant) const {
  static const std::string kEmpty;
  return constant.number == constant.number ? program_.strings[static_cast<std::size_t>(constant.number)] : kEmpty;
}

std::optional<std::string> Lowering::constant_text(const Expression* at, const std::string& what) {
  if (at == nullptr) return std::nullopt;
  const Value value = scalar(*at);
  if (value.is_error()) return std::nullopt;
  if (value.type != Type::kString || !value.is_constant) {
    error(at->range, what + " must be a const string, is " + type_name(value.type, value.qualifier));
    return std::nullopt;
  }
  return text_of(value);
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
