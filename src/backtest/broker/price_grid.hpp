#pragma once

#include <array>
#include <bit>
#include <cmath>

namespace tradeassist::backtest {

/// std::round() without the call: half away from zero. One ulp less than a half keeps what is just below from rounding
/// up in the sum.
inline double round_half_away(double x) { return std::trunc(x + std::copysign(0x1.fffffffffffffp-2, x)); }

/// Prices on the instrument's ticks. A level within 1e-4 tick of the grid counts as on it (finer-rules §3.3).
class PriceGrid {
 public:
  explicit PriceGrid(double tick) : tick_(tick), scale_(1 / tick) {
    // Ticks such as 0.01 divide one exactly: n / 100 is the decimal that n * 0.01 only nears.
    divides_ = std::fabs(scale_ - std::round(scale_)) < 1e-6 * scale_;
    scale_ = std::round(scale_);
  }
  double tick() const { return tick_; }
  double floor(double price) const { return at(std::floor(price / tick_ + 1e-4)); }
  double ceil(double price) const { return at(std::ceil(price / tick_ - 1e-4)); }
  double round(double price) const { return at(std::floor(price / tick_ + 0.5)); }
  /// Whole ticks between two prices, for comparisons.
  double ticks(double distance) const { return round_half_away(distance / tick_); }

 private:
  double at(double ticks) const { return divides_ ? ticks / scale_ : ticks * tick_; }

  double tick_, scale_;
  bool divides_;
};

/// Quantities in whole steps of the instrument.
class QuantityGrid {
 public:
  explicit QuantityGrid(double step) : step_(step), scale_(std::round(1 / step)) {
    divides_ = std::fabs(1 / step - scale_) < 1e-6 * scale_;
  }
  /// Largest multiple not above a computed quantity.
  double floor(double quantity) const { return at(std::floor(divides_ ? quantity * scale_ : quantity / step_)); }
  /// The same, what is within 2^-26 of its size of a whole number of steps counting as that (finer-rules §8.10).
  double floor_near(double quantity) const {
    const double steps = divides_ ? quantity * scale_ : quantity / step_;
    const double nearest = round_half_away(steps);
    return at(std::fabs(steps - nearest) <= 0x1p-26 * std::fabs(steps) ? nearest : std::floor(steps));
  }
  /// The same for a quantity that somebody wrote: its decimal digits count, not what binary made of them.
  double floor_written(double quantity) const {
    const double steps = divides_ ? quantity * scale_ : quantity / step_;
    const double nearest = round_half_away(steps);
    return at(std::fabs(steps - nearest) <= 1e-9 * std::fmax(1.0, std::fabs(steps)) ? nearest : std::floor(steps));
  }

 private:
  double at(double steps) const { return divides_ ? steps / scale_ : steps * step_; }

  double step_, scale_;
  bool divides_ = false;
};

/// Sums and differences of quantities, in units of 1e-8 so that what should be nothing is nothing.
inline double clean_quantity(double quantity) { return round_half_away(quantity * 1e8) / 1e8; }

/// Money to ten significant digits, half up (finer-rules §7.6).
inline double ten_digits(double money) {
  static constexpr std::array<double, 20> kPowersOfTen = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,
                                                          1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19};
  constexpr int kDigits = 10;
  const double size = std::fabs(money);
  if (!(size >= 1e-9 && size < 1e15)) {  // no money that anybody has, and what is no number
    if (money == 0 || !std::isfinite(money)) return money;
    const double scale = std::pow(10.0, kDigits - 1 - std::floor(std::log10(size)));
    return round_half_away(money * scale) / scale;
  }
  // Digits before the point, from the binary exponent; one too few where the leading digits are high.
  const int binary = static_cast<int>(std::bit_cast<std::uint64_t>(size) >> 52) - 1023;
  int digits = (binary * 1233 + (1 << 12)) >> 12;  // 1233 / 4096 is just below log10(2)
  const auto power = [](int exponent) { return kPowersOfTen[static_cast<std::size_t>(exponent)]; };
  if (digits >= 0 ? size >= power(digits) : size * power(-digits) >= 1) ++digits;
  return digits <= kDigits ? round_half_away(money * power(kDigits - digits)) / power(kDigits - digits)
                           : round_half_away(money / power(digits - kDigits)) * power(digits - kDigits);
}

}  // namespace tradeassist::backtest
