#include "pine/analysis/builtins/rows.hpp"

namespace tradeassist::pine {
namespace {

using enum Effect;

/// Accessors of trades; the commands are lowered by themselves.
constexpr BuiltinRow kStrategyRows[] = {
    {Function::kStrategyDefaultEntryQty, kReads, "strategy.default_entry_qty(fill_price: float) float"},
    {Function::kStrategyConvertToAccount, kReads, "strategy.convert_to_account(value: float) float"},
    {Function::kStrategyConvertToSymbol, kReads, "strategy.convert_to_symbol(value: float) float"},
    {Function::kOpentradesEntryId, kReads, "strategy.opentrades.entry_id(trade_num: int) string"},
    {Function::kOpentradesEntryPrice, kReads, "strategy.opentrades.entry_price(trade_num: int) float"},
    {Function::kOpentradesEntryBarIndex, kReads, "strategy.opentrades.entry_bar_index(trade_num: int) int"},
    {Function::kOpentradesEntryTime, kReads, "strategy.opentrades.entry_time(trade_num: int) int"},
    {Function::kOpentradesEntryComment, kReads, "strategy.opentrades.entry_comment(trade_num: int) string"},
    {Function::kOpentradesSize, kReads, "strategy.opentrades.size(trade_num: int) float"},
    {Function::kOpentradesProfit, kReads, "strategy.opentrades.profit(trade_num: int) float"},
    {Function::kOpentradesProfitPercent, kReads, "strategy.opentrades.profit_percent(trade_num: int) float"},
    {Function::kOpentradesCommission, kReads, "strategy.opentrades.commission(trade_num: int) float"},
    {Function::kOpentradesMaxRunup, kReads, "strategy.opentrades.max_runup(trade_num: int) float"},
    {Function::kOpentradesMaxRunupPercent, kReads, "strategy.opentrades.max_runup_percent(trade_num: int) float"},
    {Function::kOpentradesMaxDrawdownPercent, kReads, "strategy.opentrades.max_drawdown_percent(trade_num: int) float"},
    {Function::kOpentradesMaxDrawdown, kReads, "strategy.opentrades.max_drawdown(trade_num: int) float"},
    {Function::kClosedtradesEntryId, kReads, "strategy.closedtrades.entry_id(trade_num: int) string"},
    {Function::kClosedtradesEntryPrice, kReads, "strategy.closedtrades.entry_price(trade_num: int) float"},
    {Function::kClosedtradesEntryBarIndex, kReads, "strategy.closedtrades.entry_bar_index(trade_num: int) int"},
    {Function::kClosedtradesEntryTime, kReads, "strategy.closedtrades.entry_time(trade_num: int) int"},
    {Function::kClosedtradesEntryComment, kReads, "strategy.closedtrades.entry_comment(trade_num: int) string"},
    {Function::kClosedtradesExitId, kReads, "strategy.closedtrades.exit_id(trade_num: int) string"},
    {Function::kClosedtradesExitPrice, kReads, "strategy.closedtrades.exit_price(trade_num: int) float"},
    {Function::kClosedtradesExitBarIndex, kReads, "strategy.closedtrades.exit_bar_index(trade_num: int) int"},
    {Function::kClosedtradesExitTime, kReads, "strategy.closedtrades.exit_time(trade_num: int) int"},
    {Function::kClosedtradesExitComment, kReads, "strategy.closedtrades.exit_comment(trade_num: int) string"},
    {Function::kClosedtradesSize, kReads, "strategy.closedtrades.size(trade_num: int) float"},
    {Function::kClosedtradesProfit, kReads, "strategy.closedtrades.profit(trade_num: int) float"},
    {Function::kClosedtradesProfitPercent, kReads, "strategy.closedtrades.profit_percent(trade_num: int) float"},
    {Function::kClosedtradesCommission, kReads, "strategy.closedtrades.commission(trade_num: int) float"},
    {Function::kClosedtradesMaxRunup, kReads, "strategy.closedtrades.max_runup(trade_num: int) float"},
    {Function::kClosedtradesMaxRunupPercent, kReads, "strategy.closedtrades.max_runup_percent(trade_num: int) float"},
    {Function::kClosedtradesMaxDrawdownPercent, kReads,
     "strategy.closedtrades.max_drawdown_percent(trade_num: int) float"},
    {Function::kClosedtradesMaxDrawdown, kReads, "strategy.closedtrades.max_drawdown(trade_num: int) float"},
};

}  // namespace

std::span<const BuiltinRow> strategy_rows() { return kStrategyRows; }

}  // namespace tradeassist::pine
