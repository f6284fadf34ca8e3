#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "market/timeframe.hpp"

namespace tradeassist::interchange {

/// What a file of bars says of itself. Times in the files are always UTC; `time_zone` is where the instrument trades.
struct SeriesMetadata {
  std::string symbol, source, time_zone;
  market::Timeframe timeframe;
  base::Time exported_at;
};

/// As the files carry it: names and values, the same in Parquet and Arrow. `times` = `UTC` tells a reader that
/// timestamps, which in Parquet name no zone, are instants.
std::vector<std::pair<std::string, std::string>> metadata_entries(const SeriesMetadata& metadata);

}  // namespace tradeassist::interchange
