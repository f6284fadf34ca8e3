#include "report/export/document.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tradeassist::report {

HeatScale::HeatScale(const HeatMap& map)
    : is_around_zero_(map.is_around_zero), lowest_(std::numeric_limits<double>::infinity()), highest_(-lowest_) {
  for (const auto& row : map.entries) {
    for (const HeatMap::Entry& entry : row) {
      if (!std::isfinite(entry.value)) continue;
      lowest_ = std::min(lowest_, entry.value);
      highest_ = std::max(highest_, entry.value);
    }
  }
}

int HeatScale::level(double value) const {
  if (!std::isfinite(value) || lowest_ > highest_) return 0;
  if (is_around_zero_) {
    const double largest = std::max(std::abs(lowest_), std::abs(highest_));
    return largest == 0 ? 0 : static_cast<int>(std::lround(value / largest * kLevels));
  }
  if (highest_ == lowest_) return kLevels;
  return static_cast<int>(std::lround((value - lowest_) / (highest_ - lowest_) * kLevels));
}

}  // namespace tradeassist::report
