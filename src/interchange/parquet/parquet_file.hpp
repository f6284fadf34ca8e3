#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "interchange/bar_table.hpp"
#include "market/series.hpp"

namespace tradeassist::interchange {

/// Writes bars as one Parquet file: `time` TIMESTAMP(NANOS), which are UTC, and `open high low close volume` DOUBLE,
/// and `open_interest trade_count vwap` where they are known, to the bit (NaN stays NaN, not NULL); then the table's
/// numbers, and its texts, NULL where there is none; the metadata in the file's key-value metadata. The file appears
/// whole or not at all. kIo when it cannot be written.
base::Result<void> write_parquet(const BarTable& table, const std::filesystem::path& path);

/// The bytes of such a file, made in memory: nothing of it is ever on a disk.
base::Result<std::string> parquet_bytes(const BarTable& table);

/// kFailedPrecondition where the engine that writes and reads Parquet cannot be loaded.
base::Result<void> check_parquet_engine();

/// Reads bars from a Parquet file, whoever wrote it: columns are found by their names as in a CSV (time, open, high,
/// low and close must be there; volume may be missing and is NaN then; open interest, trade count and VWAP are taken
/// where they are there); NULL is NaN. Times: TIMESTAMP of any unit,
/// DATE, or whole numbers since 1970 in seconds, milliseconds, microseconds or nanoseconds, told by their size; those
/// without a zone are taken as UTC. Nothing is judged but what a Series must be: times that do not ascend strictly, or
/// have no value, are kInvalidArgument with the row. So are missing and nested columns.
base::Result<market::Series> read_parquet(const std::filesystem::path& path);

}  // namespace tradeassist::interchange
