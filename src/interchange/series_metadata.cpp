#include "interchange/series_metadata.hpp"

namespace tradeassist::interchange {

std::vector<std::pair<std::string, std::string>> metadata_entries(const SeriesMetadata& metadata) {
  std::vector<std::pair<std::string, std::string>> entries = {{"symbol", metadata.symbol},
                                                              {"timeframe", metadata.timeframe},
                                                              {"source", metadata.source},
                                                              {"time_zone", metadata.time_zone},
                                                              {"times", "UTC"},
                                                              {"exported_at", base::format_time(metadata.exported_at)}};
  entries.insert(entries.end(), metadata.more.begin(), metadata.more.end());
  return entries;
}

}  // namespace tradeassist::interchange
