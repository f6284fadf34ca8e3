#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "backtest/evaluator/chart.hpp"

namespace tradeassist::backtest {

/// Which bar of a request's context each bar of the chart shows; kNoBar: none, so na.
using ShownBars = std::vector<std::size_t>;
constexpr std::size_t kNoBar = std::numeric_limits<std::size_t>::max();

/// For a context that was aggregated from the chart's own bars.
base::Result<ShownBars> align_aggregated(Chart& chart, const Chart& context, bool gaps, bool lookahead);

/// For bars that come from elsewhere: another symbol, or a finer timeframe. Without lookahead the newest that has
/// closed when the chart's bar closes; with it the newest that has opened when the chart's bar opens, and of finer bars
/// the first inside it.
ShownBars align_by_time(const Chart& chart, const Chart& context, bool gaps, bool lookahead);

/// Bars [first, last) of the context that open inside each bar of the chart.
struct BarsInside {
  std::size_t first = 0, last = 0;
};
std::vector<BarsInside> bars_inside(const Chart& chart, const Chart& context);

}  // namespace tradeassist::backtest
