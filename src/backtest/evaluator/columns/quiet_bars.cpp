#include "backtest/evaluator/columns/quiet_bars.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "backtest/elementwise/elementwise.hpp"
#include "backtest/evaluator/arithmetic.hpp"
#include "backtest/evaluator/functions.hpp"

namespace tradeassist::backtest {

using pine::Function;
using pine::kNoSlot;
using pine::Opcode;
using pine::Operation;
using pine::Slot;

namespace {

constexpr int kConditionDepthMax = 32;
constexpr double kBarsBackMax = 256;            // of [], always kept for an offset that is constant
constexpr std::size_t kFirstLanes = 8;          // the next bar that is not quiet is often near
constexpr std::size_t kBarsWithoutTryMax = 64;  // while no bar is quiet

/// Values of the broker that change with its trades alone.
bool changes_with_trades_only(Function function) {
  switch (function) {
    case Function::kStrategyPositionSize:
    case Function::kStrategyPositionAvgPrice:
    case Function::kStrategyPositionEntryName:
    case Function::kStrategyOpentrades:
    case Function::kStrategyClosedtrades:
    case Function::kStrategyWintrades:
    case Function::kStrategyLosstrades:
    case Function::kStrategyEventrades:
    case Function::kStrategyInitialCapital:
    case Function::kStrategyNetprofit:
    case Function::kStrategyGrossprofit:
    case Function::kStrategyGrossloss:
    case Function::kStrategyNetprofitPercent:
    case Function::kStrategyGrossprofitPercent:
    case Function::kStrategyGrosslossPercent:
    case Function::kStrategyAvgTrade:
    case Function::kStrategyAvgWinningTrade:
    case Function::kStrategyAvgLosingTrade:
    case Function::kOpentradesEntryId:
    case Function::kOpentradesEntryPrice:
    case Function::kOpentradesEntryBarIndex:
    case Function::kOpentradesEntryTime:
    case Function::kOpentradesEntryComment:
    case Function::kOpentradesSize: return true;
    default: return function >= Function::kClosedtradesEntryId && function <= Function::kClosedtradesMaxDrawdown;
  }
}

/// Values of the broker that follow from its trades and the bar's close.
bool follows_from_close(Function function) {
  return function == Function::kStrategyEquity || function == Function::kStrategyOpenprofit;
}

bool is_strategy_call(const Operation& operation) {
  return operation.opcode == Opcode::kCall && pine::is_strategy_value(operation.function);
}

bool is_comparison(Opcode opcode) { return opcode >= Opcode::kLess && opcode <= Opcode::kNotEqual; }

std::uint64_t first_bits(std::size_t count) { return ~std::uint64_t{0} >> (64 - count); }

}  // namespace

QuietBars::QuietBars(const Surroundings& surroundings)
    : around_(surroundings),
      sources_(around_.program.slot_count, Source::kSteady),
      writer_(around_.program.slot_count, around_.code.size()),
      wanted_(around_.program.slot_count, false),
      chart_(around_.program.slot_count, nullptr),
      columns_(around_.program.slot_count, nullptr),
      rooms_(around_.program.slot_count) {
  const std::vector<Operation>& operations = around_.code.operations;
  for (const ChartColumn& column : around_.chart_columns) {
    chart_[column.slot] = column.values;
    sources_[column.slot] = Source::kColumn;
  }
  for (Slot slot = 0; slot < around_.program.slot_count; ++slot) {
    columns_[slot] = around_.columns.read_of(slot);
    if (columns_[slot] != nullptr) sources_[slot] = Source::kColumn;
  }
  const SlotUses uses(around_.program, around_.code, around_.slots, around_.chart_columns);
  const std::vector<bool> conditional = conditional_operations(operations);
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (is_lane(operations[i], i, conditional[i], uses)) classify(operations[i], i);
  }
  // The past of what changes from bar to bar would have to be kept on every bar.
  const auto changes = [&](const Operation& operation) {
    return operation.opcode == Opcode::kHistory &&
           sources_[around_.program.histories[operation.index].slot] != Source::kSteady;
  };
  if (std::ranges::any_of(operations, changes)) return;
  find_points(conditional);
  if (!possible_) return;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const Operation& operation = operations[i];
    if (operation.results != 1 || writer_[operation.dst] != i || !wanted_[operation.dst]) continue;
    if (sources_[operation.dst] == Source::kSteady) {
      steady_.operations.push_back(operation);
      steady_.ranges.push_back(around_.code.ranges[i]);
    } else {
      add_lane(operation);
    }
  }
  pending_.resize(points_.size() + 1);
}

/// An operation that changes nothing but its result, which only matters where it is carried out, and cannot fail.
bool QuietBars::is_lane(const Operation& operation, std::size_t at, bool conditional, const SlotUses& uses) const {
  const bool looks_back = operation.opcode == Opcode::kHistory && uses.is_constant(operation.a) &&
                          around_.slots[operation.a] >= 1 && around_.slots[operation.a] <= kBarsBackMax;
  const bool is_pure =
      is_arithmetic(operation.opcode) || is_math(operation) || is_strategy_call(operation) || looks_back;
  return is_pure && operation.count <= kOperandsMax && operation.results == 1 && uses.is_defined_by(operation, at) &&
         (!conditional || uses.stays_in_branch(operation, at));
}

void QuietBars::classify(const Operation& operation, std::size_t at) {
  bool is_steady = true, is_known = true;
  for_each_read(around_.program, operation, [&](Slot slot) {
    is_steady = is_steady && sources_[slot] == Source::kSteady;
    is_known = is_known && sources_[slot] != Source::kUnknown;
  });
  Source& source = sources_[operation.dst];
  writer_[operation.dst] = at;
  if (operation.opcode == Opcode::kHistory) {
    source = Source::kUnknown;
  } else if (!is_strategy_call(operation)) {
    source = is_steady ? Source::kSteady : is_known ? Source::kLane : Source::kUnknown;
  } else if (follows_from_close(operation.function)) {
    source = Source::kLane;
  } else {
    source = is_steady && changes_with_trades_only(operation.function) ? Source::kSteady : Source::kUnknown;
  }
}

/// Marks what is computed on every bar that a slot needs.
void QuietBars::want(Slot wanted) {
  std::vector<Slot> pending = {wanted};
  while (!pending.empty()) {
    const Slot slot = pending.back();
    pending.pop_back();
    if (wanted_[slot]) continue;
    wanted_[slot] = true;
    const std::size_t writer = writer_[slot];
    if (writer == around_.code.size()) continue;
    for_each_read(around_.program, around_.code.operations[writer], [&](Slot operand) { pending.push_back(operand); });
  }
}

std::size_t QuietBars::add_condition(Slot slot, int depth) {
  Condition condition;
  const std::size_t writer = writer_[slot];
  const Operation* const operation = writer < around_.code.size() ? &around_.code.operations[writer] : nullptr;
  const bool is_made_here = operation != nullptr && sources_[slot] != Source::kSteady && depth < kConditionDepthMax;
  const Opcode opcode = is_made_here ? operation->opcode : Opcode::kCall;
  if (opcode == Opcode::kMove) return add_condition(operation->a, depth + 1);
  if (opcode == Opcode::kAnd || opcode == Opcode::kOr) {
    condition.kind = opcode == Opcode::kAnd ? Condition::Kind::kAnd : Condition::Kind::kOr;
    condition.left = add_condition(operation->a, depth + 1);
    condition.right = add_condition(operation->b, depth + 1);
  } else if (opcode == Opcode::kNot) {
    condition.kind = Condition::Kind::kNot;
    condition.left = add_condition(operation->a, depth + 1);
  } else if (sources_[slot] == Source::kUnknown) {
    condition.kind = Condition::Kind::kUnknown;
  } else if (is_comparison(opcode)) {
    condition.kind = Condition::Kind::kComparison;
    condition.opcode = opcode;
    condition.slot = operation->a;
    condition.other = operation->b;
    for (const Slot operand : {operation->a, operation->b}) {
      want(operand);
      make_room(operand);
    }
  } else {
    condition.kind = Condition::Kind::kValue;
    condition.slot = slot;
    want(slot);
  }
  conditions_.push_back(condition);
  return conditions_.size() - 1;
}

void QuietBars::find_points(const std::vector<bool>& conditional) {
  const std::vector<Operation>& operations = around_.code.operations;
  std::vector<bool> is_target(operations.size() + 1, false);
  for (const Operation& operation : operations) {
    if (pine::is_jump(operation.opcode)) is_target[operation.target] = true;
  }
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const Operation& operation = operations[i];
    if (operation.results == 1 && writer_[operation.dst] == i) continue;
    Point point;
    point.at = i;
    const bool is_forward = pine::is_jump(operation.opcode) && operation.target > i;
    if (is_forward && operation.opcode == Opcode::kJump) {
      point.kind = Point::Kind::kJump;
    } else if (is_forward && operation.opcode == Opcode::kJumpIfFalse) {
      point.kind = Point::Kind::kJumpIfFalse;
    } else if (is_forward && (operation.opcode == Opcode::kJumpIfTrue || operation.opcode == Opcode::kJumpIfSet)) {
      point.kind = Point::Kind::kJumpIfTrue;
    }
    const bool is_effect = point.kind == Point::Kind::kEffect;
    if (is_effect && !conditional[i]) return;  // on every bar
    if (is_effect && !points_.empty() && points_.back().kind == Point::Kind::kEffect && points_.back().at + 1 == i &&
        !is_target[i]) {
      points_.back().at = i;  // the same bars do both
      continue;
    }
    if (!is_effect) {
      point.target = operation.target;
      if (point.kind != Point::Kind::kJump) point.condition = add_condition(operation.a, 0);
    }
    points_.push_back(point);
    if (operation.opcode == Opcode::kJumpIfSet) points_.push_back({.at = i + 1});  // it sets what it reads
  }
  for (Point& point : points_) {  // from operations to points
    const auto next = std::ranges::lower_bound(points_, point.target, {}, &Point::at);
    point.target = static_cast<std::size_t>(next - points_.begin());
  }
  possible_ = true;
}

void QuietBars::make_room(Slot slot) {
  if (slot != kNoSlot && rooms_[slot].empty()) rooms_[slot].assign(kLanes, arithmetic::kNotANumber);
}

void QuietBars::add_lane(const Operation& operation) {
  Lane lane;
  lane.operation = operation;
  if (is_arithmetic(operation.opcode)) {
    lane.operands = {operation.a, operation.b, operation.c};
  } else {
    for (std::uint32_t i = 0; i < operation.count; ++i) {
      lane.operands.push_back(around_.program.operands[operation.first + i]);
    }
  }
  for (const Slot operand : lane.operands) make_room(operand);
  make_room(operation.dst);
  lanes_.push_back(std::move(lane));
}

/// Of bars [bar, bar + count) of one block of the columns.
const double* QuietBars::values_of(Slot slot, std::size_t bar, std::size_t count) {
  if (slot == kNoSlot) return nullptr;
  std::vector<double>& room = rooms_[slot];
  if (sources_[slot] == Source::kLane) return room.data();
  if (sources_[slot] == Source::kSteady) {
    const double value = around_.slots[slot];
    if (std::bit_cast<std::uint64_t>(room[0]) != std::bit_cast<std::uint64_t>(value)) std::ranges::fill(room, value);
    return room.data();
  }
  if (chart_[slot] != nullptr) return chart_[slot] + bar;
  const ColumnEvaluator::Read& column = *columns_[slot];
  if (column.bits == nullptr) return column.values + (bar - (column.is_whole ? 0 : around_.columns.block_begin()));
  expand_truths(column.bits, bar, count, room.data());
  return room.data();
}

void QuietBars::compute(const Lane& lane, std::size_t bar, std::size_t count) {
  const Operation& operation = lane.operation;
  double* const out = rooms_[operation.dst].data();
  if (is_arithmetic(operation.opcode)) {
    const double* const a = values_of(lane.operands[0], bar, count);
    const double* const b = values_of(lane.operands[1], bar, count);
    const double* const c = values_of(lane.operands[2], bar, count);
    return elementwise().compute(operation.opcode, a, b, c, out, count);
  }
  if (is_strategy_call(operation)) {
    const double* const close = around_.close + bar;
    const bool is_equity = operation.function == Function::kStrategyEquity;
    for (std::size_t i = 0; i < count; ++i) {
      out[i] = is_equity ? around_.broker.equity_at(close[i]) : around_.broker.open_profit_at(close[i]);
    }
    return;
  }
  std::array<double, kOperandsMax> slots{};
  std::array<Slot, kOperandsMax> places{};
  std::array<const double*, kOperandsMax> values{};
  const std::size_t operands = lane.operands.size();
  for (std::size_t k = 0; k < operands; ++k) {
    values[k] = values_of(lane.operands[k], bar, count);
    places[k] = values[k] == nullptr ? kNoSlot : static_cast<Slot>(k);
  }
  const FunctionCall one{operation.function, operation.index, slots.data(), places.data(), operation.count};
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < operands; ++k) {
      if (values[k] != nullptr) slots[k] = values[k][i];
    }
    out[i] = math_function(one, around_.instrument);
  }
}

QuietBars::Masks QuietBars::masks_of(const Condition& condition, std::size_t bar, std::size_t count) {
  const auto known = [](std::uint64_t truths) { return Masks{truths, ~truths}; };
  switch (condition.kind) {
    case Condition::Kind::kUnknown: return {};
    case Condition::Kind::kAnd: {
      const Masks left = masks_of(conditions_[condition.left], bar, count);
      if (left.maybe_true == 0) return left;
      const Masks right = masks_of(conditions_[condition.right], bar, count);
      return {left.maybe_true & right.maybe_true, left.maybe_false | right.maybe_false};
    }
    case Condition::Kind::kOr: {
      const Masks left = masks_of(conditions_[condition.left], bar, count);
      if (left.maybe_false == 0) return left;
      const Masks right = masks_of(conditions_[condition.right], bar, count);
      return {left.maybe_true | right.maybe_true, left.maybe_false & right.maybe_false};
    }
    case Condition::Kind::kNot: {
      const Masks negated = masks_of(conditions_[condition.left], bar, count);
      return {negated.maybe_false, negated.maybe_true};
    }
    case Condition::Kind::kComparison: {
      std::uint64_t word = 0;
      const double* const a = values_of(condition.slot, bar, count);
      elementwise().compare(condition.opcode, a, values_of(condition.other, bar, count), &word, count);
      return known(word);
    }
    case Condition::Kind::kValue: break;
  }
  const Slot slot = condition.slot;
  if (sources_[slot] == Source::kSteady) {
    return known(arithmetic::is_true(around_.slots[slot]) ? ~std::uint64_t{0} : 0);
  }
  const ColumnEvaluator::Read* const column = columns_[slot];
  std::uint64_t word = 0;
  if (column != nullptr && column->bits != nullptr) {
    const std::size_t shift = bar % 64;
    word = column->bits[bar / 64] >> shift;
    if (shift + count > 64) word |= column->bits[bar / 64 + 1] << (64 - shift);
  } else {
    elementwise().truths(values_of(slot, bar, count), &word, count);
  }
  return known(word);
}

/// Bit i: on bar `bar + i` the body may do something.
std::uint64_t QuietBars::active(std::size_t bar, std::size_t count) {
  std::ranges::fill(pending_, 0);
  const std::uint64_t all = first_bits(count);
  std::uint64_t here = all, found = 0;
  for (std::size_t i = 0; i < points_.size(); ++i) {
    const Point& point = points_[i];
    here = (here | pending_[i]) & ~found;
    if (here == 0) continue;
    switch (point.kind) {
      case Point::Kind::kEffect:
        found |= here;
        if ((found & 1) != 0) return found;
        break;
      case Point::Kind::kJump:
        pending_[point.target] |= here;
        here = 0;
        break;
      case Point::Kind::kJumpIfFalse:
      case Point::Kind::kJumpIfTrue: {
        const Masks masks = masks_of(conditions_[point.condition], bar, count);
        const bool if_true = point.kind == Point::Kind::kJumpIfTrue;
        pending_[point.target] |= here & (if_true ? masks.maybe_true : masks.maybe_false);
        here &= if_true ? masks.maybe_false : masks.maybe_true;
        break;
      }
    }
  }
  return found & all;
}

std::size_t QuietBars::skip(std::size_t bar, std::size_t end) {
  if (!possible_ || bar < next_try_) return bar;
  const std::size_t first = bar;
  // No further than the block: where an order fills before, its columns are still needed.
  end = std::min(end, around_.columns.prepare(bar));
  const auto& failure = around_.columns.failure();
  if (failure && failure->bar <= bar) return bar;
  if (!steady_.operations.empty()) around_.carry_out(steady_);
  for (std::size_t lanes = kFirstLanes; bar < end; lanes = std::min(2 * lanes, kLanes)) {
    const std::size_t count = std::min(lanes, end - bar);
    for (const Lane& lane : lanes_) compute(lane, bar, count);
    std::uint64_t found = active(bar, count);
    if (failure && failure->bar < bar + count) found |= std::uint64_t{1} << (failure->bar - bar);
    if (found != 0) {
      bar += static_cast<std::size_t>(std::countr_zero(found));
      break;
    }
    bar += count;
  }
  next_try_ = bar > first ? 0 : bar + 1 + without_try_;
  without_try_ = bar > first ? 0 : std::min(2 * without_try_ + 1, kBarsWithoutTryMax);
  return bar;
}

}  // namespace tradeassist::backtest
