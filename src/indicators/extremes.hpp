#pragma once

#include "indicators/window.hpp"

namespace tradeassist::indicators {

/// The greatest (Sign = 1) or least (Sign = -1) of the last `length` bars and how long ago it was; of equal ones the
/// oldest. An na bar takes a place in the window and never wins; na while there are fewer bars, or only na ones.
///
/// Keeps the bars that can still become the extreme, best first, so a bar costs O(1) amortised for any length.
template <int Sign>
class Extreme {
 public:
  double next(double x, std::size_t length) {
    values_.reserve(length);
    values_.push(x);
    const std::size_t now = values_.count();  // bars are numbered from 1
    const std::size_t begin = now >= length ? now - length + 1 : 1;
    if (begin < begin_ || length > candidates_.size()) {
      scan_again(begin, now, length);
    } else {
      while (first_ != last_ && candidate(first_) < begin) ++first_;
      append(now);
    }
    begin_ = begin;
    if (first_ == last_ || !values_.full(length)) return kNa;
    return values_[now - candidate(first_)];
  }
  /// Bars since the extreme that next() gave, as a number <= 0. Only after next() gave one.
  double bars() const { return -static_cast<double>(values_.count() - candidate(first_)); }

 private:
  std::size_t candidate(std::size_t i) const { return candidates_[i & (candidates_.size() - 1)]; }

  void append(std::size_t bar) {
    const double x = values_[values_.count() - bar];
    if (is_na(x)) return;
    while (first_ != last_ && Sign * values_[values_.count() - candidate(last_ - 1)] < Sign * x) --last_;
    candidates_[last_++ & (candidates_.size() - 1)] = bar;
  }

  /// The window reaches further back than before: bars that were dropped count again.
  void scan_again(std::size_t begin, std::size_t now, std::size_t length) {
    if (length > candidates_.size()) candidates_.assign(std::bit_ceil(length), 0);
    first_ = last_ = 0;
    for (std::size_t bar = std::max(begin, now - values_.held() + 1); bar <= now; ++bar) append(bar);
  }

  Window values_;
  std::vector<std::size_t> candidates_;  // a ring of a power of two; [first_, last_) are in use
  std::size_t first_ = 0, last_ = 0, begin_ = 1;
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
