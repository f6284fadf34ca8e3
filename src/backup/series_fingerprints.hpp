#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::backup {

/// What is stored of a series, in few numbers: the same before and after means that the same is there.
struct SeriesFingerprint {
  std::string symbol, timeframe, source;
  std::int64_t rows = 0, chunks = 0, tail = 0;  // bars or ticks; whole chunks; entries or rows not yet in chunks
  std::int64_t checksums = 0;                   // the sum of those of chunks and of entries

  bool operator==(const SeriesFingerprint&) const = default;
};
BOOST_DESCRIBE_STRUCT(SeriesFingerprint, (), (symbol, timeframe, source, rows, chunks, tail, checksums))

/// In the order of symbol, timeframe and source, also of what is deleted. For a market database of version 7 or newer;
/// an older one has none.
base::Result<std::vector<SeriesFingerprint>> read_fingerprints(store::Connection& market);

}  // namespace tradeassist::backup
