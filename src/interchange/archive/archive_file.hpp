#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "market/series.hpp"

namespace tradeassist::interchange {

/// Rows of one series that follow each other. In an archive each bar has all columns: the optional ones are NaN where
/// they are not known.
struct ArchiveRows {
  std::string symbol{}, timeframe{}, source{};
  market::Series bars{};
};

/// At most this many rows at a time are read, and handed over.
constexpr std::size_t kArchiveRowsMax = 131'072;

/// Writes one Parquet file: `symbol`, `timeframe`, `source` VARCHAR, `time` TIMESTAMP(NANOS), which are UTC, and `open
/// high low close volume open_interest trade_count vwap` DOUBLE, to the bit (NaN stays NaN, not NULL). `next` gives the
/// rows, part by part, until it gives none; only a part and one row group are held. kIo when it cannot be written.
base::Result<void> write_archive_file(const std::filesystem::path& path,
                                      std::function<base::Result<std::optional<ArchiveRows>>()> next);

/// Gives the rows in the file's order to `visit`, parts of one series each. kDataLoss when it cannot be read.
base::Result<void> read_archive_file(const std::filesystem::path& path,
                                     const std::function<base::Result<void>(const ArchiveRows&)>& visit);

/// The bars with the optional columns that are absent written out as NaN, as in the file.
market::Series with_all_columns(market::Series bars);
/// The inverse: without the optional columns in which nothing is known.
market::Series without_unknown_columns(market::Series bars);

/// CRC-32C of each column, over parts that come one after the other.
class ColumnChecksums {
 public:
  /// `bars` with all columns.
  void add(const market::Series& bars);
  std::map<std::string, std::int64_t> values() const;

 private:
  std::array<std::uint32_t, 9> sums_{};
};

}  // namespace tradeassist::interchange
