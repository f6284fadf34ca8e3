#include "market/robust_scale.hpp"

#include <algorithm>
#include <cmath>

namespace tradeassist::market {
namespace {

/// Of a copy, so that sums are over the order in which values came, whatever the library's nth_element does.
double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

RobustScale robust_scale(std::vector<double> values) {
  RobustScale scale;
  scale.median = median_of(values);
  double sum = 0;
  for (double& x : values) {
    x = std::abs(x - scale.median);
    sum += x;
  }
  const double median = median_of(values);
  scale.deviation = median > 0 ? 1.4826 * median : 1.2533 * sum / static_cast<double>(values.size());
  return scale;
}

}  // namespace tradeassist::market
