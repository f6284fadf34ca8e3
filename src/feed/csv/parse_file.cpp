#include "feed/csv/parse_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>

#include "feed/text/text_file.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

constexpr unsigned kThreadsMax = 8;

/// All blocks, parsed by `threads` threads that take the next one as they become free. The first block in file order
/// that fails decides, so the answer does not depend on who was quicker.
template <class Columns>
base::Result<std::vector<Block<Columns>>> parse_blocks(const TextFile& file, const CsvFormat& format,
                                                       const ReadLimits& limits, unsigned threads) {
  const std::int64_t first = format.first_row_offset;
  const auto count =
      static_cast<std::size_t>(std::max<std::int64_t>(0, file.size() - first + kBlockBytes - 1) / kBlockBytes);
  std::vector<Block<Columns>> blocks(count);
  std::vector<std::optional<base::Error>> errors(count);
  std::atomic<std::size_t> next = 0;
  std::atomic<std::int64_t> rows = 0;
  std::atomic<bool> failed = false;
  TRY_ASSIGN(const RowParser prototype, RowParser::create(format));
  const auto work = [&] {
    RowParser parser = prototype;
    std::vector<char> buffer;
    for (std::size_t i = next++; i < count && !failed; i = next++) {
      const std::int64_t begin = first + static_cast<std::int64_t>(i) * kBlockBytes;
      auto block = parse_block<Columns>(file, format.line_end, begin, std::min(begin + kBlockBytes, file.size()),
                                        i == 0, parser, buffer);
      if (block) {
        blocks[i] = std::move(*block);
        if (limits.strict && !blocks[i].report.problems.empty()) failed = true;  // the rest need not be parsed
        rows += blocks[i].report.rows;
        if (rows > limits.rows_max) failed = true;
      } else {
        errors[i] = std::move(block).error();
        failed = true;
      }
    }
  };
  std::vector<std::jthread> helpers;
  for (unsigned i = 1; i < std::min<std::size_t>(threads, count); ++i) helpers.emplace_back(work);
  work();
  helpers.clear();
  // A block is taken only after those before it were, so everything before the first error is complete.
  for (auto& error : errors) {
    if (error) return std::unexpected(std::move(*error));
  }
  if (rows > limits.rows_max) {
    return failure(ErrorCode::kResourceExhausted,
                   fmt::format("{}: more than {} rows; split the file and import the parts one after the other",
                               file.path(), limits.rows_max));
  }
  return blocks;
}

template <class T>
void append(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
  std::vector<T>().swap(from);  // given back at once: the columns are never held twice
}

/// Blocks of one file have the same columns.
void append(market::Series& to, market::Series& from) {
  append(to.time, from.time);
  market::for_each_value_column(from, [&](market::ValueColumn column) { append(to.*column, from.*column); });
}

void append(market::TickSeries& to, market::TickSeries& from) {
  append(to.time, from.time);
  append(to.price, from.price);
  append(to.size, from.size);
  append(to.bid, from.bid);
  append(to.ask, from.ask);
}

void add_counts(CsvReport& to, const CsvReport& from) {
  for (RowProblem problem : from.problems) {
    if (to.problems.size() >= kProblemsShown) break;
    problem.line += to.lines;
    to.problems.push_back(std::move(problem));
  }
  to.lines += from.lines;
  to.rows += from.rows;
  to.bad += from.bad;
  to.unwanted += from.unwanted;
  for (std::size_t i = 0; i < kReasonCount; ++i) to.by_reason[i] += from.by_reason[i];
  to.notes.insert(to.notes.end(), from.notes.begin(), from.notes.end());
}

}  // namespace

template <class Columns>
base::Result<ParsedFile<Columns>> parse_file(const CsvFormat& format, const ReadLimits& limits) {
  TRY_ASSIGN(const TextFile file, TextFile::open(format.content_path, format.path));
  if (file.size() != format.file_bytes) {
    return failure(ErrorCode::kFailedPrecondition, format.path + ": changed since it was looked at; run again");
  }
  const unsigned threads =
      std::clamp(limits.threads != 0 ? limits.threads : std::thread::hardware_concurrency(), 1U, kThreadsMax);
  TRY_ASSIGN(std::vector<Block<Columns>> blocks, parse_blocks<Columns>(file, format, limits, threads));
  TRY(file.check_unchanged());

  ParsedFile<Columns> parsed;
  std::int64_t row_count = 0;
  for (const auto& block : blocks) row_count += block.report.bars;
  parsed.report.lines = format.first_row_line;  // while adding up: the number of the next block's first line
  if (blocks.size() > 1) parsed.rows.reserve(static_cast<std::size_t>(row_count));
  for (auto& block : blocks) {
    const std::size_t before = parsed.rows.time.size();
    parsed.lines.append(block.lines, static_cast<std::int64_t>(before), parsed.report.lines);
    for (const RepeatedClock& at : block.repeated) parsed.repeated.push_back({before + at.row, at.again});
    add_counts(parsed.report, block.report);
    if (blocks.size() == 1) {
      parsed.rows = std::move(block.series);
      break;
    }
    append(parsed.rows, block.series);
  }
  parsed.report.lines -= format.first_row_line;
  return parsed;
}

template base::Result<ParsedFile<market::Series>> parse_file(const CsvFormat&, const ReadLimits&);
template base::Result<ParsedFile<market::TickSeries>> parse_file(const CsvFormat&, const ReadLimits&);

std::string problem_line(const RowProblem& problem) { return fmt::format("line {}: {}", problem.line, problem.text); }

std::string counts_by_reason(const CsvReport& report) {
  std::string out;
  for (std::size_t i = 0; i < kReasonCount; ++i) {
    if (report.by_reason[i] == 0 || static_cast<Reason>(i) == Reason::kOutOfOrder) continue;
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", report.by_reason[i], to_string(static_cast<Reason>(i)));
  }
  return out;
}

base::Result<void> check_worth_keeping(const CsvFormat& format, const ReadLimits& limits, const CsvReport& report) {
  const std::string where = format.path + ": ";
  if (limits.strict && !report.problems.empty()) {
    return failure(ErrorCode::kInvalidArgument,
                   where + problem_line(report.problems.front()) + "; nothing was kept (--strict)");
  }
  if (report.bad * 2 > report.rows - report.unwanted) {
    return failure(
        ErrorCode::kInvalidArgument,
        where + fmt::format("{} of {} rows are bad ({}), so the file was not understood; first {}. See what was "
                            "understood of its columns, and set --columns, --timezone or --time-format",
                            report.bad, report.rows - report.unwanted, counts_by_reason(report),
                            problem_line(report.problems.front())));
  }
  if (report.bars == 0) {
    return failure(
        ErrorCode::kInvalidArgument,
        where + (report.unwanted > 0 ? fmt::format("has no row of symbol '{}'", format.only) : "has no rows"));
  }
  return {};
}

}  // namespace tradeassist::feed
