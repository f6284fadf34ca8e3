#include "feed/csv/block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

/// Read behind the last line by the fast parser, which looks at words rather than at bytes.
constexpr std::size_t kPadding = 64;

const char* find(const char* first, const char* last, char wanted) {
  if (first >= last) return nullptr;
  return static_cast<const char*>(std::memchr(first, wanted, static_cast<std::size_t>(last - first)));
}

void note_problem(CsvReport& report, RowProblem problem) {
  ++report.bad;
  ++report.by_reason[static_cast<std::size_t>(problem.reason)];
  if (report.problems.size() < kProblemsShown) report.problems.push_back(std::move(problem));
}

std::unexpected<base::Error> line_too_long(const TextFile& file, std::int64_t offset) {
  return failure(ErrorCode::kInvalidArgument,
                 fmt::format("{}: the line that holds byte {} is longer than {} KiB; this is not a file of bars",
                             file.path(), offset, kLineBytesMax / 1024));
}

void write(market::Series& bars, std::size_t i, const ParsedRow& row) {
  bars.time[i] = row.time;
  bars.open[i] = row.open;
  bars.high[i] = row.high;
  bars.low[i] = row.low;
  bars.close[i] = row.close;
  bars.volume[i] = row.volume;
  if (!bars.open_interest.empty()) bars.open_interest[i] = row.open_interest;
  if (!bars.trade_count.empty()) bars.trade_count[i] = row.trade_count;
  if (!bars.vwap.empty()) bars.vwap[i] = row.vwap;
}

void write(market::TickSeries& ticks, std::size_t i, const ParsedRow& row) {
  ticks.time[i] = row.time;
  ticks.price[i] = row.close;
  ticks.size[i] = row.volume;
  if (!ticks.bid.empty()) ticks.bid[i] = row.bid;
  if (!ticks.ask.empty()) ticks.ask[i] = row.ask;
}

/// Brings the columns into being that the format has beyond those that are always there.
void begin_columns(market::Series& bars, const RowParser& parser) {
  if (parser.has(ColumnRole::kOpenInterest)) bars.open_interest.resize(1);
  if (parser.has(ColumnRole::kTradeCount)) bars.trade_count.resize(1);
  if (parser.has(ColumnRole::kVwap)) bars.vwap.resize(1);
}
void begin_columns(market::TickSeries& ticks, const RowParser& parser) {
  if (parser.has(ColumnRole::kBid)) ticks.bid.resize(1);
  if (parser.has(ColumnRole::kAsk)) ticks.ask.resize(1);
}

/// Columns sized ahead and written by index: push_back on six vectors would cost more than the parsing.
template <class Columns>
struct ColumnWriter {
  Columns& columns;
  std::size_t rows = 0;

  void put(const ParsedRow& row) {
    if (rows == columns.time.size()) columns.resize(std::max<std::size_t>(rows * 2, 4096));
    write(columns, rows, row);
    ++rows;
  }
  void finish() { columns.resize(rows); }
};

}  // namespace

std::int64_t LineMap::line_of(std::int64_t row) const {
  const auto after = std::ranges::upper_bound(steps_, row, {}, &Step::row);
  const Step& step = *(after - 1);
  return step.line + (row - step.row);
}

template <class Columns>
base::Result<Block<Columns>> parse_block(const TextFile& file, char line_end, std::int64_t first, std::int64_t last,
                                         bool at_line_start, RowParser& parser, std::vector<char>& buffer) {
  // The byte before a block tells whether its first byte begins a line.
  const std::int64_t read_from = at_line_start ? first : first - 1;
  const auto wanted = static_cast<std::size_t>(last - read_from) + kLineBytesMax + 1;
  if (buffer.size() < wanted + kPadding) buffer.resize(wanted + kPadding);
  TRY_ASSIGN(const std::size_t got, file.read(read_from, std::span(buffer.data(), wanted)));
  if (read_from + static_cast<std::int64_t>(got) < std::min(last, file.size())) {
    return failure(ErrorCode::kIo, file.path() + ": ended before its size said; it was cut while being read");
  }
  const char* const base = buffer.data();
  const char* end = base + got;
  const char* at = base;
  if (!at_line_start) {
    const char* const newline = find(base, std::min(end, base + kLineBytesMax + 1), line_end);
    if (newline == nullptr && got > kLineBytesMax) return line_too_long(file, first);
    if (newline == nullptr) return Block<Columns>{};
    at = newline + 1;
  }
  const char* const stop = std::min(end, base + (last - read_from));  // lines begin before it
  Block<Columns> block;
  if (at >= stop) return block;

  // The end of the line that holds the block's last byte.
  const char* const last_newline = find(stop - 1, end, line_end);
  const bool at_file_end = read_from + static_cast<std::int64_t>(got) >= file.size();
  if (last_newline != nullptr) {
    end = last_newline + 1;
  } else if (at_file_end) {
    buffer[got] = line_end;
    end = base + got + 1;
    block.report.notes.push_back(
        "the last line has no line end: if the file was cut off, its last row may be incomplete");
  } else {
    return line_too_long(file, last);
  }
  std::fill_n(buffer.begin() + (end - base), kPadding - 1, '\0');
  if (const char* const nul = find(at, end, '\0')) {
    return failure(ErrorCode::kInvalidArgument,
                   fmt::format("{}: holds a NUL byte at offset {}; the file is damaged or not text", file.path(),
                               read_from + (nul - base)));
  }

  begin_columns(block.series, parser);
  block.series.resize(static_cast<std::size_t>(end - at) / 32 + 1);
  ColumnWriter<Columns> out{block.series};
  ParsedRow row;
  RowProblem problem;
  CsvReport& report = block.report;
  std::int64_t line = 0;
  bool in_step = false;  // the row before this one came from the line before it
  for (; at < end; ++line) {
    if (const char* const next = parser.parse_plain(at, row)) {
      at = next;
    } else {
      const char* const newline = find(at, end, line_end);
      const auto size = static_cast<std::size_t>(newline - at);
      if (size > kLineBytesMax) return line_too_long(file, read_from + (at - base));
      const RowOutcome outcome = parser.parse(std::string_view(at, size), row, problem);
      at = newline + 1;
      if (outcome != RowOutcome::kRow) {
        in_step = false;
        report.rows += outcome != RowOutcome::kNotARow;
        report.unwanted += outcome == RowOutcome::kUnwanted;
        problem.line = line;
        if (outcome == RowOutcome::kBad) note_problem(report, problem);
        continue;
      }
    }
    if (!in_step) block.lines.add(static_cast<std::int64_t>(out.rows), line);
    in_step = true;
    if (row.again != 0) block.repeated.push_back({out.rows, row.again});
    out.put(row);
  }
  out.finish();
  report.lines = line;
  report.bars = static_cast<std::int64_t>(out.rows);
  report.rows += report.bars;
  return block;
}

template base::Result<Block<market::Series>> parse_block(const TextFile&, char, std::int64_t, std::int64_t, bool,
                                                         RowParser&, std::vector<char>&);
template base::Result<Block<market::TickSeries>> parse_block(const TextFile&, char, std::int64_t, std::int64_t, bool,
                                                             RowParser&, std::vector<char>&);

}  // namespace tradeassist::feed
