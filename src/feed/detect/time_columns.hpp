#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "feed/csv/csv_format.hpp"
#include "feed/detect/layout.hpp"

namespace tradeassist::feed {

/// Which columns hold the time, and how it is written. Gives them their roles.
struct TimeFinding {
  TimeFormat format;
  bool carries_zone = false;      // an offset or a zone's name in every stamp
  bool column_says_utc = false;   // "Gmt time"
  bool column_says_end = false;   // only a "close time" is there
  bool clock_varies = false;      // stamps name more than one time of day
  bool clock_is_midnight = true;  // and never one but 00:00
};
base::Result<TimeFinding> find_time(const std::string& path, const Layout& layout, const CsvOptions& options,
                                    std::vector<CsvColumn>& columns, std::vector<std::string>& notes);

}  // namespace tradeassist::feed
