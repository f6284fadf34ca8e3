#include "store/bars/bar_tail.hpp"

#include <algorithm>
#include <functional>

namespace tradeassist::store {

using market::Series;

base::Result<Series> read_tail(Connection& connection, ChunkDecoder& decoder, std::int64_t series_id, std::int64_t from,
                               std::int64_t to, std::vector<DamagedChunk>* damaged) {
  TRY_ASSIGN(Rows entries,
             connection.query("SELECT first_time, last_time, row_count, codec, checksum, payload FROM bar_tail "
                              "WHERE series_id = $1 AND last_time >= $2 AND first_time < $3 ORDER BY entry",
                              {series_id, from, to}));
  Series rows;
  while (true) {
    TRY_ASSIGN(const bool more, entries.next());
    if (!more) break;
    const EncodedChunk entry = chunk_of(*entries);
    auto decoded = decoder.append_to(rows, entry);
    if (decoded) continue;
    if (decoded.error().code != base::ErrorCode::kDataLoss) return std::unexpected(std::move(decoded).error());
    DamagedChunk damage = damaged_chunk(entry, std::move(decoded).error().message);
    if (damaged == nullptr) return std::unexpected(damage_error(damage));
    damaged->push_back(std::move(damage));
  }
  if (std::ranges::adjacent_find(rows.time, std::greater_equal<>()) != rows.time.end()) rows = newest_in_order(rows);
  const std::size_t first = rows.lower_bound(base::time_from_nanoseconds(from));
  const std::size_t last = rows.lower_bound(base::time_from_nanoseconds(to));
  return first == 0 && last == rows.size() ? std::move(rows) : rows.slice(first, last - first);
}

base::Result<void> put_tail(Connection& connection, ChunkEncoder& encoder, std::int64_t series_id, std::int64_t entry,
                            const Series& bars) {
  const EncodedChunk chunk = encoder.encode_raw(bars, 0, bars.size());
  return connection.run_later(
      "INSERT INTO bar_tail (series_id, entry, first_time, last_time, row_count, codec, checksum, payload) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {series_id, entry, chunk.first_time, chunk.last_time, chunk.row_count, chunk.codec, chunk.checksum,
       chunk.payload});
}

base::Result<void> clear_tail(Connection& connection, std::int64_t series_id) {
  return connection.run_later("DELETE FROM bar_tail WHERE series_id = $1", {series_id});
}

}  // namespace tradeassist::store
