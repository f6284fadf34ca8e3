#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "base/time.hpp"

namespace tradeassist::market {

/// One trade, with the quotes of its instant where they are known (NaN: not known).
struct Tick {
  base::Time time;
  double price = 0, size = 0;
  double bid = std::numeric_limits<double>::quiet_NaN();
  double ask = std::numeric_limits<double>::quiet_NaN();
};

/// Ticks as columns: `time[i]` in nanoseconds UTC, ascending; equal times are usual, and their order is that of the
/// trades. Price and size are as long as time; NaN means "not known". `bid` and `ask` are each empty, when not known
/// of any tick, or as long as time. Immutable once shared (TickSeriesPtr), so readers never lock.
struct TickSeries {
  std::vector<std::int64_t> time;
  std::vector<double> price, size;
  std::vector<double> bid, ask;

  std::size_t rows() const { return time.size(); }
  bool empty() const { return time.empty(); }
  Tick tick(std::size_t i) const;

  /// Room for `rows` of the columns that every tick has.
  void reserve(std::size_t rows);
  /// New rows of a quote column that is there are NaN.
  void resize(std::size_t rows);
  /// A first bid or ask other than the usual quiet NaN brings the column into being, NaN for the ticks before.
  void push_back(const Tick& tick);
  /// Puts rows [first, first + count) of `other` behind these.
  void append(const TickSeries& other, std::size_t first, std::size_t count);

  /// Rows [first, first + count). A quote column stays one, even where no tick of the part knows it.
  TickSeries slice(std::size_t first, std::size_t count) const;

  /// Index of the first tick at or after `t` (rows() when there is none).
  std::size_t lower_bound(base::Time t) const;
};

using TickSeriesPtr = std::shared_ptr<const TickSeries>;

}  // namespace tradeassist::market
