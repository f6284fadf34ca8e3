#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/result.hpp"
#include "interchange/archive/archive_manifest.hpp"
#include "store/market_store.hpp"

namespace tradeassist::interchange {

/// Partitions of bars or of ticks in files, so that their rows can leave the database and come back to the bit.
///
/// All functions hold some rows of one series at a time, and may be ended at any point and called again. An archive is
/// its manifest and the Parquet file that this names; both lie in `directory`.

/// Writes the partition's archive, reads it back, compares every row with the database, and only then notes the
/// partition as archived. An older archive of it is replaced, unless that holds rows which the database does not: then
/// a restore was not finished, and kFailedPrecondition says so. kFailedPrecondition also for a partition that is empty,
/// was dropped, has a deleted series, or is changed meanwhile.
base::Result<ArchiveManifest> archive_partition(store::MarketStore& store, store::PartitionKind kind,
                                                store::PartitionRange range, const std::filesystem::path& directory,
                                                std::string_view program_version);

/// Checks an archive without a database: checksums, sizes, every row. kDataLoss says what is damaged.
base::Result<ArchiveManifest> verify_archive(const std::filesystem::path& directory, store::PartitionKind kind,
                                             store::PartitionRange range);

/// Verifies the archive once more, then removes the rows of the partition from the database. kFailedPrecondition when
/// the archive is not the one that was noted, or the partition was changed since.
base::Result<void> drop_archived_partition(store::MarketStore& store, store::PartitionKind kind,
                                           store::PartitionRange range, const std::filesystem::path& directory);

struct RestoreResult {
  std::int64_t restored = 0;  // rows
  std::int64_t kept = 0;      // rows whose times the database had: it keeps its values, which came later
};

/// Verifies the archive, then puts back all rows whose times the database lacks; instruments and series that it lacks
/// are made. Ended half way, the partition is open and cannot be dropped, and calling again completes it.
base::Result<RestoreResult> restore_partition(store::MarketStore& store, store::PartitionKind kind,
                                              store::PartitionRange range, const std::filesystem::path& directory);

}  // namespace tradeassist::interchange
