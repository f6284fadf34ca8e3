#pragma once

#include <string>

#include "backtest/broker.hpp"
#include "backtest/evaluator/chart.hpp"
#include "backtest/evaluator/requests/request_context.hpp"

namespace tradeassist::backtest {

/// The finer timeframe that use_bar_magnifier reads for a chart of this one (broker.md §3).
market::Timeframe magnified_timeframe(market::Timeframe chart);

/// The finer bars inside the chart's bars, the newest 200,000 of them. Without any: kNotFound, saying of what.
base::Result<BarMagnifier> bar_magnifier(const Chart& chart, RequestContext& requests);

}  // namespace tradeassist::backtest
