#pragma once

#include <string_view>

namespace tradeassist::pine {

/// Before a symbol in a request: its Heikin-Ashi bars. ticker.heikinashi() puts it there.
constexpr std::string_view kHeikinAshiPrefix = "heikinashi:";

}  // namespace tradeassist::pine
