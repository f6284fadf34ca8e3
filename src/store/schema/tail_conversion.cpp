#include "store/schema/tail_conversion.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <vector>

#include "store/bars/bar_tail.hpp"
#include "store/codec/chunk_codec.hpp"

namespace tradeassist::store {
namespace {

using market::Series;

/// What a database does not keep in a column of doubles: NaN becomes NULL in SQLite, -0.0 becomes 0.0.
bool is_kept_by_database(double value) { return !std::isnan(value) && !(value == 0 && std::signbit(value)); }

base::Result<std::map<std::int64_t, Series>> read_rows(Connection& connection) {
  std::map<std::int64_t, Series> tails;
  TRY_ASSIGN(Rows rows, connection.query("SELECT series_id, time, open, high, low, close, volume, exact FROM "
                                         "bar_tail_before ORDER BY series_id, time"));
  while (true) {
    TRY_ASSIGN(const bool more, rows.next());
    if (!more) return tails;
    std::array<double, 5> values;
    if (rows->is_null(7)) {
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = rows->real(static_cast<int>(i) + 2);
    } else {
      std::memcpy(values.data(), rows->bytes(7).data(), sizeof(values));  // 40 bytes: a constraint of the table
    }
    tails[rows->integer(0)].push_back(
        {base::time_from_nanoseconds(rows->integer(1)), values[0], values[1], values[2], values[3], values[4]});
  }
}

base::Result<void> put_row(Connection& connection, std::int64_t series_id, const market::Bar& bar) {
  const std::array values{bar.open, bar.high, bar.low, bar.close, bar.volume};
  std::optional<std::span<const std::byte>> exact;
  for (const double value : values) {
    if (!is_kept_by_database(value)) exact = std::as_bytes(std::span(values));
  }
  TRY(connection.run(
      "INSERT INTO bar_tail (series_id, time, open, high, low, close, volume, exact) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {series_id, base::to_nanoseconds(bar.time), bar.open, bar.high, bar.low, bar.close, bar.volume, exact}));
  return {};
}

}  // namespace

base::Result<void> tail_rows_to_entries(Connection& connection) {
  TRY_ASSIGN(const auto tails, read_rows(connection));
  ChunkEncoder encoder;
  for (const auto& [series_id, bars] : tails) {
    TRY(put_tail(connection, encoder, series_id, 0, bars));
    TRY(connection.run("UPDATE series SET tail_entries = 1, tail_rows = $2 WHERE id = $1", {series_id, bars.size()}));
  }
  return connection.run_script("DROP TABLE bar_tail_before");
}

base::Result<void> tail_entries_to_rows(Connection& connection) {
  TRY_ASSIGN(const auto ids, connection.query_all("SELECT DISTINCT series_id FROM bar_tail_before", {},
                                                  [](const Row& row) { return row.integer(0); }));
  ChunkDecoder decoder;
  for (const std::int64_t series_id : ids) {
    TRY_ASSIGN(Rows entries, connection.query("SELECT first_time, last_time, row_count, codec, checksum, payload FROM "
                                              "bar_tail_before WHERE series_id = $1 ORDER BY entry",
                                              {series_id}));
    Series rows;
    while (true) {
      TRY_ASSIGN(const bool more, entries.next());
      if (!more) break;
      TRY(decoder.append_to(rows, chunk_of(*entries)));
    }
    const Series bars = newest_in_order(rows);
    for (std::size_t i = 0; i < bars.size(); ++i) TRY(put_row(connection, series_id, bars.bar(i)));
    TRY(connection.run("UPDATE series SET tail_rows = $2 WHERE id = $1", {series_id, bars.size()}));
  }
  return connection.run_script("DROP TABLE bar_tail_before");
}

}  // namespace tradeassist::store
