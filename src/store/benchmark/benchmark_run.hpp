#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "store/benchmark/hardware.hpp"

namespace tradeassist::store {

/// One number of a benchmark, and what it is compared with. Values are medians of `runs` runs each; `spread` is half of
/// the range between the slowest and the fastest run as a share of the median. What was not measured has no value, and
/// says why.
struct Measurement {
  std::string name{};         // stable: "bulk_append"
  std::string description{};  // for people
  std::string unit{};         // "bars/s", "ms"
  bool higher_is_better = false;
  std::optional<double> value{}, spread{};
  std::string rival{};  // what it is compared with, for people
  std::optional<double> rival_value{}, rival_spread{};
  std::optional<double> ratio{};  // how many times as good as the rival; above 1 is better, whatever the unit
  std::int64_t rows = 0;          // that one run works on
  int runs = 0;
  std::optional<std::string> reason{};  // why there is no value
};
BOOST_DESCRIBE_STRUCT(Measurement, (),
                      (name, description, unit, higher_is_better, value, spread, rival, rival_value, rival_spread,
                       ratio, rows, runs, reason))

/// What one run of the benchmark found, and where.
struct BenchmarkRun {
  base::Time started_at;
  double seconds = 0;  // that it took
  std::string program_version{};
  std::string database_kind{}, database_version{};  // "SQLite", "3.40.1"
  Hardware hardware{};                              // of the machine that the program runs on
  std::vector<Measurement> measurements{};

  /// Everything that this program can measure was measured.
  bool is_complete() const;
};
BOOST_DESCRIBE_STRUCT(BenchmarkRun, (),
                      (started_at, seconds, program_version, database_kind, database_version, hardware, measurements))

/// A run as it is kept.
struct StoredRun {
  std::int64_t id = 0;
  bool is_baseline = false;
  BenchmarkRun run;
};
BOOST_DESCRIBE_STRUCT(StoredRun, (), (id, is_baseline, run))

/// A number beside the same one of the baseline.
struct Comparison {
  std::string name;
  std::optional<double> change;  // as a share of the baseline's, above 0 is better: 0.5 = half as good again
  bool is_regression = false;
  std::optional<std::string> reason;  // why it cannot be compared
};
BOOST_DESCRIBE_STRUCT(Comparison, (), (name, change, is_regression, reason))

/// The values of one measurement over runs, oldest first; null where a run did not measure it.
struct Trend {
  std::string name, unit;
  std::vector<base::Time> times;
  std::vector<std::optional<double>> values;
};
BOOST_DESCRIBE_STRUCT(Trend, (), (name, unit, times, values))

/// More than this share worse than the baseline, beyond the larger of the two spreads, is a regression.
constexpr double kRegressionShare = 0.20;

/// Every measurement of `run` against the baseline. Those of another number of rows, another machine or another
/// database cannot be compared, and say so.
std::vector<Comparison> compare(const BenchmarkRun& run, const BenchmarkRun& baseline);

/// Of the runs, newest first as they are listed. Measurements are those of the newest, with the same number of rows.
std::vector<Trend> trends(std::span<const StoredRun> runs);

}  // namespace tradeassist::store
