#include "store/benchmark/benchmark_run.hpp"

#include <algorithm>

namespace tradeassist::store {
namespace {

const Measurement* find(const BenchmarkRun& run, const std::string& name) {
  const auto found = std::ranges::find(run.measurements, name, &Measurement::name);
  return found == run.measurements.end() ? nullptr : &*found;
}

/// Why no number of the two runs can be compared; empty when they can be. The kernel may be renewed in between: what
/// that costs is worth knowing.
std::string why_not(const BenchmarkRun& run, const BenchmarkRun& baseline) {
  if (run.database_kind != baseline.database_kind) return "the baseline is of " + baseline.database_kind;
  Hardware now = run.hardware, then = baseline.hardware;
  now.kernel = then.kernel = std::nullopt;
  if (now != then) return "the baseline was measured on another machine or disk; --set-baseline makes a new one";
  return "";
}

std::string why_not(const Measurement& now, const Measurement* then) {
  if (!now.value) return "not measured";
  if (then == nullptr || !then->value) return "not in the baseline";
  if (then->rows != now.rows) return "the baseline is of " + std::to_string(then->rows) + " rows";
  // For example on a server that waits for its disk, or does not.
  if (then->description != now.description) return "the baseline is of: " + then->description;
  return "";
}

Comparison compare(const Measurement& now, const Measurement& then) {
  const double quotient = now.higher_is_better ? *now.value / *then.value : *then.value / *now.value;
  const double spread = std::max(now.spread.value_or(0), then.spread.value_or(0));
  // A rate that falls by 20 % and a time that grows by 20 % are both limits; beyond them by as much as runs differ.
  const double allowed = kRegressionShare + spread;
  const bool worse =
      now.higher_is_better ? *now.value < *then.value * (1 - allowed) : *now.value > *then.value * (1 + allowed);
  return {now.name, quotient - 1, worse, std::nullopt};
}

}  // namespace

bool BenchmarkRun::is_complete() const {
  return !measurements.empty() &&
         std::ranges::all_of(measurements, [](const Measurement& each) { return each.value.has_value(); });
}

std::vector<Comparison> compare(const BenchmarkRun& run, const BenchmarkRun& baseline) {
  std::vector<Comparison> comparisons;
  const std::string no_run = why_not(run, baseline);
  for (const Measurement& now : run.measurements) {
    const Measurement* then = find(baseline, now.name);
    const std::string reason = no_run.empty() ? why_not(now, then) : no_run;
    comparisons.push_back(reason.empty() ? compare(now, *then) : Comparison{now.name, {}, false, reason});
  }
  return comparisons;
}

std::vector<Trend> trends(std::span<const StoredRun> runs) {
  std::vector<Trend> found;
  if (runs.empty()) return found;
  for (const Measurement& newest : runs.front().run.measurements) {
    Trend trend{newest.name, newest.unit, {}, {}};
    for (std::size_t i = runs.size(); i-- > 0;) {
      const Measurement* then = find(runs[i].run, newest.name);
      if (then == nullptr || then->rows != newest.rows) continue;
      trend.times.push_back(runs[i].run.started_at);
      trend.values.push_back(then->value);
    }
    found.push_back(std::move(trend));
  }
  return found;
}

}  // namespace tradeassist::store
