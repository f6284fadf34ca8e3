// What operations do with objects: collections, records of user types, drawings.
#include <array>
#include <utility>

#include "backtest/evaluator/evaluator.hpp"
#include "backtest/evaluator/heap/collection_functions.hpp"
#include "backtest/evaluator/requests/request_bars.hpp"

namespace tradeassist::backtest {

using pine::Function;
using pine::Layout;
using pine::Opcode;
using pine::Operation;

void Evaluator::heap_operation(const Operation& operation) {
  double* const s = slots_.data();
  RunFault& fault = context_.fault;
  switch (operation.opcode) {
    case Opcode::kHeapCall: heap_call(operation); break;
    case Opcode::kNewRecord: {
      record_fields_.resize(operation.count);
      for (std::uint32_t i = 0; i < operation.count; ++i) record_fields_[i] = operand(operation, i);
      s[operation.dst] = drawings_.create(static_cast<Layout>(operation.index), record_fields_, fault);
      break;
    }
    case Opcode::kCopyRecord: s[operation.dst] = heap_.copy(s[operation.a], fault); break;
    case Opcode::kGetField:
    case Opcode::kSetField: {
      Object* object = heap_.find(s[operation.a]);
      if (object == nullptr) {
        fault.message = "the object whose field is asked for is na";
        break;
      }
      const auto fields = heap_.elements(*object, fault);
      if (operation.opcode == Opcode::kGetField) {
        s[operation.dst] = fields[operation.index];
      } else {
        fields[operation.index] = s[operation.b];
      }
      break;
    }
    case Opcode::kGetDrawing: s[operation.dst] = drawings_.get(s[operation.a], operation.index, fault); break;
    default: drawings_.set(s[operation.a], operation.index, s[operation.b], fault); break;
  }
}

void Evaluator::heap_call(const Operation& operation) {
  RunFault& fault = context_.fault;
  double* const out = operation.dst == pine::kNoSlot ? nullptr : &slots_[operation.dst];
  const auto range = [&] {
    return Drawings::CellRange{operand(operation, 1), operand(operation, 2), operand(operation, 3),
                               operand(operation, 4)};
  };
  switch (operation.function) {
    case Function::kDrawingDelete: drawings_.remove(operand(operation, 0)); break;
    case Function::kDrawingCopy: *out = drawings_.copy(operand(operation, 0), fault); break;
    case Function::kDrawingAll: *out = drawings_.all(static_cast<Layout>(operation.index), fault); break;
    case Function::kLineGetPrice:
      *out = drawings_.line_price(operand(operation, 0), operand(operation, 1), fault);
      break;
    case Function::kTableCell: {
      std::array<double, 16> attributes;
      const std::uint32_t count = operation.count - 3u;
      for (std::uint32_t i = 0; i < count; ++i) attributes[i] = operand(operation, 3 + i);
      drawings_.change_cell(operand(operation, 0), operand(operation, 1), operand(operation, 2),
                            std::span<const double>(attributes).first(count), fault);
      break;
    }
    case Function::kTableClear: drawings_.clear_cells(operand(operation, 0), range()); break;
    case Function::kTableMergeCells: drawings_.merge_cells(operand(operation, 0), range(), fault); break;
    default: {
      const CollectionCall call{operation.function, operation.index,
                                slots_.data(),      program_.operands.data() + operation.first,
                                operation.count,    out};
      CollectionContext context{heap_, fault, &context_};
      // Every part of a string that is split is looked up.
      const bool splits = call.function == Function::kStrSplit;
      if (spend(call_cost(call, heap_) + (splits ? texts_.text(operand(operation, 0)).size() : 0))) {
        call_collection(call, context);
      }
      break;
    }
  }
}

std::vector<double> Evaluator::kept_by_memories() const {
  std::vector<double> kept;
  for (const auto& memory : memories_) {
    if (memory) memory->list_kept(kept);
  }
  return kept;
}

void Evaluator::collect_garbage() {
  std::vector<double> kept = kept_by_memories();
  std::vector<std::span<const double>> roots{slots_};
  for (const HistoryBuffer& history : histories_) roots.emplace_back(history.values);
  for (const std::vector<double>& drawings : drawings_.roots()) roots.emplace_back(drawings);
  for (const auto& [key, columns] : requests_) roots.emplace_back(columns.answers);
  if (before_) {  // what the bar began with will be there again
    roots.emplace_back(before_->slots);
    for (const auto& memory : before_->memories) {
      if (memory) memory->list_kept(kept);
    }
    for (const std::vector<double>& drawings : before_->drawings.roots()) roots.emplace_back(drawings);
  }
  roots.emplace_back(kept);
  std::uint64_t values = heap_.bytes() / sizeof(double);
  for (const auto& root : roots) values += root.size();
  budget_.spend(values, bar_end_, context_.fault);  // a fault ends the run at the operation that follows
  heap_.collect(roots);
}

/// Marks what this evaluator and those of its requests that run along with it hold; counts what it looked at.
std::uint64_t Evaluator::mark_texts() {
  std::uint64_t values = slots_.size();
  const auto mark = [&](double value) {
    ++values;
    texts_.mark(value);
  };
  for (const double value : slots_) texts_.mark(value);
  for (const HistoryBuffer& history : histories_) {
    for (const double value : history.values) texts_.mark(value);
    values += history.values.size();
  }
  for (const double value : kept_by_memories()) mark(value);
  heap_.for_each_value(mark);
  drawings_.for_each_cell_value(mark);
  for (const auto& [key, columns] : requests_) {
    for (const double value : columns.answers) mark(value);
    if (columns.run != nullptr) values += columns.run->evaluator->mark_texts();
  }
  return values;
}

/// Only between bars of the chart. What other requests return is pinned.
void Evaluator::collect_texts() {
  texts_.begin_collection();
  const std::uint64_t values = mark_texts();
  texts_.sweep();
  budget_.spend(values, bar_end_, context_.fault);  // a fault ends the run at the operation that follows
}

}  // namespace tradeassist::backtest
