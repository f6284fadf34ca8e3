#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/time.hpp"
#include "market/series.hpp"

namespace tradeassist::market {

/// A price, and the start of the first bar that had it.
struct PriceAt {
  base::Time time;
  double price = 0;

  bool operator==(const PriceAt&) const = default;
};

/// From the close of one bar to that of the next.
struct Move {
  base::Time from, to;  // starts of the two bars
  double from_close = 0, to_close = 0;
  double change = 0;  // to_close / from_close - 1

  bool operator==(const Move&) const = default;
};

/// What bars are like, in numbers. What cannot be computed is NaN, or not there.
struct BarStatistics {
  std::size_t bars = 0;
  std::optional<base::Time> first_time{}, last_time{};  // starts
  std::size_t trading_days = 0;                         // with bars
  std::size_t bars_with_volume = 0;                     // whose volume is known; the next two are of these
  double volume = kNotKnown, mean_volume = kNotKnown;
  std::optional<PriceAt> high{}, low{};
  // Returns from close to close, of two bars in a row whose closes are known and above 0; others are counted.
  std::size_t returns = 0, returns_undefined = 0;
  double mean_return = kNotKnown, median_return = kNotKnown;
  double return_deviation = kNotKnown;         // standard deviation (sample); needs two returns
  std::vector<Move> largest_up, largest_down;  // the largest first, of equals the earlier one
};

/// Describes a series. `days` gives each bar's trading day, ascending; as many as bars. At most `moves_max` moves each
/// way. Linear in bars; sums are compensated, so that they do not depend on how long the series is. Thread-safe.
BarStatistics bar_statistics(const Series& bars, std::span<const std::int64_t> days, std::size_t moves_max = 5);

}  // namespace tradeassist::market
