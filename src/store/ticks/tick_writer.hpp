#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "market/ticks.hpp"
#include "store/bars/chunk_rows.hpp"
#include "store/catalogue/series_counts.hpp"
#include "store/codec/tick_codec.hpp"
#include "store/database/connection.hpp"
#include "store/partitions/partition.hpp"

namespace tradeassist::store {

/// Fewer new ticks than this go to the tail as rows; as many or more go straight into chunks.
constexpr std::size_t kDirectTicksMin = 1'024;
/// The tail is sealed into chunks before it would hold more ticks than this.
constexpr std::size_t kTailTicksMax = 4'096;

/// Writes ticks over one connection. Every method must run inside a write transaction of the caller, which rolls back
/// when it fails.
///
/// A tick is told by its time and its place among those of the same time. An append replaces, for each instant that it
/// contains, all ticks stored of that instant: so repeating an import changes nothing, and whoever appends live ticks
/// gives those of one instant together.
class TickWriter {
 public:
  explicit TickWriter(Connection& connection) : connection_(connection) {}

  /// Puts `ticks` (times ascending, any position relative to what is there) into the series, and keeps the series row's
  /// counts. Ticks of an instant are compared place by place; those that are there and come no more count as corrected.
  base::Result<AppendResult> append(std::int64_t series_id, const market::TickSeries& ticks);

  /// Brings the tail rows into chunks of every series that has some in the range.
  base::Result<void> seal_within(PartitionRange range);

  /// Removes the chunks that cannot be read, whose ticks are lost; renews the counts. Those of the tail are kept.
  base::Result<std::vector<DamagedChunk>> discard_damaged(std::int64_t series_id);

  /// Renews what the series row says from the rows there are, after some were removed.
  base::Result<void> recount(std::int64_t series_id);

 private:
  struct ChunkEntry;
  class ChunkSink;
  struct Outcome;

  base::Result<Outcome> append_to_tail(std::int64_t series_id, const market::TickSeries& ticks, SeriesCounts& counts);
  base::Result<void> seal(std::int64_t series_id, SeriesCounts& counts);
  base::Result<Outcome> merge(std::int64_t series_id, const market::TickSeries& ticks);
  base::Result<std::vector<ChunkEntry>> chunks_around(std::int64_t series_id, std::int64_t first, std::int64_t last);
  base::Result<market::TickSeries> load_chunks(std::int64_t series_id, const std::vector<ChunkEntry>& run);

  Connection& connection_;
  TickEncoder encoder_;
  TickDecoder decoder_;
};

}  // namespace tradeassist::store
