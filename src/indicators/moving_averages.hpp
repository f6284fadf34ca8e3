#pragma once

#include "indicators/weighted_sums.hpp"
#include "indicators/window.hpp"

namespace tradeassist::indicators {

/// math.sum: sum of the last `length` values; on an na bar the last full sum again.
class Sum {
 public:
  double next(double x, std::size_t length) {
    if (is_na(x)) return last_;
    last_ = rolling_.push_exact(x, length) ? rolling_.sum() : kNa;
    return last_;
  }

 private:
  RollingSum rolling_;
  double last_ = kNa;
};

/// Simple moving average; on an na bar the last full value again.
class Sma {
 public:
  double next(double x, std::size_t length) {
    const double sum = sum_.next(x, length);
    if (!is_na(x)) last_ = sum / static_cast<double>(length);
    return last_;
  }

 private:
  Sum sum_;
  double last_ = kNa;
};

/// What ema and rma share: seeded with the simple average of the first `length` values, an na bar gives na and is
/// passed over.
class SeededAverage {
 public:
  template <class Step>
  double next(double x, std::size_t length, Step step) {
    if (is_na(x)) return kNa;
    if (count_ < length) {
      seed_.add(x);
      if (++count_ < length) return kNa;
      return value_ = seed_.value() / static_cast<double>(length);
    }
    return value_ = step(value_, x);
  }

 private:
  CompensatedSum seed_;
  std::size_t count_ = 0;
  double value_ = kNa;
};

/// Exponential moving average, weight 2 / (length + 1).
class Ema {
 public:
  double next(double x, std::size_t length) {
    const double alpha = 2.0 / (static_cast<double>(length) + 1.0);
    return average_.next(x, length, [alpha](double value, double y) { return value + alpha * (y - value); });
  }

 private:
  SeededAverage average_;
};

/// Wilder's moving average, weight 1 / length.
class Rma {
 public:
  double next(double x, std::size_t length) {
    const auto n = static_cast<double>(length);
    return average_.next(x, length, [n](double value, double y) { return (value * (n - 1) + y) / n; });
  }

 private:
  SeededAverage average_;
};

/// Weighted moving average, newest value heaviest. An na bar gives na and repeats the value before it in the window.
class Wma {
 public:
  double next(double x, std::size_t length) {
    values_.reserve(length);
    if (is_na(x)) {
      if (values_.count() > 0) values_.push(values_[0]);
      return kNa;
    }
    values_.push(x);
    if (!values_.full(length)) return kNa;
    double sum = 0, norm = 0;
    for (std::size_t back = length; back-- > 0;) {
      const auto weight = static_cast<double>(length - back);
      norm += weight;
      sum += values_[back] * weight;
    }
    return sum / norm;
  }

  /// The same for `count` values, one after the other: several sums at once, each in the order above.
  void next_all(const double* x, std::size_t count, std::size_t length, double* out) {
    const bool has_past = values_.held() + 1 >= length;
    if (!has_past || std::any_of(x, x + count, is_na)) {
      for (std::size_t i = 0; i < count; ++i) out[i] = next(x[i], length);
      return;
    }
    std::vector<double> all(length - 1 + count);
    for (std::size_t back = 0; back + 1 < length; ++back) all[length - 2 - back] = values_[back];
    std::copy_n(x, count, all.data() + length - 1);
    double norm = 0;
    for (std::size_t weight = 1; weight <= length; ++weight) norm += static_cast<double>(weight);
    weighted_sums(all.data(), count, length, out);
    for (std::size_t i = 0; i < count; ++i) out[i] /= norm;
    values_.reserve(length);
    for (std::size_t i = 0; i < count; ++i) values_.push(x[i]);
  }

 private:
  Window values_;
};

/// Volume-weighted moving average.
class Vwma {
 public:
  double next(double x, double volume, std::size_t length) {
    const double weighted = weighted_.next(x * volume, length);
    const double volumes = volumes_.next(volume, length);
    return weighted / volumes;
  }

 private:
  Sma weighted_, volumes_;
};

/// Symmetrically weighted average of four values; na while one of them is.
class Swma {
 public:
  double next(double x) {
    values_.push(x);
    if (!values_.full(4)) return kNa;
    return values_[3] * (1.0 / 6) + values_[2] * (2.0 / 6) + values_[1] * (2.0 / 6) + values_[0] * (1.0 / 6);
  }

 private:
  Window values_;
};

/// Hull moving average.
class Hma {
 public:
  double next(double x, std::size_t length) {
    const std::size_t half = std::max<std::size_t>(1, length / 2);
    const auto root = static_cast<std::size_t>(std::sqrt(static_cast<double>(length)));
    return outer_.next(2 * half_.next(x, half) - full_.next(x, length), std::max<std::size_t>(1, root));
  }

 private:
  Wma half_, full_, outer_;
};

/// Arnaud Legoux moving average; na while one value of the window is.
class Alma {
 public:
  double next(double x, std::size_t length, double offset, double sigma, bool floor) {
    values_.reserve(length);
    values_.push(x);
    if (!values_.full(length)) return kNa;
    const auto n = static_cast<double>(length);
    const double m = floor ? std::floor(offset * (n - 1)) : offset * (n - 1);
    const double s = n / sigma;
    double norm = 0, sum = 0;
    for (std::size_t i = 0; i < length; ++i) {
      const double distance = static_cast<double>(i) - m;
      const double weight = std::exp(-(distance * distance) / (2 * s * s));
      norm += weight;
      sum += values_[length - 1 - i] * weight;
    }
    return sum / norm;
  }

 private:
  Window values_;
};

/// Least-squares line over the window, read `offset` bars before its newest end. Window of values that are not na; the
/// last full value is held on an na bar.
class Linreg {
 public:
  double next(double x, std::size_t length, double offset) {
    if (is_na(x)) return last_;
    values_.reserve(length);
    values_.push(x);
    if (!values_.full(length)) return last_ = kNa;
    if (length == 1) return last_ = x;
    const auto n = static_cast<double>(length);
    double sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0;
    for (std::size_t i = 0; i < length; ++i) {
      const auto at = static_cast<double>(i);
      const double y = values_[length - 1 - i];
      sum_x += at;
      sum_y += y;
      sum_xx += at * at;
      sum_xy += at * y;
    }
    const double slope = (n * sum_xy - sum_x * sum_y) / (n * sum_xx - sum_x * sum_x);
    const double intercept = (sum_y - slope * sum_x) / n;
    return last_ = intercept + slope * (n - 1 - offset);
  }

 private:
  Window values_;
  double last_ = kNa;
};

}  // namespace tradeassist::indicators
