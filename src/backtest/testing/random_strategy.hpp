#pragma once

#include <string>

#include "pine/syntax/testing/chance.hpp"

namespace tradeassist::backtest::testing {

/// A strategy as people write them for a search: inputs, indicators of them, conditions of these and of the position,
/// orders of every kind where a condition holds. On most bars it does nothing. It compiles and ends without an error.
std::string random_strategy(pine::testing::Chance& chance);

}  // namespace tradeassist::backtest::testing
