#include "interchange/series_metadata.hpp"

namespace tradeassist::interchange {

std::vector<std::pair<std::string, std::string>> metadata_entries(const SeriesMetadata& metadata) {
  return {{"symbol", metadata.symbol},
          {"timeframe", market::to_string(metadata.timeframe)},
          {"source", metadata.source},
          {"time_zone", metadata.time_zone},
          {"times", "UTC"},
          {"exported_at", base::format_time(metadata.exported_at)}};
}

}  // namespace tradeassist::interchange
