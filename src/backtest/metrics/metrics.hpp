#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <optional>

#include "backtest/backtest.hpp"

namespace tradeassist::backtest {

/// What trades made, over all of them or those of one side. Money is in account currency after commission; *_percent
/// is 0..100. A trade is one entry piece matched with one exit piece, so partial exits count singly. A figure that has
/// no value (the average of nothing, a ratio to zero) is absent.
struct TradeMetrics {
  double net_profit = 0;          // closed trades, less the entry fees of those still open
  double net_profit_percent = 0;  // of the initial capital, as the next three
  double gross_profit = 0;        // sum of the trades that made money
  double gross_profit_percent = 0;
  double gross_loss = 0;  // sum of those that lost, positive
  double gross_loss_percent = 0;
  std::optional<double> profit_factor;  // gross profit / gross loss; absent without a loss
  double open_profit = 0;               // of open trades at the last close; their entry fees are in net_profit
  double commission_paid = 0;           // entries and exits, open trades' entries too; slippage is in the prices
  std::int64_t total_closed_trades = 0;
  std::int64_t total_open_trades = 0;
  std::int64_t winning_trades = 0;              // closed with a profit above 0
  std::int64_t losing_trades = 0;               // closed with a profit below 0; an even trade is neither
  std::optional<double> percent_profitable;     // winning of closed
  std::optional<double> average_trade;          // mean profit of a closed trade
  std::optional<double> average_trade_percent;  // mean of profit / (entry price x quantity x point value)
  std::optional<double> average_winning_trade;
  std::optional<double> average_winning_trade_percent;
  std::optional<double> average_losing_trade;  // positive, as its percent
  std::optional<double> average_losing_trade_percent;
  std::optional<double> ratio_average_win_loss;
  std::optional<double> largest_winning_trade;
  std::optional<double> largest_winning_trade_percent;  // the largest percent, maybe of another trade
  std::optional<double> largest_losing_trade;           // positive, as its percent
  std::optional<double> largest_losing_trade_percent;
  std::optional<double> average_bars_in_trades;  // entry and exit bar both counted: 1 when they are the same
  std::optional<double> average_bars_in_winning_trades;
  std::optional<double> average_bars_in_losing_trades;
  std::optional<double> total_profit;                 // net and open
  std::optional<double> largest_winning_trade_share;  // percent of the gross profit
  std::optional<double> largest_losing_trade_share;   // percent of the gross loss
  std::optional<double> net_profit_percent_of_largest_loss;
  double max_contracts_held = 0;                    // largest position at any moment
  std::int64_t margin_calls = 0;                    // forced liquidations
  std::optional<double> annualized_return_percent;  // (1 + net / initial)^(365 / days) - 1; absent when all is lost
};

/// TradingView's strategy report, by the definitions of its help centre and, where these are silent, of its exports.
struct Metrics : TradeMetrics {
  double max_drawdown = 0;          // worst equity inside bars below the peak of closed equity (strategy.max_drawdown)
  double max_drawdown_percent = 0;  // the largest such fall in percent of its peak
  double max_run_up = 0;            // best equity inside bars above the lowest closed equity (strategy.max_runup)
  // Worst and best moment of a trade against the highest and lowest realised equity before it (the report's intrabar
  // figures; the three above are those of strategy.*).
  std::optional<double> max_drawdown_intrabar, max_run_up_intrabar;
  // Realised equity at the exits, cut at its highest and lowest point into rising and falling phases.
  std::optional<double> max_drawdown_close_to_close;
  std::optional<double> average_drawdown;
  std::optional<double> average_drawdown_days;
  std::optional<double> max_run_up_close_to_close;
  std::optional<double> average_run_up;
  std::optional<double> average_run_up_days;
  std::optional<double> return_of_max_drawdown;  // net_profit / max_drawdown
  std::optional<double> sharpe_ratio;            // monthly, of realised equity, population deviation, not annualised
  std::optional<double> sortino_ratio;           // the same with the deviation below the risk-free rate
  std::optional<double> buy_and_hold_return;  // initial capital put in at the first entry's price, until the last close
  std::optional<double> buy_and_hold_return_percent;
  std::optional<double> strategy_outperformance;  // net profit less that of buy and hold
  std::optional<double> average_margin_used;      // at the closes of all bars; absent without margin, as what follows
  std::optional<double> max_margin_used;
  std::optional<double> margin_efficiency;      // net profit / average margin used
  std::optional<double> account_size_required;  // the largest margin used and the deepest fall inside bars
  std::optional<double> return_on_account_size_required_percent;
  double exposure_percent = 0;            // bars at whose close a position was open
  std::optional<double> trades_per_year;  // closed trades; a year has 365.25 days
  TradeMetrics long_, short_;             // JSON names: long, short
};

/// The bars [first, end) in which a run could trade: what its time-based figures refer to.
struct BarRange {
  std::size_t first = 0, end = 0;
};

enum class MarginFigures : bool { kLeftOut, kIncluded };

/// Metrics of a run over `series`, made with these settings. `bars` must lie in the series and hold all
/// of the run's trades; usually {trade_from_bar, series.size()}. What depends on the margin used takes a look at every
/// bar; it may be left without values. Pure.
Metrics compute_metrics(const RunResult& result, const pine::StrategySettings& settings, const market::Series& series,
                        BarRange bars, MarginFigures margin = MarginFigures::kIncluded);

BOOST_DESCRIBE_STRUCT(TradeMetrics, (),
                      (net_profit, net_profit_percent, gross_profit, gross_profit_percent, gross_loss,
                       gross_loss_percent, profit_factor, open_profit, commission_paid, total_closed_trades,
                       total_open_trades, winning_trades, losing_trades, percent_profitable, average_trade,
                       average_trade_percent, average_winning_trade, average_winning_trade_percent,
                       average_losing_trade, average_losing_trade_percent, ratio_average_win_loss,
                       largest_winning_trade, largest_winning_trade_percent, largest_losing_trade,
                       largest_losing_trade_percent, average_bars_in_trades, average_bars_in_winning_trades,
                       average_bars_in_losing_trades, total_profit, largest_winning_trade_share,
                       largest_losing_trade_share, net_profit_percent_of_largest_loss, max_contracts_held, margin_calls,
                       annualized_return_percent))
BOOST_DESCRIBE_STRUCT(Metrics, (TradeMetrics),
                      (max_drawdown, max_drawdown_percent, max_run_up, max_drawdown_intrabar, max_run_up_intrabar,
                       max_drawdown_close_to_close, average_drawdown, average_drawdown_days, max_run_up_close_to_close,
                       average_run_up, average_run_up_days, return_of_max_drawdown, sharpe_ratio, sortino_ratio,
                       buy_and_hold_return, buy_and_hold_return_percent, strategy_outperformance, average_margin_used,
                       max_margin_used, margin_efficiency, account_size_required,
                       return_on_account_size_required_percent, exposure_percent, trades_per_year, long_, short_))

}  // namespace tradeassist::backtest
