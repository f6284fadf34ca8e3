#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "backtest/evaluator/columns/plan.hpp"
#include "backtest/evaluator/columns/shared_columns.hpp"

namespace tradeassist::backtest {

/// The columns of one run by the names under which runs share them. An operation can be shared when it depends on
/// nothing but its operands and the chart, and they can.
class ColumnSharing {
 public:
  /// `chart`: by slot, null where it holds no column of the chart. All outlive it.
  ColumnSharing(const pine::Program& program, std::span<const double> slots, std::span<const ChartColumn* const> chart,
                SharedColumns& columns);

  /// Names the results of an operation that is computed as a column, if it can be shared. After its operands.
  void name(const pine::Operation& operation);
  bool is_named(pine::Slot slot) const { return names_[slot].has_value(); }
  /// From now on the run has them for itself.
  void forget(const pine::Operation& operation);

  std::shared_ptr<const SharedColumn> find(pine::Slot slot) { return columns_.find(*names_[slot]); }
  std::shared_ptr<const SharedColumn> keep(pine::Slot slot, SharedColumn column) {
    return columns_.keep(*names_[slot], std::move(column));
  }

 private:
  bool add_operand(pine::Slot slot, SharedColumns::Identity& identity) const;

  const pine::Program& program_;
  std::span<const double> slots_;
  std::span<const ChartColumn* const> chart_;
  SharedColumns& columns_;
  std::vector<bool> is_column_;                            // by slot: computed as a column
  std::vector<std::optional<SharedColumns::Name>> names_;  // by slot
};

/// True for an operation whose result is 0 or 1 on every bar.
bool gives_truth(const pine::Operation& operation);

}  // namespace tradeassist::backtest
