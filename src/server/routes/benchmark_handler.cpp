// The job behind POST /api/v1/health/performance/benchmark.
#include "base/json.hpp"
#include "server/routes/benchmark_request.hpp"
#include "server/routes/services.hpp"
#include "store/benchmark/database_benchmark.hpp"

namespace tradeassist::server {
namespace {

base::Result<std::string> benchmark(jobs::JobContext& context, store::MarketStore& market,
                                    const store::DatabaseAddress& address, const std::string& version) {
  TRY_ASSIGN(const auto value, base::parse_json(context.request(), context.request().size()));
  TRY_ASSIGN(const auto request, base::from_json<BenchmarkBody>(value));
  store::BenchmarkOptions options;
  if (request.rows) {
    options.rows = options.rows.at_most(*request.rows);
    options.rows.bulk = *request.rows;
  }
  if (request.seconds) options.time_max = std::chrono::duration<double>(*request.seconds);
  options.program_version = version;
  options.stop = context.stop();
  options.on_progress = [&](double share, std::string_view name) { context.report(share, name, ""); };
  TRY_ASSIGN(const store::BenchmarkRun run, store::benchmark_database(address, options));
  TRY_ASSIGN(const store::StoredRun stored, market.put_benchmark_run(run, request.set_baseline.value_or(false)));
  return base::json_text(base::to_json(stored));
}

}  // namespace

jobs::JobHandler benchmark_handler(store::MarketStore& market, const store::DatabaseAddress& address,
                                   HealthSampler& health, const std::string& version) {
  return [&market, address, &health, version](jobs::JobContext& context) {
    auto result = benchmark(context, market, address, version);
    if (result) health.sample();  // so that who waits for the job finds its run in the health
    return result;
  };
}

}  // namespace tradeassist::server
