#pragma once

#include <tuple>

#include "base/weighted_mean.hpp"
#include "indicators/window.hpp"

namespace tradeassist::indicators {

/// One bar as the volume indicators need it.
struct VolumeBar {
  double open = kNa, high = kNa, low = kNa, close = kNa, volume = kNa;
};

/// Indicators that read whole bars and remember the one before. On the first bar there is no change.
class Obv {
 public:
  double next(const VolumeBar& bar) {
    const double change = bar.close - previous_;
    previous_ = bar.close;
    if (is_na(change)) return kNa;
    const double sign = change > 0 ? 1 : change < 0 ? -1 : 0;
    return sum_ += sign * bar.volume;
  }

 private:
  double previous_ = kNa, sum_ = 0;
};

class Pvt {
 public:
  double next(const VolumeBar& bar) {
    const double change = (bar.close - previous_) / previous_ * bar.volume;
    previous_ = bar.close;
    if (is_na(change)) return kNa;
    return sum_ += change;
  }

 private:
  double previous_ = kNa, sum_ = 0;
};

class Accdist {
 public:
  double next(const VolumeBar& bar) {
    const double range = bar.high - bar.low;
    const double flow = range == 0 ? 0 : ((bar.close - bar.low) - (bar.high - bar.close)) / range * bar.volume;
    if (is_na(flow)) return kNa;
    return sum_ += flow;
  }

 private:
  double sum_ = 0;
};

class Wad {
 public:
  double next(const VolumeBar& bar) {
    const double before = previous_;
    previous_ = bar.close;
    if (bar.close > before)
      sum_ += bar.close - std::min(bar.low, before);
    else if (bar.close < before)
      sum_ += bar.close - std::max(bar.high, before);
    return sum_;
  }

 private:
  double previous_ = kNa, sum_ = 0;
};

inline double wvad(const VolumeBar& bar) { return (bar.close - bar.open) / (bar.high - bar.low) * bar.volume; }

inline double iii(const VolumeBar& bar) {
  return (2 * bar.close - bar.high - bar.low) / ((bar.high - bar.low) * bar.volume);
}

/// Negative (Sign = -1) and positive (Sign = 1) volume index: moves with the price on days of less, or more, volume.
template <int Sign>
class VolumeIndex {
 public:
  double next(const VolumeBar& bar) {
    const double change = (bar.close - close_) / close_;
    const bool moves = Sign * bar.volume > Sign * volume_;
    if (moves && !is_na(change) && close_ != 0 && bar.close != 0) index_ *= 1 + change;
    close_ = bar.close;
    volume_ = bar.volume;
    return index_;
  }

 private:
  double close_ = kNa, volume_ = kNa, index_ = 1;
};
using Nvi = VolumeIndex<-1>;
using Pvi = VolumeIndex<1>;

/// Volume-weighted average price since the anchor, with bands of `mult` standard deviations. `starts_now` accumulates
/// from the first bar; otherwise all is na until the first anchor.
class Vwap {
 public:
  std::tuple<double, double, double> next(double x, double volume, bool anchor, bool starts_now, double mult) {
    if (anchor || (first_ && starts_now)) {
      started_ = true;
      prices_ = {};
    }
    first_ = false;
    if (!started_) return {kNa, kNa, kNa};
    prices_.add(x, volume);
    const double vwap = prices_.mean(), width = mult * prices_.deviation();
    return {vwap, vwap + width, vwap - width};
  }

 private:
  bool first_ = true, started_ = false;
  base::WeightedMean prices_;
};

}  // namespace tradeassist::indicators
