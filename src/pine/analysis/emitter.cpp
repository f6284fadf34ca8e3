#include "pine/analysis/emitter.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace tradeassist::pine {

Value Emitter::number(double value, Type type) {
  const auto key = std::pair(std::bit_cast<std::uint64_t>(value), static_cast<int>(type));
  const auto [found, added] = constants_.try_emplace(key, kNoSlot);
  if (added) {
    found->second = fresh();
    program_.constants.push_back({found->second, value});
  }
  Value made;
  made.type = type;
  made.slot = found->second;
  made.is_constant = true;
  made.number = value;
  return made;
}

Value Emitter::text(const std::string& value) {
  const auto [found, added] = strings_.try_emplace(value, static_cast<std::uint32_t>(program_.strings.size()));
  if (added) {
    constexpr std::size_t kTextBytesMax = 32u << 20;  // joined constants can be longer than the script
    text_bytes_ += value.size();
    overflowed_ |= text_bytes_ > kTextBytesMax;
    program_.strings.push_back(value);
  }
  return number(found->second, Type::kString);
}

Value Emitter::na(Type type) { return number(std::numeric_limits<double>::quiet_NaN(), type); }

Slot Emitter::fresh(std::uint32_t count) {
  const Slot slot = program_.slot_count;
  program_.slot_count += count;
  if (program_.slot_count > limits_.slots_max) overflowed_ = true;
  return slot;
}

void Emitter::note_object(Slot slot, Type type) {
  if (value_type(type) != ValueType::kObject) return;
  if (program_.object_slots.size() <= slot) program_.object_slots.resize(slot + 1, false);
  program_.object_slots[slot] = true;
}

Value Emitter::load(BarField field, Type type) {
  const auto [found, added] = loads_.try_emplace(field, kNoSlot);
  if (added) {
    found->second = fresh();
    program_.loads.push_back({field, found->second});
  }
  Value made;
  made.type = type;
  made.qualifier = Qualifier::kSeries;
  made.slot = found->second;
  made.bar_field = static_cast<int>(field);
  return made;
}

void Emitter::append(Place place, Operation operation) {
  if (overflowed_ || prelude_.size() + body_.size() + program_.prologue.size() >= limits_.operations_max) {
    overflowed_ = true;
    return;
  }
  if (operation.dst != kNoSlot && operation.results == 0) operation.results = 1;
  switch (place) {
    case Place::kPrologue:
      program_.prologue.push_back(operation);
      program_.prologue_ranges.push_back(range_);
      break;
    case Place::kPrelude:
      prelude_.push_back(operation);
      prelude_ranges_.push_back(range_);
      break;
    case Place::kBody:
      body_.push_back(operation);
      body_ranges_.push_back(range_);
      break;
  }
}

const Slot* Emitter::find_shared(const Key& key, bool stateful) const {
  if (const auto found = prologue_shared_.find(key); found != prologue_shared_.end()) return &found->second;
  // What has memory may be shared only with a call that runs exactly as often: one of the same region.
  for (auto region = regions_.rbegin(); region != regions_.rend(); ++region) {
    if (const auto found = region->find(key); found != region->end()) return &found->second;
    if (stateful) break;
  }
  return nullptr;
}

void Emitter::share(const Key& key, Slot slot, bool in_prologue) {
  (in_prologue ? prologue_shared_ : regions_.back())[key] = slot;
}

Qualifier Emitter::strongest(const std::vector<Value>& operands) {
  Qualifier result = Qualifier::kConst;
  for (const Value& operand : operands) result = std::max(result, operand.qualifier);
  return result;
}

Value Emitter::pure(Opcode opcode, Type type, const Value& a, const Value& b, const Value& c) {
  Value made;
  made.type = type;
  made.qualifier = strongest({a, b, c});
  made.is_steady = a.never_changes() && b.never_changes() && c.never_changes();
  const bool in_prologue = made.is_invariant();
  const bool shareable = !a.is_mutable && !b.is_mutable && !c.is_mutable;
  const Key key = {static_cast<std::uint64_t>(opcode), a.slot, b.slot, c.slot};
  if (shareable) {
    if (const Slot* slot = find_shared(key, false)) {
      made.slot = *slot;
      return made;
    }
  }
  Operation operation;
  operation.opcode = opcode;
  operation.dst = made.slot = fresh();
  note_object(made.slot, type);
  operation.a = a.slot;
  operation.b = b.slot;
  operation.c = c.slot;
  append(in_prologue ? Place::kPrologue : Place::kBody, operation);
  if (shareable) share(key, made.slot, in_prologue);
  return made;
}

std::uint32_t Emitter::add_operands(const std::vector<Slot>& slots) {
  if (slots.size() > std::numeric_limits<decltype(Operation::count)>::max()) overflowed_ = true;
  const auto first = static_cast<std::uint32_t>(program_.operands.size());
  program_.operands.insert(program_.operands.end(), slots.begin(), slots.end());
  return first;
}

Value Emitter::call(Function function, const std::vector<Value>& operands, const std::vector<Type>& results,
                    bool stateful, bool invariant_possible, std::uint32_t index) {
  Value made;
  made.qualifier = strongest(operands);
  const bool in_prologue = !stateful && invariant_possible && made.is_invariant();
  if (!in_prologue) {
    made.qualifier = Qualifier::kSeries;
  } else if (operands.empty()) {
    made.qualifier = Qualifier::kSimple;  // of the chart
  }
  Key key = {static_cast<std::uint64_t>(function) | 1ull << 32, index};
  // Two calls of math.random() draw two numbers.
  bool shareable = (invariant_possible || stateful) && function != Function::kMathRandom;
  std::vector<Slot> slots;
  for (const Value& operand : operands) {
    slots.push_back(operand.slot);
    key.push_back(operand.slot);
    shareable = shareable && !operand.is_mutable;
  }
  const Slot* shared = shareable ? find_shared(key, stateful) : nullptr;
  const Slot first = shared != nullptr ? *shared : fresh(static_cast<std::uint32_t>(results.size()));
  if (shared == nullptr) {
    Operation operation;
    operation.opcode = stateful ? Opcode::kStatefulCall : Opcode::kCall;
    operation.function = function;
    operation.dst = results.empty() ? kNoSlot : first;
    operation.results = static_cast<std::uint8_t>(results.size());
    operation.count = static_cast<std::uint16_t>(slots.size());
    operation.first = add_operands(slots);
    operation.index = index;
    if (stateful) {
      operation.index = static_cast<std::uint32_t>(program_.states.size());
      program_.states.push_back(function);
    }
    append(in_prologue ? Place::kPrologue : Place::kBody, operation);
    if (shareable) share(key, first, in_prologue);
  }
  Value value = results_of(first, results, made.qualifier);
  value.is_steady = !stateful && invariant_possible && std::ranges::all_of(operands, &Value::never_changes);
  return value;
}

Value Emitter::results_of(Slot first, const std::vector<Type>& results, Qualifier qualifier) {
  Value made;
  made.qualifier = qualifier;
  made.slot = first;
  for (std::uint32_t i = 0; i < results.size(); ++i) note_object(first + i, results[i]);
  if (results.size() == 1) {
    made.type = results[0];
    return made;
  }
  made.type = results.empty() ? Type::kVoid : Type::kError;
  for (std::uint32_t i = 0; i < results.size(); ++i) {
    Value element;
    element.type = results[i];
    element.qualifier = qualifier;
    element.slot = first + i;
    made.tuple.push_back(element);
  }
  return made;
}

Value Emitter::heap_call(Function function, const std::vector<Slot>& operands, const std::vector<Type>& results,
                         std::uint32_t index) {
  Operation operation;
  operation.opcode = Opcode::kHeapCall;
  operation.function = function;
  operation.count = static_cast<std::uint16_t>(operands.size());
  operation.first = add_operands(operands);
  operation.index = index;
  if (!results.empty()) operation.dst = fresh(static_cast<std::uint32_t>(results.size()));
  operation.results = static_cast<std::uint8_t>(results.size());
  append(Place::kBody, operation);
  return results_of(operation.dst, results, Qualifier::kSeries);
}

Value Emitter::new_record(std::uint32_t layout, const std::vector<Slot>& fields, Type type) {
  Operation operation;
  operation.opcode = Opcode::kNewRecord;
  operation.count = static_cast<std::uint16_t>(fields.size());
  operation.first = add_operands(fields);
  operation.index = layout;
  operation.dst = fresh();
  append(Place::kBody, operation);
  return results_of(operation.dst, {type}, Qualifier::kSeries);
}

Value Emitter::copy_record(const Value& record) {
  Operation operation;
  operation.opcode = Opcode::kCopyRecord;
  operation.a = record.slot;
  operation.dst = fresh();
  append(Place::kBody, operation);
  return results_of(operation.dst, {record.type}, Qualifier::kSeries);
}

Value Emitter::get_field(const Value& record, std::uint32_t field, Type type, bool is_drawing) {
  Operation operation;
  operation.opcode = is_drawing ? Opcode::kGetDrawing : Opcode::kGetField;
  operation.a = record.slot;
  operation.index = field;
  operation.dst = fresh();
  append(Place::kBody, operation);
  return results_of(operation.dst, {type}, Qualifier::kSeries);
}

void Emitter::set_field(const Value& record, std::uint32_t field, const Value& value, bool is_drawing) {
  Operation operation;
  operation.opcode = is_drawing ? Opcode::kSetDrawing : Opcode::kSetField;
  operation.a = record.slot;
  operation.b = value.slot;
  operation.index = field;
  append(Place::kBody, operation);
}

Value Emitter::call_each_bar(Function function, const std::vector<Value>& operands, Type result, bool stateful) {
  Key key = {static_cast<std::uint64_t>(function)};
  std::vector<Slot> slots;
  for (const Value& operand : operands) {
    slots.push_back(operand.slot);
    key.push_back(operand.slot);
  }
  const auto [found, added] = prelude_shared_.try_emplace(key, kNoSlot);
  if (added) {
    Operation operation;
    operation.opcode = stateful ? Opcode::kStatefulCall : Opcode::kCall;
    operation.function = function;
    operation.dst = found->second = fresh();
    operation.count = static_cast<std::uint16_t>(slots.size());
    operation.first = add_operands(slots);
    if (stateful) {
      operation.index = static_cast<std::uint32_t>(program_.states.size());
      program_.states.push_back(function);
    }
    append(Place::kPrelude, operation);
  }
  Value made;
  made.type = result;
  made.qualifier = Qualifier::kSeries;
  made.slot = found->second;
  return made;
}

Value Emitter::history(const Value& object, const Value& offset) {
  Value made;
  made.type = object.type;
  made.qualifier = Qualifier::kSeries;
  Operation operation;
  operation.opcode = object.bar_field >= 0 ? Opcode::kBarHistory : Opcode::kHistory;
  operation.a = offset.slot;
  if (object.bar_field >= 0) {
    operation.index = static_cast<std::uint32_t>(object.bar_field);
  } else {
    const auto [found, added] =
        histories_.try_emplace(object.slot, static_cast<std::uint32_t>(program_.histories.size()));
    operation.index = found->second;
    if (added) program_.histories.push_back({object.slot, 1});
    History& kept = program_.histories[found->second];
    if (!offset.is_constant) {
      kept.depth = 0;
    } else if (kept.depth != 0) {
      constexpr double kDepthMax = 1e9;  // more bars than any run has
      const double depth = offset.number >= 1 ? std::min(offset.number, kDepthMax) : 1;
      kept.depth = std::max(kept.depth, static_cast<std::uint32_t>(depth));
    }
  }
  // A variable's past does not change within a bar, so reading it is shareable; its present (offset 0) may.
  const bool shareable = !offset.is_mutable && !(object.is_mutable && !offset.is_constant);
  const Key key = {static_cast<std::uint64_t>(operation.opcode), operation.index, operation.a};
  if (shareable) {
    if (const Slot* slot = find_shared(key, false)) {
      made.slot = *slot;
      return made;
    }
  }
  operation.dst = made.slot = fresh();
  note_object(made.slot, made.type);
  append(Place::kBody, operation);
  if (shareable) share(key, made.slot, false);
  return made;
}

void Emitter::move(Slot to, const Value& from) {
  note_object(to, from.type);
  Operation operation;
  operation.opcode = Opcode::kMove;
  operation.dst = to;
  operation.a = from.slot;
  append(Place::kBody, operation);
}

void Emitter::move_in_prologue(Slot to, const Value& from) {
  note_object(to, from.type);
  Operation operation;
  operation.opcode = Opcode::kMove;
  operation.dst = to;
  operation.a = from.slot;
  append(Place::kPrologue, operation);
}

void Emitter::command(Function function, const std::vector<Slot>& operands) {
  Operation operation;
  operation.opcode = Opcode::kCommand;
  operation.function = function;
  operation.count = static_cast<std::uint16_t>(operands.size());
  operation.first = add_operands(operands);
  append(Place::kBody, operation);
}

void Emitter::record(std::uint32_t output, const std::vector<Slot>& operands) {
  Operation operation;
  operation.opcode = Opcode::kRecord;
  operation.index = output;
  operation.count = static_cast<std::uint16_t>(operands.size());
  operation.first = add_operands(operands);
  append(Place::kBody, operation);
}

Value Emitter::request(std::uint32_t request, const std::vector<Slot>& operands, const std::vector<Type>& results) {
  Operation operation;
  operation.opcode = Opcode::kRequest;
  operation.index = request;
  operation.count = static_cast<std::uint16_t>(operands.size());
  operation.first = add_operands(operands);
  operation.results = static_cast<std::uint8_t>(results.size());
  operation.dst = fresh(static_cast<std::uint32_t>(results.size()));
  append(Place::kBody, operation);
  return results_of(operation.dst, results, Qualifier::kSeries);
}

void Emitter::fail_with(Slot message) {
  Operation operation;
  operation.opcode = Opcode::kFail;
  operation.a = message;
  append(Place::kBody, operation);
}

std::uint32_t Emitter::jump(Opcode opcode, Slot a, Slot b, Slot c) {
  Operation operation;
  operation.opcode = opcode;
  operation.a = a;
  operation.b = b;
  operation.c = c;
  // `if not x` needs no negation: the jump asks the opposite.
  const bool tests = opcode == Opcode::kJumpIfFalse || opcode == Opcode::kJumpIfTrue;
  if (tests && !body_.empty() && body_.back().opcode == Opcode::kNot && body_.back().dst == a) {
    operation.opcode = opcode == Opcode::kJumpIfFalse ? Opcode::kJumpIfTrue : Opcode::kJumpIfFalse;
    operation.a = body_.back().a;
  }
  append(Place::kBody, operation);
  return here() - 1;
}

void Emitter::jump_to(std::uint32_t target) {
  Operation operation;
  operation.opcode = Opcode::kJump;
  operation.target = target;
  append(Place::kBody, operation);
}

void Emitter::land(std::uint32_t jump_index) {
  if (jump_index < body_.size()) body_[jump_index].target = here();
}

void Emitter::loop_step() {
  Operation operation;
  operation.opcode = Opcode::kLoopStep;
  append(Place::kBody, operation);
}

Emitter::Skipped::~Skipped() {
  emitter_.land(jump_);
  emitter_.skipped_.push_back({jump_ + 1, emitter_.here(), request_, std::move(results_)});
}

void Emitter::Skipped::is_request(std::uint32_t request, std::vector<Slot> results) {
  request_ = request;
  results_ = std::move(results);
}

std::vector<SkippedCode> Emitter::finish() {
  const auto offset = static_cast<std::uint32_t>(prelude_.size());
  for (Operation& operation : body_) operation.target += offset;
  for (SkippedCode& code : skipped_) {
    code.first += offset;
    code.end += offset;
  }
  program_.object_slots.resize(program_.slot_count, false);
  program_.body = std::move(prelude_);
  program_.body.insert(program_.body.end(), body_.begin(), body_.end());
  program_.body_ranges = std::move(prelude_ranges_);
  program_.body_ranges.insert(program_.body_ranges.end(), body_ranges_.begin(), body_ranges_.end());
  return std::move(skipped_);
}

}  // namespace tradeassist::pine
