#include "backtest/evaluator/columns/column_evaluator.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "backtest/elementwise/elementwise.hpp"
#include "backtest/evaluator/arithmetic.hpp"
#include "backtest/evaluator/columns/bits.hpp"
#include "backtest/evaluator/columns/sharing.hpp"
#include "backtest/evaluator/functions.hpp"

namespace tradeassist::backtest {

using arithmetic::kNotANumber;
using pine::Function;
using pine::kNoSlot;
using pine::Opcode;
using pine::Operation;
using pine::Slot;

namespace {

bool is_history(Opcode opcode) { return opcode == Opcode::kHistory || opcode == Opcode::kBarHistory; }

/// A crossing of two columns, which is computed on bits.
bool is_crossover(const Operation& operation) {
  return operation.opcode == Opcode::kStatefulCall &&
         (operation.function == Function::kTaCrossover || operation.function == Function::kTaCrossunder);
}

}  // namespace

ColumnEvaluator::ColumnEvaluator(Surroundings surroundings, Code& code)
    : around_(surroundings),
      columns_(around_.program.slot_count),
      shared_(around_.program.slot_count),
      is_private_(around_.program.slot_count, false),
      chart_(around_.program.slot_count, nullptr),
      bars_(std::min(kBlock, std::max<std::size_t>(around_.chart.size(), 1))) {
  for (std::vector<double>& room : room_) room.resize(bars_.size());
  for (const ChartColumn& column : around_.chart_columns) chart_[column.slot] = &column;
  const ColumnPlan plan({around_.program, around_.slots, around_.chart_columns, around_.history_max}, code);
  std::vector<bool> is_private(code.size(), false);
  for (std::size_t i = 0; i < code.size(); ++i) is_private[i] = plan.is_column(i);
  if (around_.shared != nullptr) {
    ColumnSharing sharing(around_.program, around_.slots, chart_, *around_.shared);
    share(code, plan, sharing, is_private);
  }
  for (std::size_t i = 0; i < code.size(); ++i) {
    const Operation& operation = code.operations[i];
    for (std::uint32_t k = 0; is_private[i] && k < operation.results; ++k) is_private_[operation.dst + k] = true;
  }
  make_room(code, is_private);
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (!is_private[i]) continue;
    Step step = make_step(code.operations[i], code.ranges[i]);
    for (std::uint32_t k = 0; k < step.operation.results; ++k)
      step.results.push_back(column_of(step.operation.dst + k));
    steps_.push_back(std::move(step));
  }
  keep_the_rest(code, plan);
}

void ColumnEvaluator::make_room(const Code& code, const std::vector<bool>& is_private) {
  for (std::size_t i = 0; i < code.size(); ++i) {  // how much of its past each column keeps
    const Operation& operation = code.operations[i];
    if (!is_private[i] || operation.opcode != Opcode::kHistory) continue;
    const Slot slot = around_.program.histories[operation.index].slot;
    std::size_t& kept = columns_[slot].kept;
    if (is_private_[slot]) kept = std::max(kept, static_cast<std::size_t>(around_.slots[operation.a]));
  }
  for (Slot slot = 0; slot < columns_.size(); ++slot) {
    Column& column = columns_[slot];
    if (is_private_[slot]) column.values.assign(column.kept + bars_.size(), kNotANumber);
  }
}

/// What is left in the body, and what it reads of the columns.
void ColumnEvaluator::keep_the_rest(Code& code, const ColumnPlan& plan) {
  std::vector<bool> reads(around_.program.slot_count, false), removed(code.size());
  for (std::size_t i = 0; i < code.size(); ++i) {
    removed[i] = plan.is_column(i);
    if (removed[i]) continue;
    for_each_read(around_.program, code.operations[i], [&](Slot slot) { reads[slot] = true; });
  }
  for (const Slot slot : around_.program.results) reads[slot] = true;
  remove_operations(code, removed);
  for (Slot slot = 0; slot < reads.size(); ++slot) {
    if (!reads[slot] || !plan.is_column_slot(slot)) continue;
    Operand operand = operand_of(slot);
    read_.push_back({slot, operand.values, operand.bits, operand.is_whole});
  }
}

const ColumnEvaluator::Read* ColumnEvaluator::read_of(Slot slot) const {
  const auto found = std::ranges::find(read_, slot, &Read::slot);
  return found == read_.end() ? nullptr : &*found;
}

ColumnEvaluator::Operand ColumnEvaluator::operand_of(Slot slot) {
  if (slot == kNoSlot) return {};
  if (is_private_[slot]) return {.values = column_of(slot)};
  if (const SharedColumn* column = shared_[slot].get()) {
    return column->bits.empty() ? Operand{.values = column->values.data(), .is_whole = true}
                                : Operand{.bits = column->bits.data(), .is_whole = true};
  }
  if (chart_[slot] != nullptr) return {.values = chart_[slot]->values, .is_whole = true};
  std::vector<double>& values = columns_[slot].values;
  if (values.empty()) values.assign(bars_.size(), around_.slots[slot]);
  return {.values = values.data(), .is_constant = true};
}

ColumnEvaluator::Step ColumnEvaluator::make_step(const Operation& operation, const pine::SourceRange& range) {
  Step step;
  step.operation = operation;
  step.range = range;
  if (is_history(operation.opcode)) {
    step.offset = static_cast<std::size_t>(around_.slots[operation.a]);
    if (operation.opcode == Opcode::kBarHistory) {
      const auto field = static_cast<pine::BarField>(operation.index);
      step.operands.push_back({.values = around_.chart.column(field), .is_whole = true});
    } else {
      step.operands.push_back(operand_of(around_.program.histories[operation.index].slot));
    }
  } else if (is_arithmetic(operation.opcode)) {
    for (const Slot slot : {operation.a, operation.b, operation.c}) step.operands.push_back(operand_of(slot));
  } else {
    for (std::uint32_t i = 0; i < operation.count; ++i) {
      step.operands.push_back(operand_of(around_.program.operands[operation.first + i]));
    }
  }
  if (operation.opcode == Opcode::kStatefulCall) {
    step.memory = std::move(around_.memories[operation.index]);
    step.fresh = step.memory->clone();
  }
  return step;
}

std::uint64_t ColumnEvaluator::bytes() const {
  std::uint64_t values = 0;
  for (const Column& column : columns_) values += column.values.size();
  return values * sizeof(double) + bars_.size() * sizeof(BarView);
}

void ColumnEvaluator::rewind() {
  begin_ = end_ = 0;
  failure_.reset();
  for (Column& column : columns_) std::fill_n(column.values.begin(), column.kept, kNotANumber);
  for (Step& step : steps_) {
    if (step.memory != nullptr) step.memory->assign(*step.fresh);
    step.was_above = true;
  }
}

void ColumnEvaluator::compute_to(std::size_t bar) {
  if (bar < begin_) rewind();
  while (bar >= end_ && !failure_) {
    for (Column& column : columns_) {  // the newest values become the past of the next block
      if (column.kept == 0) continue;
      const auto from = column.values.begin() + static_cast<std::ptrdiff_t>(end_ - begin_);
      std::copy(from, from + static_cast<std::ptrdiff_t>(column.kept), column.values.begin());
    }
    begin_ = end_;
    // Where nothing is left to be computed, all bars are one block.
    end_ = steps_.empty() ? around_.chart.size() : std::min(begin_ + bars_.size(), around_.chart.size());
    compute_block();
  }
}

void ColumnEvaluator::compute_block() {
  if (std::ranges::any_of(steps_, needs_bars)) fill_bars();
  steps_of_bar_ = shared_steps_of_bar_;
  for (Step& step : steps_) compute(step);
}

/// Crossings are computed without their memory.
bool ColumnEvaluator::needs_bars(const Step& step) {
  return step.memory != nullptr && !is_crossover(step.operation) && step.memory->needs_bars();
}

void ColumnEvaluator::fill_bars() {
  const market::Series& series = around_.chart.series();
  for (std::size_t i = begin_; i < end_; ++i) {
    const double previous = i == 0 ? kNotANumber : series.close[i - 1];
    bars_[i - begin_] = {i, series.open[i], series.high[i], series.low[i], series.close[i], series.volume[i], previous};
  }
}

const double* ColumnEvaluator::values_of(const Operand& operand, std::vector<double>& room) const {
  if (operand.bits == nullptr) return operand.values + (operand.is_whole ? begin_ : 0);
  expand_truths(operand.bits, begin_, end_ - begin_, room.data());
  return room.data();
}

void ColumnEvaluator::compute(Step& step) {
  const Opcode opcode = step.operation.opcode;
  if (is_history(opcode)) return look_back(step);
  if (is_crossover(step.operation)) {
    steps_of_bar_ += steps_of_call(0);
    std::uint64_t crossed[kBlock / 64];
    compute_bits(step, crossed);
    return expand_truths(crossed, 0, end_ - begin_, step.results[0]);
  }
  if (!is_arithmetic(opcode)) return call(step);
  const double* values[3] = {};
  for (std::size_t k = 0; k < 3; ++k) {
    const Operand& operand = step.operands[k];
    if (operand.values != nullptr || operand.bits != nullptr) values[k] = values_of(operand, room_[k]);
  }
  elementwise().compute(opcode, values[0], values[1], values[2], step.results[0], end_ - begin_);
}

void ColumnEvaluator::look_back(Step& step) {
  const Operand& source = step.operands[0];
  double* const out = step.results[0];
  const std::size_t bars = end_ - begin_;
  const std::size_t unknown = std::min(step.offset > begin_ ? step.offset - begin_ : 0, bars);
  std::fill_n(out, unknown, kNotANumber);
  if (source.is_constant) {  // the same all the way back
    std::copy_n(source.values + unknown, bars - unknown, out + unknown);
  } else if (source.bits != nullptr) {
    if (unknown < bars) expand_truths(source.bits, begin_ + unknown - step.offset, bars - unknown, out + unknown);
  } else {  // a column of blocks holds its past in front of the block
    const auto first = static_cast<std::ptrdiff_t>((source.is_whole ? begin_ : 0) + unknown) -
                       static_cast<std::ptrdiff_t>(step.offset);
    std::copy_n(source.values + first, bars - unknown, out + unknown);
  }
}

void ColumnEvaluator::call(Step& step) {
  const Operation& operation = step.operation;
  const std::size_t bars = end_ - begin_;
  // Calls find their arguments in slots: these are the slots of one bar.
  std::vector<double> slots(step.operands.size() + 1, kNotANumber);
  std::vector<Slot> places;
  std::vector<ColumnArgument> changing;
  std::vector<std::vector<double>> expanded(step.operands.size());
  for (std::size_t k = 0; k < step.operands.size(); ++k) {
    const Operand& operand = step.operands[k];
    const auto slot = static_cast<Slot>(places.size());
    const bool is_there = operand.values != nullptr || operand.bits != nullptr;
    places.push_back(is_there ? slot : kNoSlot);
    if (!is_there) continue;
    if (operand.bits != nullptr) expanded[k].resize(bars);
    const double* const values = values_of(operand, expanded[k]);
    slots[slot] = *values;
    if (!operand.is_constant) changing.push_back({values, slot});
  }
  if (step.memory == nullptr) {
    const FunctionCall one{operation.function, operation.index, slots.data(), places.data(), operation.count};
    for (std::size_t i = 0; i < bars; ++i) {
      for (const ColumnArgument& argument : changing) slots[argument.slot] = argument.values[i];
      step.results[0][i] = math_function(one, around_.chart.instrument());
    }
    return;
  }
  RunFault fault;
  std::vector<double> results(step.results.size());
  std::size_t& longest = around_.longest[operation.index];
  const Invocation invocation{slots.data(), places.data(), operation.count, results.data(),
                              bars_.data(), &fault,        &around_.budget, &longest};
  const std::size_t done =
      step.memory->step_all({invocation, slots.data(), changing, step.results, bars_.data(), bars});
  steps_of_bar_ += steps_of_call(longest);
  if (done == bars || (failure_ && failure_->bar == begin_ + done)) return;
  end_ = begin_ + done + 1;  // what comes after it is not needed any more
  failure_ = Failure{begin_ + done, step.range, operation.function, std::move(fault)};
}

/// Of a crossing or a comparison, the truths of the block. False for other operations.
bool ColumnEvaluator::compute_bits(Step& step, std::uint64_t* words) {
  const Operation& operation = step.operation;
  const bool compares = operation.opcode >= Opcode::kLess && operation.opcode <= Opcode::kNotEqual;
  if (!compares && !is_crossover(operation)) return false;
  const double* const a = values_of(step.operands[0], room_[0]);
  const double* const b = values_of(step.operands[1], room_[1]);
  if (compares) {
    elementwise().compare(operation.opcode, a, b, words, end_ - begin_);
  } else {
    const bool is_over = operation.function == Function::kTaCrossover;
    cross(step, is_over ? a : b, is_over ? b : a, words);
  }
  return true;
}

/// indicators::CrossTo, 64 bars at a time where all are known.
void ColumnEvaluator::cross(Step& step, const double* a, const double* b, std::uint64_t* words) {
  const std::size_t bars = end_ - begin_;
  std::uint64_t known[kBlock / 64];
  elementwise().above(a, b, words, known, bars);
  for (std::size_t first = 0; first < bars; first += 64) {
    const std::size_t count = std::min<std::size_t>(64, bars - first);
    const std::uint64_t above = words[first / 64], all = ~std::uint64_t{0} >> (64 - count);
    std::uint64_t crossed = 0;
    if (known[first / 64] == all) {
      crossed = above & ~(above << 1 | static_cast<std::uint64_t>(step.was_above));
      step.was_above = (above >> (count - 1) & 1) != 0;
    } else {
      for (std::size_t i = 0; i < count; ++i) {
        if ((known[first / 64] >> i & 1) == 0) continue;
        const bool is_above = (above >> i & 1) != 0;
        crossed |= static_cast<std::uint64_t>(is_above && !step.was_above) << i;
        step.was_above = is_above;
      }
    }
    words[first / 64] = crossed;
  }
}

}  // namespace tradeassist::backtest
