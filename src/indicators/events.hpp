#pragma once

#include <deque>

#include "indicators/window.hpp"

namespace tradeassist::indicators {

/// True on the bar on which `a` is strictly above (Sign = 1) or below `b` and was not on the last bar on which both
/// were known.
template <int Sign>
class CrossTo {
 public:
  bool next(double a, double b) {
    if (is_na(a) || is_na(b)) return false;
    const bool beyond = Sign * a > Sign * b;
    const bool crossed = known_ && beyond && !was_beyond_;
    known_ = true;
    was_beyond_ = beyond;
    return crossed;
  }

 private:
  bool known_ = false, was_beyond_ = false;
};
using Crossover = CrossTo<1>;
using Crossunder = CrossTo<-1>;

/// True when the strict order of `a` and `b` turns around, through ties too.
class Cross {
 public:
  bool next(double a, double b) {
    const int side = a > b ? 1 : a < b ? -1 : 0;
    if (side == 0) return false;
    const bool crossed = side_ != 0 && side != side_;
    side_ = side;
    return crossed;
  }

 private:
  int side_ = 0;
};

/// Bars since the condition last held; na before it first did.
class Barssince {
 public:
  double next(bool condition) {
    if (condition)
      bars_ = 0;
    else
      bars_ += 1;
    return bars_;
  }

 private:
  double bars_ = kNa;
};

/// The source on the bar `occurrence` occurrences of the condition ago (0 = the latest).
class Valuewhen {
 public:
  static constexpr std::size_t kOccurrencesMax = 10'000;
  double next(bool condition, double source, std::size_t occurrence) {
    if (condition) {
      values_.push_front(source);
      if (values_.size() > kOccurrencesMax) values_.pop_back();
    }
    return occurrence < values_.size() ? values_[occurrence] : kNa;
  }
  /// Every value that next() may still give.
  template <class Visit>
  void for_each_kept(Visit visit) const {
    for (const double value : values_) visit(value);
  }

 private:
  std::deque<double> values_;
};

/// The value `length` calls ago.
class Lag {
 public:
  double next(double x, std::size_t length) {
    values_.reserve(length + 1);
    values_.push(x);
    return values_.full(length + 1) ? values_[length] : kNa;
  }

 private:
  Window values_;
};

/// The value `length` bars ago, for calls that may miss bars, where the value before stays, or come several times on
/// one, whose last value counts: what change, mom and roc compare with.
class BarLag {
 public:
  /// `bar` is the number of the bar, from 0; it never goes back.
  double next(double x, std::size_t length, std::size_t bar) {
    values_.reserve(length + 1);
    if (values_.count() > 0 && bar == bar_) {
      values_.replace(x);
    } else {
      for (std::size_t missed = bar_ + 1; values_.count() > 0 && missed < bar; ++missed) values_.push(values_[0]);
      values_.push(x);
    }
    bar_ = bar;
    return values_.full(length + 1) ? values_[length] : kNa;
  }

 private:
  Window values_;
  std::size_t bar_ = 0;
};

/// The last value that was not na.
class Fixnan {
 public:
  double next(double x) {
    if (!is_na(x)) last_ = x;
    return last_;
  }

  template <class Visit>
  void for_each_kept(Visit visit) const {
    visit(last_);
  }

 private:
  double last_ = kNa;
};

/// Sum of everything so far; na on an na bar.
class Cumulative {
 public:
  double next(double x) {
    if (is_na(x)) return kNa;
    return sum_ += x;
  }

 private:
  double sum_ = 0;
};

}  // namespace tradeassist::indicators
