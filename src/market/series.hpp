#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/time.hpp"

namespace tradeassist::market {

/// One bar, for interfaces where bars come singly. `time` is the bar's start.
struct Bar {
  base::Time time;
  double open = 0, high = 0, low = 0, close = 0, volume = 0;
};

/// Bars as columns: `time[i]` is the start of bar i in nanoseconds UTC, strictly ascending; every column has the same
/// length. Prices may be negative and NaN; a NaN volume means "not known". Immutable once shared (SeriesPtr), so
/// readers never lock.
struct Series {
  std::vector<std::int64_t> time;
  std::vector<double> open, high, low, close, volume;

  std::size_t size() const { return time.size(); }
  bool empty() const { return time.empty(); }
  Bar bar(std::size_t i) const {
    return {base::time_from_nanoseconds(time[i]), open[i], high[i], low[i], close[i], volume[i]};
  }
  void reserve(std::size_t rows);
  void resize(std::size_t rows);
  void push_back(const Bar& bar);

  /// Rows [first, first + count).
  Series slice(std::size_t first, std::size_t count) const;

  /// Index of the first bar whose start is at or after `t` (size() when there is none).
  std::size_t lower_bound(base::Time t) const;
};

using SeriesPtr = std::shared_ptr<const Series>;

}  // namespace tradeassist::market
