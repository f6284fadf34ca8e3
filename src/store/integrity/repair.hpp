#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "store/bars/bar_writer.hpp"
#include "store/database/connection.hpp"
#include "store/ticks/tick_writer.hpp"

namespace tradeassist::store {

// Remedies for one series, of bars or of ticks, inside a write transaction of the caller. `by` is who wanted it, for
// the history.

/// Who writes the rows of a series.
struct SeriesWriters {
  BarWriter& bars;
  TickWriter& ticks;
};

/// Its writer's discard_damaged(), and each chunk that went is noted.
base::Result<std::vector<DamagedChunk>> discard_damaged(Connection& connection, SeriesWriters writers,
                                                        std::int64_t series_id, std::string_view by);

/// Its writer's recount(), noted with what the series row said before and says now.
base::Result<void> recount(Connection& connection, SeriesWriters writers, std::int64_t series_id, std::string_view by);

/// Lists every chunk of the series in the partition of its time. Gives how many were listed elsewhere.
base::Result<std::int64_t> move_to_partitions(Connection& connection, PartitionKind kind, std::int64_t series_id);

}  // namespace tradeassist::store
