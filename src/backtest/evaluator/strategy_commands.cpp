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

/// Which operands are the numbers of a request.
constexpr std::pair<std::uint32_t, double EntryRequest::*> kEntryNumbers[] = {
    {kEntryQuantity, &EntryRequest::quantity}, {kEntryLimit, &EntryRequest::limit}, {kEntryStop, &EntryRequest::stop}};
constexpr std::pair<std::uint32_t, double ExitRequest::*> kExitNumbers[] = {
    {2, &ExitRequest::quantity},     {3, &ExitRequest::quantity_percent},
    {4, &ExitRequest::profit},       {5, &ExitRequest::limit},
    {6, &ExitRequest::loss},         {7, &ExitRequest::stop},
    {8, &ExitRequest::trail_price},  {9, &ExitRequest::trail_points},
    {10, &ExitRequest::trail_offset}};

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

/// Before the first bar: what neither an operation of the body nor a column writes is what it will be.
void Evaluator::prepare_commands() {
  std::vector<bool> changes(program_.slot_count, false);
  for (const Operation& operation : body_.operations) {
    for (std::uint32_t k = 0; k < operation.results; ++k) changes[operation.dst + k] = true;
    if (operation.opcode == Opcode::kJumpIfSet) changes[operation.a] = true;
  }
  for (const ChartColumn& column : chart_columns_) changes[column.slot] = true;
  if (columns_) columns_->mark_read(changes);
  const auto prepare = [&](const Operation& operation, const auto& numbers, auto& prepared) {
    auto& command = prepared.emplace_back();
    command.fixed_texts = true;
    for (std::uint32_t i = 0; i < operation.count; ++i) {
      const pine::Slot slot = program_.operands[operation.first + i];
      if (slot == pine::kNoSlot) continue;
      for (const auto& [number, member] : numbers) {
        if (number == i) command.numbers.emplace_back(member, slot);
      }
      if (is_text(operation.function, i) && changes[slot]) command.fixed_texts = false;
    }
    return static_cast<std::uint32_t>(prepared.size() - 1);
  };
  command_index_.assign(body_.operations.size(), 0);
  for (std::size_t at = 0; at < body_.operations.size(); ++at) {
    const Operation& operation = body_.operations[at];
    if (operation.opcode != Opcode::kCommand) continue;
    if (operation.function == Function::kStrategyExit) {
      command_index_[at] = prepare(operation, kExitNumbers, exit_commands_);
      exit_commands_.back().request = exit_texts(operation);
    } else if (is_entry(operation.function)) {
      command_index_[at] = prepare(operation, kEntryNumbers, entry_commands_);
      entry_commands_.back().request = entry_texts(operation);
    }
  }
}

void Evaluator::command(const Operation& operation) {
  // At most one more by every command: they are counted anew only where that is too many.
  if (pending_at_most_ >= options_.limits.pending_orders_max) pending_at_most_ = broker_->pending_count();
  if (pending_at_most_ >= options_.limits.pending_orders_max) {
    context_.fault = {fmt::format("more than {} orders wait to be filled", options_.limits.pending_orders_max),
                      base::ErrorCode::kResourceExhausted};
    return;
  }
  if (!spend(1 + pending_at_most_++)) return;
  const auto at = static_cast<std::size_t>(&operation - body_.operations.data());  // commands are in the body alone
  const auto number = [&](std::uint32_t i) { return operand(operation, i); };
  const auto number_or = [&](std::uint32_t i, double fallback) {
    const double value = number(i);
    return value == value ? value : fallback;
  };
  switch (operation.function) {
    case Function::kStrategyEntry:
    case Function::kStrategyOrder: {
      const double direction = number(kEntryDirection);
      if (direction != 1 && direction != -1) return;
      PreparedCommand<EntryRequest>& entry = entry_commands_[command_index_[at]];
      EntryRequest& request = entry.request;
      if (!entry.fixed_texts) request = entry_texts(operation);
      request.direction = direction > 0 ? Direction::kLong : Direction::kShort;
      bool explicit_quantity = false;
      for (const auto& [member, slot] : entry.numbers) {
        request.*member = slots_[slot];
        explicit_quantity |= member == &EntryRequest::quantity;
      }
      // An explicit na or nonsense quantity places nothing; an absent one means the default size.
      if (explicit_quantity && !(request.quantity > 0)) {
        broker_->reject_without_quantity();
      } else {
        broker_->place(request);
      }
      return;
    }
    case Function::kStrategyExit: {
      PreparedCommand<ExitRequest>& exit = exit_commands_[command_index_[at]];
      if (!exit.fixed_texts) exit.request = exit_texts(operation);
      for (const auto& [member, slot] : exit.numbers) exit.request.*member = slots_[slot];
      if (exit.request.quantity_percent != exit.request.quantity_percent) exit.request.quantity_percent = 100;
      broker_->place(exit.request);
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
