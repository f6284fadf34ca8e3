#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "store/benchmark/benchmark_run.hpp"
#include "store/database/database_address.hpp"

namespace tradeassist::store {

/// How many rows one run of each measurement works on.
struct BenchmarkRows {
  std::int64_t bulk = 500'000;         // one append
  std::int64_t live = 50'000;          // bars one by one that share commits
  std::int64_t transactions = 500;     // commits one after the other
  std::int64_t read = 100'000;         // one read
  std::int64_t calculation = 200'000;  // one sum, and the table that an index is looked up in
  std::int64_t queries = 500;          // small queries over one connection

  /// None larger than `rows`.
  BenchmarkRows at_most(std::int64_t rows) const;
};

struct BenchmarkOptions {
  BenchmarkRows rows{};
  std::chrono::duration<double> time_max{60};  // no further run starts beyond it
  std::string program_version{};
  std::stop_token stop{};
  std::function<void(double share_done, std::string_view measurement)> on_progress{};
};

/// Measures the database at `market`, with tables of its own in a ScratchDatabase beside it: what is stored is not
/// touched. Contenders take turns, so that what else the machine does meets both. A measurement that fails or for which
/// no time is left has no value and says why.
/// kCancelled when `stop` was asked for; kUnavailable while another benchmark runs.
base::Result<BenchmarkRun> benchmark_database(const DatabaseAddress& market, const BenchmarkOptions& options);

}  // namespace tradeassist::store
