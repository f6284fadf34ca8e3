#pragma once

#include <vector>

#include "backtest/evaluator/chart.hpp"

namespace tradeassist::backtest {

/// session.*: which bars lie inside the instrument's session, before or after it, and which are its first and last. Of
/// the time between two sessions the first half follows the one, the second precedes the other. A bar of a day or
/// longer is a session of its own.
std::vector<double> session_marks(const Chart& chart, pine::BarField field);

}  // namespace tradeassist::backtest
