#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/series.hpp"
#include "store/codec/chunk_codec.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::store {

/// A chunk whose bytes do not say what was stored. Only its own bars are lost.
struct DamagedChunk {
  base::Time first_time, last_time;  // inclusive
  std::int64_t row_count = 0;
  std::string reason;
};

/// The columns of bar_chunk in the order in which chunk_of() reads them.
constexpr const char* kSelectChunk =
    "SELECT first_time, last_time, row_count, codec, checksum, payload FROM bar_chunk ";

/// Of series $1, the chunks that meet [$2, $3). Chunks of a series do not overlap, so these are the last that begins at
/// or before $2 and those that begin within: one index seek, whatever the length of the series. That last one may end
/// before $2.
constexpr const char* kWhereChunkMeets =
    "WHERE series_id = $1 AND first_time < $3 AND first_time >= coalesce("
    "(SELECT max(first_time) FROM bar_chunk WHERE series_id = $1 AND first_time <= $2), $2) ";

/// The chunk in a row of kSelectChunk; its payload is valid until the next row.
EncodedChunk chunk_of(const Row& row);

/// "2020-01-02T14:30:00Z to 2020-01-22T20:59:00Z".
std::string range_text(std::int64_t first_time, std::int64_t last_time);

DamagedChunk damaged_chunk(const EncodedChunk& chunk, std::string reason);

/// kDataLoss that names the chunk's range and what helps.
base::Error damage_error(const DamagedChunk& chunk, std::string_view rows = "bars");

/// Rows [first, last) of `from` behind those of `to`.
void append_rows(market::Series& to, const market::Series& from, std::size_t first, std::size_t last);

/// Removes the first `count` rows in place.
void drop_first(market::Series& bars, std::size_t count);

/// Whether two rows have the same values, bit for bit (so NaN equals itself and 0.0 differs from -0.0). Of optional
/// columns, what is not known equals what is not there.
bool same_values(const market::Series& a, std::size_t i, const market::Series& b, std::size_t j);

/// Rows that came in any order, ascending; of those with the same time the last that came.
market::Series newest_in_order(const market::Series& rows);

/// `base` with the bars of `overlay` put in; where both have a time, the overlay's.
market::Series overlaid(const market::Series& base, const market::Series& overlay);

}  // namespace tradeassist::store
