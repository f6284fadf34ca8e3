#pragma once

#include <string>

#include "base/result.hpp"
#include "feed/csv/read_csv.hpp"
#include "market/ticks.hpp"

namespace tradeassist::feed {

/// `report.bars` counts the ticks kept. Repetitions of a row are kept: two equal trades of one instant are two trades.
struct ParsedTicks {
  market::TickSeries ticks;
  CsvReport report;
};

/// Parses a whole file of ticks as `format` (detected with CsvOptions::ticks) says, on several threads and with the
/// same result for any number of them. Ticks of one instant keep the order of the file (newest-first files are turned
/// round first); rows out of order are counted, noted and sorted to their place. What is bad is left out, reported and
/// refused as by read_csv().
base::Result<ParsedTicks> read_ticks(const CsvFormat& format, const ReadLimits& limits = {});

/// The report for people: one fact a line, ending with a newline. `path` stands before each problem's line number.
std::string describe_ticks(const CsvReport& report, const std::string& path);

}  // namespace tradeassist::feed
