#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "market/series.hpp"
#include "store/bars/chunk_rows.hpp"
#include "store/catalogue/series_counts.hpp"
#include "store/codec/chunk_codec.hpp"
#include "store/database/connection.hpp"
#include "store/partitions/partition.hpp"

namespace tradeassist::store {

/// Fewer new bars than this go to the tail as rows; as many or more go straight into chunks.
constexpr std::size_t kDirectRowsMin = 1'024;
/// The tail is sealed into chunks before it would hold more rows than this.
constexpr std::size_t kTailRowsMax = 4'096;

/// Writes bars over one connection. Every method must run inside a write transaction of the caller, which rolls back
/// when it fails.
class BarWriter {
 public:
  explicit BarWriter(Connection& connection) : connection_(connection) {}

  /// Puts `bars` (times strictly ascending, any position relative to what is there) into the series, and keeps the
  /// series row's counts.
  base::Result<AppendResult> append(std::int64_t series_id, const market::Series& bars);

  /// Brings the tail rows into chunks of every series that has some in the range.
  base::Result<void> seal_within(PartitionRange range);

  /// Renews what the series row says from the rows there are, after some were removed, or when it is wrong. Of no use
  /// while a chunk is damaged: nobody knows which rows of the tail are new ones then.
  base::Result<void> recount(std::int64_t series_id);

  /// Removes the chunks and entries of the tail that cannot be read, and chunks that overlap the one before them, so
  /// that their range can be imported again, and renews what the series row says. Gives what it removed. Also of a
  /// deleted series.
  base::Result<std::vector<DamagedChunk>> discard_damaged(std::int64_t series_id);

 private:
  class ChunkSink;
  struct ChunkEntry;

  base::Result<void> seal_all(std::int64_t series_id, SeriesCounts& counts, std::vector<DamagedChunk>* damaged);
  base::Result<void> count_rows(std::int64_t series_id, SeriesCounts& counts);
  base::Result<AppendResult> append_to_tail(std::int64_t series_id, const market::Series& bars, SeriesCounts& counts);
  base::Result<void> add_entry(std::int64_t series_id, const market::Series& bars, SeriesCounts& counts);
  base::Result<void> seal(std::int64_t series_id, SeriesCounts& counts);
  base::Result<AppendResult> merge(std::int64_t series_id, const market::Series& bars, market::Series* left_out);
  base::Result<std::vector<ChunkEntry>> chunks_around(std::int64_t series_id, const market::Series& bars);
  base::Result<void> load_chunk(std::int64_t series_id, std::int64_t first_time, market::Series& bars);

  Connection& connection_;
  ChunkEncoder encoder_;
  ChunkDecoder decoder_;
};

}  // namespace tradeassist::store
