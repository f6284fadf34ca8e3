#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "backtest/broker.hpp"
#include "backtest/evaluator/columns/column_evaluator.hpp"

namespace tradeassist::backtest {

/// Finds the bars on which a body does nothing: no order, no variable that changes, nothing shown. It follows the jumps
/// of the body for up to 64 bars at once. What is computed on every bar for their conditions is computed in vectors;
/// all else stays as it is as long as nothing is done, the broker's trades too.
class QuietBars {
 public:
  struct Surroundings {
    const pine::Program& program;
    const Code& code;                               // what the columns have left of the body
    const std::vector<ChartColumn>& chart_columns;  // outlives this
    ColumnEvaluator& columns;
    std::vector<double>& slots;
    const Broker& broker;
    const double* close;  // of the chart
    const market::Instrument& instrument;
    std::function<void(const Code&)> carry_out;  // operations that cannot fail, on the slots
  };
  explicit QuietBars(const Surroundings& surroundings);

  /// False for a body that does something on every bar.
  bool are_possible() const { return possible_; }
  /// The first bar from `bar` on on which the body may do something, if no order fills before; no further than `end`,
  /// nor than the columns have been computed.
  std::size_t skip(std::size_t bar, std::size_t end);

 private:
  static constexpr std::size_t kLanes = 64;

  /// How a slot is known while the body does nothing.
  enum class Source : std::uint8_t { kSteady, kColumn, kLane, kUnknown };
  struct Lane {  // an operation that is computed on every bar
    pine::Operation operation;
    std::vector<pine::Slot> operands;
  };
  /// A condition of a jump.
  struct Condition {
    enum class Kind : std::uint8_t { kValue, kComparison, kAnd, kOr, kNot, kUnknown } kind = Kind::kUnknown;
    pine::Opcode opcode = pine::Opcode::kLess;               // of a comparison
    pine::Slot slot = pine::kNoSlot, other = pine::kNoSlot;  // of a value; of a comparison
    std::size_t left = 0, right = 0;                         // in conditions_
  };
  /// Bit i: on bar i of those looked at.
  struct Masks {
    std::uint64_t maybe_true = ~std::uint64_t{0}, maybe_false = ~std::uint64_t{0};
  };
  /// A place in the body where its way parts, or where it does something.
  struct Point {
    enum class Kind : std::uint8_t { kEffect, kJump, kJumpIfFalse, kJumpIfTrue } kind = Kind::kEffect;
    std::size_t at = 0;         // operation
    std::size_t condition = 0;  // in conditions_
    std::size_t target = 0;     // an operation; then the point there or after it
  };

  void find_points(const std::vector<bool>& conditional);
  bool is_lane(const pine::Operation& operation, std::size_t at, bool conditional, const SlotUses& uses) const;
  void classify(const pine::Operation& operation, std::size_t at);
  void add_lane(const pine::Operation& operation);
  void make_room(pine::Slot slot);
  void want(pine::Slot slot);
  std::size_t add_condition(pine::Slot slot, int depth);
  const double* values_of(pine::Slot slot, std::size_t bar, std::size_t count);
  void compute(const Lane& lane, std::size_t bar, std::size_t count);
  Masks masks_of(const Condition& condition, std::size_t bar, std::size_t count);
  std::uint64_t active(std::size_t bar, std::size_t count);

  static constexpr std::size_t kOperandsMax = 8;  // of a function of numbers

  Surroundings around_;
  bool possible_ = false;
  std::vector<Source> sources_;                        // by slot
  std::vector<std::size_t> writer_;                    // by slot: the operation that computes it on every bar
  std::vector<bool> wanted_;                           // by slot
  std::vector<const double*> chart_;                   // by slot
  std::vector<const ColumnEvaluator::Read*> columns_;  // by slot
  std::vector<std::vector<double>> rooms_;             // by slot: values of kLanes bars, where they are needed
  std::vector<Lane> lanes_;
  Code steady_;  // what need be computed once
  std::vector<Condition> conditions_;
  std::vector<Point> points_;
  std::vector<std::uint64_t> pending_;          // by point: bars whose way leads there
  std::size_t next_try_ = 0, without_try_ = 0;  // bars
};

}  // namespace tradeassist::backtest
