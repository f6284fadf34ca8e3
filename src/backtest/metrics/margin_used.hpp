#pragma once

#include "backtest/metrics/metrics.hpp"

namespace tradeassist::backtest {

/// Margin that the position needs, at each bar's close: its value there times its side's margin percentage.
struct MarginUsed {
  double average = 0;  // over all bars of the range
  double largest = 0;
};

MarginUsed margin_used(const RunResult& result, const pine::StrategySettings& settings, const market::Series& series,
                       BarRange bars);

}  // namespace tradeassist::backtest
