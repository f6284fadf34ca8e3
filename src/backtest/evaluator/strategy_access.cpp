// What a script reads from the broker and tells it.
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "backtest/evaluator/evaluator.hpp"

namespace tradeassist::backtest {

using pine::Function;
using pine::Operation;

namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

double text_or_na(TextId id) { return id == kNoText ? kNotANumber : static_cast<double>(id); }

double ratio(double a, double b) { return b == 0 ? kNotANumber : a / b; }

}  // namespace

TextId Evaluator::group_of(const Operation& operation, std::uint32_t i) const {
  const TextId name = text_of(operation, i);
  return name == kNoText || texts_.text(name).empty() ? kNoText : name;
}

TextId Evaluator::text_of(const Operation& operation, std::uint32_t i) const {
  const double value = operand(operation, i);
  if (value != value) return kNoText;
  texts_.pin(value);  // the broker keeps it
  return static_cast<TextId>(value);
}

double Evaluator::strategy_value(Function function, double argument) const {
  if (broker_ == nullptr) return kNotANumber;
  const Broker& broker = *broker_;
  const double initial = broker.initial_capital();
  const auto count = [](std::size_t n) { return static_cast<double>(n); };
  switch (function) {
    case Function::kStrategyPositionSize: return broker.position_size();
    case Function::kStrategyPositionAvgPrice: return broker.position_average_price();
    case Function::kStrategyPositionEntryName: return text_or_na(broker.position_entry_name());
    case Function::kStrategyOpentrades: return count(broker.open_trade_count());
    case Function::kStrategyClosedtrades: return count(broker.closed_trades().size());
    case Function::kStrategyWintrades: return count(broker.win_count());
    case Function::kStrategyLosstrades: return count(broker.loss_count());
    case Function::kStrategyEventrades: return count(broker.even_count());
    case Function::kStrategyEquity: return broker.equity();
    case Function::kStrategyInitialCapital: return initial;
    case Function::kStrategyNetprofit: return broker.net_profit();
    case Function::kStrategyOpenprofit: return broker.open_profit();
    case Function::kStrategyGrossprofit: return broker.gross_profit();
    case Function::kStrategyGrossloss: return broker.gross_loss();
    case Function::kStrategyMaxDrawdown: return broker.max_drawdown();
    case Function::kStrategyMaxRunup: return broker.max_run_up();
    case Function::kStrategyNetprofitPercent: return ratio(100 * broker.net_profit(), initial);
    case Function::kStrategyOpenprofitPercent: return ratio(100 * broker.open_profit(), initial + broker.net_profit());
    case Function::kStrategyGrossprofitPercent: return ratio(100 * broker.gross_profit(), initial);
    case Function::kStrategyGrosslossPercent: return ratio(100 * broker.gross_loss(), initial);
    case Function::kStrategyMaxContractsHeldAll: return broker.max_contracts_held(0);
    case Function::kStrategyMaxContractsHeldLong: return broker.max_contracts_held(1);
    case Function::kStrategyMaxContractsHeldShort: return broker.max_contracts_held(-1);
    case Function::kStrategyAvgTrade:
      return ratio(broker.gross_profit() - broker.gross_loss(), count(broker.closed_trades().size()));
    case Function::kStrategyAvgWinningTrade: return ratio(broker.gross_profit(), count(broker.win_count()));
    case Function::kStrategyAvgLosingTrade: return ratio(broker.gross_loss(), count(broker.loss_count()));
    case Function::kStrategyMarginLiquidationPrice: return broker.margin_liquidation_price();
    case Function::kStrategyDefaultEntryQty: return broker.default_entry_quantity(argument);
    case Function::kStrategyAvgTradePercent: return broker.average_trade_percent(0);
    case Function::kStrategyAvgWinningTradePercent: return broker.average_trade_percent(1);
    case Function::kStrategyAvgLosingTradePercent: return broker.average_trade_percent(-1);
    case Function::kStrategyMaxDrawdownPercent: return broker.max_drawdown_percent();
    case Function::kStrategyMaxRunupPercent: return broker.max_run_up_percent();
    case Function::kOpentradesCapitalHeld: return broker.capital_held();
    case Function::kClosedtradesFirstIndex: return 0;  // no trade of a run is trimmed
    case Function::kStrategyConvertToAccount: return argument * broker.currency_rate();
    case Function::kStrategyConvertToSymbol: return argument / broker.currency_rate();
    default: return kNotANumber;
  }
}

double Evaluator::trade_value(Function function, double number) const {
  if (broker_ == nullptr) return kNotANumber;
  const bool open = function < Function::kClosedtradesEntryId;
  const std::span<const Trade> closed = broker_->closed_trades();
  const std::size_t count = open ? broker_->open_trade_count() : closed.size();
  const bool is_size = function == Function::kOpentradesSize || function == Function::kClosedtradesSize;
  if (!(number >= 0) || number >= static_cast<double>(count)) return is_size ? 0.0 : kNotANumber;
  const auto at = static_cast<std::size_t>(number);
  const Trade trade = open ? broker_->open_trade(at) : closed[at];
  const auto time_at = [&](std::uint32_t bar) {
    return static_cast<double>(base::to_milliseconds(base::time_from_nanoseconds(chart_.series().time[bar])));
  };
  const double cost = trade.entry_price * trade.quantity * trade.point_value;
  switch (function) {
    case Function::kOpentradesEntryId:
    case Function::kClosedtradesEntryId: return text_or_na(trade.entry_id);
    case Function::kOpentradesEntryPrice:
    case Function::kClosedtradesEntryPrice: return trade.entry_price;
    case Function::kOpentradesEntryBarIndex:
    case Function::kClosedtradesEntryBarIndex: return trade.entry_bar;
    case Function::kOpentradesEntryTime:
    case Function::kClosedtradesEntryTime: return time_at(trade.entry_bar);
    case Function::kOpentradesEntryComment:
    case Function::kClosedtradesEntryComment: return text_or_na(trade.entry_comment);
    case Function::kOpentradesSize:
    case Function::kClosedtradesSize: return static_cast<double>(trade.direction) * trade.quantity;
    case Function::kOpentradesProfit:
    case Function::kClosedtradesProfit: return trade.profit;
    case Function::kOpentradesProfitPercent:
    case Function::kClosedtradesProfitPercent: return ratio(100 * trade.profit, cost);
    case Function::kOpentradesCommission: return trade.entry_commission;
    case Function::kClosedtradesCommission: return trade.entry_commission + trade.exit_commission;
    case Function::kOpentradesMaxRunup:
    case Function::kClosedtradesMaxRunup: return trade.run_up;
    case Function::kOpentradesMaxRunupPercent:
    case Function::kClosedtradesMaxRunupPercent: return ratio(100 * trade.run_up, cost);
    case Function::kOpentradesMaxDrawdownPercent:
    case Function::kClosedtradesMaxDrawdownPercent: return ratio(-100 * trade.drawdown, cost);
    case Function::kOpentradesMaxDrawdown:
    case Function::kClosedtradesMaxDrawdown: return -trade.drawdown;
    case Function::kClosedtradesExitId: return text_or_na(trade.exit_id);
    case Function::kClosedtradesExitPrice: return trade.exit_price;
    case Function::kClosedtradesExitBarIndex: return trade.exit_bar;
    case Function::kClosedtradesExitTime: return time_at(trade.exit_bar);
    case Function::kClosedtradesExitComment: return text_or_na(trade.exit_comment);
    default: return kNotANumber;
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
  const auto number = [&](std::uint32_t i) { return operand(operation, i); };
  const auto number_or = [&](std::uint32_t i, double fallback) {
    const double value = number(i);
    return value == value ? value : fallback;
  };
  // The message of an order's alert; none when the alert is disabled.
  const auto alert = [&](std::uint32_t i, std::uint32_t disabled) {
    return number_or(disabled, 0) != 0 ? kNoText : group_of(operation, i);
  };
  switch (operation.function) {
    case Function::kStrategyEntry:
    case Function::kStrategyOrder: {
      const double direction = number(1);
      if (direction != 1 && direction != -1) return;
      EntryRequest request;
      request.id = text_of(operation, 0);
      request.direction = direction > 0 ? Direction::kLong : Direction::kShort;
      request.quantity = number(2);
      // An explicit na or nonsense quantity places nothing; an absent one means the default size.
      const bool explicit_quantity = operation.count > 2 && program_.operands[operation.first + 2] != pine::kNoSlot;
      if (explicit_quantity && !(request.quantity > 0)) return;
      request.limit = number(3);
      request.stop = number(4);
      request.comment = text_of(operation, 7);
      request.alert = alert(8, 9);
      request.reverses = operation.function == Function::kStrategyEntry;
      request.oca_name = group_of(operation, 5);
      if (const TextId type = text_of(operation, 6); type != kNoText) {
        if (texts_.text(type) == "strategy.oca.cancel") request.oca_type = OcaType::kCancel;
        if (texts_.text(type) == "strategy.oca.reduce") request.oca_type = OcaType::kReduce;
      }
      broker_->place(request);
      return;
    }
    case Function::kStrategyExit: {
      ExitRequest request;
      request.id = text_of(operation, 0);
      request.from_entry = group_of(operation, 1);
      request.quantity = number(2);
      request.quantity_percent = number_or(3, 100);
      request.profit = number(4);
      request.limit = number(5);
      request.loss = number(6);
      request.stop = number(7);
      request.trail_price = number(8);
      request.trail_points = number(9);
      request.trail_offset = number(10);
      request.oca_name = group_of(operation, 11);
      request.comment = text_of(operation, 12);
      request.comment_profit = text_of(operation, 13);
      request.comment_loss = text_of(operation, 14);
      request.comment_trailing = text_of(operation, 15);
      request.alert = alert(16, 20);
      request.alert_profit = alert(17, 20);
      request.alert_loss = alert(18, 20);
      request.alert_trailing = alert(19, 20);
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
      request.alert = all ? alert(2, 3) : alert(5, 6);
      // One past the place in the text: a call inside a function has the same wherever it is called from.
      const auto at = static_cast<std::size_t>(&operation - program_.body.data());
      request.call_site = static_cast<std::uint32_t>(program_.body_ranges[at].begin) + 1;
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
