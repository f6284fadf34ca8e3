#pragma once

#include <string>

#include "backtest/backtest.hpp"
#include "pine/syntax/testing/chance.hpp"

/// What holds of every run of every script.
namespace tradeassist::backtest::testing {

/// Hourly bars with what real data has: gaps in time and price, flat bars, bars without volume or with an unknown one.
/// No gaps in time for a script with requests: a higher bar shows with the last bar inside it, and which that is, is
/// known by the one that follows.
market::Series untidy_bars(pine::testing::Chance& chance, std::size_t rows, const std::string& script);

/// A request with bounds that a test has time for.
RunRequest short_request(const pine::Program& program, const market::Series& bars);

/// Empty, or what is wrong: a second run differs in a bit, one without columns or with shared ones does, the same
/// program without what orders do not need trades otherwise, or equity is not initial capital with the profits of all
/// trades.
std::string broken_invariant(const RunRequest& request);

/// Empty, or what bars after the first `length` change of the run on those: outputs, equity, closed trades, the error
/// that ended it. Not for scripts that ask where the bars end.
std::string look_ahead(const RunRequest& request, std::size_t length);

}  // namespace tradeassist::backtest::testing
