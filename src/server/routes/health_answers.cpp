#include "server/routes/health_answers.hpp"

#include <chrono>

namespace tradeassist::server {
namespace {

namespace json = boost::json;

constexpr const char* kNotSampled = "the database was not sampled yet";
constexpr const char* kUnreachable = "the database did not answer";

double milliseconds(std::chrono::nanoseconds time) { return std::chrono::duration<double, std::milli>(time).count(); }

PoolHealth pool_health(const store::PoolMetrics& pool) {
  PoolHealth health{pool.size_max, pool.open, pool.in_use, pool.uses, pool.waits, pool.timeouts, pool.retries, {}, {}};
  if (pool.waits > 0) {
    health.wait_milliseconds_average = milliseconds(pool.wait_time) / static_cast<double>(pool.waits);
    health.wait_milliseconds_max = milliseconds(pool.wait_time_max);
  }
  return health;
}

PoolsHealth pools_health(const store::MarketStoreMetrics& metrics) {
  return {pool_health(metrics.readers), pool_health(metrics.writers)};
}

/// Why a field is null: nothing was sampled, the database was away, or what this field's own reason is.
std::string reason(const HealthSample* sample, const char* own) {
  if (sample == nullptr) return kNotSampled;
  return sample->is_reachable ? own : kUnreachable;
}

}  // namespace

DatabaseHealthResponse database_health(const HealthSample* sample, const store::MarketStoreMetrics& metrics) {
  DatabaseHealthResponse body;
  body.status = sample == nullptr ? "unknown" : sample->is_reachable ? "ok" : "unavailable";
  body.pool = pools_health(metrics);
  if (sample != nullptr) {
    body.sampled_at = sample->sampled_at;
    body.reachable = sample->is_reachable;
  }
  if (sample != nullptr && sample->database) {
    const store::DatabaseStatus& database = *sample->database;
    body.kind = database.kind;
    body.version = database.version;
    body.schema_version = database.schema_version;
    body.size_bytes = database.size_bytes;
    body.wal_bytes = database.wal_bytes;
    body.free_disk_bytes = database.free_disk_bytes;
    body.last_maintenance_at = database.maintained_at;
  }
  const auto explain = [&](const char* field, bool is_measured, const char* own) {
    if (!is_measured) body.unmeasured[field] = reason(sample, own);
  };
  const bool on_server = body.kind == "PostgreSQL";
  for (const char* field : {"kind", "version", "schema_version"}) explain(field, body.kind.has_value(), kUnreachable);
  explain("reachable", body.reachable.has_value(), kNotSampled);
  explain("size_bytes", body.size_bytes.has_value(), "the size could not be read");
  explain("wal_bytes", body.wal_bytes.has_value(),
          on_server ? "only members of pg_monitor may see the server's log" : "there is no write-ahead log now");
  explain("free_disk_bytes", body.free_disk_bytes.has_value(),
          on_server ? "a server does not tell how full its disk is" : "the free space could not be read");
  explain("last_maintenance_at", body.last_maintenance_at.has_value(),
          "it was not maintained yet; the server does it in maintenance_window, or tradeassist maintain");
  return body;
}

PerformanceMetricsResponse performance(const HealthSample* sample, const store::MarketStore& market) {
  const store::MarketStoreMetrics metrics = market.metrics();
  const store::SlowQueryLog& log = market.slow_queries();
  PerformanceMetricsResponse body;
  body.inserts.bars_stored = metrics.bars_stored;
  body.pool = pools_health(metrics);
  body.slow_queries.threshold_milliseconds = milliseconds(log.threshold());
  body.slow_queries.count = log.count();
  for (const store::SlowQuery& each : log.newest()) {
    body.slow_queries.newest.push_back({each.sql, milliseconds(each.duration), each.finished_at});
  }
  if (sample != nullptr) {
    body.sampled_at = sample->sampled_at;
    body.inserts.bars_per_second = sample->bars_per_second;
    body.inserts.bars_per_second_last_minute = sample->bars_per_second_last_minute;
    body.slow_queries.count_last_minute = sample->slow_queries_last_minute;
    if (sample->benchmark) body.benchmark = *sample->benchmark;
  }
  const char* young = "the server runs for less than a minute";
  const auto explain = [&](const char* field, bool is_measured, const std::string& why) {
    if (!is_measured) body.unmeasured[field] = why;
  };
  explain("inserts.bars_per_second", body.inserts.bars_per_second.has_value(), kNotSampled);
  explain("inserts.bars_per_second_last_minute", body.inserts.bars_per_second_last_minute.has_value(), young);
  explain("slow_queries.count_last_minute", body.slow_queries.count_last_minute.has_value(), young);
  explain("benchmark", !body.benchmark.is_null(), reason(sample, "the stored runs could not be read"));
  if (const json::object* benchmark = body.benchmark.if_object()) {
    explain("benchmark.run", !benchmark->at("run").is_null(),
            "none was made; POST /api/v1/health/performance/benchmark");
    explain("benchmark.baseline", !benchmark->at("baseline").is_null(), "no complete run was made");
  }
  return body;
}

PartitionStatusResponse partition_status(const HealthSample* sample) {
  PartitionStatusResponse body;
  if (sample != nullptr) body.sampled_at = sample->sampled_at;
  if (sample == nullptr || !sample->partitions) {
    body.unmeasured["partitions"] = reason(sample, "the partitions could not be listed");
    return body;
  }
  auto& models = body.partitions.emplace();
  for (const store::PartitionInfo& each : *sample->partitions) {
    PartitionModel model{.kind = std::string(store::to_string(each.kind)),
                         .name = each.name(),
                         .state = std::string(store::to_string(each.state)),
                         .first_time = base::time_from_nanoseconds(each.range.first_time),
                         .last_time = base::time_from_nanoseconds(each.range.last_time),
                         .chunk_count = each.chunk_count,
                         .row_count = each.row_count,
                         .payload_bytes = each.payload_bytes,
                         .archive_file = {},
                         .archived_at = {}};
    if (each.archive) {
      model.archive_file = each.archive->file;
      model.archived_at = each.archive->archived_at;
    }
    models.push_back(std::move(model));
  }
  return body;
}

LiveHealthResponse live_health(const std::string& source, const std::optional<LiveStatus>& status) {
  LiveHealthResponse body;
  body.source = source;
  if (!status) {
    body.state = "off";
    return body;
  }
  body.state = feed::to_string(status->state);
  body.since = status->since;
  body.why = status->why;
  for (const LiveSeriesStatus& each : status->series) {
    body.series.push_back({each.symbol, each.timeframe, each.last_bar, each.bars, each.failures});
  }
  body.holes_count = status->holes_count;
  for (const feed::LiveHole& hole : status->holes) {
    body.holes.push_back(
        {hole.symbol, market::to_string(hole.timeframe), hole.from, hole.to, hole.reason, hole.is_filled});
  }
  if (const auto& login = status->login)
    body.login = LiveLoginModel{login->state, login->logged_in_at, login->ends_at, login->message};
  return body;
}

}  // namespace tradeassist::server
