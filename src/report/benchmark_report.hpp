#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <span>
#include <string>

#include "store/benchmark/benchmark_run.hpp"

namespace tradeassist::report {

/// Runs that are kept, newest first, beside the baseline: the newest as `run`, the `baseline`, `comparisons` of the
/// two, the names of the `regressions`, and the `trend` of each measurement. Null where there is no run or no baseline.
boost::json::object benchmark_json(std::span<const store::StoredRun> runs,
                                   const std::optional<store::StoredRun>& baseline);

/// For a terminal: every measurement beside its rival and the baseline.
std::string benchmark_table(const store::StoredRun& run, const std::optional<store::StoredRun>& baseline);

/// For a terminal: a line a run, a column a measurement, the baseline marked.
std::string benchmark_history_table(std::span<const store::StoredRun> runs);

}  // namespace tradeassist::report
