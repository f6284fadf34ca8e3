#include "feed/csv/read_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>

#include "base/time.hpp"
#include "feed/csv/block.hpp"
#include "feed/csv/order.hpp"
#include "feed/csv/spacing.hpp"
#include "feed/text/text_file.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

constexpr unsigned kThreadsMax = 8;

/// All blocks, parsed by `threads` threads that take the next one as they become free. The first block in file order
/// that fails decides, so the answer does not depend on who was quicker.
base::Result<std::vector<Block>> parse_blocks(const TextFile& file, const CsvFormat& format, const ReadLimits& limits,
                                              unsigned threads) {
  const std::int64_t first = format.first_row_offset;
  const auto count =
      static_cast<std::size_t>(std::max<std::int64_t>(0, file.size() - first + kBlockBytes - 1) / kBlockBytes);
  std::vector<Block> blocks(count);
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
      auto block =
          parse_block(file, format.line_end, begin, std::min(begin + kBlockBytes, file.size()), i == 0, parser, buffer);
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

}  // namespace

base::Result<ParsedBars> read_csv(const CsvFormat& format, const ReadLimits& limits) {
  TRY_ASSIGN(const TextFile file, TextFile::open(format.content_path, format.path));
  if (file.size() != format.file_bytes) {
    return failure(ErrorCode::kFailedPrecondition, format.path + ": changed since it was looked at; run again");
  }
  const unsigned threads =
      std::clamp(limits.threads != 0 ? limits.threads : std::thread::hardware_concurrency(), 1U, kThreadsMax);
  TRY_ASSIGN(std::vector<Block> blocks, parse_blocks(file, format, limits, threads));
  TRY(file.check_unchanged());

  ParsedBars bars;
  std::int64_t row_count = 0;
  for (const Block& block : blocks) row_count += block.report.bars;
  LineMap lines;
  std::vector<RepeatedClock> repeated;
  bars.report.lines = format.first_row_line;  // while adding up: the number of the next block's first line
  if (blocks.size() > 1) bars.series.reserve(static_cast<std::size_t>(row_count));
  for (Block& block : blocks) {
    const std::size_t before = bars.series.size();
    lines.append(block.lines, static_cast<std::int64_t>(before), bars.report.lines);
    for (const RepeatedClock& at : block.repeated) repeated.push_back({before + at.row, at.again});
    add_counts(bars.report, block.report);
    if (blocks.size() == 1) {
      bars.series = std::move(block.series);
      break;
    }
    append(bars.series.time, block.series.time);
    append(bars.series.open, block.series.open);
    append(bars.series.high, block.series.high);
    append(bars.series.low, block.series.low);
    append(bars.series.close, block.series.close);
    append(bars.series.volume, block.series.volume);
  }
  bars.report.lines -= format.first_row_line;

  if (limits.strict && !bars.report.problems.empty()) TRY(check_worth_keeping(format, limits, bars.report));
  settle_order(bars.series, repeated, lines, bars.report);
  bars.report.bars = static_cast<std::int64_t>(bars.series.size());
  TRY(check_worth_keeping(format, limits, bars.report));
  TRY(check_spacing(format, bars.series.time, bars.report.notes));
  const base::Time last = base::time_from_nanoseconds(bars.series.time.back());
  if (last > base::now() + std::chrono::days(2)) {
    bars.report.notes.push_back("the last bar, " + base::format_time(last) + ", lies in the future");
  }
  return bars;
}

std::string describe(const CsvReport& report, const std::string& path) {
  std::string out = fmt::format("  {} rows: {} bars", report.rows, report.bars);
  if (report.bad > 0) out += fmt::format(", {} bad rows left out ({})", report.bad, counts_by_reason(report));
  if (report.duplicates > 0) out += fmt::format(", {} exact repetitions left out", report.duplicates);
  if (report.unwanted > 0) out += fmt::format(", {} rows of other symbols left out", report.unwanted);
  out += '\n';
  if (report.out_of_order > 0)
    out += fmt::format("  {} rows stood out of order and were sorted\n", report.out_of_order);
  if (report.repeated_clock > 0) {
    out += fmt::format("  {} rows lie in an hour that the clocks went through twice; placed by their order\n",
                       report.repeated_clock);
  }
  for (const RowProblem& problem : report.problems) out += fmt::format("  {}: {}\n", path, problem_line(problem));
  const std::int64_t told = static_cast<std::int64_t>(report.problems.size());
  if (const std::int64_t all = report.bad + report.out_of_order; all > told) {
    out += fmt::format("  and {} more like these\n", all - told);
  }
  for (const std::string& note : report.notes) out += "  note: " + note + "\n";
  return out;
}

}  // namespace tradeassist::feed
