#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "store/benchmark/benchmark_run.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::store {

/// Runs of the benchmark in the table `benchmark_run` of the market database. Functions that write run inside the
/// caller's transaction.

/// Of runs that are no baseline, the newest so many are kept.
constexpr std::int64_t kBenchmarkRunsKept = 1'000;

/// Keeps a run. It becomes the baseline when that is asked for, or when it is the first complete one.
base::Result<StoredRun> put_benchmark_run(Connection& connection, const BenchmarkRun& run, bool set_baseline);

/// The newest `limit`, newest first.
base::Result<std::vector<StoredRun>> list_benchmark_runs(Connection& connection, std::int64_t limit);

/// Nothing while no complete run was kept.
base::Result<std::optional<StoredRun>> benchmark_baseline(Connection& connection);

}  // namespace tradeassist::store
