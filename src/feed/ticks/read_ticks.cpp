#include "feed/ticks/read_ticks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/time.hpp"
#include "feed/csv/order.hpp"
#include "feed/csv/parse_file.hpp"

namespace tradeassist::feed {
namespace {

using market::TickSeries;

/// Feeds put ticks out of order by less than this; a clock that goes back goes back by more.
constexpr std::int64_t kDisorderMax = 60 * base::kNanosecondsPerSecond;

/// Applies `change` to every column that is there.
template <class Change>
void for_each_column(TickSeries& ticks, Change change) {
  change(ticks.time);
  for (auto* column : {&ticks.price, &ticks.size, &ticks.bid, &ticks.ask}) {
    if (!column->empty()) change(*column);
  }
}

/// A clock time that came twice is the later one when the first would lie well before the row in front.
void place_repeated(TickSeries& ticks, const std::vector<RepeatedClock>& repeated, bool reversed) {
  const auto place = [&](const RepeatedClock& at) {
    const std::size_t row = reversed ? ticks.rows() - 1 - at.row : at.row;
    if (row > 0 && ticks.time[row] < ticks.time[row - 1] - kDisorderMax) ticks.time[row] += at.again;
  };
  if (reversed) {
    std::for_each(repeated.rbegin(), repeated.rend(), place);
  } else {
    std::ranges::for_each(repeated, place);
  }
}

void sort_by_time(TickSeries& ticks) {
  std::vector<std::size_t> order(ticks.rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t row) { return ticks.time[row]; });
  for_each_column(ticks, [&](auto& column) {
    std::remove_cvref_t<decltype(column)> sorted(column.size());
    for (std::size_t i = 0; i < order.size(); ++i) sorted[i] = column[order[i]];
    column = std::move(sorted);
  });
}

void settle_tick_order(ParsedFile<TickSeries>& file) {
  TickSeries& ticks = file.rows;
  if (file.repeated.empty() && std::ranges::is_sorted(ticks.time)) return;
  const bool reversed = is_descending(ticks.time);
  if (reversed) for_each_column(ticks, [](auto& column) { std::ranges::reverse(column); });
  place_repeated(ticks, file.repeated, reversed);
  CsvReport& report = file.report;
  report.repeated_clock = static_cast<std::int64_t>(file.repeated.size());

  std::int64_t latest = ticks.time.front();
  for (std::size_t row = 1; row < ticks.rows(); ++row) {
    if (ticks.time[row] >= latest) {
      latest = ticks.time[row];
      continue;
    }
    if (++report.out_of_order > 1) continue;
    const std::size_t in_file = reversed ? ticks.rows() - 1 - row : row;
    report.notes.push_back(fmt::format("the first row out of order is in line {}: {} stands after {}",
                                       file.lines.line_of(static_cast<std::int64_t>(in_file)),
                                       base::format_time(base::time_from_nanoseconds(ticks.time[row])),
                                       base::format_time(base::time_from_nanoseconds(latest))));
  }
  if (report.out_of_order > 0) sort_by_time(ticks);
}

}  // namespace

base::Result<ParsedTicks> read_ticks(const CsvFormat& format, const ReadLimits& limits) {
  TRY_ASSIGN(ParsedFile<TickSeries> file, parse_file<TickSeries>(format, limits));
  file.report.bars = static_cast<std::int64_t>(file.rows.rows());
  TRY(check_worth_keeping(format, limits, file.report));
  settle_tick_order(file);
  if (limits.strict && file.report.out_of_order > 0) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         format.path + ": " + file.report.notes.back() + "; nothing was kept (--strict)");
  }
  const base::Time last = base::time_from_nanoseconds(file.rows.time.back());
  if (last > base::now() + std::chrono::days(2)) {
    file.report.notes.push_back("the last tick, " + base::format_time(last) + ", lies in the future");
  }
  return ParsedTicks{std::move(file.rows), std::move(file.report)};
}

std::string describe_ticks(const CsvReport& report, const std::string& path) {
  std::string out = fmt::format("  {} rows: {} ticks", report.rows, report.bars);
  if (report.bad > 0) out += fmt::format(", {} bad rows left out ({})", report.bad, counts_by_reason(report));
  if (report.unwanted > 0) out += fmt::format(", {} rows of other symbols left out", report.unwanted);
  out += '\n';
  if (report.out_of_order > 0) {
    out += fmt::format("  {} rows stood out of order and were sorted\n", report.out_of_order);
  }
  if (report.repeated_clock > 0) {
    out += fmt::format("  {} rows lie in an hour that the clocks went through twice; placed by their order\n",
                       report.repeated_clock);
  }
  for (const RowProblem& problem : report.problems) out += fmt::format("  {}: {}\n", path, problem_line(problem));
  for (const std::string& note : report.notes) out += "  note: " + note + "\n";
  return out;
}

}  // namespace tradeassist::feed
