#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace tradeassist::market {

/// What is not known is NaN.
constexpr double kNotKnown = std::numeric_limits<double>::quiet_NaN();

/// One bar, for interfaces where bars come singly. `time` is the bar's start.
struct Bar {
  base::Time time;
  double open = 0, high = 0, low = 0, close = 0, volume = 0;
  double open_interest = kNotKnown, trade_count = kNotKnown, vwap = kNotKnown;
};

/// Bars as columns: `time[i]` is the start of bar i in nanoseconds UTC, strictly ascending. Prices may be negative and
/// NaN; a NaN volume means "not known". Immutable once shared (SeriesPtr), so readers never lock.
///
/// The columns up to `volume` are as long as `time`. Each of the optional columns after it is either as long, with NaN
/// where a bar's value is not known, or empty: then it is not known of any bar.
struct Series {
  std::vector<std::int64_t> time;
  std::vector<double> open, high, low, close, volume;
  std::vector<double> open_interest{};  // contracts open at the bar's end
  std::vector<double> trade_count{};    // trades in the bar
  std::vector<double> vwap{};           // volume-weighted mean price of the bar's trades

  std::size_t size() const { return time.size(); }
  bool empty() const { return time.empty(); }
  Bar bar(std::size_t i) const;
  void reserve(std::size_t rows);

  /// New rows are zero, and not known in the optional columns that are present.
  void resize(std::size_t rows);

  /// A value that is known makes its optional column present: of the bars before it, it is not known.
  void push_back(const Bar& bar);

  /// Rows [first, first + count), with the optional columns that are present.
  Series slice(std::size_t first, std::size_t count) const;

  /// Index of the first bar whose start is at or after `t` (size() when there is none).
  std::size_t lower_bound(base::Time t) const;
};

using SeriesPtr = std::shared_ptr<const Series>;

/// The columns of values by what they are, for code that treats them alike.
using ValueColumn = std::vector<double> Series::*;
constexpr std::array<ValueColumn, 4> kPriceColumns = {&Series::open, &Series::high, &Series::low, &Series::close};
constexpr std::array<ValueColumn, 3> kOptionalColumns = {&Series::open_interest, &Series::trade_count, &Series::vwap};
constexpr std::array<std::string_view, 3> kOptionalColumnNames = {"open_interest", "trade_count", "vwap"};

/// True for a column that is as long as `time`: all but the optional ones that are not known of any bar.
inline bool is_present(const Series& series, ValueColumn column) { return !(series.*column).empty(); }

/// Calls `visit(ValueColumn)` for open, high, low, close, volume and then for each optional column that is present.
template <class Visit>
void for_each_value_column(const Series& series, Visit&& visit) {
  for (const ValueColumn column : kPriceColumns) visit(column);
  visit(&Series::volume);
  for (const ValueColumn column : kOptionalColumns) {
    if (is_present(series, column)) visit(column);
  }
}

/// True when both hold the same bars to the bit. Any NaN equals any other, and an optional column that is absent equals
/// one in which nothing is known.
bool is_same(const Series& a, const Series& b);

}  // namespace tradeassist::market
