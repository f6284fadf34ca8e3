#include "feed/csv/read_csv.hpp"

#include <fmt/format.h>

#include "base/time.hpp"
#include "feed/csv/order.hpp"
#include "feed/csv/parse_file.hpp"
#include "feed/csv/spacing.hpp"

namespace tradeassist::feed {

base::Result<ParsedBars> read_csv(const CsvFormat& format, const ReadLimits& limits) {
  TRY_ASSIGN(ParsedFile<market::Series> file, parse_file<market::Series>(format, limits));
  ParsedBars bars{std::move(file.rows), std::move(file.report)};
  if (limits.strict && !bars.report.problems.empty()) TRY(check_worth_keeping(format, limits, bars.report));
  settle_order(bars.series, file.repeated, file.lines, bars.report);
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
