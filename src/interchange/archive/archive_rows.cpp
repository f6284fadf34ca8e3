#include "interchange/archive/archive_rows.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "market/series.hpp"
#include "market/ticks.hpp"
#include "store/codec/crc32c.hpp"

namespace tradeassist::interchange {
namespace {

using market::Series;
using market::TickSeries;
using store::PartitionKind;

constexpr auto kBarNames =
    std::to_array<std::string_view>({"open", "high", "low", "close", "volume", "open_interest", "trade_count", "vwap"});
constexpr std::array kBarColumns = {&Series::open,   &Series::high,          &Series::low,         &Series::close,
                                    &Series::volume, &Series::open_interest, &Series::trade_count, &Series::vwap};
constexpr std::size_t kBarColumnsAlways = 5;

constexpr auto kTickNames = std::to_array<std::string_view>({"price", "size", "bid", "ask"});
constexpr std::array kTickColumns = {&TickSeries::price, &TickSeries::size, &TickSeries::bid, &TickSeries::ask};
constexpr std::size_t kTickColumnsAlways = 2;

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

template <class Columns>
StoredRows to_rows(Columns from, const auto& members) {
  StoredRows rows;
  rows.time = std::move(from.time);
  for (const auto member : members) {
    rows.values.push_back(std::move(from.*member));
    if (rows.values.back().empty()) rows.values.back().assign(rows.size(), market::kNotKnown);
  }
  return rows;
}

/// Columns behind the first `always` are left out when they hold nothing but the NaN that stands for an absent one.
template <class Columns>
Columns from_rows(StoredRows rows, const auto& members, std::size_t always) {
  Columns to;
  to.time = std::move(rows.time);
  for (std::size_t i = 0; i < members.size(); ++i) {
    std::vector<double>& column = rows.values[i];
    const auto is_absent = [](double value) { return same_bits(value, market::kNotKnown); };
    if (i < always || !std::ranges::all_of(column, is_absent)) to.*members[i] = std::move(column);
  }
  return to;
}

}  // namespace

std::span<const std::string_view> archive_columns(PartitionKind kind) {
  return kind == PartitionKind::kBar ? std::span<const std::string_view>(kBarNames) : kTickNames;
}

StoredRows StoredRows::slice(std::size_t first, std::size_t count) const {
  const auto part = [&](const auto& column) {
    const auto begin = column.begin() + static_cast<std::ptrdiff_t>(first);
    return std::remove_cvref_t<decltype(column)>(begin, begin + static_cast<std::ptrdiff_t>(count));
  };
  StoredRows rows{part(time), {}};
  for (const auto& column : values) rows.values.push_back(part(column));
  return rows;
}

StoredRows StoredRows::missing_in(const StoredRows& present) const {
  if (present.empty()) return *this;
  StoredRows missing;
  missing.values.resize(values.size());
  std::size_t at = 0;
  for (std::size_t row = 0; row < size(); ++row) {
    while (at < present.size() && present.time[at] < time[row]) ++at;
    if (at < present.size() && present.time[at] == time[row]) continue;
    missing.time.push_back(time[row]);
    for (std::size_t i = 0; i < values.size(); ++i) missing.values[i].push_back(values[i][row]);
  }
  return missing;
}

bool is_same(const StoredRows& a, const StoredRows& b) {
  return a.time == b.time && std::ranges::equal(a.values, b.values, [](const auto& x, const auto& y) {
           return std::ranges::equal(x, y, same_bits);
         });
}

base::Result<StoredRows> read_rows(store::MarketStore& store, PartitionKind kind, std::int64_t series_id,
                                   std::int64_t first, std::int64_t last) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  const base::Time from = base::time_from_nanoseconds(first);
  const base::Time to = base::time_from_nanoseconds(last == kMax ? kMax : last + 1);
  if (kind == PartitionKind::kBar) {
    TRY_ASSIGN(Series bars, store.read(series_id, from, to));
    return to_rows(std::move(bars), kBarColumns);
  }
  TRY_ASSIGN(TickSeries ticks, store.read_ticks(series_id, from, to));
  return to_rows(std::move(ticks), kTickColumns);
}

base::Result<store::AppendResult> append_rows(store::MarketStore& store, PartitionKind kind, std::int64_t series_id,
                                              StoredRows rows, std::int64_t import_id) {
  if (kind == PartitionKind::kBar) {
    return store.append(series_id, from_rows<Series>(std::move(rows), kBarColumns, kBarColumnsAlways), import_id);
  }
  return store.append_ticks(series_id, from_rows<TickSeries>(std::move(rows), kTickColumns, kTickColumnsAlways),
                            import_id);
}

void ColumnChecksums::add(const StoredRows& rows) {
  sums_[0] = store::crc32c(std::as_bytes(std::span(rows.time)), sums_[0]);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    sums_[i + 1] = store::crc32c(std::as_bytes(std::span(rows.values[i])), sums_[i + 1]);
  }
}

std::map<std::string, std::int64_t> ColumnChecksums::values() const {
  std::map<std::string, std::int64_t> values{{"time", sums_[0]}};
  for (std::size_t i = 0; i < names_.size(); ++i) values[std::string(names_[i])] = sums_[i + 1];
  return values;
}

}  // namespace tradeassist::interchange
