#pragma once

#include "indicators/window.hpp"

namespace tradeassist::indicators {

/// The greatest (Sign = 1) or least (Sign = -1) of the last `length` bars and how long ago it was; of equal ones the
/// oldest. An na bar takes a place in the window and never wins; na while there are fewer bars, or only na ones.
template <int Sign>
class Extreme {
 public:
  double next(double x, std::size_t length) {
    values_.reserve(length);
    values_.push(x);
    ++age_;
    if (!is_na(x) && (is_na(best_) || Sign * x > Sign * best_)) {
      best_ = x;
      age_ = 0;
    }
    if (length != length_ || age_ >= length) {
      length_ = length;
      rescan();
    }
    return values_.full(length) ? best_ : kNa;
  }
  /// Bars since the extreme that next() gave, as a number <= 0.
  double bars() const { return -static_cast<double>(age_); }

 private:
  void rescan() {
    best_ = kNa;
    age_ = 0;
    for (std::size_t back = std::min(length_, values_.held()); back-- > 0;) {
      const double x = values_[back];
      if (!is_na(x) && (is_na(best_) || Sign * x > Sign * best_)) {
        best_ = x;
        age_ = back;
      }
    }
  }

  Window values_;
  std::size_t length_ = 0, age_ = 0;
  double best_ = kNa;
};
using Highest = Extreme<1>;
using Lowest = Extreme<-1>;

/// The greatest or least of all values so far.
template <int Sign>
class AllTime {
 public:
  double next(double x) {
    if (!is_na(x) && (is_na(best_) || Sign * x > Sign * best_)) best_ = x;
    return best_;
  }

 private:
  double best_ = kNa;
};

/// A local extreme: the value `right` bars ago, when no bar of the `left` before it is beyond it and every one of the
/// `right` after it is strictly inside; na otherwise.
template <int Sign>
class Pivot {
 public:
  double next(double x, std::size_t left, std::size_t right) {
    const std::size_t length = left + right + 1;
    values_.reserve(length);
    values_.push(x);
    if (!values_.full(length)) return kNa;
    const double candidate = values_[right];
    if (is_na(candidate)) return kNa;
    for (std::size_t back = 0; back < length; ++back) {
      if (back == right) continue;
      const double other = Sign * values_[back];
      const bool inside = back < right ? other < Sign * candidate : other <= Sign * candidate;
      if (!inside) return kNa;
    }
    return candidate;
  }

 private:
  Window values_;
};
using PivotHigh = Pivot<1>;
using PivotLow = Pivot<-1>;

/// True when the last `length` steps all went strictly up (Sign = 1) or down.
template <int Sign>
class Monotone {
 public:
  bool next(double x, std::size_t length) {
    if (is_na(x)) return false;
    steps_ = Sign * (x - previous_) > kTolerance ? steps_ + 1 : 0;
    previous_ = x;
    return steps_ >= length;
  }

 private:
  double previous_ = kNa;
  std::size_t steps_ = 0;
};
using Rising = Monotone<1>;
using Falling = Monotone<-1>;

}  // namespace tradeassist::indicators
