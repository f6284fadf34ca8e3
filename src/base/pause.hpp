#pragma once

#include <chrono>
#include <stop_token>

namespace tradeassist::base {

/// Waits for a time, or until a stop is asked for. False when it is.
bool pause(const std::stop_token& stop, std::chrono::nanoseconds time);

}  // namespace tradeassist::base
