#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tradeassist::report {

struct Tick {
  double at = 0;  // in the axis's own unit
  std::string label;
};

/// Round numbers (1, 2 or 5 times a power of ten apart) that cover [lowest, highest], at most `ticks_max`; the first
/// and last lie outside or on its ends. An empty range is widened.
std::vector<Tick> value_ticks(double lowest, double highest, int ticks_max);

/// Beginnings of years, months, days, hours or minutes (UTC) in [first, last] nanoseconds, at most `ticks_max`.
std::vector<Tick> time_ticks(std::int64_t first, std::int64_t last, int ticks_max);

}  // namespace tradeassist::report
