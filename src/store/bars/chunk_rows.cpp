#include "store/bars/chunk_rows.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <utility>

namespace tradeassist::store {
namespace {

using market::Series;

constexpr std::array kNeededColumns{&Series::open, &Series::high, &Series::low, &Series::close, &Series::volume};

double value_of(const Series& bars, market::ValueColumn column, std::size_t row) {
  return market::is_present(bars, column) ? (bars.*column)[row] : market::kNotKnown;
}

}  // namespace

EncodedChunk chunk_of(const Row& row) {
  return {.first_time = row.integer(0),
          .last_time = row.integer(1),
          .row_count = row.integer(2),
          .codec = row.integer(3),
          .checksum = static_cast<std::uint32_t>(row.integer(4)),
          .payload = row.bytes(5)};
}

std::string range_text(std::int64_t first_time, std::int64_t last_time) {
  return base::format_time(base::time_from_nanoseconds(first_time)) + " to " +
         base::format_time(base::time_from_nanoseconds(last_time));
}

DamagedChunk damaged_chunk(const EncodedChunk& chunk, std::string reason) {
  return {base::time_from_nanoseconds(chunk.first_time), base::time_from_nanoseconds(chunk.last_time), chunk.row_count,
          std::move(reason)};
}

base::Error damage_error(const DamagedChunk& chunk, std::string_view rows) {
  return {base::ErrorCode::kDataLoss,
          "the " + std::to_string(chunk.row_count) + " " + std::string(rows) + " from " +
              range_text(base::to_nanoseconds(chunk.first_time), base::to_nanoseconds(chunk.last_time)) +
              " are damaged on disk (" + chunk.reason +
              "): discard the damaged chunk and import this range again, or restore a backup; the other " +
              std::string(rows) + " are whole"};
}

void append_rows(Series& to, const Series& from, std::size_t first, std::size_t last) {
  const auto append = [&](auto& target, const auto& source) {
    target.insert(target.end(), source.begin() + static_cast<std::ptrdiff_t>(first),
                  source.begin() + static_cast<std::ptrdiff_t>(last));
  };
  const std::size_t before = to.size();
  append(to.time, from.time);
  for (const auto column : kNeededColumns) append(to.*column, from.*column);
  for (const auto column : market::kOptionalColumns) {
    if (market::is_present(from, column)) {
      (to.*column).resize(before, market::kNotKnown);
      append(to.*column, from.*column);
    } else if (!(to.*column).empty()) {
      (to.*column).resize(to.size(), market::kNotKnown);
    }
  }
}

void drop_first(Series& bars, std::size_t count) {
  const auto end = static_cast<std::ptrdiff_t>(count);
  bars.time.erase(bars.time.begin(), bars.time.begin() + end);
  const auto drop = [&](auto& column) { column.erase(column.begin(), column.begin() + end); };
  for (const auto column : kNeededColumns) drop(bars.*column);
  for (const auto column : market::kOptionalColumns) {
    if (!(bars.*column).empty()) drop(bars.*column);
  }
}

bool same_values(const Series& a, std::size_t i, const Series& b, std::size_t j) {
  for (const auto column : kNeededColumns) {
    if (std::bit_cast<std::uint64_t>((a.*column)[i]) != std::bit_cast<std::uint64_t>((b.*column)[j])) return false;
  }
  for (const auto column : market::kOptionalColumns) {
    const double x = value_of(a, column, i), y = value_of(b, column, j);
    const bool is_same = x != x ? y != y : std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
    if (!is_same) return false;
  }
  return true;
}

Series newest_in_order(const Series& rows) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return rows.time[i]; });
  Series sorted;
  sorted.reserve(rows.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    const bool is_replaced = k + 1 < order.size() && rows.time[order[k + 1]] == rows.time[order[k]];
    if (!is_replaced) append_rows(sorted, rows, order[k], order[k] + 1);
  }
  return sorted;
}

Series overlaid(const Series& base, const Series& overlay) {
  Series merged;
  merged.reserve(base.size() + overlay.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < overlay.size(); ++i) {
    const std::size_t before = base.lower_bound(base::time_from_nanoseconds(overlay.time[i]));
    append_rows(merged, base, next, before);
    append_rows(merged, overlay, i, i + 1);
    next = before < base.size() && base.time[before] == overlay.time[i] ? before + 1 : before;
  }
  append_rows(merged, base, next, base.size());
  return merged;
}

}  // namespace tradeassist::store
