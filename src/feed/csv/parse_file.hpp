#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "feed/csv/block.hpp"
#include "feed/csv/csv_format.hpp"
#include "feed/csv/read_csv.hpp"

namespace tradeassist::feed {

/// Rows in file order, as parsed: not sorted, and those of repeated clock times not yet placed.
template <class Columns>
struct ParsedFile {
  Columns rows;
  LineMap lines;  // of the rows kept
  std::vector<RepeatedClock> repeated;
  CsvReport report;
};

/// Parses the whole file in blocks on several threads, with the same result for any number of them. `Columns`:
/// market::Series or market::TickSeries.
template <class Columns>
base::Result<ParsedFile<Columns>> parse_file(const CsvFormat& format, const ReadLimits& limits);

/// Refuses a file with a problem where limits.strict asks for that, with more bad rows than good ones, or with none.
base::Result<void> check_worth_keeping(const CsvFormat& format, const ReadLimits& limits, const CsvReport& report);

// For reports to people.
std::string problem_line(const RowProblem& problem);    // "line 12: ..."
std::string counts_by_reason(const CsvReport& report);  // "2 not a number, 1 missing price"

}  // namespace tradeassist::feed
