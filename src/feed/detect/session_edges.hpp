#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "market/timeframe.hpp"

namespace tradeassist::feed {

/// Whether the stamps look like bar ends: sessions begin one bar after a full or half hour and end on one. A sentence
/// saying so with the stamps that show it, or nothing. `time`: nanoseconds on the exchange's clock, ascending.
std::optional<std::string> looks_like_bar_end(std::span<const std::int64_t> time, market::Timeframe timeframe);

}  // namespace tradeassist::feed
