#include "feed/csv/order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <utility>

#include "base/time.hpp"

namespace tradeassist::feed {
namespace {

bool is_same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool is_same_bar(const market::Series& series, std::size_t a, std::size_t b) {
  bool same = true;
  market::for_each_value_column(
      series, [&](market::ValueColumn column) { same = same && is_same((series.*column)[a], (series.*column)[b]); });
  return same;
}

/// Problems found here lie anywhere in the file: collected, then merged by line with those of the parser.
class ProblemList {
 public:
  explicit ProblemList(CsvReport& report) : report_(report) {}

  void add(std::int64_t line, Reason reason, std::string text) {
    ++report_.by_reason[static_cast<std::size_t>(reason)];
    found_.push_back({line, reason, std::move(text)});
    // Kept short so that a file of nothing but duplicates costs no memory.
    if (found_.size() >= 64 * kProblemsShown) shorten(found_);
  }
  void finish() {
    std::ranges::move(found_, std::back_inserter(report_.problems));
    shorten(report_.problems);
  }

 private:
  static void shorten(std::vector<RowProblem>& problems) {
    std::ranges::sort(problems, {}, [](const RowProblem& problem) { return std::pair(problem.line, problem.reason); });
    if (problems.size() > kProblemsShown) problems.resize(kProblemsShown);
  }
  CsvReport& report_;
  std::vector<RowProblem> found_;
};

template <class T>
void gather(std::vector<T>& column, const std::vector<std::uint32_t>& order) {
  std::vector<T> sorted(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) sorted[i] = column[order[i]];
  column = std::move(sorted);
}

void keep_rows(market::Series& series, const std::vector<std::uint32_t>& order) {
  gather(series.time, order);
  market::for_each_value_column(series, [&](market::ValueColumn column) { gather(series.*column, order); });
}

void reverse(market::Series& series) {
  std::ranges::reverse(series.time);
  market::for_each_value_column(series, [&](market::ValueColumn column) { std::ranges::reverse(series.*column); });
}

/// A clock time that came twice is the later one when its row stands behind the earlier one.
void place_repeated(market::Series& series, const std::vector<RepeatedClock>& repeated, bool reversed) {
  const std::size_t rows = series.size();
  const auto place = [&](const RepeatedClock& at) {
    const std::size_t row = reversed ? rows - 1 - at.row : at.row;
    if (row > 0 && series.time[row] <= series.time[row - 1]) series.time[row] += at.again;
  };
  if (reversed) {
    std::for_each(repeated.rbegin(), repeated.rend(), place);
  } else {
    std::ranges::for_each(repeated, place);
  }
}

bool is_strictly_ascending(const std::vector<std::int64_t>& time) {
  return std::ranges::adjacent_find(time, std::greater_equal<>()) == time.end();
}

}  // namespace

bool is_descending(const std::vector<std::int64_t>& time) {
  std::size_t back = 0;
  std::size_t forth = 0;
  for (std::size_t i = 1; i < time.size(); ++i) {
    back += time[i] < time[i - 1];
    forth += time[i] > time[i - 1];
  }
  return back > forth;
}

void settle_order(market::Series& series, const std::vector<RepeatedClock>& repeated, const LineMap& lines,
                  CsvReport& report) {
  if (repeated.empty() && is_strictly_ascending(series.time)) return;
  const bool reversed = is_descending(series.time);
  if (reversed) reverse(series);
  place_repeated(series, repeated, reversed);
  report.repeated_clock = static_cast<std::int64_t>(repeated.size());
  if (is_strictly_ascending(series.time)) return;

  const std::size_t rows = series.size();
  const auto line_of = [&](std::size_t row) {
    return lines.line_of(static_cast<std::int64_t>(reversed ? rows - 1 - row : row));
  };
  ProblemList problems(report);
  std::vector<std::uint32_t> order(rows);
  std::iota(order.begin(), order.end(), 0U);
  std::int64_t latest = series.time.front();
  for (std::size_t row = 1; row < rows; ++row) {
    if (series.time[row] >= latest) {
      latest = series.time[row];
      continue;
    }
    ++report.out_of_order;
    if (report.out_of_order <= static_cast<std::int64_t>(kProblemsShown)) {
      problems.add(line_of(row), Reason::kOutOfOrder,
                   fmt::format("{} stands after {} (kept, sorted to its place)",
                               base::format_time(base::time_from_nanoseconds(series.time[row])),
                               base::format_time(base::time_from_nanoseconds(latest))));
    } else {
      ++report.by_reason[static_cast<std::size_t>(Reason::kOutOfOrder)];
    }
  }
  // Of one time, the first in the file comes first, whichever way the file runs.
  std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
    if (series.time[a] != series.time[b]) return series.time[a] < series.time[b];
    return reversed ? a > b : a < b;
  });
  std::vector<std::uint32_t> kept;
  kept.reserve(rows);
  for (const std::uint32_t row : order) {
    if (kept.empty() || series.time[kept.back()] != series.time[row]) {
      kept.push_back(row);
    } else if (is_same_bar(series, kept.back(), row)) {
      ++report.duplicates;
    } else {
      ++report.bad;
      problems.add(line_of(row), Reason::kConflict,
                   fmt::format("{} was in line {} already, with other values",
                               base::format_time(base::time_from_nanoseconds(series.time[row])), line_of(kept.back())));
    }
  }
  keep_rows(series, kept);
  problems.finish();
}

}  // namespace tradeassist::feed
