// What a script tells the broker. The texts of a command hardly ever change: they are looked up once, and a request
// made of them waits for its numbers.
#include <fmt/format.h>

#include "backtest/evaluator/evaluator.hpp"

namespace tradeassist::backtest {

using pine::Function;
using pine::Opcode;
using pine::Operation;

namespace {

enum EntryOperand : std::uint32_t {
  kEntryId,
  kEntryDirection,
  kEntryQuantity,
  kEntryLimit,
  kEntryStop,
  kEntryOcaName,
  kEntryOcaType,
  kEntryComment,
  kEntryAlert,
  kEntryAlertDisabled,
};
constexpr std::uint32_t kExitAlertDisabled = 20;

bool is_entry(Function function) {
  return function == Function::kStrategyEntry || function == Function::kStrategyOrder;
}

/// Operands of a command that are texts, or say whether one counts.
bool is_text(Function function, std::uint32_t i) {
  if (is_entry(function)) return i == kEntryId || i >= kEntryOcaName;
  return i <= 1 || i >= 11;  // of strategy.exit
}

}  // namespace

TextId Evaluator::group_of(const Operation& operation, std::uint32_t i) const {
  const TextId name = text_of(operation, i);
  return name == kNoText || texts_.text(name).empty() ? kNoText : name;
}

TextId Evaluator::text_of(const Operation& operation, std::uint32_t i) const {
  const double value = operand(operation, i);
  if (value != value) return kNoText;
  const auto id = static_cast<TextId>(value);
  texts_.pin(id);  // the broker keeps it
  return id;
}

/// The message of an order's alert; none when the alert is disabled.
TextId Evaluator::alert_of(const Operation& operation, std::uint32_t i, std::uint32_t disabled) const {
  const double value = operand(operation, disabled);
  return value == value && value != 0 ? kNoText : group_of(operation, i);
}

EntryRequest Evaluator::entry_texts(const Operation& operation) const {
  EntryRequest request;
  request.id = text_of(operation, kEntryId);
  request.comment = text_of(operation, kEntryComment);
  request.alert = alert_of(operation, kEntryAlert, kEntryAlertDisabled);
  request.reverses = operation.function == Function::kStrategyEntry;
  request.oca_name = group_of(operation, kEntryOcaName);
  if (const TextId type = text_of(operation, kEntryOcaType); type != kNoText) {
    if (texts_.text(type) == "strategy.oca.cancel") request.oca_type = OcaType::kCancel;
    if (texts_.text(type) == "strategy.oca.reduce") request.oca_type = OcaType::kReduce;
  }
  return request;
}

ExitRequest Evaluator::exit_texts(const Operation& operation) const {
  ExitRequest request;
  request.id = text_of(operation, 0);
  request.from_entry = group_of(operation, 1);
  request.oca_name = group_of(operation, 11);
  request.comment = text_of(operation, 12);
  request.comment_profit = text_of(operation, 13);
  request.comment_loss = text_of(operation, 14);
  request.comment_trailing = text_of(operation, 15);
  request.alert = alert_of(operation, 16, kExitAlertDisabled);
  request.alert_profit = alert_of(operation, 17, kExitAlertDisabled);
  request.alert_loss = alert_of(operation, 18, kExitAlertDisabled);
  request.alert_trailing = alert_of(operation, 19, kExitAlertDisabled);
  return request;
}

/// After the prologue: what no operation of the script's body writes, in columns or on the bar, is what it will be.
void Evaluator::prepare_commands() {
  std::vector<bool> changes(program_.slot_count, false);
  for (const Operation& operation : program_.body) {
    for (std::uint32_t k = 0; k < operation.results; ++k) changes[operation.dst + k] = true;
  }
  for (const auto& [slot, column] : loads_) changes[slot] = true;
  for (const auto& [slot, column] : source_inputs_) changes[slot] = true;
  command_texts_.assign(body_.operations.size(), kNoTexts);
  for (std::size_t at = 0; at < body_.operations.size(); ++at) {
    const Operation& operation = body_.operations[at];
    const bool is_exit = operation.function == Function::kStrategyExit;
    if (operation.opcode != Opcode::kCommand || (!is_entry(operation.function) && !is_exit)) continue;
    bool fixed = true;
    for (std::uint32_t i = 0; i < operation.count; ++i) {
      const pine::Slot slot = program_.operands[operation.first + i];
      if (slot != pine::kNoSlot && is_text(operation.function, i)) fixed = fixed && !changes[slot];
    }
    if (!fixed) continue;
    if (is_exit) {
      command_texts_[at] = static_cast<std::uint32_t>(exit_texts_.size());
      exit_texts_.push_back(exit_texts(operation));
    } else {
      command_texts_[at] = static_cast<std::uint32_t>(entry_texts_.size());
      entry_texts_.push_back(entry_texts(operation));
    }
  }
}

void Evaluator::command(const Operation& operation) {
  const std::size_t pending = broker_->pending_count();
  if (pending >= options_.limits.pending_orders_max) {
    context_.fault = {fmt::format("more than {} orders wait to be filled", options_.limits.pending_orders_max),
                      base::ErrorCode::kResourceExhausted};
    return;
  }
  if (!spend(1 + pending)) return;
  const auto at = static_cast<std::size_t>(&operation - body_.operations.data());  // commands are in the body alone
  const std::uint32_t texts = command_texts_[at];
  const auto number = [&](std::uint32_t i) { return operand(operation, i); };
  const auto number_or = [&](std::uint32_t i, double fallback) {
    const double value = number(i);
    return value == value ? value : fallback;
  };
  switch (operation.function) {
    case Function::kStrategyEntry:
    case Function::kStrategyOrder: {
      const double direction = number(kEntryDirection), quantity = number(kEntryQuantity);
      if (direction != 1 && direction != -1) return;
      // An explicit na or nonsense quantity places nothing; an absent one means the default size.
      const bool explicit_quantity =
          operation.count > kEntryQuantity && program_.operands[operation.first + kEntryQuantity] != pine::kNoSlot;
      if (explicit_quantity && !(quantity > 0)) {
        broker_->reject_without_quantity();
        return;
      }
      EntryRequest& request = texts == kNoTexts ? own_entry_ = entry_texts(operation) : entry_texts_[texts];
      request.direction = direction > 0 ? Direction::kLong : Direction::kShort;
      request.quantity = quantity;
      request.limit = number(kEntryLimit);
      request.stop = number(kEntryStop);
      broker_->place(request);
      return;
    }
    case Function::kStrategyExit: {
      ExitRequest& request = texts == kNoTexts ? own_exit_ = exit_texts(operation) : exit_texts_[texts];
      request.quantity = number(2);
      request.quantity_percent = number_or(3, 100);
      request.profit = number(4);
      request.limit = number(5);
      request.loss = number(6);
      request.stop = number(7);
      request.trail_price = number(8);
      request.trail_points = number(9);
      request.trail_offset = number(10);
      broker_->place(request);
      return;
    }
    case Function::kStrategyClose:
    case Function::kStrategyCloseAll: {
      CloseRequest request;
      const bool all = operation.function == Function::kStrategyCloseAll;
      if (!all) {
        request.id = text_of(operation, 0);
        request.quantity = number(2);
        request.quantity_percent = number_or(3, 100);
      }
      request.comment = text_of(operation, all ? 0 : 1);
      request.immediately = number_or(all ? 1 : 4, 0) != 0;
      request.alert = all ? alert_of(operation, 2, 3) : alert_of(operation, 5, 6);
      // One past the place in the text: a call inside a function has the same wherever it is called from.
      request.call_site = static_cast<std::uint32_t>(body_.ranges[at].begin) + 1;
      broker_->place(request);
      return;
    }
    case Function::kStrategyCancel: broker_->cancel(text_of(operation, 0)); return;
    case Function::kStrategyCancelAll: broker_->cancel_all(); return;
    case Function::kStrategyRiskAllowEntryIn: broker_->allow_entry_in(static_cast<int>(number_or(0, 0))); return;
    case Function::kStrategyRiskMaxConsLossDays: broker_->risk_rules().max_losing_days = number(0); return;
    case Function::kStrategyRiskMaxIntradayFilledOrders: broker_->risk_rules().max_filled_orders = number(0); return;
    case Function::kStrategyRiskMaxPositionSize: broker_->risk_rules().max_position_size = number(0); return;
    case Function::kStrategyRiskMaxDrawdown:
    case Function::kStrategyRiskMaxIntradayLoss: {
      const TextId type = text_of(operation, 1);
      const bool percent = type != kNoText && texts_.text(type) == "strategy.percent_of_equity";
      const bool of_day = operation.function == Function::kStrategyRiskMaxIntradayLoss;
      RiskRules& rules = broker_->risk_rules();
      (of_day ? rules.max_intraday_loss : rules.max_drawdown) = {number(0), percent};
      return;
    }
    default: return;
  }
}

}  // namespace tradeassist::backtest
