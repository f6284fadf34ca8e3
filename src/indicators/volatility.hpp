#pragma once

#include <tuple>

#include "indicators/events.hpp"
#include "indicators/moving_averages.hpp"
#include "indicators/statistics.hpp"

namespace tradeassist::indicators {

/// True range; `previous_close` is na on the first bar, where the range is high - low when `handle_na`, else na.
inline double true_range(double high, double low, double previous_close, bool handle_na) {
  if (is_na(previous_close)) return handle_na ? high - low : kNa;
  return std::max({high - low, std::fabs(high - previous_close), std::fabs(low - previous_close)});
}

class Atr {
 public:
  double next(double high, double low, double previous_close, std::size_t length) {
    return average_.next(true_range(high, low, previous_close, true), length);
  }

 private:
  Rma average_;
};

/// Bollinger bands: basis, upper, lower.
class Bb {
 public:
  std::tuple<double, double, double> next(double x, std::size_t length, double mult) {
    const double basis = basis_.next(x, length);
    const double width = mult * stdev_.next(x, length, true);
    return {basis, basis + width, basis - width};
  }

 private:
  Sma basis_;
  Stdev stdev_;
};

/// Keltner channels: basis, upper, lower.
class Kc {
 public:
  std::tuple<double, double, double> next(double x, double high, double low, double previous_close, std::size_t length,
                                          double mult, bool use_true_range) {
    const double basis = basis_.next(x, length);
    const double range = use_true_range ? true_range(high, low, previous_close, false) : high - low;
    const double width = mult * range_.next(range, length);
    return {basis, basis + width, basis - width};
  }

 private:
  Ema basis_, range_;
};

/// Supertrend: the line, and -1 in an up trend, 1 in a down trend.
class Supertrend {
 public:
  std::tuple<double, double> next(double high, double low, double close, double previous_close, double factor,
                                  std::size_t length) {
    const double atr = atr_.next(high, low, previous_close, length);
    const double middle = (high + low) / 2;
    double upper = middle + factor * atr;
    double lower = middle - factor * atr;
    const double previous_lower = is_na(lower_) ? 0 : lower_;
    const double previous_upper = is_na(upper_) ? 0 : upper_;
    lower = lower > previous_lower || previous_close < previous_lower ? lower : previous_lower;
    upper = upper < previous_upper || previous_close > previous_upper ? upper : previous_upper;
    double direction = 1;
    if (is_na(previous_atr_)) {
      direction = 1;
    } else if (line_ == previous_upper) {
      direction = close > upper ? -1 : 1;
    } else {
      direction = close < lower ? 1 : -1;
    }
    line_ = direction == -1 ? lower : upper;
    lower_ = lower;
    upper_ = upper;
    previous_atr_ = atr;
    return {line_, direction};
  }

 private:
  Atr atr_;
  double lower_ = kNa, upper_ = kNa, line_ = kNa, previous_atr_ = kNa;
};

/// Directional movement: +DI, -DI, ADX.
class Dmi {
 public:
  std::tuple<double, double, double> next(double high, double low, double previous_close, std::size_t length,
                                          std::size_t smoothing) {
    const double up = high - highs_.next(high, 1);
    const double down = -(low - lows_.next(low, 1));
    const double plus_move = is_na(up) ? kNa : up - down > kTolerance && up > kTolerance ? up : 0;
    const double minus_move = is_na(down) ? kNa : down - up > kTolerance && down > kTolerance ? down : 0;
    const double range = range_.next(true_range(high, low, previous_close, false), length);
    const double plus = plus_fix_.next(100 * plus_.next(plus_move, length) / range);
    const double minus = minus_fix_.next(100 * minus_.next(minus_move, length) / range);
    const double sum = plus + minus;
    const double adx = 100 * adx_.next(std::fabs(plus - minus) / (sum == 0 ? 1 : sum), smoothing);
    return {plus, minus, adx};
  }

 private:
  Lag highs_, lows_;
  Rma range_, plus_, minus_, adx_;
  Fixnan plus_fix_, minus_fix_;
};

/// Parabolic stop and reverse (Wilder); na on the first bar.
class Sar {
 public:
  double next(double high, double low, double close, double start, double increment, double maximum) {
    const double result = step(high, low, close, start, increment, maximum);
    before_high_ = last_high_;
    before_low_ = last_low_;
    last_high_ = high;
    last_low_ = low;
    last_close_ = close;
    ++bars_;
    return result;
  }

 private:
  double step(double high, double low, double close, double start, double increment, double maximum) {
    if (bars_ == 0) return kNa;
    bool turned = false;
    if (bars_ == 1) {
      rising_ = close > last_close_;
      extreme_ = rising_ ? high : low;
      sar_ = rising_ ? last_low_ : last_high_;
      acceleration_ = start;
      turned = true;
    }
    sar_ += acceleration_ * (extreme_ - sar_);
    if (rising_ && sar_ > low) {
      turned = true;
      rising_ = false;
      sar_ = std::max(high, extreme_);
      extreme_ = low;
      acceleration_ = start;
    } else if (!rising_ && sar_ < high) {
      turned = true;
      rising_ = true;
      sar_ = std::min(low, extreme_);
      extreme_ = high;
      acceleration_ = start;
    }
    if (!turned) {
      if (rising_ ? high > extreme_ : low < extreme_) {
        extreme_ = rising_ ? high : low;
        acceleration_ = std::min(acceleration_ + increment, maximum);
      }
    }
    if (rising_) {
      sar_ = std::min(sar_, last_low_);
      if (bars_ > 1) sar_ = std::min(sar_, before_low_);
    } else {
      sar_ = std::max(sar_, last_high_);
      if (bars_ > 1) sar_ = std::max(sar_, before_high_);
    }
    return sar_;
  }

  std::size_t bars_ = 0;
  bool rising_ = false;
  double sar_ = kNa, extreme_ = kNa, acceleration_ = 0;
  double last_high_ = kNa, last_low_ = kNa, last_close_ = kNa, before_high_ = kNa, before_low_ = kNa;
};

}  // namespace tradeassist::indicators
