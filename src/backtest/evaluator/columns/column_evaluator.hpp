#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "backtest/evaluator/chart.hpp"
#include "backtest/evaluator/columns/bits.hpp"
#include "backtest/evaluator/columns/plan.hpp"
#include "backtest/evaluator/columns/shared_columns.hpp"
#include "backtest/evaluator/memory/stateful.hpp"
#include "backtest/evaluator/run_fault.hpp"

namespace tradeassist::backtest {

class ColumnSharing;

/// Computes the operations of a body that depend on neither the strategy's state, variables that change nor control
/// flow: one operation after the other, so that a value costs what its arithmetic costs. Alone it computes a block of
/// bars at a time; where runs share columns, a whole column before the first bar, unless another run has. The bar
/// evaluator runs the rest and takes the values of the columns it reads. Both give the same values to the bit.
class ColumnEvaluator {
 public:
  static constexpr std::size_t kBlock = 256;  // bars; the columns of a block stay in the cache

  /// What a body reads that it does not compute.
  struct Surroundings {
    const pine::Program& program;
    Chart& chart;
    const std::vector<double>& slots;                // after the prologue
    const std::vector<ChartColumn>& chart_columns;   // outlives the evaluator
    std::vector<std::unique_ptr<Memory>>& memories;  // those it steps are taken out
    std::vector<std::size_t>& longest;               // by memory, as in Invocation
    RunBudget& budget;
    std::size_t history_max;  // bars that [] may reach back by an offset that is computed
    SharedColumns* shared = nullptr;
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
    prepare(bar);
    for (const Read& read : read_) {
      if (read.bits != nullptr) {
        slots[read.slot] = truth_at(read.bits, bar);
      } else {
        slots[read.slot] = read.values[bar - (read.is_whole ? 0 : begin_)];
      }
    }
  }
  /// The failure of this bar, if one of its calls failed. After load().
  const Failure* failure_on(std::size_t bar) const { return failure_ && failure_->bar == bar ? &*failure_ : nullptr; }

  /// The end of the bars, from `bar` on, whose columns can be looked at together.
  std::size_t prepare(std::size_t bar) {
    if (bar >= end_ || bar < begin_) compute_to(bar);
    return end_;
  }
  const std::optional<Failure>& failure() const { return failure_; }
  /// Where a slot that the body reads has its values; nothing where it is no column.
  struct Read {
    pine::Slot slot = pine::kNoSlot;
    const double* values = nullptr;       // of all bars, or of those of the block
    const std::uint64_t* bits = nullptr;  // instead, of all bars
    bool is_whole = false;
  };
  const Read* read_of(pine::Slot slot) const;
  /// Sets what the body reads of the columns, by slot.
  void mark_read(std::vector<bool>& slots) const {
    for (const Read& read : read_) slots[read.slot] = true;
  }
  std::size_t block_begin() const { return begin_; }

  std::uint64_t bytes() const;
  /// What a bar costs of the run's budget.
  std::uint64_t steps_of_bar() const { return steps_of_bar_; }

 private:
  /// Where an operand's values of a block are.
  struct Operand {
    const double* values = nullptr;       // of the block, or of all bars; none: absent
    const std::uint64_t* bits = nullptr;  // of all bars, instead
    bool is_whole = false, is_constant = false;
  };
  struct Step {
    pine::Operation operation;
    pine::SourceRange range;
    std::vector<Operand> operands;
    std::vector<double*> results;           // of the block
    std::size_t offset = 0;                 // of a history
    std::unique_ptr<Memory> memory, fresh;  // of a call; as it was before the first bar
    bool was_above = true;                  // of a crossover, on the last bar on which both were known
  };
  struct Column {
    std::size_t kept = 0;  // values of the bars before the block, for histories
    std::vector<double> values;
  };

  double* column_of(pine::Slot slot) { return columns_[slot].values.data() + columns_[slot].kept; }
  Operand operand_of(pine::Slot slot);
  Step make_step(const pine::Operation& operation, const pine::SourceRange& range);
  void share(const Code& code, const ColumnPlan& plan, ColumnSharing& sharing, std::vector<bool>& is_private);
  bool take_shared(const pine::Operation& operation, ColumnSharing& sharing);
  bool account_for(const pine::Operation& operation, std::size_t longest);
  bool compute_shared(const pine::Operation& operation, const pine::SourceRange& range, ColumnSharing& sharing);
  void make_room(const Code& code, const std::vector<bool>& is_private);
  void keep_the_rest(Code& code, const ColumnPlan& plan);
  void rewind();
  void compute_to(std::size_t bar);
  void compute_block();
  void fill_bars();
  void compute(Step& step);
  void look_back(Step& step);
  void call(Step& step);
  bool compute_bits(Step& step, std::uint64_t* words);
  void cross(Step& step, const double* a, const double* b, std::uint64_t* words);
  static bool needs_bars(const Step& step);
  /// Its values of the block; `room` is for those that are kept as bits.
  const double* values_of(const Operand& operand, std::vector<double>& room) const;

  Surroundings around_;
  std::vector<Column> columns_;  // by slot: computed here, or of one value; empty where not needed
  std::vector<std::shared_ptr<const SharedColumn>> shared_;  // by slot; null where not shared
  std::vector<bool> is_private_;                             // by slot: a column of blocks
  std::vector<const ChartColumn*> chart_;                    // by slot
  std::vector<Step> steps_;
  std::vector<Read> read_;  // by the body
  std::vector<double> room_[3];
  std::vector<BarView> bars_;  // of the block
  std::optional<Failure> failure_;
  std::size_t begin_ = 0, end_ = 0;  // of the block
  std::uint64_t steps_of_bar_ = 0, shared_steps_of_bar_ = 0;
};

}  // namespace tradeassist::backtest
