#pragma once

#include <vector>

namespace tradeassist::market {

/// Centre and spread of values that outliers do not move.
struct RobustScale {
  double median = 0;
  double deviation = 0;  // as a standard deviation of normal values; 0 where all values are equal
};

/// Median and 1.4826 × the median absolute deviation; where more than half of the values are equal and that is 0,
/// 1.2533 × the mean absolute deviation (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993). The median
/// of an even number is the upper of the two in the middle. Values must not be NaN; at least one. Linear.
RobustScale robust_scale(std::vector<double> values);

}  // namespace tradeassist::market
