// What a script reads from the broker.
#include <cmath>
#include <limits>

#include "backtest/evaluator/evaluator.hpp"

namespace tradeassist::backtest {

using pine::Function;

namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

double text_or_na(TextId id) { return id == kNoText ? kNotANumber : static_cast<double>(id); }

double ratio(double a, double b) { return b == 0 ? kNotANumber : a / b; }

}  // namespace

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

}  // namespace tradeassist::backtest
