#include "backtest/evaluator/columns/sharing.hpp"

#include <bit>

namespace tradeassist::backtest {

using pine::Function;
using pine::Opcode;
using pine::Operation;
using pine::Slot;

namespace {

enum Kind : std::uint64_t { kAbsent, kConstant, kOfChart, kColumn };

/// Calls whose values depend on more than their operands and the chart: on texts, whose numbers are each run's own, or
/// on which call of the script they are.
bool is_of_one_run(Function function) {
  return function == Function::kMathRandom || function == Function::kTaPivotPointLevels ||
         function == Function::kTimeframeChange;
}

}  // namespace

ColumnSharing::ColumnSharing(const pine::Program& program, std::span<const double> slots,
                             std::span<const ChartColumn* const> chart, SharedColumns& columns)
    : program_(program),
      slots_(slots),
      chart_(chart),
      columns_(columns),
      is_column_(program.slot_count, false),
      names_(program.slot_count) {}

bool ColumnSharing::add_operand(Slot slot, SharedColumns::Identity& identity) const {
  if (slot == pine::kNoSlot) {
    identity.push_back(kAbsent);
    return true;
  }
  if (is_column_[slot]) {
    if (!names_[slot]) return false;
    identity.insert(identity.end(), {kColumn, *names_[slot]});
    return true;
  }
  if (chart_[slot] != nullptr) {
    identity.insert(identity.end(), {kOfChart, static_cast<std::uint64_t>(chart_[slot]->field)});
    return true;
  }
  identity.insert(identity.end(), {kConstant, std::bit_cast<std::uint64_t>(slots_[slot])});
  return true;
}

void ColumnSharing::name(const Operation& operation) {
  for (std::uint32_t k = 0; k < operation.results; ++k) is_column_[operation.dst + k] = true;
  if (operation.opcode == Opcode::kStatefulCall && is_of_one_run(operation.function)) return;
  SharedColumns::Identity identity = {static_cast<std::uint64_t>(operation.opcode),
                                      static_cast<std::uint64_t>(operation.function)};
  bool named = true;
  if (operation.opcode == Opcode::kHistory) {
    named = add_operand(program_.histories[operation.index].slot, identity);
  } else if (operation.opcode == Opcode::kBarHistory) {
    identity.insert(identity.end(), {kOfChart, operation.index});
  } else if (operation.opcode == Opcode::kCall) {
    identity.push_back(operation.index);
  }
  for (const Slot slot : {operation.a, operation.b, operation.c}) named = named && add_operand(slot, identity);
  for (std::uint32_t i = 0; i < operation.count; ++i) {
    named = named && add_operand(program_.operands[operation.first + i], identity);
  }
  for (std::uint32_t k = 0; named && k < operation.results; ++k) {
    identity.push_back(k);
    names_[operation.dst + k] = columns_.name(identity);
    identity.pop_back();
    if (!names_[operation.dst + k]) named = false;
  }
  if (!named) forget(operation);
}

void ColumnSharing::forget(const Operation& operation) {
  for (std::uint32_t k = 0; k < operation.results; ++k) names_[operation.dst + k].reset();
}

bool gives_truth(const Operation& operation) {
  switch (operation.opcode) {
    case Opcode::kNot:
    case Opcode::kLess:
    case Opcode::kLessEqual:
    case Opcode::kGreater:
    case Opcode::kGreaterEqual:
    case Opcode::kEqual:
    case Opcode::kNotEqual:
    case Opcode::kAnd:
    case Opcode::kOr:
    case Opcode::kTruth:
    case Opcode::kIsNa: return true;
    case Opcode::kStatefulCall:
      return operation.function == Function::kTaCross || operation.function == Function::kTaCrossover ||
             operation.function == Function::kTaCrossunder;
    default: return false;
  }
}

}  // namespace tradeassist::backtest
