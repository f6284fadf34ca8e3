#include "report/export/drawing/chart_axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/time.hpp"
#include "report/export/document/typography.hpp"

namespace tradeassist::report {
namespace {

using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year_month;
using std::chrono::year_month_day;

year_month month_of(std::int64_t nanoseconds) {
  const year_month_day date(std::chrono::floor<std::chrono::days>(base::time_from_nanoseconds(nanoseconds)));
  return date.year() / date.month();
}

std::int64_t start_of(year_month month) {
  return base::to_nanoseconds(base::Time(sys_days(month / std::chrono::day(1))));
}

/// Every `step` months from January of a year that the step divides.
std::vector<Tick> month_ticks(std::int64_t first, std::int64_t last, int step) {
  const int from_year = static_cast<int>(month_of(first).year());
  const int years = std::max(1, step / 12);
  year_month month = std::chrono::year(from_year - from_year % years) / std::chrono::January;
  std::vector<Tick> ticks;
  for (; start_of(month) <= last; month += months(step)) {
    const std::int64_t at = start_of(month);
    if (at < first) continue;
    const int year = static_cast<int>(month.year());
    ticks.push_back({static_cast<double>(at),
                     step >= 12 ? std::to_string(year) : fmt::format("{}-{:02}", year, unsigned(month.month()))});
  }
  return ticks;
}

std::vector<Tick> even_ticks(std::int64_t first, std::int64_t last, std::int64_t step) {
  std::vector<Tick> ticks;
  for (std::int64_t at = base::floor_divide(first + step - 1, step) * step; at <= last; at += step) {
    const std::string text = base::format_time(base::time_from_nanoseconds(at));
    ticks.push_back(
        {static_cast<double>(at), step >= base::kNanosecondsPerDay ? text.substr(5, 5) : text.substr(11, 5)});
  }
  return ticks;
}

}  // namespace

std::vector<Tick> value_ticks(double lowest, double highest, int ticks_max) {
  if (!(highest > lowest)) {
    const double margin = std::max(std::abs(lowest) * 0.05, 0.5);
    lowest -= margin;
    highest += margin;
  }
  const double rough = (highest - lowest) / std::max(1, ticks_max - 2);
  const double power = std::pow(10, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) {
      step = factor * power;
      break;
    }
  }
  const double from = std::floor(lowest / step), steps = std::ceil(highest / step) - from;
  // Numbers too large, too small or too close together for round ones between them.
  if (!(steps >= 1 && steps <= ticks_max + 2 && from + 1 > from)) {
    return {{lowest, set_short(lowest)}, {highest, set_short(highest)}};
  }
  std::vector<Tick> ticks;
  for (double i = 0; i <= steps; ++i) ticks.push_back({(from + i) * step, set_short((from + i) * step)});
  return ticks;
}

std::vector<Tick> time_ticks(std::int64_t first, std::int64_t last, int ticks_max) {
  constexpr double kMonth = 30.44 * static_cast<double>(base::kNanosecondsPerDay);
  const double span = static_cast<double>(last - first);
  constexpr std::int64_t kMinute = 60 * base::kNanosecondsPerSecond;
  for (const std::int64_t minutes : {1, 5, 15, 60, 180, 360, 720, 1440, 2 * 1440, 7 * 1440, 14 * 1440}) {
    const std::int64_t step = minutes * kMinute;
    if (span / static_cast<double>(step) < ticks_max) return even_ticks(first, last, step);
  }
  for (const int step : {1, 3, 6, 12, 24, 60, 120}) {
    if (span / (kMonth * step) < ticks_max) return month_ticks(first, last, step);
  }
  return month_ticks(first, last, 600);
}

}  // namespace tradeassist::report
