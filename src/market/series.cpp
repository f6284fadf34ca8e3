#include "market/series.hpp"

#include <algorithm>

namespace tradeassist::market {

void Series::reserve(std::size_t rows) {
  time.reserve(rows);
  for (auto* column : {&open, &high, &low, &close, &volume}) column->reserve(rows);
}

void Series::resize(std::size_t rows) {
  time.resize(rows);
  for (auto* column : {&open, &high, &low, &close, &volume}) column->resize(rows);
}

void Series::push_back(const Bar& bar) {
  time.push_back(base::to_nanoseconds(bar.time));
  open.push_back(bar.open);
  high.push_back(bar.high);
  low.push_back(bar.low);
  close.push_back(bar.close);
  volume.push_back(bar.volume);
}

Series Series::slice(std::size_t first, std::size_t count) const {
  const auto cut = [&](const auto& column) {
    const auto from = column.begin() + static_cast<std::ptrdiff_t>(first);
    return std::remove_cvref_t<decltype(column)>(from, from + static_cast<std::ptrdiff_t>(count));
  };
  return {cut(time), cut(open), cut(high), cut(low), cut(close), cut(volume)};
}

std::size_t Series::lower_bound(base::Time t) const {
  return static_cast<std::size_t>(std::ranges::lower_bound(time, base::to_nanoseconds(t)) - time.begin());
}

}  // namespace tradeassist::market
