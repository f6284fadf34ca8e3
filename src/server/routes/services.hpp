#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "access/audit_log.hpp"
#include "access/key_store.hpp"
#include "base/metrics.hpp"
#include "diagnostics/error_store.hpp"
#include "diagnostics/request_timings.hpp"
#include "jobs/batch_queue.hpp"
#include "jobs/job_queue.hpp"
#include "jobs/job_runner.hpp"
#include "monitor/alert_engine.hpp"
#include "monitor/trend_store.hpp"
#include "notify/outbox.hpp"
#include "notify/webhook_store.hpp"
#include "pine/catalogue.hpp"
#include "report/export/export_files.hpp"
#include "server/health_sampler.hpp"
#include "server/historical/provider_source.hpp"
#include "server/importing/import_rules.hpp"
#include "server/realtime/live_recorder.hpp"
#include "server/realtime/publisher.hpp"
#include "server/router.hpp"
#include "store/cache/series_cache.hpp"
#include "store/market_store.hpp"

namespace tradeassist::server {

/// Where the server is in its life.
enum class ServerPhase { kStarting, kServing, kStopping };

/// What the routes work with; outlives them.
struct Services {
  store::MarketStore& market;
  const pine::Catalogue& catalogue;
  jobs::JobQueue& queue;
  jobs::JobRunner& runner;
  std::string version;
  HealthSampler& health;
  store::SeriesCache& cache;  // of the market
  ProviderSource providers;
  Publisher& publisher;
  report::ExportFiles& exports;
  std::string live_source;                                 // as configured
  std::function<std::optional<LiveStatus>()> live_status;  // none where there is no live source
  jobs::BatchQueue* batches = nullptr;                     // that workers share; none where there can be none
  access::KeyStore* keys = nullptr;                        // none where keys are not kept
  access::AuditLog* audit = nullptr;                       // the same
  std::function<bool(const access::Caller&)> may_stay{};   // of answers that last; empty: everybody
  std::string release = {};                                // what the installation is called; empty: nothing
  diagnostics::ErrorStore* errors = nullptr;               // none where errors are not kept
  diagnostics::RequestTimings* timings = nullptr;          // none where no request is timed
  notify::WebhookStore* webhooks = nullptr;                // the same
  notify::Outbox* outbox = nullptr;                        // of their deliveries, the same
  std::function<void()> wake_deliverer = {};               // something is due; goes with them
  // Of a server; none where nobody watches.
  base::MetricRegistry* metrics = nullptr;
  monitor::AlertEngine* alerts = nullptr;
  monitor::TrendStore* trends = nullptr;
  const std::atomic<ServerPhase>* phase = nullptr;
  std::function<std::optional<base::Time>()> last_backup = {};  // none where nobody knows
  ImportRules importing = {};
};

/// The route table of the API.
std::vector<Route> make_routes(Services& services);

void add_status_routes(std::vector<Route>& routes, Services& services);
void add_health_routes(std::vector<Route>& routes, Services& services);
void add_market_routes(std::vector<Route>& routes, Services& services);
void add_instrument_routes(std::vector<Route>& routes, Services& services);
void add_corporate_action_routes(std::vector<Route>& routes, Services& services);
void add_import_routes(std::vector<Route>& routes, Services& services);
void add_quality_routes(std::vector<Route>& routes, Services& services);
void add_indicator_routes(std::vector<Route>& routes, Services& services);
void add_strategy_routes(std::vector<Route>& routes, Services& services);
void add_backtest_routes(std::vector<Route>& routes, Services& services);
void add_optimize_routes(std::vector<Route>& routes, Services& services);
void add_schedule_routes(std::vector<Route>& routes, Services& services);
void add_job_routes(std::vector<Route>& routes, Services& services);
void add_historical_fetch_routes(std::vector<Route>& routes, Services& services);
void add_historical_aggregate_routes(std::vector<Route>& routes, Services& services);
void add_historical_compare_routes(std::vector<Route>& routes, Services& services);
void add_historical_data_routes(std::vector<Route>& routes, Services& services);
void add_historical_study_routes(std::vector<Route>& routes, Services& services);
void add_saved_query_routes(std::vector<Route>& routes, Services& services);
void add_export_routes(std::vector<Route>& routes, Services& services);
void add_key_routes(std::vector<Route>& routes, Services& services);
void add_audit_routes(std::vector<Route>& routes, Services& services);
void add_error_routes(std::vector<Route>& routes, Services& services);
void add_profile_routes(std::vector<Route>& routes, Services& services);
void add_webhook_routes(std::vector<Route>& routes, Services& services);
void add_metrics_routes(std::vector<Route>& routes, Services& services);
void add_alert_routes(std::vector<Route>& routes, Services& services);

/// What the jobs of searches work with; outlives them.
struct SearchParts {
  store::SeriesCache& cache;
  const pine::Catalogue& catalogue;
  std::string version;                  // of this program
  int threads = 0;                      // of a search that names none
  jobs::BatchQueue* batches = nullptr;  // to share trials with workers; none where there can be none
  base::Counter* trials = nullptr;      // counts them; none where nobody wants to know
};

/// Does the jobs of kind "optimize": the body of POST /api/v1/optimize/single.
jobs::JobHandler optimize_handler(const SearchParts& parts);

/// Does the jobs of kind "optimize_batch": the body of POST /api/v1/optimize/batch.
jobs::JobHandler batch_handler(const SearchParts& parts);

/// Does the jobs of kind "benchmark": the body of POST /api/v1/health/performance/benchmark.
jobs::JobHandler benchmark_handler(store::MarketStore& market, const store::DatabaseAddress& address,
                                   HealthSampler& health, const std::string& version);

}  // namespace tradeassist::server
