#pragma once

#include <algorithm>
#include <cmath>

namespace tradeassist::base {

/// Mean and standard deviation of values that have weights, such as prices weighted by volume. Sums, so that two can be
/// added; not stable for values whose deviation is below 1e-7 of their size.
class WeightedMean {
 public:
  void add(double value, double weight) {
    sum_ += value * weight;
    weight_ += weight;
    squares_ += value * value * weight;
  }
  WeightedMean& operator+=(const WeightedMean& other) {
    sum_ += other.sum_;
    weight_ += other.weight_;
    squares_ += other.squares_;
    return *this;
  }

  double weight() const { return weight_; }
  double mean() const { return sum_ / weight_; }  // NaN of nothing
  /// Of the population; 0 where rounding would make the variance negative, NaN of nothing.
  double deviation() const { return std::sqrt(std::max(squares_ / weight_ - mean() * mean(), 0.0)); }

 private:
  double sum_ = 0, weight_ = 0, squares_ = 0;
};

}  // namespace tradeassist::base
