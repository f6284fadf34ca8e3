#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/database/connection.hpp"
#include "store/partitions/partition.hpp"

namespace tradeassist::store {

/// Where the rows of a partition are.
enum class PartitionState {
  kOpen,      // in the database
  kArchived,  // in the database, and in an archive that was verified
  kDropped,   // only in the archive
};
std::string_view to_string(PartitionState state);

/// A partition's archive: a Parquet file, and what it holds.
struct PartitionArchive {
  std::string file;    // without folders
  std::string sha256;  // of the file, in hexadecimal
  std::int64_t row_count = 0;
  base::Time archived_at;
};

/// What the chunks of a partition are, in few numbers: equal before and after means that nothing came in between.
struct ChunkFingerprint {
  std::int64_t chunk_count = 0, row_count = 0;
  std::int64_t checksums = 0;  // their sum

  bool operator==(const ChunkFingerprint&) const = default;
};

struct PartitionInfo {
  PartitionKind kind = PartitionKind::kBar;
  PartitionRange range;
  PartitionState state = PartitionState::kOpen;
  std::int64_t chunk_count = 0, row_count = 0, payload_bytes = 0;
  std::optional<PartitionArchive> archive{};

  std::string name() const { return partition_name(kind, range); }
};

/// A series that has rows in a partition.
struct PartitionedSeries {
  std::int64_t series_id = 0;
  std::string symbol, timeframe, source;
};

// Functions that write run inside the caller's write transaction.

/// The id of the partition, made when it is new: its row, and on PostgreSQL its part of the chunks' table.
/// kFailedPrecondition when it was dropped: new rows would be overwritten when it is restored.
base::Result<std::int64_t> ensure_partition(Connection& connection, PartitionKind kind, PartitionRange range);

/// kFailedPrecondition when a dropped partition meets [first_time, last_time].
base::Result<void> check_not_dropped(Connection& connection, PartitionKind kind, std::int64_t first_time,
                                     std::int64_t last_time);

/// Those whose rows are only in their archives, in order of time.
base::Result<std::vector<PartitionRange>> dropped_partitions(Connection& connection, PartitionKind kind);

/// In the order of kind and time.
base::Result<std::vector<PartitionInfo>> list_partitions(Connection& connection);
/// kNotFound.
base::Result<PartitionInfo> get_partition(Connection& connection, PartitionKind kind, PartitionRange range);

/// Of the chunks only; rows in the tail are not among them.
base::Result<ChunkFingerprint> partition_fingerprint(Connection& connection, PartitionKind kind, PartitionRange range);

/// The series with chunks there, in the order of symbol, timeframe and source.
base::Result<std::vector<PartitionedSeries>> partition_series(Connection& connection, PartitionKind kind,
                                                              PartitionRange range);

/// Notes a verified archive. kFailedPrecondition when the chunks are not those of `fingerprint` any more.
base::Result<void> set_archived(Connection& connection, PartitionKind kind, PartitionRange range,
                                const PartitionArchive& archive, const ChunkFingerprint& fingerprint);

/// Removes the rows of an archived partition. kFailedPrecondition when it is not archived, or rows came since. The
/// series' counts are the caller's to renew.
base::Result<void> drop_rows(Connection& connection, PartitionKind kind, PartitionRange range);

/// Open again, for its rows to be put back.
base::Result<void> set_open(Connection& connection, PartitionKind kind, PartitionRange range);

/// Of partitions whose rows were inserted by a restore: makes their parts of the chunks' tables on PostgreSQL.
base::Result<void> attach_partitions(Connection& connection);

/// The chunks' table of one partition on PostgreSQL: "bar_chunk_2024".
std::string partition_table(PartitionKind kind, PartitionRange range);

}  // namespace tradeassist::store
