#pragma once

#include <tuple>

#include "indicators/events.hpp"
#include "indicators/extremes.hpp"
#include "indicators/moving_averages.hpp"
#include "indicators/statistics.hpp"

namespace tradeassist::indicators {

/// Relative strength index (Wilder); the first value comes after `length` changes.
class Rsi {
 public:
  double next(double x, std::size_t length) {
    const double change = x - lag_.next(x, 1);
    const double up = up_.next(is_na(change) ? kNa : std::max(change, 0.0), length);
    const double down = down_.next(is_na(change) ? kNa : -std::min(change, 0.0), length);
    if (down == 0) return is_na(up) ? kNa : 100;
    if (up == 0) return 0;
    return 100 - 100 / (1 + up / down);
  }

 private:
  Lag lag_;
  Rma up_, down_;
};

/// Moving average convergence/divergence: line, signal, histogram.
class Macd {
 public:
  std::tuple<double, double, double> next(double x, std::size_t fast, std::size_t slow, std::size_t signal_length) {
    const double line = fast_.next(x, fast) - slow_.next(x, slow);
    const double signal = signal_.next(line, signal_length);
    return {line, signal, line - signal};
  }

 private:
  Ema fast_, slow_, signal_;
};

/// %K of the stochastic: where the source stands in the range of the last `length` bars, in percent, not clamped.
class Stoch {
 public:
  double next(double x, double high, double low, std::size_t length) {
    const double highest = highest_.next(high, length);
    const double lowest = lowest_.next(low, length);
    if (highest == lowest) return kNa;
    return 100 * (x - lowest) / (highest - lowest);
  }

 private:
  Highest highest_;
  Lowest lowest_;
};

/// Williams %R, -100 to 0.
class Wpr {
 public:
  double next(double close, double high, double low, std::size_t length) {
    const double highest = highest_.next(high, length);
    const double lowest = lowest_.next(low, length);
    if (highest == lowest) return kNa;
    return 100 * (close - highest) / (highest - lowest);
  }

 private:
  Highest highest_;
  Lowest lowest_;
};

/// Commodity channel index of any source.
class Cci {
 public:
  double next(double x, std::size_t length) {
    const double dev = dev_.next(x, length);
    if (is_na(dev) || is_na(x)) return kNa;
    if (dev == 0) return 0;
    return (x - dev_.mean(length)) / (0.015 * dev);
  }

 private:
  Dev dev_;
};

/// Chande momentum oscillator.
class Cmo {
 public:
  double next(double x, std::size_t length) {
    const double change = x - lag_.next(x, 1);
    const double up = up_.next(is_na(change) ? kNa : std::max(change, 0.0), length);
    const double down = down_.next(is_na(change) ? kNa : -std::min(change, 0.0), length);
    const double total = up + down;
    if (std::fabs(total) <= kTolerance) return kNa;
    return 100 * (up - down) / total;
  }

 private:
  Lag lag_;
  Sum up_, down_;
};

/// True strength index, -1 to 1.
class Tsi {
 public:
  double next(double x, std::size_t short_length, std::size_t long_length) {
    const double change = x - lag_.next(x, 1);
    const double smooth = outer_.next(inner_.next(change, long_length), short_length);
    const double norm = outer_norm_.next(inner_norm_.next(std::fabs(change), long_length), short_length);
    return norm == 0 ? kNa : smooth / norm;
  }

 private:
  Lag lag_;
  Ema inner_, outer_, inner_norm_, outer_norm_;
};

/// Centre of gravity.
class Cog {
 public:
  double next(double x, std::size_t length) {
    if (is_na(x)) return last_;
    values_.reserve(length);
    values_.push(x);
    if (!values_.full(length)) return last_ = kNa;
    double weighted = 0, sum = 0;
    for (std::size_t back = length; back-- > 0;) {
      weighted += values_[back] * static_cast<double>(back + 1);
      sum += values_[back];
    }
    return last_ = sum == 0 ? kNa : -weighted / sum;
  }

 private:
  Window values_;
  double last_ = kNa;
};

/// Money flow index. The first bar has no change and counts as flow both in and out.
class Mfi {
 public:
  double next(double x, double volume, std::size_t length) {
    const double change = x - lag_.next(x, 1);
    const double flow = volume * x;
    const double upper = upper_.next(change <= kTolerance ? 0 : flow, length);
    const double lower = lower_.next(change >= -kTolerance ? 0 : flow, length);
    if (is_na(upper) || is_na(lower)) return kNa;
    if (std::fabs(lower) <= kTolerance) return 100;
    return 100 - 100 / (1 + upper / lower);
  }

 private:
  Lag lag_;
  Sum upper_, lower_;
};

}  // namespace tradeassist::indicators
