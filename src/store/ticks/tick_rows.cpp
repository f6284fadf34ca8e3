#include "store/ticks/tick_rows.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <span>

namespace tradeassist::store {
namespace {

using market::Tick;
using market::TickSeries;

/// What a database does not keep in a column of doubles: NaN becomes NULL in SQLite, -0.0 becomes 0.0.
bool is_kept_by_database(double value) { return !std::isnan(value) && !(value == 0 && std::signbit(value)); }

std::uint64_t bits_at(const std::vector<double>& column, std::size_t i) {
  return std::bit_cast<std::uint64_t>(column.empty() ? std::numeric_limits<double>::quiet_NaN() : column[i]);
}

}  // namespace

std::size_t instant_end(const TickSeries& ticks, std::size_t i) {
  std::size_t end = i + 1;
  while (end < ticks.rows() && ticks.time[end] == ticks.time[i]) ++end;
  return end;
}

bool same_tick(const TickSeries& a, std::size_t i, const TickSeries& b, std::size_t j) {
  for (const auto column : {&TickSeries::price, &TickSeries::size, &TickSeries::bid, &TickSeries::ask}) {
    if (bits_at(a.*column, i) != bits_at(b.*column, j)) return false;
  }
  return true;
}

base::Result<TickSeries> read_tick_tail(Connection& connection, std::int64_t series_id, std::int64_t from,
                                        std::int64_t last) {
  TRY_ASSIGN(Rows rows, connection.query("SELECT time, price, size, bid, ask, exact FROM tick_tail "
                                         "WHERE series_id = $1 AND time >= $2 AND time <= $3 ORDER BY time, ordinal",
                                         {series_id, from, last}));
  TickSeries tail;
  while (true) {
    TRY_ASSIGN(const bool more, rows.next());
    if (!more) return tail;
    std::array<double, 4> values;
    if (rows->is_null(5)) {
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = rows->real(static_cast<int>(i) + 1);
    } else {
      std::memcpy(values.data(), rows->bytes(5).data(), sizeof(values));  // 32 bytes: a constraint of the table
    }
    tail.push_back({base::time_from_nanoseconds(rows->integer(0)), values[0], values[1], values[2], values[3]});
  }
}

base::Result<void> put_tick_tail(Connection& connection, std::int64_t series_id, const Tick& tick,
                                 std::int64_t ordinal) {
  const std::array values{tick.price, tick.size, tick.bid, tick.ask};
  std::optional<std::span<const std::byte>> exact;
  for (const double value : values) {
    if (!is_kept_by_database(value)) exact = std::as_bytes(std::span(values));
  }
  return connection.run_later(
      "INSERT INTO tick_tail (series_id, time, ordinal, price, size, bid, ask, exact) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {series_id, base::to_nanoseconds(tick.time), ordinal, tick.price, tick.size, tick.bid, tick.ask, exact});
}

}  // namespace tradeassist::store
