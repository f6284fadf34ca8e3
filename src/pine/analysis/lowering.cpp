#include "pine/analysis/lowering.hpp"

#include <algorithm>
#include <utility>

#include "pine/analysis/syntax_walk.hpp"

namespace tradeassist::pine {

using namespace ast;

Lowering::Lowering(const Source& source, const std::vector<ScriptFile>& files, Diagnostics& diagnostics,
                   const LoweringLimits& limits, Program& program)
    : source_(source),
      diagnostics_(diagnostics),
      limits_(limits),
      program_(program),
      rules_(language_rules(files.front().script.version)),
      emit_(program, limits) {
  open_files(files);
  scopes_.push_back(here().globals);
}

Value Lowering::error(SourceRange range, std::string message, std::string hint) {
  // A function is lowered once for each call; its mistakes are told once.
  if (reported_.emplace(range.begin, message).second) {
    diagnostics_.error(range, std::move(message), std::move(hint));
  }
  return {};
}

void Lowering::warn_once(const std::string& key, SourceRange range, std::string message, std::string hint) {
  if (warned_.insert(key).second) diagnostics_.warning(range, std::move(message), std::move(hint));
}

void Lowering::run() {
  program_.version = here().script->version;
  declare_types();
  library_variables();
  global_statements();
  if (!declared_ && !diagnostics_.has_errors()) {
    error({0, 0}, "the script has no declaration", "begin with strategy(\"Name\") or indicator(\"Name\")");
  }
  check_uncalled_functions();
  if (emit_.overflowed() || expansions_ > limits_.expansions_max) {
    error({0, 0},
          "the script is too large once its functions are expanded (more than " +
              std::to_string(limits_.expansions_max) + " calls, " + std::to_string(limits_.operations_max) +
              " operations or " + std::to_string(limits_.slots_max) + " values)",
          "functions that call functions many times multiply");
  }
  const std::vector<SkippedCode> skipped = emit_.finish();
  if (diagnostics_.has_errors()) return;
  std::vector<SourceRange> places;  // the requests that remain are numbered anew
  places.reserve(program_.requests.size());
  for (const Request& request : program_.requests) places.push_back(request.range);
  for (const std::uint32_t circular : make_request_programs(program_, skipped)) {
    error(places[circular], "the expression needs the answer of a request that needs the answer of this one");
  }
  refuse_strategy_in_requests();
}

/// The argument of a call that is nowhere. What a parameter without a type is, nobody says, nor what follows from it;
/// without a qualifier it takes constants and series alike, so it is the one that fits everywhere, a constant.
Value Lowering::stand_in(const Parameter& parameter) {
  Value value;
  if (parameter.type) value = emit_.na(type_of(*parameter.type).value_or(Type::kError));
  const bool may_be_constant = parameter.qualifier <= Qualifier::kConst && !is_reference(value.type);
  value.is_constant = may_be_constant;
  value.is_argument = may_be_constant;
  if (!may_be_constant) {
    value.qualifier = parameter.qualifier == Qualifier::kNone ? Qualifier::kSeries : parameter.qualifier;
  }
  return value;
}

/// What is never called is still checked.
void Lowering::check_uncalled_functions() {
  for (const auto& [name, overloads] : here().functions) {
    for (const FunctionDeclaration* function : overloads) {
      if (called_.contains(function)) continue;
      std::vector<Variable> arguments;
      for (const Parameter& parameter : function->parameters) {
        Variable argument;
        argument.value = stand_in(parameter);
        argument.is_parameter = true;
        arguments.push_back(argument);
      }
      const Emitter::Skipped skipped(emit_);
      inline_function(*function, arguments, function->name_range, false);
    }
  }
}

void Lowering::global_statements() {
  for (const StatementPtr& global : here().script->statements) {
    statement(*global);
    if (emit_.overflowed()) return;
  }
}

void Lowering::statement(const Statement& statement) {
  emit_.at(statement.range);
  if (const auto* declared = std::get_if<Declaration>(&statement.node)) {
    declaration(statement, *declared);
  } else if (const auto* tuple = std::get_if<TupleDeclaration>(&statement.node)) {
    tuple_declaration(*tuple);
  } else if (const auto* assigned = std::get_if<Assignment>(&statement.node)) {
    assignment(statement, *assigned);
  } else if (const auto* value = std::get_if<ExpressionStatement>(&statement.node)) {
    structure(*value->value, false);
  } else if (const auto* function = std::get_if<FunctionDeclaration>(&statement.node)) {
    check_export(function->exported, function->name_range);
    check_name(function->name, function->name_range);
    if (scopes_.size() > 1) error(function->name_range, "functions are declared at global scope only");
    if (function->is_method && (function->parameters.empty() || !function->parameters[0].type)) {
      error(function->name_range, "the first parameter of a method needs a type: the one it is a method of",
            "method " + function->name + "(float this, …) =>");
    }
  } else if (std::holds_alternative<TypeDeclaration>(statement.node) ||
             std::holds_alternative<EnumDeclaration>(statement.node)) {
    const auto* record = std::get_if<TypeDeclaration>(&statement.node);
    check_export(record != nullptr ? record->exported : std::get<EnumDeclaration>(statement.node).exported,
                 statement.range);
    if (scopes_.size() > 1) error(statement.range, "types are declared at global scope only");
  } else if (std::holds_alternative<Import>(statement.node)) {
    if (scopes_.size() > 1) error(statement.range, "libraries are imported at global scope only");
  } else if (std::holds_alternative<Break>(statement.node) || std::holds_alternative<Continue>(statement.node)) {
    const bool is_break = std::holds_alternative<Break>(statement.node);
    if (loops_.empty()) {
      error(statement.range, std::string(is_break ? "`break`" : "`continue`") + " stands outside a loop");
    } else {
      auto& jumps = is_break ? loops_.back()->breaks : loops_.back()->continues;
      jumps.push_back(emit_.jump(Opcode::kJump));
    }
  }
}

Value Lowering::convert(const Value& value, Type to, SourceRange range, const std::string& what) {
  if (value.is_error() || to == Type::kError) return value;
  if (value.is_tuple() || value.type == Type::kVoid) {
    return error(range,
                 what + " must be " + to_string(to) + ", is " + (value.is_tuple() ? "a tuple" : "without a value"));
  }
  if (value.type == to || (value.type == Type::kInt && to == Type::kFloat) ||
      (value.is_int_quotient && to == Type::kInt)) {
    Value same = value;
    same.type = to;
    return same;
  }
  if (value.type == Type::kNa) {
    if (to == Type::kBool && !rules_.bool_can_be_na) {
      return error(range, what + " is bool, and a bool is never na in Pine v6", "use true or false");
    }
    return emit_.na(to);
  }
  if (to == Type::kBool && is_number(value.type) && rules_.numbers_are_conditions) {
    return emit_.pure(Opcode::kTruth, Type::kBool, value);
  }
  return error(range, what + " must be " + to_string(to) + ", is " + type_name(value.type, value.qualifier),
               to == Type::kInt && value.type == Type::kFloat ? "int() drops the fraction"
               : to == Type::kBool                            ? "compare it, or use bool()"
               : to == Type::kString                          ? "str.tostring() makes a string of it"
                                                              : "");
}

Lowering::Variable* Lowering::find(const std::string& name) {
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    const auto found = (*scope)->variables.find(name);
    if (found != (*scope)->variables.end()) return &found->second;
  }
  return nullptr;
}

/// Words that v5 keeps for later. The manual has `range` and `text` among them, which scripts do use.
void Lowering::check_name(const std::string& name, SourceRange range) {
  static const std::set<std::string> kReserved = {"catch",   "class",  "do",     "ellipse", "is",
                                                  "polygon", "return", "struct", "throw",   "try"};
  if (rules_.has_reserved_words && kReserved.contains(name)) {
    error(range, "`" + name + "` is a reserved word and cannot be a name");
  }
}

void Lowering::declare(const std::string& name, SourceRange range, Variable variable) {
  if (name == "_") return;
  check_name(name, range);
  auto& variables = scopes_.back()->variables;
  if (variables.contains(name)) {
    error(range, "`" + name + "` is already declared in this scope", "change it with `:=`");
  }
  variables[name] = std::move(variable);
}

Value Lowering::stable(const Value& value) {
  // Inside code that may be skipped, a name has a past of its own: that of the bars on which the code ran.
  const bool own_past =
      emit_.in_region() && value.qualifier == Qualifier::kSeries && !value.is_constant && value.slot != kNoSlot;
  if ((!value.is_mutable && !own_past) || value.is_tuple()) return value;
  Value copy = value;
  copy.slot = emit_.fresh();
  copy.bar_field = -1;
  copy.is_mutable = false;
  emit_.move(copy.slot, value);
  return copy;
}

/// `const int x = bar_index`: a value that changes more often than the declaration allows.
void Lowering::check_qualifier(const Declaration& node, const Value& value) {
  if (node.qualifier == Qualifier::kNone || value.is_error() || value.is_tuple()) return;
  const bool changes = value.qualifier == Qualifier::kSeries && !value.never_changes();
  const bool is_set_for_the_run = value.qualifier == Qualifier::kInput;
  const bool too_weak =
      (changes && node.qualifier != Qualifier::kSeries) || (is_set_for_the_run && node.qualifier == Qualifier::kConst);
  if (too_weak) {
    error(node.value->range, "`" + node.name + "` is " + type_name(value.type, node.qualifier) + " and cannot be " +
                                 type_name(value.type, value.qualifier));
  }
}

void Lowering::declaration(const Statement& statement, const Declaration& node) {
  check_export(node.exported, statement.range);
  // A literal that nothing reassigns is a constant, with `var` or without.
  const bool is_literal = std::holds_alternative<NumberLiteral>(node.value->node) ||
                          std::holds_alternative<StringLiteral>(node.value->node) ||
                          std::holds_alternative<BoolLiteral>(node.value->node) ||
                          std::holds_alternative<ColorLiteral>(node.value->node);
  const bool persistent = node.persistence != Persistence::kNone && (!is_literal || is_reassigned(node.name));
  const std::optional<Type> declared = node.type ? type_of(*node.type) : std::nullopt;

  // `var` outside any block, known before the first bar: its first value is set there. Elsewhere a guard lets the
  // initialiser run the first time its scope does.
  std::uint32_t guard = 0;
  Slot flag = kNoSlot;
  std::optional<Emitter::Region> region;
  const bool global = scopes_.size() == 1;
  const bool guarded =
      persistent && (!global || has_effects(*node.value) || !std::holds_alternative<NumberLiteral>(node.value->node));
  if (guarded) {
    flag = emit_.fresh();
    emit_.start_with_zero(flag);
    if (node.persistence == Persistence::kVarip) emit_.keep_between_runs(flag);
    guard = emit_.jump(Opcode::kJumpIfSet, flag);
    region.emplace(emit_);
  }

  pending_input_name_ = node.name;
  Value value = structure(*node.value, true);
  pending_input_name_.clear();
  check_qualifier(node, value);
  const std::string what = "`" + node.name + "`";
  if (node.type) {
    value = declared ? convert(value, *declared, node.value->range, what) : Value{};
  } else if (value.is_tuple()) {
    value = error(node.value->range, what + " cannot hold a tuple", "declare its parts: [a, b] = …");
  } else if (value.type == Type::kVoid) {
    value = error(node.value->range, what + " is given no value: this call or structure returns none");
  } else if (value.type == Type::kNa) {
    value = error(node.name_range, what + " needs a type, because na has none", "write float " + node.name + " = na");
  }

  Variable variable;
  variable.is_variable = persistent || is_reassigned(node.name);
  if (!variable.is_variable) {
    variable.value = stable(value);
  } else {
    variable.value.type = value.type;
    variable.value.qualifier = Qualifier::kSeries;
    variable.value.slot = emit_.fresh();
    if (node.persistence == Persistence::kVarip) emit_.keep_between_runs(variable.value.slot);
    variable.value.is_mutable = is_reassigned(node.name);
    variable.value.is_int_quotient = value.is_int_quotient;
    variable.value.is_steady = !is_reassigned(node.name) && value.never_changes();
    if (!value.is_error()) {
      if (persistent && !guarded && value.is_constant) {
        emit_.start_with(variable.value.slot, value.number);
      } else {
        emit_.move(variable.value.slot, value);
      }
    }
  }
  region.reset();
  if (guarded) emit_.land(guard);
  declare(node.name, node.name_range, std::move(variable));
}

void Lowering::tuple_declaration(const TupleDeclaration& node) {
  if (node.persistence != Persistence::kNone) {
    error(node.value->range, "a tuple cannot be declared with `var`", "declare its parts one by one");
  }
  const Value value = structure(*node.value, true);
  if (!value.is_error() && value.tuple.size() != node.targets.size()) {
    error(node.value->range, value.is_tuple() ? std::to_string(node.targets.size()) + " names for " +
                                                    std::to_string(value.tuple.size()) + " values"
                                              : "this is one value, not " + std::to_string(node.targets.size()));
  }
  for (std::size_t i = 0; i < node.targets.size(); ++i) {
    Variable variable;
    const Value element = i < value.tuple.size() ? value.tuple[i] : Value{};
    variable.is_variable = is_reassigned(node.targets[i].name);
    variable.value = stable(element);
    if (variable.is_variable && !element.is_error()) {
      variable.value.slot = emit_.fresh();
      variable.value.qualifier = Qualifier::kSeries;
      variable.value.is_mutable = true;
      variable.value.is_constant = variable.value.is_steady = false;
      variable.value.bar_field = -1;
      emit_.move(variable.value.slot, element);
    }
    declare(node.targets[i].name, node.targets[i].range, std::move(variable));
  }
}

/// Gives what the target now holds.
Value Lowering::assignment(const Statement& statement, const Assignment& node) {
  const auto* target_name = std::get_if<Name>(&node.target->node);
  if (const auto* field = std::get_if<Member>(&node.target->node)) { return assign_field(statement, node, *field); }
  if (target_name == nullptr) {
    structure(*node.value, true);
    return error(node.target->range, "only a variable or a field can be changed");
  }
  const std::string& name = target_name->name;
  Variable* variable = find(name);
  if (variable == nullptr) {
    structure(*node.value, true);
    return error(node.target->range,
                 builtin_variable(name, rules_.version) ? "`" + name + "` is built in and cannot be changed"
                                                        : "`" + name + "` is not declared",
                 "declare it first: " + name + " = …");
  }
  if (!call_stack_.empty() && scopes_.front()->variables.contains(name) &&
      variable == &scopes_.front()->variables.at(name)) {
    error(statement.range, "a function cannot change the global variable `" + name + "`",
          "return the new value instead");
  }
  if (variable->is_parameter) {
    error(statement.range, "the parameter `" + name + "` cannot be changed",
          "copy it first: own_" + name + " = " + name);
  }
  if (variable->is_loop_counter) error(statement.range, "the counter of a loop cannot be changed in its body");

  Value value = structure(*node.value, true);
  variable = find(name);  // lowering the value may have moved scopes about
  if (node.op && !value.is_error()) value = arithmetic(*node.op, variable->value, value, statement.range);
  if (variable->value.type == Type::kInt && value.type == Type::kFloat && !value.is_int_quotient) {
    // TradingView refuses this as well: the variable took its type from its first value.
    return error(node.value->range, "`" + name + "` is int and cannot take a float",
                 "declare it as float, or use int()");
  }
  value = convert(value, variable->value.type, node.value->range, "`" + name + "`");
  if (!value.is_error() && variable->is_variable) emit_.move(variable->value.slot, value);
  return variable->value;
}

Value Lowering::block(const Block& block, bool wants_value) {
  scopes_.push_back(std::make_shared<Scope>());
  Value result;
  result.type = Type::kVoid;
  for (std::size_t i = 0; i < block.statements.size(); ++i) {
    const Statement& inside = *block.statements[i];
    if (wants_value && i + 1 == block.statements.size()) {
      result = last_value(inside);
    } else {
      statement(inside);
    }
  }
  scopes_.pop_back();
  return result;
}

Value Lowering::last_value(const Statement& inside) {
  emit_.at(inside.range);
  if (const auto* value = std::get_if<ExpressionStatement>(&inside.node)) return structure(*value->value, true);
  if (const auto* assigned = std::get_if<Assignment>(&inside.node)) return assignment(inside, *assigned);
  statement(inside);
  if (const auto* node = std::get_if<Declaration>(&inside.node)) {
    if (const Variable* variable = find(node->name)) return variable->value;
  }
  if (const auto* node = std::get_if<TupleDeclaration>(&inside.node)) {
    Value tuple;
    for (const auto& target : node->targets) {
      const Variable* variable = find(target.name);
      tuple.tuple.push_back(variable != nullptr ? variable->value : Value{});
    }
    return tuple;
  }
  Value none;
  none.type = Type::kVoid;
  return none;
}

}  // namespace tradeassist::pine
