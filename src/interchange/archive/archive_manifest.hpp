#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "market/instrument.hpp"
#include "store/partitions/partition.hpp"

namespace tradeassist::interchange {

/// A series in an archive: its rows follow each other in the file, in the order of time.
struct ArchivedSeries {
  std::string symbol, timeframe, source;
  std::int64_t row_count = 0;
  std::map<std::string, std::int64_t> crc32c{};  // of each column's values, 8 bytes each, little endian
};
BOOST_DESCRIBE_STRUCT(ArchivedSeries, (), (symbol, timeframe, source, row_count, crc32c))

/// What an archive holds: the file "bars-2020.json" beside the Parquet file that it names.
struct ArchiveManifest {
  std::int64_t format_version = 1;
  std::string program_version{}, kind{}, partition{};
  base::Time created_at{};
  std::string
      parquet_file{};  // without folders; a part of its checksum is in its name, so that none is ever overwritten
  std::string parquet_sha256{};
  std::int64_t parquet_bytes = 0, row_count = 0;
  std::vector<market::Instrument> instruments{};  // of the series
  std::vector<ArchivedSeries> series{};           // in the order of their rows
};
BOOST_DESCRIBE_STRUCT(ArchiveManifest, (),
                      (format_version, program_version, kind, partition, created_at, parquet_file, parquet_sha256,
                       parquet_bytes, row_count, instruments, series))

constexpr std::int64_t kArchiveFormatVersion = 1;

/// "bars-2020": what the names of an archive's files begin with.
std::string archive_name(store::PartitionKind kind, store::PartitionRange range);
std::filesystem::path manifest_path(const std::filesystem::path& directory, store::PartitionKind kind,
                                    store::PartitionRange range);

/// Written with a checksum of its own text, durable when it returns. kIo.
base::Result<void> write_manifest(const std::filesystem::path& path, const ArchiveManifest& manifest);

/// kNotFound; kDataLoss when it is not as it was written; kUnsupported when a newer program wrote it.
base::Result<ArchiveManifest> read_manifest(const std::filesystem::path& path);

}  // namespace tradeassist::interchange
