#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>

namespace tradeassist::server {

/// The body of POST /api/v1/health/performance/benchmark, as for the command `bench database`.
struct BenchmarkBody {
  std::optional<std::int64_t> rows;
  std::optional<double> seconds;
  std::optional<bool> set_baseline;
};
BOOST_DESCRIBE_STRUCT(BenchmarkBody, (), (rows, seconds, set_baseline))

constexpr std::int64_t kBenchmarkRowsMin = 10, kBenchmarkRowsMax = 10'000'000;
constexpr double kBenchmarkSecondsMin = 0.1, kBenchmarkSecondsMax = 3'600;

}  // namespace tradeassist::server
