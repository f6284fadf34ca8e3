#include "report/benchmark_report.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <cmath>

#include "base/json.hpp"

namespace tradeassist::report {
namespace {

using store::Measurement;

/// Three significant digits, thousands apart: "1,230,000", "12.3", "0.0451".
std::string figure(double value) {
  if (value < 1'000) return fmt::format("{:.3g}", value);
  const double step = std::pow(10, std::floor(std::log10(value)) - 2);
  std::string digits = fmt::format("{:.0f}", std::round(value / step) * step);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string optional_figure(const std::optional<double>& value) { return value ? figure(*value) : "-"; }

std::string machine(const store::Hardware& hardware) {
  std::string text = fmt::format("{}, {} cores", hardware.cpu_model.value_or("unknown processor"), hardware.cores);
  if (hardware.memory_bytes) {
    text += fmt::format(", {:.1f} GiB", static_cast<double>(*hardware.memory_bytes) / (1 << 30));
  }
  if (hardware.file_system) text += fmt::format(", {} on {}", *hardware.file_system, hardware.disk.value_or("?"));
  if (hardware.kernel) text += ", " + *hardware.kernel;
  return text;
}

}  // namespace

boost::json::object benchmark_json(std::span<const store::StoredRun> runs,
                                   const std::optional<store::StoredRun>& baseline) {
  boost::json::object out{{"run", nullptr}, {"baseline", base::to_json(baseline)}, {"comparisons", nullptr}};
  out["regressions"] = nullptr;
  out["trend"] = base::to_json(store::trends(runs));
  if (runs.empty()) return out;
  out["run"] = base::to_json(runs.front());
  if (!baseline) return out;
  const auto comparisons = store::compare(runs.front().run, baseline->run);
  out["comparisons"] = base::to_json(comparisons);
  boost::json::array regressions;
  for (const store::Comparison& each : comparisons) {
    if (each.is_regression) regressions.emplace_back(each.name);
  }
  out["regressions"] = std::move(regressions);
  return out;
}

std::string benchmark_table(const store::StoredRun& stored, const std::optional<store::StoredRun>& baseline) {
  const store::BenchmarkRun& run = stored.run;
  std::string out = fmt::format("{} {}, TradeAssist {}, {}, {:.0f} s\n{}\n\n", run.database_kind, run.database_version,
                                run.program_version, base::format_time(run.started_at).substr(0, 19) + "Z", run.seconds,
                                machine(run.hardware));
  const auto comparisons =
      baseline ? store::compare(run, baseline->run) : std::vector<store::Comparison>(run.measurements.size());
  out += fmt::format("{:<15}{:>9} {:>12} {:<8}{:>7}{:>12} {:>8}  {}\n", "", "rows", "median", "", "spread", "rival",
                     "ratio", "against the baseline");
  std::string unmeasured, regressions, meanings;
  for (std::size_t i = 0; i < run.measurements.size(); ++i) {
    const Measurement& each = run.measurements[i];
    const store::Comparison& compared = comparisons[i];
    const std::string change = stored.is_baseline ? "is the baseline"
                               : compared.change  ? fmt::format("{:+.0f} %{}", *compared.change * 100,
                                                               compared.is_regression ? " REGRESSION" : "")
                                                  : "-";
    out += fmt::format("{:<15}{:>9} {:>12} {:<8}{:>7}{:>12} {:>8}  {}\n", each.name, each.rows,
                       optional_figure(each.value), each.unit,
                       each.spread ? fmt::format("{:.0f} %", *each.spread * 100) : "-",
                       optional_figure(each.rival_value), each.ratio ? figure(*each.ratio) + " x" : "-", change);
    meanings += fmt::format("{:<15}{}; rival: {}\n", each.name, each.description, each.rival);
    if (each.reason) unmeasured += fmt::format("{} was not measured: {}\n", each.name, *each.reason);
    if (compared.reason && !stored.is_baseline && each.value) {
      regressions += fmt::format("{} cannot be compared: {}\n", each.name, *compared.reason);
    }
  }
  out += "\n" + meanings;
  if (!unmeasured.empty() || !regressions.empty()) out += "\n" + unmeasured + regressions;
  if (!baseline) out += "\nThere is no baseline yet: the first complete run becomes it.\n";
  return out;
}

std::string benchmark_history_table(std::span<const store::StoredRun> runs) {
  if (runs.empty()) return "no run is stored yet; `tradeassist bench database` makes one\n";
  std::string out = fmt::format("{:<6}{:<22}", "run", "");
  const auto trends = store::trends(runs);
  for (const store::Trend& trend : trends) out += fmt::format("{:>15}", trend.name);
  out += "\n";
  for (const store::StoredRun& stored : runs) {
    out += fmt::format("{:<6}{:<22}", fmt::format("{}{}", stored.id, stored.is_baseline ? "*" : ""),
                       base::format_time(stored.run.started_at).substr(0, 19) + "Z");
    for (const store::Trend& trend : trends) {
      std::string cell = "-";
      for (const Measurement& each : stored.run.measurements) {
        if (each.name == trend.name) cell = optional_figure(each.value);
      }
      out += fmt::format("{:>15}", cell);
    }
    out += "\n";
  }
  out += fmt::format("{:<28}", "");
  for (const store::Trend& trend : trends) out += fmt::format("{:>15}", trend.unit);
  return out + "\n* the baseline\n";
}

}  // namespace tradeassist::report
