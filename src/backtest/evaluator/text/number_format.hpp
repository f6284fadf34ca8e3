#pragma once

#include <string>
#include <string_view>

namespace tradeassist::backtest {

/// How a number loses digits. Both start from the shortest digits that read back as the same double; what is exactly
/// half a unit there goes up, or as the double's exact value says (Java's DecimalFormat).
enum class Rounding { kHalfUpShortest, kHalfEvenExact };

/// The number in a mask of `# 0 , .`, with affixes, quotes, `%` (times 100) and a negative form after `;`.
std::string format_decimal(double value, std::string_view mask, Rounding rounding);

/// str.tostring of a number: `format` is a mask, or the name of a format.*; empty: up to ten decimals.
std::string format_number(double value, std::string_view format, double tick_size);

/// A tick as the fraction minmove / pricescale, whose denominator is a power of ten.
struct TickScale {
  double minmove = 1, pricescale = 1;
  int decimals = 0;
};
TickScale tick_scale(double tick_size);

/// The nearest price on the ticks; halves go up.
double round_to_tick(double value, double tick_size);

}  // namespace tradeassist::backtest
