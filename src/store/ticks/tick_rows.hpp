#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.hpp"
#include "market/ticks.hpp"
#include "store/codec/tick_codec.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::store {

/// The columns of tick_chunk in the order in which chunk_of() reads them, and then its ordinal.
constexpr const char* kSelectTickChunk =
    "SELECT first_time, last_time, row_count, codec, checksum, payload, ordinal FROM tick_chunk ";

/// Of series $1, the chunks that meet [$2, $3], in this order; the first may end before $2.
constexpr const char* kWhereTickChunkMeets =
    "WHERE series_id = $1 AND first_time <= $3 AND first_time >= coalesce("
    "(SELECT max(first_time) FROM tick_chunk WHERE series_id = $1 AND first_time <= $2), $2) "
    "ORDER BY first_time, ordinal";

/// Where the instant of row `i` ends: the index of the first tick behind it with another time.
std::size_t instant_end(const market::TickSeries& ticks, std::size_t i);

/// Whether two ticks' values are equal bit for bit; a quote column that is not there holds NaN.
bool same_tick(const market::TickSeries& a, std::size_t i, const market::TickSeries& b, std::size_t j);

/// Uncompressed ticks of the series with from <= time <= last.
base::Result<market::TickSeries> read_tick_tail(Connection& connection, std::int64_t series_id, std::int64_t from,
                                                std::int64_t last);

/// Puts one tick, the `ordinal`-th of its instant, into the tail, bit for bit.
base::Result<void> put_tick_tail(Connection& connection, std::int64_t series_id, const market::Tick& tick,
                                 std::int64_t ordinal);

}  // namespace tradeassist::store
