#include "market/series.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace tradeassist::market {
namespace {

void push_optional(std::vector<double>& column, double value, std::size_t rows_before) {
  if (column.empty()) {
    if (value != value) return;
    column.assign(rows_before, kNotKnown);
  }
  column.push_back(value);
}

bool same_bits(double a, double b) {
  return (a != a && b != b) || std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

bool is_all_unknown(const std::vector<double>& column) {
  return std::ranges::all_of(column, [](double x) { return x != x; });
}

}  // namespace

Bar Series::bar(std::size_t i) const {
  const auto known = [i](const std::vector<double>& column) { return column.empty() ? kNotKnown : column[i]; };
  return {base::time_from_nanoseconds(time[i]),
          open[i],
          high[i],
          low[i],
          close[i],
          volume[i],
          known(open_interest),
          known(trade_count),
          known(vwap)};
}

void Series::reserve(std::size_t rows) {
  time.reserve(rows);
  for_each_value_column(*this, [&](ValueColumn column) { (this->*column).reserve(rows); });
}

void Series::resize(std::size_t rows) {
  for (const ValueColumn column : kOptionalColumns) {
    if (is_present(*this, column)) (this->*column).resize(rows, kNotKnown);
  }
  time.resize(rows);
  for (const ValueColumn column : kPriceColumns) (this->*column).resize(rows);
  volume.resize(rows);
}

void Series::push_back(const Bar& bar) {
  push_optional(open_interest, bar.open_interest, size());
  push_optional(trade_count, bar.trade_count, size());
  push_optional(vwap, bar.vwap, size());
  time.push_back(base::to_nanoseconds(bar.time));
  open.push_back(bar.open);
  high.push_back(bar.high);
  low.push_back(bar.low);
  close.push_back(bar.close);
  volume.push_back(bar.volume);
}

Series Series::slice(std::size_t first, std::size_t count) const {
  assert(first + count <= size());
  const auto cut = [&](const auto& from, auto& to) {
    const auto begin = from.begin() + static_cast<std::ptrdiff_t>(first);
    to.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
  };
  Series rows;
  cut(time, rows.time);
  for_each_value_column(*this, [&](ValueColumn column) { cut(this->*column, rows.*column); });
  return rows;
}

std::size_t Series::lower_bound(base::Time t) const {
  return static_cast<std::size_t>(std::ranges::lower_bound(time, base::to_nanoseconds(t)) - time.begin());
}

bool is_same(const Series& a, const Series& b) {
  const auto equal = [&](ValueColumn column) { return std::ranges::equal(a.*column, b.*column, same_bits); };
  const auto equal_optional = [&](ValueColumn column) {
    if (is_present(a, column) && is_present(b, column)) return equal(column);
    return is_all_unknown(a.*column) && is_all_unknown(b.*column);
  };
  return a.time == b.time && std::ranges::all_of(kPriceColumns, equal) && equal(&Series::volume) &&
         std::ranges::all_of(kOptionalColumns, equal_optional);
}

}  // namespace tradeassist::market
