#pragma once

#include <string>

namespace tradeassist::pine {

enum class QuantityType { kFixed, kCash, kPercentOfEquity };
enum class CommissionType { kPercent, kCashPerContract, kCashPerOrder };

/// The properties of a strategy() declaration, with TradingView's defaults; `--property NAME=VALUE` sets the same
/// names. Money is in account currency, percentages are 0..100.
struct StrategySettings {
  std::string title, shorttitle;
  bool overlay = false;
  int pyramiding = 0;
  bool calc_on_order_fills = false;
  bool calc_on_every_tick = false;
  bool process_orders_on_close = false;
  int backtest_fill_limits_assumption = 0;  // ticks beyond a limit needed to fill it
  QuantityType default_qty_type = QuantityType::kFixed;
  double default_qty_value = 1;
  double initial_capital = 1'000'000;
  std::string currency;  // empty = the instrument's
  int slippage = 0;      // ticks, market and stop fills
  CommissionType commission_type = CommissionType::kPercent;
  double commission_value = 0;
  bool close_any = false;                        // close_entries_rule = "ANY"
  double margin_long = 100, margin_short = 100;  // v5 scripts: 0
  double risk_free_rate = 2;                     // percent a year
  bool use_bar_magnifier = false;
  int calc_bars_count = 0;  // the newest bars that are calculated; 0 = all
  int max_bars_back = 0;
  // Drawings that are kept of each kind: with one more the oldest goes.
  int max_labels_count = 50, max_lines_count = 50, max_boxes_count = 50, max_polylines_count = 50;
  bool exit_takes_nearer_level = true;  // both an absolute and a relative level: v6 the nearer, v5 the absolute
};

}  // namespace tradeassist::pine
