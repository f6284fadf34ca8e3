#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "feed/csv/read_csv.hpp"
#include "feed/text/text_file.hpp"
#include "market/ticks.hpp"

namespace tradeassist::feed {

/// Line numbers of kept rows, as the places where row and line stop running in step: a file without bad rows needs one.
class LineMap {
 public:
  /// Row `row` (counted from 0, ascending calls) came from `line`.
  void add(std::int64_t row, std::int64_t line) {
    if (!steps_.empty() && line - steps_.back().line == row - steps_.back().row) return;
    steps_.push_back({row, line});
  }
  void append(const LineMap& other, std::int64_t rows_before, std::int64_t lines_before) {
    for (const Step& step : other.steps_) add(step.row + rows_before, step.line + lines_before);
  }
  std::int64_t line_of(std::int64_t row) const;

 private:
  struct Step {
    std::int64_t row, line;
  };
  std::vector<Step> steps_;
};

/// A kept row whose clock time came twice.
struct RepeatedClock {
  std::size_t row = 0;
  std::int64_t again = 0;  // nanoseconds to the later instant
};

/// The rows whose lines begin in one stretch of the file, in file order; lines counted from 0 within the stretch.
/// `Columns`: market::Series or market::TickSeries.
template <class Columns>
struct Block {
  Columns series;
  LineMap lines;
  std::vector<RepeatedClock> repeated;
  CsvReport report;
};

/// Bytes that begin one block; a block reads on to the end of its last line.
constexpr std::int64_t kBlockBytes = std::int64_t{4} * 1024 * 1024;

/// Parses the lines that begin in [first, last) of the file, of which `first` begins a line when `at_line_start`.
/// `buffer` is the thread's own and kept between calls.
template <class Columns>
base::Result<Block<Columns>> parse_block(const TextFile& file, char line_end, std::int64_t first, std::int64_t last,
                                         bool at_line_start, RowParser& parser, std::vector<char>& buffer);

}  // namespace tradeassist::feed
