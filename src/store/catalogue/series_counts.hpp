#pragma once

#include <cstdint>
#include <optional>

#include "base/result.hpp"
#include "store/database/connection.hpp"
#include "store/partitions/partition.hpp"

namespace tradeassist::store {

/// What became of the rows of an append.
struct AppendResult {
  std::int64_t inserted = 0;   // that were not there
  std::int64_t corrected = 0;  // that were there with other values, which are replaced
  std::int64_t unchanged = 0;  // that were there with the same bits

  bool operator==(const AppendResult&) const = default;
  AppendResult& operator+=(const AppendResult& other);
};

/// What the row of a series says of its bars or ticks, carried through a change and written back once.
struct SeriesCounts {
  std::int64_t row_count = 0, corrections = 0;
  std::int64_t tail_rows = 0;
  std::int64_t tail_entries = 0;  // of bars
  std::optional<std::int64_t> first_time, last_time;
};

/// Rows that come, refused by a deleted series; or only another place for those that are there.
enum class SeriesChange { kRows, kPlace };

/// Keeps the row for this transaction alone. kNotFound; kFailedPrecondition when the series or its instrument is
/// deleted, or it holds ticks where bars are meant or the other way round.
base::Result<SeriesCounts> load_counts(Connection& connection, PartitionKind kind, std::int64_t series_id,
                                       SeriesChange change);

/// Counts the version up. With kRows the series is fresh as of now.
base::Result<void> save_counts(Connection& connection, std::int64_t series_id, const SeriesCounts& counts,
                               SeriesChange change);

}  // namespace tradeassist::store
