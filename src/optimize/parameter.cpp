#include "optimize/parameter.hpp"

#include <algorithm>
#include <cmath>

namespace tradeassist::optimize {

double Parameter::entry(std::uint64_t i) const {
  if (!values.empty()) return static_cast<double>(i);
  // The decimal that was meant: 0.1 + 2 * 0.1 should be 0.3, so that a backtest with --set 0.3 is the same.
  const double exact = from + static_cast<double>(i) * step;
  const double rounded = std::round(exact * 1e9) / 1e9;
  return std::fabs(rounded - exact) <= 1e-12 * std::max(1.0, std::fabs(exact)) ? rounded : exact;
}

std::uint64_t Parameter::index(double entry) const {
  const double exact = values.empty() ? (entry - from) / step : entry;
  return static_cast<std::uint64_t>(std::clamp(std::round(exact), 0.0, static_cast<double>(count - 1)));
}

backtest::InputValue Parameter::value(double entry) const { return values.empty() ? entry : values[index(entry)]; }

double Parameter::number(double entry) const {
  if (values.empty()) return entry;
  const auto* number = std::get_if<double>(&values[index(entry)]);
  return number != nullptr ? *number : 0;
}

double Parameter::from_unit(double unit) const {
  unit = unit > 0 ? std::min(unit, 1.0) : 0;
  if (continuous()) {
    const double made = logarithmic ? from * std::pow(to / from, unit) : from + unit * (to - from);
    return std::clamp(made, from, to);
  }
  double i = unit * static_cast<double>(count);
  // Each value stands for the numbers from itself to the next, so that the last one has its share.
  if (logarithmic) i = (from * std::pow((to + step) / from, unit) - from) / step;
  return entry(static_cast<std::uint64_t>(std::clamp(std::floor(i), 0.0, static_cast<double>(count - 1))));
}

double Parameter::to_unit(double entry) const {
  if (continuous()) {
    if (to <= from) return 0.5;
    return logarithmic ? std::log(entry / from) / std::log(to / from) : (entry - from) / (to - from);
  }
  if (!logarithmic) return (static_cast<double>(index(entry)) + 0.5) / static_cast<double>(count);
  const double all = std::log((to + step) / from);
  return (std::log(entry / from) + std::log((entry + step) / from)) / (2 * all);
}

}  // namespace tradeassist::optimize
