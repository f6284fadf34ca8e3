#include "backtest/metrics/trade_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/csv.hpp"

namespace tradeassist::backtest {
namespace {

std::string text_of(const RunResult& result, TextId id) {
  return id < result.texts.size() ? result.texts[id] : std::string();
}

std::string exit_id(const RunResult& result, const Trade& trade) {
  const std::string comment = text_of(result, trade.exit_comment);
  switch (trade.exit_reason) {
    case ExitReason::kMarginCall: return "Margin call";
    case ExitReason::kMaxFilledOrders: return "Close Position (Max number of filled orders in one day)";
    case ExitReason::kMaxIntradayLoss: return "Close Position (Max intraday loss)";
    case ExitReason::kMaxDrawdown: return "Close Position (Max drawdown)";
    case ExitReason::kMaxLosingDays: return "Close Position (Max consecutive losing days)";
    case ExitReason::kCloseAll: return comment.empty() ? "Close position order" : comment;
    case ExitReason::kClose:
      return comment.empty() ? "Close entry(s) order " + text_of(result, trade.exit_id) : comment;
    default: return text_of(result, trade.exit_id);
  }
}

/// Profit after each trade as TradingView counts it: a fee is booked with its fill, so while several trades are open
/// the first to close carries the entry fees of the others.
std::vector<double> cumulative_profits(const RunResult& result) {
  const std::vector<Trade>& trades = result.trades;
  const std::size_t closed = trades.size() - result.open_trade_count;
  std::vector<std::size_t> by_entry(trades.size());
  std::iota(by_entry.begin(), by_entry.end(), std::size_t{0});
  std::ranges::stable_sort(by_entry, {}, [&](std::size_t i) { return trades[i].entry_fill; });

  std::vector<double> cumulative(trades.size());
  std::vector<std::size_t> open;
  std::size_t entered = 0;
  double profit = 0;
  for (std::size_t i = 0; i < trades.size(); ++i) {
    const bool is_open = i >= closed;
    while (entered < by_entry.size() && (is_open || trades[by_entry[entered]].entry_fill < trades[i].exit_fill)) {
      open.push_back(by_entry[entered++]);
    }
    std::erase_if(open, [&](std::size_t other) { return other <= i; });
    double fees = 0;
    for (const std::size_t other : open) fees += trades[other].entry_commission;
    profit += trades[i].profit;
    cumulative[i] = profit - fees;
  }
  return cumulative;
}

}  // namespace

std::vector<TradeRow> trade_rows(const RunResult& result, const market::Series& series) {
  std::vector<TradeRow> rows;
  rows.reserve(result.trades.size());
  const std::size_t closed = result.trades.size() - result.open_trade_count;
  const std::vector<double> cumulative = cumulative_profits(result);
  const auto time_of = [&](std::uint32_t bar) { return base::time_from_nanoseconds(series.time[bar]); };
  for (std::size_t i = 0; i < result.trades.size(); ++i) {
    const Trade& trade = result.trades[i];
    TradeRow row;
    row.number = static_cast<std::int64_t>(i) + 1;
    row.side = trade.direction == Direction::kLong ? "long" : "short";
    row.entry_time = time_of(trade.entry_bar);
    row.entry_price = trade.entry_price;
    row.entry_id = text_of(result, trade.entry_id);
    if (i < closed) {
      row.exit_time = time_of(trade.exit_bar);
      row.exit_price = trade.exit_price;
      row.exit_id = exit_id(result, trade);
    }
    row.quantity = trade.quantity;
    row.profit = trade.profit;
    const double cost = std::fabs(trade.entry_price) * trade.quantity * trade.point_value;
    if (cost > 0) row.profit_percent = 100 * trade.profit / cost;
    row.run_up = trade.run_up;
    row.drawdown = trade.drawdown;
    row.commission = trade.entry_commission + trade.exit_commission;
    row.cumulative_profit = cumulative[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string trades_csv(const RunResult& result, const market::Series& series) {
  std::string csv =
      "number,side,entry_time,entry_price,entry_id,exit_time,exit_price,exit_id,quantity,profit,profit_percent,run_up,"
      "drawdown,commission,cumulative_profit\n";
  const auto number = [&](const std::optional<double>& value) {
    return value ? fmt::format("{}", *value) : std::string();
  };
  for (const TradeRow& row : trade_rows(result, series)) {
    csv += fmt::format("{},{},{},{},", row.number, row.side, base::format_time(row.entry_time), row.entry_price);
    base::append_csv_foreign_text(csv, row.entry_id);
    csv += fmt::format(",{},{},", row.exit_time ? base::format_time(*row.exit_time) : "", number(row.exit_price));
    base::append_csv_foreign_text(csv, row.exit_id.value_or(""));
    csv += fmt::format(",{},{},{},{},{},{},{}\n", row.quantity, row.profit, number(row.profit_percent), row.run_up,
                       row.drawdown, row.commission, row.cumulative_profit);
  }
  return csv;
}

}  // namespace tradeassist::backtest
