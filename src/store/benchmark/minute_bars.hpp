#pragma once

#include <cstddef>

#include "market/series.hpp"

namespace tradeassist::store {

/// Bars to measure with, the same ones at every call: minutes like a stock's, 390 a day and five days a week from
/// 2000-01-03 on, prices that walk in cents, whole volumes.
market::Series minute_bars(std::size_t rows);

}  // namespace tradeassist::store
