#include <boost/json/object.hpp>

#include "report/cache_report.hpp"
#include "report/json_rows.hpp"
#include "server/routes/benchmark_request.hpp"
#include "server/routes/health_answers.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"
#include "server/routes/started_job.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

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
