// The columns that an evaluator has in common with other runs: found, or computed whole and left for them.
#include <algorithm>
#include <utility>

#include "backtest/elementwise/elementwise.hpp"
#include "backtest/evaluator/columns/column_evaluator.hpp"
#include "backtest/evaluator/columns/sharing.hpp"

namespace tradeassist::backtest {

using pine::Opcode;
using pine::Operation;
using pine::Slot;

/// Of the columns that runs may share, finds or computes those that the body, a private column or the failure of a call
/// asks for. What cannot be shared stays private.
void ColumnEvaluator::share(const Code& code, const ColumnPlan& plan, ColumnSharing& sharing,
                            std::vector<bool>& is_private) {
  std::vector<std::size_t> writer(around_.program.slot_count, code.size());
  for (std::size_t i = 0; i < code.size(); ++i) {
    const Operation& operation = code.operations[i];
    if (!plan.is_column(i)) continue;
    for (std::uint32_t k = 0; k < operation.results; ++k) writer[operation.dst + k] = i;
    sharing.name(operation);
  }
  enum class State : std::uint8_t { kUnknown, kShared, kPrivate };
  std::vector<State> states(code.size(), State::kUnknown);
  // Operands come before what is made of them, so this goes no deeper than the script's expressions.
  const auto resolve = [&](const auto& self, std::size_t i) -> void {
    if (states[i] != State::kUnknown) return;
    const Operation& operation = code.operations[i];
    const auto resolve_operands = [&] {
      for_each_read(around_.program, operation, [&](Slot slot) {
        if (writer[slot] < code.size()) self(self, writer[slot]);
      });
    };
    if (sharing.is_named(operation.dst)) {
      if (take_shared(operation, sharing)) {
        states[i] = State::kShared;
        return;
      }
      resolve_operands();
      if (compute_shared(operation, code.ranges[i], sharing)) {
        states[i] = State::kShared;
        return;
      }
      sharing.forget(operation);
    }
    states[i] = State::kPrivate;
    resolve_operands();
  };
  const auto resolve_slot = [&](Slot slot) {
    if (writer[slot] < code.size()) resolve(resolve, writer[slot]);
  };
  for (std::size_t i = 0; i < code.size(); ++i) {
    const Operation& operation = code.operations[i];
    if (!plan.is_column(i)) {
      for_each_read(around_.program, operation, resolve_slot);
    } else if (operation.opcode == Opcode::kStatefulCall) {
      resolve(resolve, i);
    }
  }
  for (const Slot slot : around_.program.results) resolve_slot(slot);
  for (std::size_t i = 0; i < code.size(); ++i) is_private[i] = states[i] == State::kPrivate;
}

/// What is kept of every result of an operation, if all are.
bool ColumnEvaluator::take_shared(const Operation& operation, ColumnSharing& sharing) {
  std::vector<std::shared_ptr<const SharedColumn>> found;
  for (std::uint32_t k = 0; k < operation.results; ++k) {
    found.push_back(sharing.find(operation.dst + k));
    if (found.back() == nullptr) return false;
  }
  if (operation.opcode == Opcode::kStatefulCall && !account_for(operation, found.front()->longest)) return false;
  for (std::uint32_t k = 0; k < operation.results; ++k) shared_[operation.dst + k] = std::move(found[k]);
  return true;
}

/// Counts what a call costs whose columns are there already, as if it had been made. False where that is too much: then
/// the call is made, and says so.
bool ColumnEvaluator::account_for(const Operation& operation, std::size_t longest) {
  RunFault fault;
  std::size_t& own = around_.longest[operation.index];
  if (longest > own && !around_.budget.keep((longest - own) * Invocation::kBytesOfLength, fault)) return false;
  own = std::max(own, longest);
  shared_steps_of_bar_ += steps_of_call(own);
  return true;
}

/// False for a call that fails on some bar: the run has to find out on that bar.
bool ColumnEvaluator::compute_shared(const Operation& operation, const pine::SourceRange& range,
                                     ColumnSharing& sharing) {
  Step step = make_step(operation, range);
  const std::size_t bars = around_.chart.size();
  const bool as_bits = gives_truth(operation);
  std::vector<SharedColumn> made(operation.results);
  std::vector<std::vector<double>> block(operation.results, std::vector<double>(bars_.size()));
  for (std::uint32_t k = 0; k < operation.results; ++k) {
    step.results.push_back(block[k].data());
    if (as_bits) {
      made[k].bits.resize((bars + 63) / 64);
    } else {
      made[k].values.resize(bars);
    }
  }
  for (begin_ = 0; begin_ < bars && !failure_; begin_ = end_) {
    end_ = std::min(begin_ + bars_.size(), bars);
    if (needs_bars(step)) fill_bars();
    if (as_bits && compute_bits(step, &made[0].bits[begin_ / 64])) continue;
    compute(step);
    for (std::uint32_t k = 0; k < operation.results; ++k) {
      if (as_bits) {
        elementwise().truths(block[k].data(), &made[k].bits[begin_ / 64], end_ - begin_);
      } else {
        std::copy_n(block[k].data(), end_ - begin_, made[k].values.data() + begin_);
      }
    }
  }
  begin_ = end_ = 0;
  const bool failed = std::exchange(failure_, std::nullopt).has_value();
  steps_of_bar_ = 0;
  if (failed) {
    around_.memories[operation.index] = std::move(step.fresh);
    return false;
  }
  if (step.memory != nullptr) shared_steps_of_bar_ += steps_of_call(around_.longest[operation.index]);
  for (std::uint32_t k = 0; k < operation.results; ++k) {
    if (operation.opcode == Opcode::kStatefulCall) made[k].longest = around_.longest[operation.index];
    shared_[operation.dst + k] = sharing.keep(operation.dst + k, std::move(made[k]));
  }
  return true;
}

}  // namespace tradeassist::backtest
