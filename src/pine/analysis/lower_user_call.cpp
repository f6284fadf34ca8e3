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
  const auto own = functions_.find(name);
  if (own == functions_.end()) return found;
  Value receiver;
  receiver.type = type;
  for (const FunctionDeclaration* function : own->second) {
    if (!function->is_method || function->parameters.empty() || !function->parameters[0].type) continue;
    if (fits(receiver, type_of(*function->parameters[0].type).value_or(Type::kError))) found.push_back(function);
  }
  return found;
}

Value Lowering::user_call(const std::vector<const FunctionDeclaration*>& overloads, const Expression& expression,
                          const Call& node, const Receiver* receiver) {
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
        const auto& type = candidate->parameters[i].type;
        if ((*bound)[i] == nullptr || !type) continue;
        suits = suits && fits(lowered[(*bound)[i]], type_of(*type).value_or(Type::kError));
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
    Value value = (*bound)[i] != nullptr ? lowered[argument] : scalar(*argument);
    if (parameter.type) {
      value = convert(value, type_of(*parameter.type).value_or(Type::kError), argument->range,
                      "the argument `" + parameter.name + "` of " + chosen->name + "()");
    }
    variable.value = stable(value);
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

}  // namespace tradeassist::pine
