#pragma once

#include <string>
#include <vector>

#include "backtest/backtest.hpp"

namespace tradeassist::backtest {

/// Why a run has no trades, in sentences a user can act on; empty when it has some.
std::vector<std::string> explain_no_trades(const RunResult& result);

}  // namespace tradeassist::backtest
