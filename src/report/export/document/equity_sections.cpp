#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "base/time.hpp"
#include "report/export/document/report_sections.hpp"
#include "report/export/document/typography.hpp"
#include "report/export/result_fields.hpp"

namespace tradeassist::report {
namespace {

namespace json = boost::json;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

struct Curve {
  std::vector<std::int64_t> time;
  std::vector<double> equity, held;  // held may be empty
  std::size_t split = 0;
};

double number_or_unknown(const json::array* values, std::size_t i) {
  if (values == nullptr || i >= values->size() || !(*values)[i].is_number()) return kUnknown;
  constexpr double kLargest = 1e200;  // what is drawn is multiplied, and must stay finite
  const double value = (*values)[i].to_number<double>();
  return std::abs(value) < kLargest ? value : kUnknown;
}

/// The points whose times can be read and ascend.
Curve read_curve(const json::object& equity) {
  Curve curve;
  const json::array* times = array_at(equity, {"time"});
  const json::array* values = array_at(equity, {"equity"});
  const json::array* held = array_at(equity, {"buy_and_hold"});
  if (times == nullptr || values == nullptr) return curve;
  const auto split = static_cast<std::size_t>(
      std::clamp(number_at(equity, {"split_index"}).value_or(0), 0.0, static_cast<double>(times->size())));
  for (std::size_t i = 0; i < times->size(); ++i) {
    if (!(*times)[i].is_string()) continue;
    const auto time = base::parse_time(std::string((*times)[i].get_string()));
    if (!time || (!curve.time.empty() && base::to_nanoseconds(*time) <= curve.time.back())) continue;
    if (i <= split) curve.split = curve.time.size();
    curve.time.push_back(base::to_nanoseconds(*time));
    curve.equity.push_back(number_or_unknown(values, i));
    if (held != nullptr) curve.held.push_back(number_or_unknown(held, i));
  }
  if (split >= times->size()) curve.split = 0;
  return curve;
}

/// How far below its highest so far, in percent; each side of the split for itself.
std::vector<double> falls(const std::vector<double>& values, std::size_t split) {
  std::vector<double> out;
  double peak = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (split != 0 && i == split) peak = -std::numeric_limits<double>::infinity();
    if (std::isfinite(values[i])) peak = std::max(peak, values[i]);
    out.push_back(peak > 0 && std::isfinite(values[i]) ? (values[i] / peak - 1) * 100 : kUnknown);
  }
  return out;
}

double lowest_of(const std::vector<double>& values) {
  double lowest = 0;
  for (const double value : values) {
    if (std::isfinite(value)) lowest = std::min(lowest, value);
  }
  return lowest;
}

using Year = std::array<std::optional<double>, 12>;

/// Growth of each month as a factor: that of all steps between points which end in it.
std::map<int, Year> growth_by_month(const Curve& curve) {
  std::map<int, Year> years;
  for (std::size_t i = 1; i < curve.time.size(); ++i) {
    if (curve.split != 0 && i == curve.split) continue;
    const double growth = curve.equity[i] / curve.equity[i - 1];
    if (!std::isfinite(growth) || curve.equity[i - 1] <= 0) continue;
    const std::chrono::year_month_day date(
        std::chrono::floor<std::chrono::days>(base::time_from_nanoseconds(curve.time[i])));
    std::optional<double>& month = years[static_cast<int>(date.year())][unsigned(date.month()) - 1];
    month = month.value_or(1) * growth;
  }
  return years;
}

HeatMap::Entry growth_entry(const std::optional<double>& growth) {
  if (!growth) return {kUnknown, ""};
  const double percent = (*growth - 1) * 100;
  return {percent, set_number(percent, 1)};
}

}  // namespace

void add_equity(Document& document, const json::object& equity, const std::string& heading) {
  const Curve curve = read_curve(equity);
  if (curve.time.size() < 2) return;
  document.blocks.emplace_back(Heading{heading, 2});
  LineChart chart;
  chart.title = "Equity";
  chart.time = curve.time;
  chart.split = curve.split;
  chart.lines.push_back({"Strategy", LineChart::Role::kStrategy, curve.equity});
  if (!curve.held.empty()) chart.lines.push_back({"Buy and hold", LineChart::Role::kBenchmark, curve.held});
  chart.description = fmt::format("Value of the account at the close, from {} to {}{}.",
                                  set_short(curve.equity.front()), set_short(curve.equity.back()),
                                  curve.split == 0 ? "" : "; out of sample it begins anew with the initial capital");
  document.blocks.emplace_back(chart);

  LineChart fall;
  fall.title = "Drawdown";
  fall.time = curve.time;
  fall.split = curve.split;
  fall.unit = std::string(kThinSpace) + "%";
  fall.is_filled = true;
  fall.height = 0.2;
  fall.lines.push_back({"Strategy", LineChart::Role::kStrategy, falls(curve.equity, curve.split)});
  if (!curve.held.empty())
    fall.lines.push_back({"Buy and hold", LineChart::Role::kBenchmark, falls(curve.held, curve.split)});
  fall.description = fmt::format("Percent below the highest close so far; at the points drawn, {} at the lowest.",
                                 set_percent(lowest_of(fall.lines.front().values), 1));
  document.blocks.emplace_back(std::move(fall));
}

void add_monthly_returns(Document& document, const json::object& equity) {
  const Curve curve = read_curve(equity);
  const std::map<int, Year> years = growth_by_month(curve);
  std::size_t months = 0;
  for (const auto& [year, growth] : years)
    months +=
        static_cast<std::size_t>(std::ranges::count_if(growth, [](const auto& month) { return month.has_value(); }));
  // A curve of few points says little about months; many years would be a table that nobody reads.
  constexpr std::size_t kPointsAMonth = 3, kYearsMax = 60;
  if (months < 2 || curve.time.size() < kPointsAMonth * months || years.size() > kYearsMax) return;
  HeatMap map;
  map.caption = "Returns by month, %";
  map.row_title = "Year";
  map.columns = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Year"};
  map.is_around_zero = true;
  for (const auto& [year, growth] : years) {
    map.rows.push_back(std::to_string(year));
    std::vector<HeatMap::Entry> entries;
    double whole = 1;
    for (const auto& month : growth) {
      entries.push_back(growth_entry(month));
      whole *= month.value_or(1);
    }
    entries.push_back(growth_entry(whole));
    map.entries.push_back(std::move(entries));
  }
  document.blocks.emplace_back(Heading{"Monthly returns", 2});
  document.blocks.emplace_back(std::move(map));
}

}  // namespace tradeassist::report
