#include "backtest/metrics/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "backtest/metrics/equity_phases.hpp"
#include "backtest/metrics/intrabar_extremes.hpp"
#include "backtest/metrics/margin_used.hpp"
#include "backtest/metrics/returns.hpp"

namespace tradeassist::backtest {
namespace {

using std::optional;

optional<double> ratio(double numerator, double denominator) {
  if (denominator == 0) return std::nullopt;
  return numerator / denominator;
}

/// Sum, largest and mean of what is added.
struct Tally {
  double sum = 0, largest = 0;
  std::int64_t count = 0;

  void add(double value) {
    largest = count == 0 ? value : std::max(largest, value);
    sum += value;
    ++count;
  }
  optional<double> mean() const { return ratio(sum, static_cast<double>(count)); }
  optional<double> maximum() const { return count == 0 ? std::nullopt : optional(largest); }
};

/// Trades in closing order, the last `open_count` of them open. `side` 0 takes both.
TradeMetrics trade_metrics(std::span<const Trade> trades, std::size_t open_count, int side, double initial_capital,
                           double days) {
  TradeMetrics metrics;
  Tally profit, wins, losses;
  Tally percent, win_percent, loss_percent;
  Tally bars, win_bars, loss_bars;
  double open_fees = 0;
  const Trade* last_margin_call = nullptr;
  for (std::size_t i = 0; i < trades.size(); ++i) {
    const Trade& trade = trades[i];
    if (side != 0 && static_cast<int>(trade.direction) != side) continue;
    metrics.commission_paid += trade.entry_commission + trade.exit_commission;
    if (i >= trades.size() - open_count) {
      ++metrics.total_open_trades;
      open_fees += trade.entry_commission;
      metrics.open_profit += trade.profit + trade.entry_commission;
      continue;
    }
    const double cost = std::fabs(trade.entry_price) * trade.quantity * trade.point_value;
    const double trade_percent = cost == 0 ? 0 : 100 * trade.profit / cost;
    const double trade_bars = static_cast<double>(trade.exit_bar - trade.entry_bar + 1);
    profit.add(trade.profit);
    percent.add(trade_percent);
    bars.add(trade_bars);
    if (trade.profit > 0) {
      wins.add(trade.profit);
      win_percent.add(trade_percent);
      win_bars.add(trade_bars);
    } else if (trade.profit < 0) {
      losses.add(-trade.profit);
      loss_percent.add(-trade_percent);
      loss_bars.add(trade_bars);
    }
    if (trade.exit_reason == ExitReason::kMarginCall) {
      // The rows that one liquidation closed follow each other at its bar and price.
      const bool same = last_margin_call != nullptr && last_margin_call->exit_bar == trade.exit_bar &&
                        last_margin_call->exit_price == trade.exit_price;
      if (!same) ++metrics.margin_calls;
      last_margin_call = &trade;
    }
  }
  const auto of_capital = [&](double money) { return initial_capital > 0 ? 100 * money / initial_capital : 0; };
  metrics.net_profit = profit.sum - open_fees;
  metrics.net_profit_percent = of_capital(metrics.net_profit);
  metrics.gross_profit = wins.sum;
  metrics.gross_profit_percent = of_capital(wins.sum);
  metrics.gross_loss = losses.sum;
  metrics.gross_loss_percent = of_capital(losses.sum);
  metrics.profit_factor = ratio(wins.sum, losses.sum);
  metrics.total_closed_trades = profit.count;
  metrics.winning_trades = wins.count;
  metrics.losing_trades = losses.count;
  metrics.percent_profitable = ratio(100 * static_cast<double>(wins.count), static_cast<double>(profit.count));
  metrics.average_trade = profit.mean();
  metrics.average_trade_percent = percent.mean();
  metrics.average_winning_trade = wins.mean();
  metrics.average_winning_trade_percent = win_percent.mean();
  metrics.average_losing_trade = losses.mean();
  metrics.average_losing_trade_percent = loss_percent.mean();
  if (wins.count > 0 && losses.count > 0) metrics.ratio_average_win_loss = *wins.mean() / *losses.mean();
  metrics.largest_winning_trade = wins.maximum();
  metrics.largest_winning_trade_percent = win_percent.maximum();
  metrics.largest_losing_trade = losses.maximum();
  metrics.largest_losing_trade_percent = loss_percent.maximum();
  metrics.average_bars_in_trades = bars.mean();
  metrics.average_bars_in_winning_trades = win_bars.mean();
  metrics.average_bars_in_losing_trades = loss_bars.mean();
  metrics.total_profit = metrics.net_profit + metrics.open_profit;
  metrics.largest_winning_trade_share = ratio(100 * wins.largest, wins.sum);
  metrics.largest_losing_trade_share = ratio(100 * losses.largest, losses.sum);
  metrics.net_profit_percent_of_largest_loss = ratio(100 * metrics.net_profit, losses.largest);
  metrics.annualized_return_percent = annualized_return_percent(initial_capital, metrics.net_profit, days);
  return metrics;
}

/// Bars of the range at whose close some trade was open, in percent of all.
double exposure_percent(const RunResult& result, BarRange bars) {
  std::vector<std::pair<std::size_t, std::size_t>> held;  // [entry, exit)
  held.reserve(result.trades.size());
  const std::size_t closed = result.trades.size() - result.open_trade_count;
  for (std::size_t i = 0; i < result.trades.size(); ++i) {
    const Trade& trade = result.trades[i];
    held.emplace_back(trade.entry_bar, i < closed ? std::size_t{trade.exit_bar} : bars.end);
  }
  std::ranges::sort(held);
  std::size_t count = 0, reached = 0;
  for (const auto& [entry, exit] : held) {
    const std::size_t from = std::max(entry, reached);
    if (exit > from) count += exit - from;
    reached = std::max(reached, exit);
  }
  return 100 * static_cast<double>(count) / static_cast<double>(bars.end - bars.first);
}

}  // namespace

Metrics compute_metrics(const RunResult& result, const pine::StrategySettings& settings, const market::Series& series,
                        BarRange bars, MarginFigures margin) {
  Metrics metrics;
  if (bars.end <= bars.first) return metrics;
  const double initial = settings.initial_capital;
  const double days = static_cast<double>(series.time[bars.end - 1] - series.time[bars.first]) /
                      static_cast<double>(base::kNanosecondsPerDay);
  const auto of_side = [&](int side) {
    return trade_metrics(result.trades, result.open_trade_count, side, initial, days);
  };
  static_cast<TradeMetrics&>(metrics) = of_side(0);
  metrics.long_ = of_side(1);
  metrics.short_ = of_side(-1);
  metrics.max_contracts_held = result.max_contracts_held;
  metrics.long_.max_contracts_held = result.max_contracts_held_long;
  metrics.short_.max_contracts_held = result.max_contracts_held_short;

  metrics.max_drawdown = result.max_drawdown;
  metrics.max_drawdown_percent = result.max_drawdown_percent;
  metrics.max_run_up = result.max_run_up;
  metrics.return_of_max_drawdown = ratio(metrics.net_profit, metrics.max_drawdown);

  const IntrabarExtremes extremes = intrabar_extremes(result, initial);
  metrics.max_drawdown_intrabar = extremes.largest_fall;
  metrics.max_run_up_intrabar = extremes.largest_rise;

  const EquityPhases phases = equity_phases(result, initial, series);
  metrics.max_drawdown_close_to_close = phases.falls.largest;
  metrics.average_drawdown = phases.falls.average;
  metrics.average_drawdown_days = phases.falls.average_days;
  metrics.max_run_up_close_to_close = phases.rises.largest;
  metrics.average_run_up = phases.rises.average;
  metrics.average_run_up_days = phases.rises.average_days;

  const std::vector<MonthlyReturn> months = monthly_returns(result, initial, series, bars);
  metrics.sharpe_ratio = sharpe_ratio(months, settings.risk_free_rate);
  metrics.sortino_ratio = sortino_ratio(months, settings.risk_free_rate);

  if (!result.trades.empty()) {
    const auto first = std::ranges::min_element(result.trades, {}, &Trade::entry_bar);
    const double last_close = series.close[bars.end - 1];
    if (first->entry_price > 0 && std::isfinite(last_close)) {
      metrics.buy_and_hold_return_percent = 100 * (last_close / first->entry_price - 1);
      metrics.buy_and_hold_return = initial * (last_close / first->entry_price - 1);
      metrics.strategy_outperformance = metrics.net_profit - *metrics.buy_and_hold_return;
    }
  }
  const MarginUsed used =
      margin == MarginFigures::kIncluded ? margin_used(result, settings, series, bars) : MarginUsed{};
  if (used.largest > 0) {
    metrics.average_margin_used = used.average;
    metrics.max_margin_used = used.largest;
    metrics.margin_efficiency = ratio(metrics.net_profit, used.average);
    metrics.account_size_required = used.largest + extremes.largest_fall;
    metrics.return_on_account_size_required_percent = ratio(100 * metrics.net_profit, *metrics.account_size_required);
  }
  metrics.exposure_percent = exposure_percent(result, bars);
  if (days > 0) metrics.trades_per_year = static_cast<double>(metrics.total_closed_trades) * 365.25 / days;
  return metrics;
}

}  // namespace tradeassist::backtest
