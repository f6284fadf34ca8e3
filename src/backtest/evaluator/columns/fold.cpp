#include "backtest/evaluator/columns/fold.hpp"

#include <limits>

#include "backtest/evaluator/arithmetic.hpp"

namespace tradeassist::backtest {

using pine::Opcode;
using pine::Operation;
using pine::Slot;

namespace {

/// An operation with one result that follows from its operands, and that cannot fail.
bool is_pure(const Operation& operation) {
  const bool is_color = operation.opcode == Opcode::kCall && operation.function >= pine::Function::kColorNew &&
                        operation.function <= pine::Function::kColorFromGradient;
  return is_arithmetic(operation.opcode) || is_math(operation) || is_color;
}

class Folder {
 public:
  Folder(const FoldContext& context, Code& code)
      : context_(context), code_(code), uses_(context.program.slot_count), removed_(code.size(), false) {}

  /// True when something has been folded: more may be then.
  bool fold_once() {
    find_uses();
    removed_.assign(code_.size(), false);
    const std::vector<bool> conditional = conditional_operations(code_.operations);
    bool changed = false;
    for (std::size_t i = 0; i < code_.size(); ++i) {
      Operation& operation = code_.operations[i];
      changed |= decide(operation, i) || carry_out(operation, i, conditional[i]) || drop(operation, i);
    }
    changed |= remove_what_is_not_reached();
    if (changed) remove_operations(code_, removed_);
    return changed;
  }

 private:
  struct Use {
    std::size_t writers = 0, readers = 0;
    std::size_t first_reader = std::numeric_limits<std::size_t>::max();
  };

  void find_uses() {
    uses_.assign(uses_.size(), {});
    for (std::size_t i = 0; i < code_.size(); ++i) {
      const Operation& operation = code_.operations[i];
      for (std::uint32_t k = 0; k < operation.results; ++k) ++uses_[operation.dst + k].writers;
      if (operation.opcode == Opcode::kJumpIfSet) ++uses_[operation.a].writers;  // it sets what it reads
      for_each_read(context_.program, operation, [&](Slot slot) {
        ++uses_[slot].readers;
        uses_[slot].first_reader = std::min(uses_[slot].first_reader, i);
      });
    }
    for (const Slot slot : context_.program.results) ++uses_[slot].readers;
  }

  bool is_settled(Slot slot) const {
    return slot == pine::kNoSlot || (uses_[slot].writers == 0 && !context_.of_the_bar[slot]);
  }
  bool is_true(Slot slot) const { return arithmetic::is_true(context_.slots[slot]); }

  /// A jump on what is settled, or a choice.
  bool decide(Operation& operation, std::size_t i) {
    switch (operation.opcode) {
      case Opcode::kJumpIfFalse:
      case Opcode::kJumpIfTrue:
        if (!is_settled(operation.a)) return false;
        if (is_true(operation.a) == (operation.opcode == Opcode::kJumpIfTrue)) {
          operation.opcode = Opcode::kJump;
          operation.a = pine::kNoSlot;
        } else {
          removed_[i] = true;
        }
        return true;
      case Opcode::kSelect:
        if (!is_settled(operation.a)) return false;
        operation.opcode = Opcode::kMove;
        operation.a = is_true(operation.a) ? operation.b : operation.c;
        operation.b = operation.c = pine::kNoSlot;
        return true;
      default: return false;
    }
  }

  /// True where one operand is settled, and with it the result.
  bool decides_alone(const Operation& operation) const {
    const auto is_one = [&](Slot slot, bool value) { return is_settled(slot) && is_true(slot) == value; };
    if (operation.opcode == Opcode::kAnd) return is_one(operation.a, false) || is_one(operation.b, false);
    if (operation.opcode == Opcode::kOr) return is_one(operation.a, true) || is_one(operation.b, true);
    return false;
  }

  bool carry_out(const Operation& operation, std::size_t i, bool conditional) {
    if (removed_[i] || conditional || !is_pure(operation)) return false;
    Use& result = uses_[operation.dst];
    // Who reads it before it is written means its value on the bar before.
    if (result.writers != 1 || context_.of_the_bar[operation.dst] || result.first_reader <= i) return false;
    bool settled = true;
    for_each_read(context_.program, operation, [&](Slot slot) { settled = settled && is_settled(slot); });
    if (!settled && !decides_alone(operation)) return false;
    context_.carry_out(operation);
    result.writers = 0;
    return removed_[i] = true;
  }

  bool drop(const Operation& operation, std::size_t i) {
    if (removed_[i]) return false;
    const bool has_no_use = is_pure(operation) && uses_[operation.dst].readers == 0;
    const bool records_nothing = operation.opcode == Opcode::kRecord && !context_.records;
    const bool jumps_to_the_next = operation.opcode == Opcode::kJump && operation.target == i + 1;
    return removed_[i] = has_no_use || records_nothing || jumps_to_the_next;
  }

  bool remove_what_is_not_reached() {
    std::vector<bool> reached(code_.size(), false);
    std::vector<std::size_t> pending = {0};
    while (!pending.empty()) {
      std::size_t i = pending.back();
      pending.pop_back();
      while (i < code_.size() && !reached[i]) {
        reached[i] = true;
        const Operation& operation = code_.operations[i];
        const bool jumps = pine::is_jump(operation.opcode) && !removed_[i];
        if (jumps) pending.push_back(operation.target);
        if (jumps && operation.opcode == Opcode::kJump) break;
        ++i;
      }
    }
    bool changed = false;
    for (std::size_t i = 0; i < code_.size(); ++i) {
      if (reached[i] || removed_[i]) continue;
      changed = removed_[i] = true;
    }
    return changed;
  }

  const FoldContext& context_;
  Code& code_;
  std::vector<Use> uses_;
  std::vector<bool> removed_;
};

}  // namespace

void fold(const FoldContext& context, Code& code) {
  Folder folder(context, code);
  while (folder.fold_once()) {}
}

}  // namespace tradeassist::backtest
