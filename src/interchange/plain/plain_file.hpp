#pragma once

#include <string>

#include "base/result.hpp"
#include "feed/ingest.hpp"

namespace tradeassist::interchange {

/// Makes a file that feed's own reader refused for `why` into plain CSV text: columns under their own names, times and
/// prices as the text they have, so that the own reader stays the only one who judges them. The text lies in the
/// system's folder for temporary files and is gone with the result.
///
/// Parquet: every column that is not nested. Timestamps that the file calls UTC get a Z; NaN is empty; 32-bit prices
/// have the digits that tell them apart, not those of their double.
/// Anything else: what DuckDB's sniffer makes of it, also when it is gzip, zstd, UTF-16 or Latin-1, when rows are
/// separated by another character, when lines stand before the header or quotes hold line ends. Taken only when its
/// header names a time and a close; else kInvalidArgument with both reasons.
///
/// Thread-safe. A feed::MakePlain.
base::Result<feed::PlainFile> make_plain(const std::string& path, const base::Error& why, std::int64_t rows_max);

}  // namespace tradeassist::interchange
