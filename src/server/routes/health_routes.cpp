#include <boost/json/object.hpp>
#include <chrono>

#include "report/cache_report.hpp"
#include "server/routes/benchmark_request.hpp"
#include "server/routes/health_models.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

constexpr const char* kKind = "benchmark";
constexpr const char* kBenchmarks = "/api/v1/health/performance/benchmark";

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
  explain("last_maintenance_at", false, "maintenance is not part of this build");
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
    explain("benchmark.run", !benchmark->at("run").is_null(), std::string("none was made; POST ") + kBenchmarks);
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

HandlerResult start_benchmark(const Request& request, Services& services) {
  auto read = read_body<BenchmarkBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const auto& body = std::get<BenchmarkBody>(read);
  std::vector<ProblemField> errors;
  if (body.rows && (*body.rows < kBenchmarkRowsMin || *body.rows > kBenchmarkRowsMax)) {
    errors.push_back({"/rows", "must be from 10 to 10,000,000", "", 0, 0});
  }
  if (body.seconds && !(*body.seconds >= kBenchmarkSecondsMin && *body.seconds <= kBenchmarkSecondsMax)) {
    errors.push_back({"/seconds", "must be from 0.1 to 3,600", "", 0, 0});
  }
  if (!errors.empty()) return invalid_request(std::move(errors));
  const auto id = services.queue.submit(kKind, request.body);
  if (!id) {
    Problem problem = problem_from(id.error());
    if (id.error().code == base::ErrorCode::kResourceExhausted) problem.status = 503;
    return problem;
  }
  services.runner.wake();
  const std::string status = std::string(kBenchmarks) + "/" + *id;
  Response response = json_response(json::object{{"job_id", *id}, {"status_url", status}});
  response.status = 202;
  response.headers.emplace_back("Location", status);
  return response;
}

HandlerResult benchmark_status(const Request& request, Services& services) {
  const std::string& id = request.parameters.at("id");
  const auto job = services.queue.get(id);
  if (job && job->kind != kKind) return Problem{404, "JOB_NOT_FOUND", "there is no benchmark with this id", {}};
  if (!job) {
    Problem problem = problem_from(job.error());
    if (job.error().code == base::ErrorCode::kNotFound) problem.code = "JOB_NOT_FOUND";
    return problem;
  }
  const auto text_or_null = [](const std::string& text) { return text.empty() ? json::value() : json::value(text); };
  return json_response(
      json::object{{"job_id", job->id},
                   {"state", jobs::to_string(job->state)},
                   {"phase", job->phase},
                   {"progress", job->progress},
                   {"error", text_or_null(job->error)},
                   {"result", base::parse_json(job->result, job->result.size()).value_or(json::value())}});
}

}  // namespace

void add_health_routes(std::vector<Route>& routes, Services& services) {
  const auto add = [&](const std::string& path, const char* summary, auto answer) {
    for (const char* base : {"/api/v1/health/", "/api/health/"}) {
      routes.push_back(
          {Method::kGet, base + path, summary, [&services, answer](const Request& request) -> HandlerResult {
             QueryReader query(request, {});
             if (query.failed()) return query.problem();
             const auto sample = services.health.latest();
             return json_response(base::to_json(answer(sample.get(), services.market)));
           }});
    }
  };
  add("database", "How the market database is", [](const HealthSample* sample, const store::MarketStore& market) {
    return database_health(sample, market.metrics());
  });
  add("performance", "How fast the market database is, and was", performance);
  add("partitions", "Partitions of the market data",
      [](const HealthSample* sample, const store::MarketStore&) { return partition_status(sample); });
  for (const char* path : {"/api/v1/health/cache", "/api/health/cache"}) {
    routes.push_back({Method::kGet, path, "Answers that are kept, and how often they were asked for again",
                      [&services](const Request& request) -> HandlerResult {
                        QueryReader query(request, {});
                        if (query.failed()) return query.problem();
                        return json_response(report::cache_json(services.cache.metrics()));
                      }});
  }
  routes.push_back({Method::kPost, kBenchmarks, "Measure the database in the background",
                    [&services](const Request& request) { return start_benchmark(request, services); }});
  routes.push_back({Method::kGet, std::string(kBenchmarks) + "/{id}", "Progress and result of a benchmark",
                    [&services](const Request& request) { return benchmark_status(request, services); }});
}

}  // namespace tradeassist::server
