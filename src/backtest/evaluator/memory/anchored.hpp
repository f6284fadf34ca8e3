#pragma once

#include "backtest/evaluator/memory/stateful.hpp"

namespace tradeassist::backtest {

/// Memory of the functions that begin anew with a period: timeframe.change(), ta.vwap(), ta.pivot_point_levels(). Null
/// for any other.
std::unique_ptr<Memory> make_anchored_memory(pine::Function function, Chart& chart, const TextTable& texts);

}  // namespace tradeassist::backtest
