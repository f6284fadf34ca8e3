#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "interchange/archive/archive_rows.hpp"
#include "store/partitions/partition.hpp"

namespace tradeassist::interchange {

/// Rows of one series that follow each other.
struct ArchiveRows {
  std::string symbol{}, timeframe{}, source{};
  StoredRows rows{};
};

/// Rows that are read and handed over at a time; more only where so many ticks have one time.
constexpr std::size_t kArchiveRowsMax = 131'072;

/// Writes one Parquet file: `symbol`, `timeframe`, `source` VARCHAR, `time` TIMESTAMP(NANOS), which are UTC, and the
/// archive_columns() DOUBLE, to the bit (NaN stays NaN, not NULL). `next` gives the rows, part by part, until it gives
/// none; only a part and one row group are held. kIo when it cannot be written.
base::Result<void> write_archive_file(const std::filesystem::path& path, store::PartitionKind kind,
                                      std::function<base::Result<std::optional<ArchiveRows>>()> next);

/// Gives the rows in the file's order to `visit`, parts of one series each; rows of one time are not parted. kDataLoss
/// when it cannot be read.
base::Result<void> read_archive_file(const std::filesystem::path& path, store::PartitionKind kind,
                                     const std::function<base::Result<void>(const ArchiveRows&)>& visit);

}  // namespace tradeassist::interchange
