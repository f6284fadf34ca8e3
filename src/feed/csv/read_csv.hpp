#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "feed/csv/csv_format.hpp"
#include "feed/csv/row_parser.hpp"
#include "market/series.hpp"

namespace tradeassist::feed {

/// Rows held in memory at once: 200 M bars take 9.6 GB. A larger file is refused before it is parsed to the end.
constexpr std::int64_t kCsvRowsMax = 200'000'000;

/// Problems described one by one; the rest are counted.
constexpr std::size_t kProblemsShown = 20;

struct ReadLimits {
  bool strict = false;   // the first problem is an error; nothing is returned
  unsigned threads = 0;  // 0: as many as the machine has, at most 8
  std::int64_t rows_max = kCsvRowsMax;
};

/// What happened to each line. rows == bars + bad + duplicates + unwanted, always.
struct CsvReport {
  std::int64_t lines = 0;           // from the first row to the end
  std::int64_t rows = 0;            // lines that hold a row, good or bad
  std::int64_t bars = 0;            // rows kept
  std::int64_t bad = 0;             // rows left out for a reason below
  std::int64_t duplicates = 0;      // exact repetitions of a row, left out
  std::int64_t unwanted = 0;        // rows of symbols that --only leaves out
  std::int64_t out_of_order = 0;    // kept: sorted to their place
  std::int64_t repeated_clock = 0;  // rows in an hour that the clocks went through twice; placed by their order
  std::array<std::int64_t, kReasonCount> by_reason{};
  std::vector<RowProblem> problems;  // the first kProblemsShown by line
  std::vector<std::string> notes;
};

struct ParsedBars {
  market::Series series;
  CsvReport report;
};

/// Parses the whole file as `format` says: in blocks on several threads, with the same result for any number of them.
/// Bad rows are left out and reported with line and reason. Refused as a whole, with nothing returned: with
/// `limits.strict` any problem; more bad rows than good ones; no good row; a NUL byte; a line beyond kLineBytesMax;
/// bars that stand closer or wider than the timeframe; a file that changes meanwhile.
base::Result<ParsedBars> read_csv(const CsvFormat& format, const ReadLimits& limits = {});

/// The report for people: one fact a line, ending with a newline. `path` stands before each problem's line number.
std::string describe(const CsvReport& report, const std::string& path);

}  // namespace tradeassist::feed
