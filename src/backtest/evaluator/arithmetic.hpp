#pragma once

#include <cmath>
#include <limits>

/// Pine's arithmetic on slots, for every way of computing it. Without branches where it can be: the values of a market
/// would mispredict them. Always inlined, because files compiled for newer processors use it too: no copy of theirs may
/// be linked into the rest.
namespace tradeassist::backtest::arithmetic {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double kTolerance = 1e-10;  // of comparisons

[[gnu::always_inline]] inline bool is_true(double x) { return std::fabs(x) > 0; }  // not for na
[[gnu::always_inline]] inline bool is_na(double x) {
  return !(std::fabs(x) <= std::numeric_limits<double>::max());
}  // infinite ones too
[[gnu::always_inline]] inline double truth(bool b) { return b ? 1.0 : 0.0; }
[[gnu::always_inline]] inline double to_bool(double x) { return truth(std::fabs(x) > kTolerance); }

[[gnu::always_inline]] inline bool both(bool a, bool b) { return (static_cast<int>(a) & static_cast<int>(b)) != 0; }
[[gnu::always_inline]] inline bool either(bool a, bool b) { return (static_cast<int>(a) | static_cast<int>(b)) != 0; }

// Infinities have no difference but an order. Comparisons with na are false, != too.
[[gnu::always_inline]] inline bool equal(double a, double b) { return either(a == b, std::fabs(a - b) <= kTolerance); }
[[gnu::always_inline]] inline bool not_equal(double a, double b) { return both(both(a == a, b == b), !equal(a, b)); }
[[gnu::always_inline]] inline bool less(double a, double b) { return b - a > kTolerance; }
[[gnu::always_inline]] inline bool less_or_equal(double a, double b) { return either(a <= b, a - b <= kTolerance); }

[[gnu::always_inline]] inline double max(double a, double b) { return b > a || b != b ? b : a; }
[[gnu::always_inline]] inline double min(double a, double b) { return b < a || b != b ? b : a; }
[[gnu::always_inline]] inline double divide(double a, double b) { return b == 0 ? kNotANumber : a / b; }
[[gnu::always_inline]] inline double modulo(double a, double b) {
  return b == 0 ? kNotANumber : a - b * std::floor(a / b);
}

}  // namespace tradeassist::backtest::arithmetic
