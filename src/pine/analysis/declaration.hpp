#pragma once

#include <string>
#include <vector>

namespace tradeassist::pine {

/// The names of the parameters of strategy(), in the order in which arguments without a name take them.
const std::vector<std::string>& strategy_parameters();

}  // namespace tradeassist::pine
