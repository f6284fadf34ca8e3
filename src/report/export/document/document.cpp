#include "report/export/document/document.hpp"

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
  double share = highest_ == lowest_ ? 1 : (value - lowest_) / (highest_ - lowest_);
  if (is_around_zero_) {
    const double largest = std::max(std::abs(lowest_), std::abs(highest_));
    share = largest == 0 ? 0 : value / largest;
  }
  return std::isfinite(share) ? static_cast<int>(std::lround(share * kLevels)) : 0;
}

}  // namespace tradeassist::report
