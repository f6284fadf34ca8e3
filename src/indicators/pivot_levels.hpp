#pragma once

#include <array>
#include <cstdint>

#include "indicators/window.hpp"

namespace tradeassist::indicators {

/// Open, high, low and close of a period.
struct PeriodPrices {
  double open = kNa, high = kNa, low = kNa, close = kNa;
};

enum class PivotType : std::uint8_t { kTraditional, kFibonacci, kWoodie, kClassic, kDm, kCamarilla };

/// P, R1, S1, R2, S2, … R5, S5; na where a type has no such level.
using PivotLevels = std::array<double, 11>;

/// The levels that follow a period. `next_open` is the open of the period that follows (Woodie's alone needs it).
inline PivotLevels pivot_levels(PivotType type, const PeriodPrices& period, double next_open) {
  const auto [open, high, low, close] = period;
  const double range = high - low, mean = (high + low + close) / 3;
  switch (type) {
    case PivotType::kTraditional:
      return {mean,
              2 * mean - low,
              2 * mean - high,
              mean + range,
              mean - range,
              2 * mean + high - 2 * low,
              2 * mean - (2 * high - low),
              3 * mean + high - 3 * low,
              3 * mean - (3 * high - low),
              4 * mean + high - 4 * low,
              4 * mean - (4 * high - low)};
    case PivotType::kFibonacci:
      return {mean,
              mean + 0.382 * range,
              mean - 0.382 * range,
              mean + 0.618 * range,
              mean - 0.618 * range,
              mean + range,
              mean - range,
              kNa,
              kNa,
              kNa,
              kNa};
    case PivotType::kWoodie: {
      const double p = (high + low + 2 * next_open) / 4;
      const double r3 = high + 2 * (p - low), s3 = low - 2 * (high - p);
      return {p, 2 * p - low, 2 * p - high, p + range, p - range, r3, s3, r3 + range, s3 - range, kNa, kNa};
    }
    case PivotType::kClassic:
      return {mean,
              2 * mean - low,
              2 * mean - high,
              mean + range,
              mean - range,
              mean + 2 * range,
              mean - 2 * range,
              mean + 3 * range,
              mean - 3 * range,
              kNa,
              kNa};
    case PivotType::kDm: {
      const double x = open == close  ? high + low + 2 * close
                       : close > open ? 2 * high + low + close
                                      : 2 * low + high + close;
      return {x / 4, x / 2 - low, x / 2 - high, kNa, kNa, kNa, kNa, kNa, kNa, kNa, kNa};
    }
    case PivotType::kCamarilla: {
      const double step = 1.1 * range, r5 = high / low * close;
      return {mean,
              close + step / 12,
              close - step / 12,
              close + step / 6,
              close - step / 6,
              close + step / 4,
              close - step / 4,
              close + step / 2,
              close - step / 2,
              r5,
              2 * close - r5};
    }
  }
  return {};
}

/// Pivot points of the last period that an anchor closed; `developing`: of the period at hand, up to this bar. The bars
/// before the first anchor are the first period; until it ends there are no levels.
class PivotPoints {
 public:
  PivotLevels next(const PeriodPrices& bar, PivotType type, bool anchor, bool developing) {
    if (anchor) {
      levels_ = pivot_levels(type, period_, bar.open);
      period_ = bar;
    } else {
      if (is_na(period_.open)) period_.open = bar.open;
      if (!(period_.high >= bar.high)) period_.high = bar.high;
      if (!(period_.low <= bar.low)) period_.low = bar.low;
      period_.close = bar.close;
    }
    return developing ? pivot_levels(type, period_, kNa) : levels_;
  }

 private:
  static constexpr PivotLevels none() {
    PivotLevels levels{};
    levels.fill(kNa);
    return levels;
  }

  PeriodPrices period_;
  PivotLevels levels_ = none();
};

}  // namespace tradeassist::indicators
