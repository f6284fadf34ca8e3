#pragma once

#include <cmath>
#include <limits>

/// Pine's arithmetic on slots, for every way of computing it. Without branches where it can be: the values of a market
/// would mispredict them.
namespace tradeassist::backtest::arithmetic {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double kTolerance = 1e-10;  // of comparisons

inline bool is_true(double x) { return std::fabs(x) > 0; }                                     // not for na
inline bool is_na(double x) { return !(std::fabs(x) <= std::numeric_limits<double>::max()); }  // infinite ones too
inline double truth(bool b) { return b ? 1.0 : 0.0; }
inline double to_bool(double x) { return truth(std::fabs(x) > kTolerance); }

inline bool both(bool a, bool b) { return (static_cast<int>(a) & static_cast<int>(b)) != 0; }
inline bool either(bool a, bool b) { return (static_cast<int>(a) | static_cast<int>(b)) != 0; }

// Infinities have no difference but an order. Comparisons with na are false, != too.
inline bool equal(double a, double b) { return either(a == b, std::fabs(a - b) <= kTolerance); }
inline bool not_equal(double a, double b) { return both(both(a == a, b == b), !equal(a, b)); }
inline bool less(double a, double b) { return b - a > kTolerance; }
inline bool less_or_equal(double a, double b) { return either(a <= b, a - b <= kTolerance); }

inline double max(double a, double b) { return b > a || b != b ? b : a; }
inline double min(double a, double b) { return b < a || b != b ? b : a; }
inline double divide(double a, double b) { return b == 0 ? kNotANumber : a / b; }
inline double modulo(double a, double b) { return b == 0 ? kNotANumber : a - b * std::floor(a / b); }

}  // namespace tradeassist::backtest::arithmetic
