#include "market/ticks.hpp"

#include <algorithm>
#include <bit>

namespace tradeassist::market {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

template <class T>
void append_part(std::vector<T>& to, const std::vector<T>& from, std::size_t first, std::size_t count) {
  const auto begin = from.begin() + static_cast<std::ptrdiff_t>(first);
  to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
}

/// A quote column for one tick more; `rows` before it.
void push_quote(std::vector<double>& column, std::size_t rows, double quote) {
  if (column.empty() && std::bit_cast<std::uint64_t>(quote) == std::bit_cast<std::uint64_t>(kNaN)) return;
  column.resize(rows, kNaN);
  column.push_back(quote);
}

}  // namespace

Tick TickSeries::tick(std::size_t i) const {
  return {base::time_from_nanoseconds(time[i]), price[i], size[i], bid.empty() ? kNaN : bid[i],
          ask.empty() ? kNaN : ask[i]};
}

void TickSeries::reserve(std::size_t rows) {
  time.reserve(rows);
  price.reserve(rows);
  size.reserve(rows);
}

void TickSeries::resize(std::size_t rows) {
  time.resize(rows);
  price.resize(rows);
  size.resize(rows);
  for (auto* quote : {&bid, &ask}) {
    if (!quote->empty()) quote->resize(rows, kNaN);
  }
}

void TickSeries::push_back(const Tick& tick) {
  push_quote(bid, time.size(), tick.bid);
  push_quote(ask, time.size(), tick.ask);
  time.push_back(base::to_nanoseconds(tick.time));
  price.push_back(tick.price);
  size.push_back(tick.size);
}

void TickSeries::append(const TickSeries& other, std::size_t first, std::size_t count) {
  if (count == 0) return;
  const std::size_t before = rows();
  append_part(time, other.time, first, count);
  append_part(price, other.price, first, count);
  append_part(size, other.size, first, count);
  for (auto quote : {&TickSeries::bid, &TickSeries::ask}) {
    if ((this->*quote).empty() && (other.*quote).empty()) continue;
    (this->*quote).resize(before, kNaN);
    if ((other.*quote).empty()) {
      (this->*quote).resize(before + count, kNaN);
    } else {
      append_part(this->*quote, other.*quote, first, count);
    }
  }
}

TickSeries TickSeries::slice(std::size_t first, std::size_t count) const {
  TickSeries part;
  part.append(*this, first, count);
  return part;
}

std::size_t TickSeries::lower_bound(base::Time t) const {
  return static_cast<std::size_t>(std::ranges::lower_bound(time, base::to_nanoseconds(t)) - time.begin());
}

}  // namespace tradeassist::market
