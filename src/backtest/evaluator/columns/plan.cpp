#include "backtest/evaluator/columns/plan.hpp"

#include <algorithm>

namespace tradeassist::backtest {

using pine::Opcode;
using pine::Operation;
using pine::Slot;

namespace {

constexpr double kOffsetMax = 4096;           // of a history: what is kept of the blocks before
constexpr std::size_t kOperationsMax = 4096;  // columns of more would not stay in any cache

}  // namespace

SlotUses::SlotUses(const pine::Program& program, const Code& code, std::span<const double> slots,
                   std::span<const ChartColumn> chart)
    : uses_(program.slot_count) {
  for (const ChartColumn& column : chart) uses_[column.slot].chart = &column;
  for (const Operation& operation : code.operations) {
    for (std::uint32_t k = 0; k < operation.results; ++k) ++uses_[operation.dst + k].writers;
    if (operation.opcode == Opcode::kJumpIfSet) ++uses_[operation.a].writers;  // it sets what it reads
  }
  for (std::size_t i = 0; i < code.size(); ++i) {
    const Operation& operation = code.operations[i];
    const bool is_past = operation.opcode == Opcode::kHistory && is_constant(operation.a) && slots[operation.a] >= 1;
    for_each_read(program, operation, [&](Slot slot) {
      const bool reads_past = is_past && slot != operation.a;
      if (!reads_past) uses_[slot].first_reader = std::min(uses_[slot].first_reader, i);
      uses_[slot].last_reader = std::max(uses_[slot].last_reader, i);
      // The past of a slot is what it was at the end of each bar.
      if (operation.opcode == Opcode::kHistory && slot != operation.a) uses_[slot].last_reader = kNever;
    });
  }
  for (const Slot slot : program.results) uses_[slot].last_reader = kNever;
  std::vector<bool> is_target(code.size() + 1, false);
  for (const Operation& operation : code.operations) {
    if (pine::is_jump(operation.opcode)) is_target[operation.target] = true;
  }
  next_target_.assign(code.size(), kNever);
  for (std::size_t i = code.size(), next = kNever; i-- > 0;) {
    if (is_target[i + 1]) next = i + 1;
    next_target_[i] = next;
  }
}

bool SlotUses::stays_in_branch(const Operation& operation, std::size_t at) const {
  for (std::uint32_t k = 0; k < operation.results; ++k) {
    if (uses_[operation.dst + k].last_reader >= next_target_[at]) return false;
  }
  return true;
}

bool SlotUses::is_defined_by(const Operation& operation, std::size_t at) const {
  for (std::uint32_t k = 0; k < operation.results; ++k) {
    const Slot slot = operation.dst + k;
    if (writers(slot) != 1 || chart(slot) != nullptr || is_read_before(slot, at)) return false;
  }
  return true;
}

ColumnPlan::ColumnPlan(const Context& context, const Code& code)
    : context_(context),
      uses_(context.program, code, context.slots, context.chart),
      is_column_(code.size(), false),
      is_column_slot_(context.program.slot_count, false) {
  const std::vector<bool> conditional = conditional_operations(code.operations);
  std::size_t count = 0;
  for (std::size_t i = 0; i < code.size() && count < kOperationsMax; ++i) {
    const Operation& operation = code.operations[i];
    if (!can_be_column(operation, i)) continue;
    // A call with a memory steps where it is reached alone; arithmetic may be carried out on other bars, too.
    const bool is_anywhere = is_arithmetic(operation.opcode) || is_math(operation);
    if (conditional[i] && !(is_anywhere && uses_.stays_in_branch(operation, i))) continue;
    is_column_[i] = true;
    ++count;
    for (std::uint32_t k = 0; k < operation.results; ++k) is_column_slot_[operation.dst + k] = true;
  }
}

bool ColumnPlan::has_fixed_offset(const Operation& history) const {
  if (!uses_.is_constant(history.a)) return false;
  const double offset = context_.slots[history.a];
  return offset >= 1 && offset <= std::min<double>(kOffsetMax, static_cast<double>(context_.history_max));
}

bool ColumnPlan::can_be_column(const Operation& operation, std::size_t at) const {
  const bool is_history = operation.opcode == Opcode::kHistory || operation.opcode == Opcode::kBarHistory;
  const bool has_form = is_arithmetic(operation.opcode) || is_math(operation) ||
                        operation.opcode == Opcode::kStatefulCall || (is_history && has_fixed_offset(operation));
  if (!has_form || !uses_.is_defined_by(operation, at)) return false;
  bool known = true;
  for_each_read(context_.program, operation, [&](Slot slot) {
    known = known && (slot == pine::kNoSlot || is_column_slot_[slot] || uses_.writers(slot) == 0);
  });
  return known;
}

}  // namespace tradeassist::backtest
