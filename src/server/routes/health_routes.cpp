#include <boost/json/object.hpp>
#include <functional>

#include "report/cache_report.hpp"
#include "report/json_rows.hpp"
#include "server/routes/benchmark_request.hpp"
#include "server/routes/health_answers.hpp"
#include "server/routes/health_overview.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"
#include "server/routes/started_job.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

constexpr std::chrono::days kTrendDays{7};
constexpr const char* kKind = "benchmark";
constexpr const char* kBenchmarks = "/api/v1/health/performance/benchmark";

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
  auto started = start_job(services, kKind, request);
  if (auto* problem = std::get_if<Problem>(&started)) return std::move(*problem);
  const auto& id = std::get<std::string>(started);
  const std::string status = std::string(kBenchmarks) + "/" + id;
  return accepted({{"job_id", id}, {"status_url", status}}, status);
}

HandlerResult benchmark_status(const Request& request, Services& services) {
  const std::string& id = request.parameters.at("id");
  const auto job = services.queue.get(id, request.caller.owner);
  if (job && job->kind != kKind) return Problem{404, "JOB_NOT_FOUND", "there is no benchmark with this id", {}};
  if (!job) {
    Problem problem = problem_from(job.error());
    if (job.error().code == base::ErrorCode::kNotFound) problem.code = "JOB_NOT_FOUND";
    return problem;
  }
  return json_response(
      json::object{{"job_id", job->id},
                   {"state", jobs::to_string(job->state)},
                   {"phase", job->phase},
                   {"progress", job->progress},
                   {"error", report::text_or_null(job->error)},
                   {"result", base::parse_json(job->result, job->result.size()).value_or(json::value())}});
}

/// Numbers of the days before, for which the database is asked.
HandlerResult trends(const Request& request, Services& services) {
  QueryReader query(request, {"name", "resolution", "from", "to", "server"});
  const std::string name = query.text("name").value_or("");
  const std::string resolution = query.text("resolution").value_or("hour");
  const base::Time to = query.time("to").value_or(base::now());
  const base::Time from = query.time("from").value_or(to - kTrendDays);
  const std::string server = query.text("server").value_or("");
  const monitor::TrendKind* wanted = monitor::find_trend_kind(name);
  if (!name.empty() && wanted == nullptr) {
    std::string names;
    for (const monitor::TrendKind& each : monitor::trend_kinds())
      names += (names.empty() ? "" : ", ") + std::string(each.name);
    query.fail("name", "must be one of " + names);
  }
  if (resolution != "hour" && resolution != "minute") query.fail("resolution", "must be hour or minute");
  if (resolution == "minute" && name.empty()) query.fail("name", "is needed for minutes");
  if (from >= to) query.fail("from", "must lie before to");
  if (query.failed()) return query.problem();
  TrendsAnswer answer{resolution, from, to, {}};
  for (const monitor::TrendKind& kind : monitor::trend_kinds()) {
    if (wanted != nullptr && &kind != wanted) continue;
    auto points = services.trends->read(
        kind.name, resolution == "hour" ? monitor::TrendResolution::kHour : monitor::TrendResolution::kMinute, from, to,
        server);
    if (!points) return problem_from(points.error());
    const auto comparison = services.trends->compare(kind, base::now());
    if (!comparison) return problem_from(comparison.error());
    answer.trends.push_back(
        {std::string(kind.name), std::string(kind.unit), std::string(kind.what), *comparison, *std::move(points)});
  }
  return json_response(base::to_json(answer));
}

void add_overview_routes(std::vector<Route>& routes, Services& services) {
  const auto answer = [&services](const Request& request, auto make) -> HandlerResult {
    QueryReader query(request, {});
    if (query.failed()) return query.problem();
    const DetailedHealthResponse detailed = detailed_health(services);
    return health_response(base::to_json(make(detailed)), detailed.status != "unavailable");
  };
  for (const std::string base : {"/api/v1/health", "/api/health"}) {
    routes.push_back({Method::kGet, base, "How the server is, in short",
                      [answer](const Request& request) { return answer(request, brief); }});
    routes.push_back({Method::kGet, base + "/detailed", "How the server is, component by component",
                      [answer](const Request& request) { return answer(request, std::identity()); }});
  }
  if (services.trends == nullptr) return;
  routes.push_back({Method::kGet, "/api/v1/health/trends", "How the server was, for days",
                    [&services](const Request& request) { return trends(request, services); }});
}

}  // namespace

void add_health_routes(std::vector<Route>& routes, Services& services) {
  add_overview_routes(routes, services);
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
  for (const char* path : {"/api/v1/health/live", "/api/health/live"}) {
    routes.push_back({Method::kGet, path, "The live source: its state, its newest bars, what is missing",
                      [&services](const Request& request) -> HandlerResult {
                        QueryReader query(request, {});
                        if (query.failed()) return query.problem();
                        return json_response(base::to_json(live_health(services.live_source, services.live_status())));
                      }});
  }
  routes.push_back({Method::kPost, kBenchmarks, "Measure the database in the background",
                    [&services](const Request& request) { return start_benchmark(request, services); }});
  routes.push_back({Method::kGet, std::string(kBenchmarks) + "/{id}", "Progress and result of a benchmark",
                    [&services](const Request& request) { return benchmark_status(request, services); }});
}

}  // namespace tradeassist::server
