#pragma once

#include <span>
#include <vector>

#include "backtest/evaluator/columns/code.hpp"

namespace tradeassist::backtest {

/// A slot that holds a value of the chart on every bar: what the body reads of its prices and times.
struct ChartColumn {
  pine::Slot slot = pine::kNoSlot;
  pine::BarField field = pine::BarField::kClose;
  const double* values = nullptr;  // one a bar
};

/// How the slots of a body are used, and what each of them holds.
class SlotUses {
 public:
  /// `slots`: as they are before the first bar. `chart` outlives it.
  SlotUses(const pine::Program& program, const Code& code, std::span<const double> slots,
           std::span<const ChartColumn> chart);

  /// By an operation of the body.
  std::size_t writers(pine::Slot slot) const { return uses_[slot].writers; }
  /// What is read before it is written has its value of the bar before. The past of a slot, by a fixed offset, is the
  /// same before and after.
  bool is_read_before(pine::Slot slot, std::size_t operation) const { return uses_[slot].first_reader <= operation; }
  const ChartColumn* chart(pine::Slot slot) const { return uses_[slot].chart; }
  /// The same on every bar.
  bool is_constant(pine::Slot slot) const { return uses_[slot].writers == 0 && uses_[slot].chart == nullptr; }
  /// True when operation `at` alone says what its results are, on every bar anew.
  bool is_defined_by(const pine::Operation& operation, std::size_t at) const;
  /// True when nothing reads the results of operation `at` but what is reached through it: on a bar on which a jump
  /// leaves it out, they do not matter.
  bool stays_in_branch(const pine::Operation& operation, std::size_t at) const;

 private:
  static constexpr std::size_t kNever = static_cast<std::size_t>(-1);
  struct Use {
    const ChartColumn* chart = nullptr;
    std::size_t writers = 0, first_reader = kNever, last_reader = 0;
  };
  std::vector<Use> uses_;
  std::vector<std::size_t> next_target_;  // by operation: the first behind it that a jump leads to
};

/// Which operations of a body are computed as columns.
class ColumnPlan {
 public:
  struct Context {
    const pine::Program& program;
    std::span<const double> slots;  // after the prologue
    std::span<const ChartColumn> chart;
    std::size_t history_max;  // bars that [] may reach back by an offset that is computed
  };
  ColumnPlan(const Context& context, const Code& code);

  bool is_column(std::size_t operation) const { return is_column_[operation]; }
  bool is_column_slot(pine::Slot slot) const { return is_column_slot_[slot]; }
  const SlotUses& uses() const { return uses_; }

 private:
  bool has_fixed_offset(const pine::Operation& history) const;
  bool can_be_column(const pine::Operation& operation, std::size_t at) const;

  Context context_;
  SlotUses uses_;
  std::vector<bool> is_column_, is_column_slot_;
};

}  // namespace tradeassist::backtest
