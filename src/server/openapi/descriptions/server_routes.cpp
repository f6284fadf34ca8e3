#include "server/openapi/answers/job_answers.hpp"
#include "server/openapi/answers/server_answers.hpp"
#include "server/openapi/descriptions.hpp"
#include "server/routes/benchmark_request.hpp"
#include "server/routes/health_models.hpp"
#include "server/routes/health_overview.hpp"

namespace tradeassist::server {

using openapi::Schemas;
using openapi::Use;

void describe_server_routes(Descriptions& all) {
  all.add(Method::kGet, "/livez", describe("get_liveness", "Health").answers<openapi::ProcessStatus>());
  all.add(Method::kGet, "/readyz",
          describe("get_readiness", "Health")
              .say("503 with the same body while a database does not answer.")
              .answers<ReadinessAnswer>()
              .answers<ReadinessAnswer>(503));
  all.add(Method::kGet, "/startupz",
          describe("get_startup", "Health")
              .say("503 with the same body until then.")
              .answers<openapi::ProcessStatus>()
              .answers<openapi::ProcessStatus>(503));
  const auto text = [](Schemas&) { return boost::json::object{{"type", "string"}}; };
  all.add(Method::kGet, "/metrics",
          describe("get_metrics", "Health")
              .say("docs/monitoring.md lists them.")
              .answers(200, "text/plain", text)
              .answers(200, "application/openmetrics-text", text));
  all.add(Method::kGet, "/api/v1/version", describe("get_version", "Health").answers<openapi::Version>());
  all.add(Method::kGet, "/ws/realtime",
          describe("connect_realtime", "Realtime")
              .say("See docs/realtime.md for the messages. A browser offers its key as the subprotocol "
                   "`tradeassist.key.ta_…` beside `tradeassist.v1`.")
              .answers_nothing(101, "The connection is a WebSocket now")
              .codes({"UPGRADE_REQUIRED"}));

  for (const auto& [base, suffix] :
       {std::pair<std::string, std::string>{"/api/v1/health/", ""}, {"/api/health/", "_alias"}}) {
    const auto add = [&](const std::string& name, auto description) {
      description.operation_id += suffix;
      if (!suffix.empty()) description.about += "The same as GET /api/v1/health/" + name + ".";
      all.add(Method::kGet, base + name, std::move(description));
    };
    add("database", describe("get_database_health", "Health").answers<DatabaseHealthResponse>());
    add("performance",
        describe("get_database_performance", "Health").answers(200, "application/json", [](Schemas& schemas) {
          auto made = schemas.of<PerformanceMetricsResponse>(Use::kAnswer);
          schemas.set_property<openapi::BenchmarkStory>("PerformanceMetricsResponse", "benchmark", Use::kAnswer);
          return made;
        }));
    add("partitions", describe("get_partitions", "Health").answers<PartitionStatusResponse>());
    add("cache", describe("get_cache_health", "Health").answers<openapi::CacheHealth>());
    add("live", describe("get_live_health", "Health").answers<LiveHealthResponse>());
  }
  for (const auto& [base, suffix] :
       {std::pair<std::string, std::string>{"/api/v1/health", ""}, {"/api/health", "_alias"}}) {
    all.add(Method::kGet, base,
            describe("get_health" + suffix, "Health")
                .say("503 with the same body while a component is unavailable.")
                .answers<HealthResponse>()
                .answers<HealthResponse>(503));
    all.add(Method::kGet, base + "/detailed",
            describe("get_detailed_health" + suffix, "Health")
                .say("503 with the same body while a component is unavailable.")
                .answers<DetailedHealthResponse>()
                .answers<DetailedHealthResponse>(503));
  }
  std::vector<std::string_view> names;
  for (const monitor::TrendKind& kind : monitor::trend_kinds()) names.push_back(kind.name);
  all.add(Method::kGet, "/api/v1/health/trends",
          describe("get_trends", "Health")
              .choice("name", names)
              .choice("resolution", {"hour", "minute"}, "hour")
              .time("from")
              .time("to")
              .text("server")
              .answers<TrendsAnswer>());
  all.add(Method::kPost, "/api/v1/health/performance/benchmark",
          describe("start_benchmark", "Health")
              .is_idempotent()
              .takes<BenchmarkBody>(R"({"rows": 10000, "seconds": 0.2})")
              .answers<openapi::JobAccepted>(202, {"Location"})
              .codes({"RESOURCE_EXHAUSTED"}));
  all.add(Method::kGet, "/api/v1/health/performance/benchmark/{id}",
          describe("get_benchmark", "Health").answers<openapi::BenchmarkStatus>().codes({"JOB_NOT_FOUND"}));
}

}  // namespace tradeassist::server
