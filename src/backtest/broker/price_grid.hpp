#pragma once

#include <cmath>

namespace tradeassist::backtest {

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
  double ticks(double distance) const { return std::round(distance / tick_); }

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
    const double nearest = std::round(steps);
    return at(std::fabs(steps - nearest) <= 0x1p-26 * std::fabs(steps) ? nearest : std::floor(steps));
  }
  /// The same for a quantity that somebody wrote: its decimal digits count, not what binary made of them.
  double floor_written(double quantity) const {
    const double steps = divides_ ? quantity * scale_ : quantity / step_;
    const double nearest = std::round(steps);
    return at(std::fabs(steps - nearest) <= 1e-9 * std::fmax(1.0, std::fabs(steps)) ? nearest : std::floor(steps));
  }

 private:
  double at(double steps) const { return divides_ ? steps / scale_ : steps * step_; }

  double step_, scale_;
  bool divides_ = false;
};

/// Sums and differences of quantities, in units of 1e-8 so that what should be nothing is nothing.
inline double clean_quantity(double quantity) { return std::round(quantity * 1e8) / 1e8; }

/// Money to ten significant digits, half up (finer-rules §7.6).
inline double ten_digits(double money) {
  if (money == 0 || !std::isfinite(money)) return money;
  const double scale = std::pow(10.0, 9 - std::floor(std::log10(std::fabs(money))));
  return std::round(money * scale) / scale;
}

}  // namespace tradeassist::backtest
