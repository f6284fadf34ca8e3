#pragma once

#include <string>

#include "pine/syntax/testing/chance.hpp"

namespace tradeassist::backtest::testing {

/// A strategy that compiles: variables of every kind of type, user functions, objects and collections, loops, history,
/// indicators, requests, drawings and orders, put together at random. It looks at nothing that a later bar could
/// change. It may end with an error at run time, mostly it does not.
std::string random_program(pine::testing::Chance& chance);

}  // namespace tradeassist::backtest::testing
