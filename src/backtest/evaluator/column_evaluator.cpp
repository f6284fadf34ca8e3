#include "backtest/evaluator/column_evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "backtest/evaluator/arithmetic.hpp"
#include "backtest/evaluator/functions.hpp"

namespace tradeassist::backtest {

using pine::Function;
using pine::kNoSlot;
using pine::Opcode;
using pine::Operation;
using pine::Slot;
using namespace arithmetic;

namespace {

constexpr double kOffsetMax = 4096;  // of a history: what is kept of the blocks before

constexpr std::size_t kOperationsMax = 4096;  // columns of more would not stay in any cache

constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

bool is_arithmetic(Opcode opcode) { return opcode <= Opcode::kSelect; }

/// A call whose value follows from its operands.
bool is_math(const Operation& operation) {
  return operation.opcode == Opcode::kCall && operation.function != Function::kNone &&
         operation.function <= Function::kMathToRadians;
}

}  // namespace

/// Which operations of a body are computed as columns.
class ColumnEvaluator::Plan {
 public:
  Plan(const Surroundings& around, const Code& code) : around_(around), code_(code), slots_(around.program.slot_count) {
    for (const pine::BarLoad& load : around.program.loads) slots_[load.slot].chart = around.chart.column(load.field);
    for (const auto& [slot, column] : around.source_inputs) slots_[slot].chart = column;
    find_writers_and_readers();
    const std::vector<bool> conditional = conditional_operations();
    is_column_.assign(code.operations.size(), false);
    std::size_t count = 0;
    for (std::size_t i = 0; i < code.operations.size() && count < kOperationsMax; ++i) {
      const Operation& operation = code.operations[i];
      if (conditional[i] || !can_be_column(operation, i)) continue;
      is_column_[i] = true;
      ++count;
      for (std::uint32_t k = 0; k < operation.results; ++k) slots_[operation.dst + k].is_column = true;
    }
  }

  bool is_column(std::size_t operation) const { return is_column_[operation]; }
  bool is_column_slot(Slot slot) const { return slots_[slot].is_column; }
  const double* chart_column(Slot slot) const { return slots_[slot].chart; }

 private:
  struct SlotUse {
    const double* chart = nullptr;  // a column of the chart, loaded on every bar
    std::size_t writers = 0;        // operations of the body
    std::size_t first_reader = kNever;
    bool is_column = false;
  };

  void find_writers_and_readers() {
    for (const Operation& operation : code_.operations) {
      for (std::uint32_t k = 0; k < operation.results; ++k) ++slots_[operation.dst + k].writers;
      if (operation.opcode == Opcode::kJumpIfSet) ++slots_[operation.a].writers;  // it sets what it reads
    }
    for (std::size_t i = 0; i < code_.operations.size(); ++i) {
      const Operation& operation = code_.operations[i];
      for_each_read(around_.program, operation, [&](Slot slot) {
        // The past of a slot is the same before and after it is written.
        const bool reads_past =
            operation.opcode == Opcode::kHistory && slot != operation.a && has_fixed_offset(operation);
        if (!reads_past) slots_[slot].first_reader = std::min(slots_[slot].first_reader, i);
      });
    }
  }

  /// What a jump may leave out or repeat.
  std::vector<bool> conditional_operations() const {
    const std::size_t count = code_.operations.size();
    std::vector<int> change(count + 1, 0);
    for (std::size_t i = 0; i < count; ++i) {
      const Operation& operation = code_.operations[i];
      if (!pine::is_jump(operation.opcode)) continue;
      const std::size_t first = std::min<std::size_t>(i + 1, operation.target);
      const std::size_t end = std::max<std::size_t>(i + 1, operation.target);
      ++change[first];
      --change[end];
    }
    std::vector<bool> conditional(count);
    int depth = 0;
    for (std::size_t i = 0; i < count; ++i) {
      depth += change[i];
      conditional[i] = depth > 0;
    }
    return conditional;
  }

  bool is_constant(Slot slot) const { return slots_[slot].writers == 0 && slots_[slot].chart == nullptr; }
  bool is_known(Slot slot) const { return slot == kNoSlot || slots_[slot].is_column || slots_[slot].writers == 0; }

  bool has_fixed_offset(const Operation& history) const {
    if (!is_constant(history.a)) return false;
    const double offset = around_.slots[history.a];
    return offset >= 1 && offset <= std::min<double>(kOffsetMax, static_cast<double>(around_.history_max));
  }

  bool can_be_column(const Operation& operation, std::size_t at) const {
    const bool has_form = is_arithmetic(operation.opcode) || is_math(operation) ||
                          operation.opcode == Opcode::kStatefulCall ||
                          ((operation.opcode == Opcode::kHistory || operation.opcode == Opcode::kBarHistory) &&
                           has_fixed_offset(operation));
    if (!has_form) return false;
    for (std::uint32_t k = 0; k < operation.results; ++k) {
      const SlotUse& result = slots_[operation.dst + k];
      // Who reads it before it is written means its value on the bar before.
      if (result.writers != 1 || result.chart != nullptr || result.first_reader <= at) return false;
    }
    bool known = true;
    for_each_read(around_.program, operation, [&](Slot slot) { known = known && is_known(slot); });
    return known;
  }

  const Surroundings& around_;
  const Code& code_;
  std::vector<SlotUse> slots_;
  std::vector<bool> is_column_;
};

ColumnEvaluator::ColumnEvaluator(Surroundings surroundings, Code& code)
    : around_(surroundings), columns_(around_.program.slot_count) {
  const Plan plan(around_, code);
  const std::size_t count = code.operations.size();
  for (std::size_t i = 0; i < count; ++i) {  // how much of its past each column keeps
    const Operation& operation = code.operations[i];
    if (!plan.is_column(i)) continue;
    for (std::uint32_t k = 0; k < operation.results; ++k) columns_[operation.dst + k].values.resize(1);
    if (operation.opcode != Opcode::kHistory) continue;
    const Slot slot = around_.program.histories[operation.index].slot;
    std::size_t& kept = columns_[slot].kept;
    if (plan.is_column_slot(slot)) kept = std::max(kept, static_cast<std::size_t>(around_.slots[operation.a]));
  }
  const std::size_t block = std::min(kBlock, std::max<std::size_t>(around_.chart.size(), 1));
  for (Column& column : columns_) {
    if (!column.values.empty()) column.values.assign(column.kept + block, kNotANumber);
  }
  bars_.resize(block);
  for (std::size_t i = 0; i < count; ++i) {
    if (plan.is_column(i)) add_step(code.operations[i], code.ranges[i], plan);
  }

  // What is left in the body, and what it reads of the columns.
  std::vector<bool> reads(around_.program.slot_count, false);
  std::vector<std::uint32_t> moved(count + 1);
  Code rest;
  for (std::size_t i = 0; i < count; ++i) {
    moved[i] = static_cast<std::uint32_t>(rest.operations.size());
    if (plan.is_column(i)) continue;
    const Operation& operation = code.operations[i];
    for_each_read(around_.program, operation, [&](Slot slot) { reads[slot] = true; });
    rest.operations.push_back(operation);
    rest.ranges.push_back(code.ranges[i]);
  }
  moved[count] = static_cast<std::uint32_t>(rest.operations.size());
  for (Operation& operation : rest.operations) operation.target = moved[operation.target];
  for (const Slot slot : around_.program.results) reads[slot] = true;
  for (Slot slot = 0; slot < reads.size(); ++slot) {
    if (reads[slot] && plan.is_column_slot(slot)) read_.emplace_back(slot, column_of(slot));
  }
  code = std::move(rest);
}

void ColumnEvaluator::add_step(const Operation& operation, const pine::SourceRange& range, const Plan& plan) {
  Step step;
  step.operation = operation;
  step.range = range;
  const auto add_operand = [&](Slot slot) {
    if (slot == kNoSlot) {
      step.operands.emplace_back();
    } else if (plan.is_column_slot(slot)) {
      step.operands.push_back({column_of(slot)});
    } else if (const double* chart = plan.chart_column(slot)) {
      step.operands.push_back({.values = chart, .is_of_chart = true});
    } else {
      std::vector<double>& values = columns_[slot].values;
      if (values.empty()) values.assign(bars_.size(), around_.slots[slot]);
      step.operands.push_back({.values = values.data(), .is_constant = true});
    }
  };
  if (operation.opcode == Opcode::kHistory || operation.opcode == Opcode::kBarHistory) {
    step.offset = static_cast<std::size_t>(around_.slots[operation.a]);
    if (operation.opcode == Opcode::kBarHistory) {
      step.operands.push_back(
          {.values = around_.chart.column(static_cast<pine::BarField>(operation.index)), .is_of_chart = true});
    } else {
      const Slot slot = around_.program.histories[operation.index].slot;
      add_operand(slot);
      // The column holds its past in front of the block.
      if (plan.is_column_slot(slot)) {
        step.operands.front().values -= step.offset;
        step.offset = 0;
      }
    }
  } else if (is_arithmetic(operation.opcode)) {
    for (const Slot slot : {operation.a, operation.b, operation.c}) add_operand(slot);
  } else {
    for (std::uint32_t i = 0; i < operation.count; ++i) add_operand(around_.program.operands[operation.first + i]);
  }
  for (std::uint32_t k = 0; k < operation.results; ++k) step.results.push_back(column_of(operation.dst + k));
  if (operation.opcode == Opcode::kStatefulCall) {
    step.memory = std::move(around_.memories[operation.index]);
    step.fresh = step.memory->clone();
  }
  steps_.push_back(std::move(step));
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
    end_ = std::min(begin_ + bars_.size(), around_.chart.size());
    compute_block();
  }
}

void ColumnEvaluator::compute_block() {
  const market::Series& series = around_.chart.series();
  for (std::size_t i = begin_; i < end_; ++i) {
    const double previous = i == 0 ? kNotANumber : series.close[i - 1];
    bars_[i - begin_] = {i, series.open[i], series.high[i], series.low[i], series.close[i], series.volume[i], previous};
  }
  steps_of_bar_ = 0;
  for (Step& step : steps_) compute(step);
}

void ColumnEvaluator::compute(Step& step) {
  const std::size_t bars = end_ - begin_;
  const auto operand = [&](std::size_t i) {
    const Operand& at = step.operands[i];
    return at.is_of_chart ? at.values + begin_ : at.values;
  };
  const auto unary = [&](auto operation) {
    const double* const a = operand(0);
    double* const out = step.results[0];
    for (std::size_t i = 0; i < bars; ++i) out[i] = operation(a[i]);
  };
  const auto binary = [&](auto operation) {
    const double *const a = operand(0), *const b = operand(1);
    double* const out = step.results[0];
    for (std::size_t i = 0; i < bars; ++i) out[i] = operation(a[i], b[i]);
  };
  switch (step.operation.opcode) {
    case Opcode::kMove: return unary([](double a) { return a; });
    case Opcode::kAdd: return binary([](double a, double b) { return a + b; });
    case Opcode::kSubtract: return binary([](double a, double b) { return a - b; });
    case Opcode::kMultiply: return binary([](double a, double b) { return a * b; });
    case Opcode::kDivide: return binary(divide);
    case Opcode::kModulo: return binary(modulo);
    case Opcode::kNegate: return unary([](double a) { return -a; });
    case Opcode::kNot: return unary([](double a) { return truth(!is_true(a)); });
    case Opcode::kLess: return binary([](double a, double b) { return truth(less(a, b)); });
    case Opcode::kLessEqual: return binary([](double a, double b) { return truth(less_or_equal(a, b)); });
    case Opcode::kGreater: return binary([](double a, double b) { return truth(less(b, a)); });
    case Opcode::kGreaterEqual: return binary([](double a, double b) { return truth(less_or_equal(b, a)); });
    case Opcode::kEqual: return binary([](double a, double b) { return truth(equal(a, b)); });
    case Opcode::kNotEqual: return binary([](double a, double b) { return truth(not_equal(a, b)); });
    case Opcode::kMax: return binary([](double a, double b) { return arithmetic::max(a, b); });
    case Opcode::kMin: return binary([](double a, double b) { return arithmetic::min(a, b); });
    case Opcode::kAnd: return binary([](double a, double b) { return truth(both(is_true(a), is_true(b))); });
    case Opcode::kOr: return binary([](double a, double b) { return truth(either(is_true(a), is_true(b))); });
    case Opcode::kTruth: return unary(to_bool);
    case Opcode::kTruncate: return unary([](double a) { return std::trunc(a); });
    case Opcode::kIsNa: return unary([](double a) { return truth(is_na(a)); });
    case Opcode::kNz: return binary([](double a, double b) { return is_na(a) ? b : a; });
    case Opcode::kSelect: {
      const double *const a = operand(0), *const b = operand(1), *const c = operand(2);
      double* const out = step.results[0];
      for (std::size_t i = 0; i < bars; ++i) out[i] = is_true(a[i]) ? b[i] : c[i];
      return;
    }
    case Opcode::kHistory:
    case Opcode::kBarHistory: {
      double* const out = step.results[0];
      const double* const values = operand(0);
      const Operand& source = step.operands[0];
      for (std::size_t i = 0; i < bars; ++i) {
        const std::size_t past = source.is_of_chart ? step.offset : 0;  // a constant is the same all the way back
        out[i] = begin_ + i >= step.offset ? *(values + i - past) : kNotANumber;
      }
      return;
    }
    default: return call(step);
  }
}

void ColumnEvaluator::call(Step& step) {
  const Operation& operation = step.operation;
  const std::size_t bars = end_ - begin_;
  // Calls find their arguments in slots: these are the slots of one bar.
  std::vector<double> slots(step.operands.size() + 1, kNotANumber);
  std::vector<Slot> places;
  std::vector<ColumnArgument> changing;
  for (const Operand& operand : step.operands) {
    const auto slot = static_cast<Slot>(places.size());
    places.push_back(operand.values == nullptr ? kNoSlot : slot);
    if (operand.values == nullptr) continue;
    const double* const values = operand.values + (operand.is_of_chart ? begin_ : 0);
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

}  // namespace tradeassist::backtest
