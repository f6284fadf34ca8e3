// Calls of the script's own functions and methods: each is expanded in place.
#include <algorithm>
#include <utility>

#include "pine/analysis/lowering.hpp"

namespace tradeassist::pine {

using namespace ast;

bool Lowering::fits(const Value& value, Type to) const {
  if (value.is_error() || to == Type::kError) return true;
  if (value.is_tuple() || value.type == Type::kVoid) return false;
  if (value.type == to || value.type == Type::kNa) return true;
  if (to == Type::kFloat && value.type == Type::kInt) return true;
  if (to == Type::kInt && value.is_int_quotient) return true;
  return to == Type::kBool && is_number(value.type) && rules_.numbers_are_conditions;
}

std::vector<const FunctionDeclaration*> Lowering::methods_of(Type type, const std::string& name) {
  std::vector<const FunctionDeclaration*> found;
  Value receiver;
  receiver.type = type;
  for (const FunctionDeclaration* function : methods_named(name)) {
    if (fits(receiver, parameter_type(*function, 0))) found.push_back(function);
  }
  return found;
}

/// The declared type of a parameter, by the names of the file that declares the function.
Type Lowering::parameter_type(const FunctionDeclaration& function, std::size_t parameter) {
  const TypeSpec& spec = *function.parameters[parameter].type;
  const std::size_t home = homes_.at(&function);
  if (home == file_) return type_of(spec).value_or(Type::kError);
  const InFile inside(*this, home);
  return type_of(spec).value_or(Type::kError);
}

Value Lowering::user_call(const std::vector<const FunctionDeclaration*>& overloads, const Expression& expression,
                          const Call& node, bool wants_value, const Receiver* receiver) {
  // Arguments are lowered once, in the order in which they are written; overloads are then tried on their types.
  std::map<const Expression*, Value> lowered;
  if (receiver != nullptr) lowered[receiver->expression] = receiver->value;
  for (const Argument& argument : node.arguments) lowered[argument.value.get()] = scalar(*argument.value);

  const FunctionDeclaration* chosen = nullptr;
  std::optional<BoundArguments> bound;
  for (const FunctionDeclaration* candidate : overloads) {
    std::vector<std::string> names;
    std::vector<bool> optional;
    for (const Parameter& parameter : candidate->parameters) {
      names.push_back(parameter.name);
      optional.push_back(parameter.default_value != nullptr);
    }
    bound = bind(candidate->name, names, optional, expression, node, overloads.size() == 1, receiver);
    if (!bound) continue;
    bool suits = overloads.size() == 1;
    if (!suits) {
      suits = true;
      for (std::size_t i = 0; i < bound->size(); ++i) {
        if ((*bound)[i] == nullptr || !candidate->parameters[i].type) continue;
        suits = suits && fits(lowered[(*bound)[i]], parameter_type(*candidate, i));
      }
    }
    if (suits) {
      chosen = candidate;
      break;
    }
  }
  if (chosen == nullptr) {
    if (overloads.size() > 1) {
      std::string given;
      for (const Argument& argument : node.arguments) {
        const Value& value = lowered[argument.value.get()];
        if (value.is_error()) return {};
        given += (given.empty() ? "" : ", ") + type_name(value.type, value.qualifier);
      }
      error(expression.range, "no overload of `" + overloads[0]->name + "` takes (" + given + ")");
    }
    return {};
  }
  called_.insert(chosen);
  std::vector<Variable> arguments;
  for (std::size_t i = 0; i < bound->size(); ++i) {
    const Parameter& parameter = chosen->parameters[i];
    const Expression* argument = (*bound)[i] != nullptr ? (*bound)[i] : parameter.default_value.get();
    Variable variable;
    Value value;
    if ((*bound)[i] != nullptr) {
      value = lowered[argument];
    } else {
      const InFile at_home(*this, homes_.at(chosen));
      value = scalar(*argument);
    }
    if (parameter.type) {
      value = convert(value, parameter_type(*chosen, i), argument->range,
                      "the argument `" + parameter.name + "` of " + chosen->name + "()");
    }
    variable.value = stable(value);
    variable.value.is_argument = variable.value.is_constant;
    variable.is_parameter = true;
    arguments.push_back(std::move(variable));
  }
  return inline_function(*chosen, arguments, expression.range, wants_value);
}

Value Lowering::never_na(Value value) {
  for (Value& element : value.tuple) element = never_na(std::move(element));
  if (value.is_tuple() || value.type != Type::kBool) return value;
  return emit_.pure(Opcode::kNz, Type::kBool, value, emit_.number(0, Type::kBool));
}

Value Lowering::inline_function(const FunctionDeclaration& function, const std::vector<Variable>& arguments,
                                SourceRange range, bool wants_value) {
  if (std::ranges::find(call_stack_, &function) != call_stack_.end()) {
    return error(range, "the function `" + function.name + "` calls itself", "Pine has no recursion; use a loop");
  }
  if (call_stack_.size() >= static_cast<std::size_t>(limits_.call_depth_max)) {
    return error(range,
                 "functions call one another more than " + std::to_string(limits_.call_depth_max) + " levels deep");
  }
  if (emit_.overflowed() || ++expansions_ > limits_.expansions_max) return {};
  std::optional<InFile> at_home(std::in_place, *this, homes_.at(&function));
  std::vector<Loop*> outer_loops = std::exchange(loops_, {});
  const std::string outer_input = std::exchange(pending_input_name_, {});
  call_stack_.push_back(&function);
  scopes_.push_back(std::make_shared<Scope>());
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Parameter& parameter = function.parameters[i];
    declare(parameter.name, parameter.range, arguments[i]);
  }
  Value result = block(function.body, wants_value);
  call_stack_.pop_back();
  loops_ = std::move(outer_loops);
  const bool may_be_na = rules_.bool_can_be_na;
  at_home.reset();
  if (may_be_na && !rules_.bool_can_be_na) result = never_na(result);  // a library of v5 in a script of v6
  pending_input_name_ = outer_input;
  emit_.at(range);
  return result;
}

}  // namespace tradeassist::pine
