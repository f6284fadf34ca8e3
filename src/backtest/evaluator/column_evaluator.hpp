#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "backtest/evaluator/chart.hpp"
#include "backtest/evaluator/memory/stateful.hpp"
#include "backtest/evaluator/run_fault.hpp"
#include "pine/program/program.hpp"

namespace tradeassist::backtest {

/// Operations of a body, and where each came from.
struct Code {
  std::vector<pine::Operation> operations;
  std::vector<pine::SourceRange> ranges;
};

/// Computes the operations of a body that depend on neither the strategy's state, variables that change nor control
/// flow: a block of bars at a time, one operation after the other, so that a value costs what its arithmetic costs. The
/// bar evaluator runs the rest and takes the values of the columns it reads. Both give the same values to the bit.
class ColumnEvaluator {
 public:
  static constexpr std::size_t kBlock = 256;  // bars; the columns of a block stay in the cache

  /// What a body reads that it does not compute.
  struct Surroundings {
    const pine::Program& program;
    Chart& chart;
    const std::vector<double>& slots;                                        // after the prologue
    const std::vector<std::pair<pine::Slot, const double*>>& source_inputs;  // columns of the chart
    std::vector<std::unique_ptr<Memory>>& memories;                          // those it steps are taken out
    std::vector<std::size_t>& longest;                                       // by memory, as in Invocation
    RunBudget& budget;
    std::size_t history_max;  // bars that [] may reach back by an offset that is computed
  };

  /// Moves what it computes out of `code`.
  ColumnEvaluator(Surroundings surroundings, Code& code);

  /// A call that failed: what to say of it, and where it is.
  struct Failure {
    std::size_t bar;
    pine::SourceRange range;
    pine::Function function;
    RunFault fault;
  };

  /// Puts the values of a bar where the body reads them. Bars come in order, but may come again and may begin anywhere.
  void load(std::size_t bar, std::vector<double>& slots) {
    if (bar >= end_ || bar < begin_) compute_to(bar);
    for (const auto& [slot, column] : read_) slots[slot] = column[bar - begin_];
  }
  /// The failure of this bar, if one of its calls failed. After load().
  const Failure* failure_on(std::size_t bar) const { return failure_ && failure_->bar == bar ? &*failure_ : nullptr; }

  std::uint64_t bytes() const;
  /// What a bar costs of the run's budget.
  std::uint64_t steps_of_bar() const { return steps_of_bar_; }

 private:
  /// Where an operand's values of a block are: a column of its own, or at the block's place in one of the chart's.
  struct Operand {
    const double* values = nullptr;  // none: absent
    bool is_of_chart = false, is_constant = false;
  };
  struct Step {
    pine::Operation operation;
    pine::SourceRange range;
    std::vector<Operand> operands;
    std::vector<double*> results;
    std::size_t offset = 0;                 // of a history
    std::unique_ptr<Memory> memory, fresh;  // of a call; as it was before the first bar
  };
  struct Column {
    std::size_t kept = 0;  // values of the bars before the block, for histories
    std::vector<double> values;
  };
  class Plan;

  double* column_of(pine::Slot slot) { return columns_[slot].values.data() + columns_[slot].kept; }
  void add_step(const pine::Operation& operation, const pine::SourceRange& range, const Plan& plan);
  void rewind();
  void compute_to(std::size_t bar);
  void compute_block();
  void compute(Step& step);
  void call(Step& step);

  Surroundings around_;
  std::vector<Column> columns_;  // by slot: computed here, or of one value; empty where not needed
  std::vector<Step> steps_;
  std::vector<std::pair<pine::Slot, const double*>> read_;  // by the body
  std::vector<BarView> bars_;                               // of the block
  std::optional<Failure> failure_;
  std::size_t begin_ = 0, end_ = 0;  // of the block
  std::uint64_t steps_of_bar_ = 0;
};

}  // namespace tradeassist::backtest
