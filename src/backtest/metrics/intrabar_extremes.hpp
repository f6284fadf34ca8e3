#pragma once

#include "backtest/backtest.hpp"

namespace tradeassist::backtest {

/// How far equity fell below its peak, and rose above its trough, inside the trades: each trade's worst and best moment
/// against the highest and lowest realised equity before it. An entry's fee is paid, so realised, when it fills.
struct IntrabarExtremes {
  double largest_fall = 0, largest_rise = 0;
};

IntrabarExtremes intrabar_extremes(const RunResult& result, double initial_capital);

}  // namespace tradeassist::backtest
