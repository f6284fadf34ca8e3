#include <cmath>
#include <utility>

#include "pine/analysis/lowering.hpp"

namespace tradeassist::pine {

using namespace ast;

/// The branches of an if or switch as they are lowered: each ends by moving its value into the slots of the whole.
/// The types are only known when all have been seen, so the moves are emitted into slots reserved by the first.
struct Lowering::Arms {
  Lowering& lowering;
  SourceRange range;
  bool wants_value;
  Value result;
  bool any = false, usable = true;
  bool steady = true;  // no condition so far changes from bar to bar

  void finish_arm(const Value& value, SourceRange arm_range) {
    if (!wants_value) return;
    if (!any) {
      any = true;
      begin(value);
      if (!usable) return;
    }
    if (!usable) return;
    if (value.is_tuple() != result.is_tuple() || value.tuple.size() != result.tuple.size()) {
      if (!value.is_error() && !result.is_error()) mismatch(arm_range);
      return;
    }
    if (!result.is_tuple()) {
      take(result, value, arm_range);
    } else {
      for (std::size_t i = 0; i < result.tuple.size(); ++i) take(result.tuple[i], value.tuple[i], arm_range);
    }
  }

  /// The branch that is not there: na, and false for a bool of v6.
  void finish_missing() {
    if (!wants_value || !any || !usable) return;
    const auto clear = [&](const Value& slot) {
      const bool is_false = slot.type == Type::kBool && !lowering.rules_.bool_can_be_na;
      lowering.emit_.move(slot.slot, is_false ? lowering.emit_.number(0, Type::kBool) : lowering.emit_.na(slot.type));
    };
    if (result.is_tuple()) {
      for (const Value& element : result.tuple) clear(element);
    } else {
      clear(result);
    }
  }

  Value value() const {
    if (wants_value && any && usable) {
      Value chosen = result;
      chosen.is_steady = chosen.is_steady && steady;
      for (Value& element : chosen.tuple) element.is_steady = element.is_steady && steady;
      return chosen;
    }
    Value none;
    none.type = usable ? Type::kVoid : Type::kError;
    return none;
  }

 private:
  void begin(const Value& first) {
    if (first.type == Type::kVoid && !first.is_tuple()) {
      usable = false;
      result.type = Type::kVoid;
      return;
    }
    const auto reserve = [&](const Value& like) {
      Value made;
      made.type = like.type;
      made.is_int_quotient = like.is_int_quotient;
      made.is_steady = true;
      made.qualifier = Qualifier::kSeries;
      made.slot = lowering.emit_.fresh();
      return made;
    };
    if (first.is_tuple()) {
      for (const Value& element : first.tuple) result.tuple.push_back(reserve(element));
    } else {
      result = reserve(first);
    }
  }

  void take(Value& into, const Value& value, SourceRange arm_range) {
    const Type common = common_type(into.type, value.type);
    if (common == Type::kVoid) {
      mismatch(arm_range, lowering.type_name(into.type, Qualifier::kSeries),
               lowering.type_name(value.type, value.qualifier));
      return;
    }
    into.is_steady = into.is_steady && value.never_changes();
    into.is_int_quotient = both_serve_as_int(into, value);
    into.type = common;
    lowering.emit_.move(into.slot, value);
  }

  void mismatch(SourceRange arm_range, const std::string& one = "", const std::string& other = "") {
    usable = false;
    lowering.error(arm_range, one.empty() ? "the branches give different numbers of values"
                                          : "the branches give different types: " + one + " and " + other);
  }
};

Value Lowering::structure(const Expression& expression, bool wants_value) {
  if (const auto* node = std::get_if<If>(&expression.node)) return if_structure(expression, *node, wants_value);
  if (const auto* node = std::get_if<Switch>(&expression.node)) return switch_structure(expression, *node, wants_value);
  if (const auto* node = std::get_if<For>(&expression.node)) return for_structure(expression, *node, wants_value);
  if (const auto* node = std::get_if<While>(&expression.node)) return while_structure(expression, *node, wants_value);
  if (const auto* node = std::get_if<ForIn>(&expression.node)) return for_in_structure(expression, *node, wants_value);
  return this->expression(expression, wants_value);
}

Value Lowering::if_structure(const Expression& expression, const If& node, bool wants_value) {
  const Value test = condition(*node.condition);
  Arms arms{*this, expression.range, wants_value, {}};
  arms.steady = test.never_changes();
  const std::uint32_t otherwise = emit_.jump(Opcode::kJumpIfFalse, test.slot);
  {
    const Emitter::Region region(emit_);
    arms.finish_arm(block(node.then, wants_value), node.then.range);
  }
  if (!node.otherwise && !wants_value) {
    emit_.land(otherwise);
    return arms.value();
  }
  const std::uint32_t end = emit_.jump(Opcode::kJump);
  emit_.land(otherwise);
  {
    const Emitter::Region region(emit_);
    if (node.otherwise) {
      arms.finish_arm(block(*node.otherwise, wants_value), node.otherwise->range);
    } else {
      arms.finish_missing();
    }
  }
  emit_.land(end);
  return arms.value();
}

Value Lowering::switch_structure(const Expression& expression, const Switch& node, bool wants_value) {
  Value subject;
  if (node.subject) subject = stable(scalar(*node.subject));
  Arms arms{*this, expression.range, wants_value, {}};
  std::vector<std::uint32_t> ends;
  bool has_default = false;
  std::vector<std::unique_ptr<Emitter::Region>> regions;  // each test runs only when the one before failed
  for (const SwitchArm& arm : node.arms) {
    if (has_default) {
      error(arm.body.range, "an arm after the default arm is never reached", "put `=>` last");
      break;
    }
    std::uint32_t next = 0;
    if (arm.match) {
      Value test;
      if (node.subject) {
        const Value match = scalar(*arm.match);
        test = match.is_error() || subject.is_error()
                   ? Value{}
                   : arithmetic(BinaryOperator::kEqual, subject, match, arm.match->range);
      } else {
        test = condition(*arm.match);
      }
      arms.steady = arms.steady && test.never_changes();
      next = emit_.jump(Opcode::kJumpIfFalse, test.slot);
    } else {
      has_default = true;
    }
    {
      const Emitter::Region region(emit_);
      arms.finish_arm(block(arm.body, wants_value), arm.body.range);
    }
    if (arm.match) {
      ends.push_back(emit_.jump(Opcode::kJump));
      emit_.land(next);
      regions.push_back(std::make_unique<Emitter::Region>(emit_));
    }
  }
  if (!has_default) arms.finish_missing();
  while (!regions.empty()) regions.pop_back();
  for (const std::uint32_t end : ends) emit_.land(end);
  return arms.value();
}

Value Lowering::for_structure(const Expression& expression, const For& node, bool wants_value) {
  const auto bound = [&](const Expression& at, const char* what) {
    const Value value = scalar(at);
    if (!value.is_error() && !is_number(value.type)) {
      return error(at.range, std::string(what) + " must be a number, is " + type_name(value.type, value.qualifier));
    }
    return stable(value);
  };
  const Value from = bound(*node.from, "the first value of the loop");
  const Value first_to = bound(*node.to, "the last value of the loop");
  Value step = node.step ? bound(*node.step, "the step of the loop") : emit_.number(1, Type::kInt);
  if (from.is_error() || first_to.is_error() || step.is_error()) {
    // Still look into the body, with a counter of unknown type.
    scopes_.push_back(std::make_shared<Scope>());
    declare(node.counter, node.counter_range, {});
    Loop loop;
    loops_.push_back(&loop);
    block(node.body, false);
    loops_.pop_back();
    scopes_.pop_back();
    return {};
  }

  // The bounds say which way the loop counts, whatever the sign of the step.
  const Value up = emit_.pure(Opcode::kLessEqual, Type::kBool, from, first_to);
  if (step.is_constant) {
    step = emit_.number(std::fabs(step.number), step.type);
  } else {
    const Value falls = emit_.pure(Opcode::kLess, Type::kBool, step, emit_.number(0, Type::kInt));
    step = emit_.pure(Opcode::kSelect, step.type, falls, emit_.pure(Opcode::kNegate, step.type, step), step);
  }
  const Value back = emit_.pure(Opcode::kNegate, step.type, step);
  const Value signed_step = emit_.pure(Opcode::kSelect, step.type, up, step, back);
  Value counter;
  counter.type = common_type(from.type, step.type);
  counter.qualifier = Qualifier::kSeries;
  counter.slot = emit_.fresh();
  counter.is_mutable = true;
  emit_.move(counter.slot, from);

  Arms value{*this, expression.range, wants_value, {}};
  // A loop that never runs gives na; which slots that is, is known only after its body.
  const std::uint32_t to_clear = wants_value ? emit_.jump(Opcode::kJump) : 0;
  const std::uint32_t top = emit_.here();
  Loop loop;
  std::uint32_t leave = 0;
  {
    const Emitter::Region region(emit_);
    const Value to = rules_.bound_each_iteration && !first_to.is_invariant() ? scalar(*node.to) : first_to;
    leave = emit_.jump(Opcode::kForTest, counter.slot, to.slot, up.slot);
    scopes_.push_back(std::make_shared<Scope>());
    Variable variable;
    variable.value = counter;
    variable.is_loop_counter = true;
    declare(node.counter, node.counter_range, std::move(variable));
    loops_.push_back(&loop);
    value.finish_arm(block(node.body, wants_value), node.body.range);
    loops_.pop_back();
    scopes_.pop_back();
    for (const std::uint32_t jump : loop.continues) emit_.land(jump);
    const Value next = emit_.pure(Opcode::kAdd, counter.type, counter, signed_step);
    emit_.move(counter.slot, next);
    emit_.at(expression.range);
    emit_.loop_step();
    emit_.jump_to(top);
    if (wants_value) {
      emit_.land(to_clear);
      value.finish_missing();
      emit_.jump_to(top);
    }
  }
  emit_.land(leave);
  for (const std::uint32_t jump : loop.breaks) emit_.land(jump);
  return value.value();
}

Value Lowering::for_in_structure(const Expression& expression, const ForIn& node, bool wants_value) {
  const Value collection = stable(scalar(*node.collection));
  Collection kind = collection_of(collection.type);
  if (!collection.is_error() && kind == Collection::kNone) {
    error(node.collection->range, "`for … in` goes over an array, a matrix or a map, not over " +
                                      type_name(collection.type, collection.qualifier));
  }
  if (kind == Collection::kMap && node.index.empty()) {
    error(expression.range, "a map is gone over by key and value", "write for [key, value] in …");
  }
  const auto read = [&](Function function, const std::vector<Slot>& operands, Type result) {
    return emit_.heap_call(function, operands, {result}, static_cast<std::uint32_t>(value_type(element_of(result))));
  };
  // A map is gone over by an array of the keys it has at the start; arrays and matrices as they are at every step.
  const Type key = key_of(collection.type), element = element_of(collection.type);
  const Value keys = kind == Collection::kMap ? read(Function::kMapKeys, {collection.slot}, array_of(key)) : collection;

  Value counter;
  counter.type = Type::kInt;
  counter.qualifier = Qualifier::kSeries;
  counter.slot = emit_.fresh();
  counter.is_mutable = true;
  emit_.move(counter.slot, emit_.number(0, Type::kInt));
  Arms value{*this, expression.range, wants_value, {}};
  // A loop that never runs gives na; which slots that is, is known only after its body.
  const std::uint32_t to_clear = wants_value ? emit_.jump(Opcode::kJump) : 0;
  const std::uint32_t top = emit_.here();
  Loop loop;
  std::uint32_t leave = 0;
  {
    const Emitter::Region region(emit_);
    const Value size =
        read(kind == Collection::kMatrix ? Function::kMatrixRows : Function::kArraySize, {keys.slot}, Type::kInt);
    const Value inside = emit_.pure(Opcode::kLess, Type::kBool, counter, size);
    leave = emit_.jump(Opcode::kJumpIfFalse, inside.slot);
    Value first = counter, second;  // what [first, second] names
    if (kind == Collection::kMatrix) {
      second = read(Function::kMatrixRowView, {keys.slot, counter.slot}, array_of(element));
    } else if (kind == Collection::kMap) {
      first = read(Function::kArrayGet, {keys.slot, counter.slot}, key);
      second = read(Function::kMapGet, {collection.slot, first.slot}, element);
    } else if (kind == Collection::kArray) {
      second = read(Function::kArrayGet, {keys.slot, counter.slot}, element);
    }
    scopes_.push_back(std::make_shared<Scope>());
    const auto name = [&](const std::string& declared, const Value& named) {
      Variable variable;
      variable.is_variable = is_reassigned(declared);
      variable.value = named;
      variable.value.slot = emit_.fresh();
      variable.value.is_mutable = variable.is_variable;
      if (!named.is_error()) emit_.move(variable.value.slot, named);
      declare(declared, expression.range, std::move(variable));
    };
    if (!node.index.empty()) name(node.index, first);
    name(node.value, second);
    loops_.push_back(&loop);
    value.finish_arm(block(node.body, wants_value), node.body.range);
    loops_.pop_back();
    scopes_.pop_back();
    for (const std::uint32_t jump : loop.continues) emit_.land(jump);
    emit_.move(counter.slot, emit_.pure(Opcode::kAdd, Type::kInt, counter, emit_.number(1, Type::kInt)));
    emit_.at(expression.range);
    emit_.loop_step();
    emit_.jump_to(top);
    if (wants_value) {
      emit_.land(to_clear);
      value.finish_missing();
      emit_.jump_to(top);
    }
  }
  emit_.land(leave);
  for (const std::uint32_t jump : loop.breaks) emit_.land(jump);
  return value.value();
}

Value Lowering::while_structure(const Expression& expression, const While& node, bool wants_value) {
  Arms value{*this, expression.range, wants_value, {}};
  // A loop that never runs gives na; which slots that is, is known only after its body.
  const std::uint32_t to_clear = wants_value ? emit_.jump(Opcode::kJump) : 0;
  const std::uint32_t top = emit_.here();
  Loop loop;
  std::uint32_t leave = 0;
  {
    const Emitter::Region region(emit_);
    const Value test = condition(*node.condition);
    leave = emit_.jump(Opcode::kJumpIfFalse, test.slot);
    loops_.push_back(&loop);
    value.finish_arm(block(node.body, wants_value), node.body.range);
    loops_.pop_back();
    for (const std::uint32_t jump : loop.continues) emit_.land(jump);
    emit_.at(expression.range);
    emit_.loop_step();
    emit_.jump_to(top);
    if (wants_value) {
      emit_.land(to_clear);
      value.finish_missing();
      emit_.jump_to(top);
    }
  }
  emit_.land(leave);
  for (const std::uint32_t jump : loop.breaks) emit_.land(jump);
  return value.value();
}

}  // namespace tradeassist::pine
