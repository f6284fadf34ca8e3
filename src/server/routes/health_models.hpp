#pragma once

#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "monitor/trend_store.hpp"

/// Answers of the health routes. What was not measured is null, and `unmeasured` says why, by the field's name.
namespace tradeassist::server {

using Reasons = std::map<std::string, std::string>;

/// Connections of one kind. Waits are of those who found none free.
struct PoolHealth {
  int size_max = 0, open = 0, in_use = 0;
  std::int64_t uses = 0, waits = 0, timeouts = 0, retries = 0;
  std::optional<double> wait_milliseconds_average, wait_milliseconds_max;  // null while nobody had to wait
};
BOOST_DESCRIBE_STRUCT(PoolHealth, (),
                      (size_max, open, in_use, uses, waits, timeouts, retries, wait_milliseconds_average,
                       wait_milliseconds_max))

struct PoolsHealth {
  PoolHealth readers, writers;
};
BOOST_DESCRIBE_STRUCT(PoolsHealth, (), (readers, writers))

struct DatabaseHealthResponse {
  std::string status;  // "ok", "unavailable" or "unknown"
  std::optional<base::Time> sampled_at;
  std::optional<std::string> kind, version;
  std::optional<bool> reachable;
  std::optional<int> schema_version;
  std::optional<std::int64_t> size_bytes, wal_bytes, free_disk_bytes;
  PoolsHealth pool;
  std::optional<base::Time> last_maintenance_at;
  Reasons unmeasured;
};
BOOST_DESCRIBE_STRUCT(DatabaseHealthResponse, (),
                      (status, sampled_at, kind, version, reachable, schema_version, size_bytes, wal_bytes,
                       free_disk_bytes, pool, last_maintenance_at, unmeasured))

struct InsertRates {
  std::int64_t bars_stored = 0;  // since the server started; inserted or corrected
  std::optional<double> bars_per_second, bars_per_second_last_minute;
};
BOOST_DESCRIBE_STRUCT(InsertRates, (), (bars_stored, bars_per_second, bars_per_second_last_minute))

struct SlowQueryModel {
  std::string sql;  // without values
  double milliseconds = 0;
  base::Time finished_at;
};
BOOST_DESCRIBE_STRUCT(SlowQueryModel, (), (sql, milliseconds, finished_at))

struct SlowQueriesModel {
  double threshold_milliseconds = 0;
  std::int64_t count = 0;  // since the server started
  std::optional<std::int64_t> count_last_minute;
  std::vector<SlowQueryModel> newest;
};
BOOST_DESCRIBE_STRUCT(SlowQueriesModel, (), (threshold_milliseconds, count, count_last_minute, newest))

struct PerformanceMetricsResponse {
  std::optional<base::Time> sampled_at;
  InsertRates inserts;
  PoolsHealth pool;
  SlowQueriesModel slow_queries;
  boost::json::value benchmark;  // run, baseline, comparisons, regressions, trend
  Reasons unmeasured;
};
BOOST_DESCRIBE_STRUCT(PerformanceMetricsResponse, (), (sampled_at, inserts, pool, slow_queries, benchmark, unmeasured))

struct HealthTrendModel {
  std::string name, unit, what;
  monitor::TrendComparison comparison;
  std::vector<monitor::TrendPoint> points;
};
BOOST_DESCRIBE_STRUCT(HealthTrendModel, (), (name, unit, what, comparison, points))

struct TrendsAnswer {
  std::string resolution;  // "hour" or "minute"
  base::Time from, to;
  std::vector<HealthTrendModel> trends;
};
BOOST_DESCRIBE_STRUCT(TrendsAnswer, (), (resolution, from, to, trends))

struct PartitionModel {
  std::string kind, name, state;  // "bar", "2024", "open"
  base::Time first_time, last_time;
  std::int64_t chunk_count = 0, row_count = 0, payload_bytes = 0;
  std::optional<std::string> archive_file;
  std::optional<base::Time> archived_at;
};
BOOST_DESCRIBE_STRUCT(PartitionModel, (),
                      (kind, name, state, first_time, last_time, chunk_count, row_count, payload_bytes, archive_file,
                       archived_at))

struct PartitionStatusResponse {
  std::optional<base::Time> sampled_at;
  std::optional<std::vector<PartitionModel>> partitions;
  Reasons unmeasured;
};
BOOST_DESCRIBE_STRUCT(PartitionStatusResponse, (), (sampled_at, partitions, unmeasured))

struct LiveSeriesModel {
  std::string symbol, timeframe;
  std::optional<base::Time> last_bar;
  std::int64_t bars = 0, failures = 0;
};
BOOST_DESCRIBE_STRUCT(LiveSeriesModel, (), (symbol, timeframe, last_bar, bars, failures))

struct LiveHoleModel {
  std::string symbol, timeframe;
  base::Time from, to;
  std::string reason;
  bool is_filled = false;
};
BOOST_DESCRIBE_STRUCT(LiveHoleModel, (), (symbol, timeframe, from, to, reason, is_filled))

struct LiveLoginModel {
  std::string state;  // "none", "valid", "ends_soon", "ended"; "unknown" where it cannot be read
  std::optional<base::Time> logged_in_at, ends_at;
  std::string message;
};
BOOST_DESCRIBE_STRUCT(LiveLoginModel, (), (state, logged_in_at, ends_at, message))

struct LiveHealthResponse {
  std::string source;  // as configured
  std::string state;   // "off", "connecting", "live", "degraded" or "stopped"
  std::optional<base::Time> since;
  std::string why;
  std::vector<LiveSeriesModel> series;
  std::int64_t holes_count = 0;           // since the server started
  std::vector<LiveHoleModel> holes;       // the newest of them
  std::optional<LiveLoginModel> login{};  // that the source needs; null where it needs none
};
BOOST_DESCRIBE_STRUCT(LiveHealthResponse, (), (source, state, since, why, series, holes_count, holes, login))

}  // namespace tradeassist::server
