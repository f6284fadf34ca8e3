#include "store/bars/chunk_rows.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

namespace tradeassist::store {
namespace {

using market::Bar;
using market::Series;

constexpr std::array kValueColumns{&Series::open, &Series::high, &Series::low, &Series::close, &Series::volume};

/// What a database does not keep in a column of doubles: NaN becomes NULL in SQLite, -0.0 becomes 0.0.
bool is_kept_by_database(double value) { return !std::isnan(value) && !(value == 0 && std::signbit(value)); }

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

base::Result<Series> read_tail(Connection& connection, std::int64_t series_id, std::int64_t from, std::int64_t to) {
  TRY_ASSIGN(Rows rows, connection.query("SELECT time, open, high, low, close, volume, exact FROM bar_tail "
                                         "WHERE series_id = $1 AND time >= $2 AND time < $3 ORDER BY time",
                                         {series_id, from, to}));
  Series tail;
  while (true) {
    TRY_ASSIGN(const bool more, rows.next());
    if (!more) return tail;
    std::array<double, kValueColumns.size()> values;
    if (rows->is_null(6)) {
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = rows->real(static_cast<int>(i) + 1);
    } else {
      std::memcpy(values.data(), rows->bytes(6).data(), sizeof(values));  // 40 bytes: a constraint of the table
    }
    tail.push_back(
        {base::time_from_nanoseconds(rows->integer(0)), values[0], values[1], values[2], values[3], values[4]});
  }
}

base::Result<void> put_tail(Connection& connection, std::int64_t series_id, const Bar& bar) {
  const std::array values{bar.open, bar.high, bar.low, bar.close, bar.volume};
  std::optional<std::span<const std::byte>> exact;
  for (const double value : values) {
    if (!is_kept_by_database(value)) exact = std::as_bytes(std::span(values));
  }
  return connection.run_later(
      "INSERT INTO bar_tail (series_id, time, open, high, low, close, volume, exact) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (series_id, time) DO UPDATE SET open = excluded.open, "
      "high = excluded.high, low = excluded.low, close = excluded.close, volume = excluded.volume, "
      "exact = excluded.exact",
      {series_id, base::to_nanoseconds(bar.time), bar.open, bar.high, bar.low, bar.close, bar.volume, exact});
}

void append_rows(Series& to, const Series& from, std::size_t first, std::size_t last) {
  const auto append = [&](auto& target, const auto& source) {
    target.insert(target.end(), source.begin() + static_cast<std::ptrdiff_t>(first),
                  source.begin() + static_cast<std::ptrdiff_t>(last));
  };
  append(to.time, from.time);
  for (const auto column : kValueColumns) append(to.*column, from.*column);
}

void drop_first(Series& bars, std::size_t count) {
  const auto end = static_cast<std::ptrdiff_t>(count);
  bars.time.erase(bars.time.begin(), bars.time.begin() + end);
  for (const auto column : kValueColumns) (bars.*column).erase((bars.*column).begin(), (bars.*column).begin() + end);
}

bool same_values(const Series& a, std::size_t i, const Series& b, std::size_t j) {
  for (const auto column : kValueColumns) {
    if (std::bit_cast<std::uint64_t>((a.*column)[i]) != std::bit_cast<std::uint64_t>((b.*column)[j])) return false;
  }
  return true;
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
