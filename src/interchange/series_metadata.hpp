#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace tradeassist::interchange {

/// What a file of bars says of itself. Times in the files are always UTC; `time_zone` is where the instrument trades.
struct SeriesMetadata {
  std::string symbol{}, source{}, time_zone{};
  std::string timeframe{};  // "5m"; "500t" of bars of ticks
  base::Time exported_at{};
  std::vector<std::pair<std::string, std::string>> more{};  // what else is known: names as SQL takes them, and values
};

/// As the files carry it: names and values, the same in Parquet and Arrow. `times` = `UTC` tells a reader that
/// timestamps, which in Parquet name no zone, are instants.
std::vector<std::pair<std::string, std::string>> metadata_entries(const SeriesMetadata& metadata);

}  // namespace tradeassist::interchange
