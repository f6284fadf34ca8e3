#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/metrics.hpp"
#include "base/periodic_task.hpp"
#include "base/result.hpp"
#include "monitor/alert_engine.hpp"
#include "monitor/trend_store.hpp"
#include "server/health_observations.hpp"
#include "server/http_server.hpp"
#include "server/request_metrics.hpp"
#include "server/router.hpp"
#include "server/routes/services.hpp"

namespace tradeassist::app {

/// What watches a server: its metrics, its alerts, and the history of its health. Outlives what it is given.
struct MonitorParts {
  base::MetricRegistry registry;
  std::unique_ptr<monitor::AlertStore> alert_store;
  std::unique_ptr<monitor::TrendStore> trends;
  std::unique_ptr<monitor::AlertEngine> alerts;
  std::unique_ptr<server::RequestMetrics> requests;
  std::atomic<server::ServerPhase> phase = server::ServerPhase::kStarting;
  std::chrono::seconds interval;  // between two looks
  std::string server;             // which of several this is; empty where there can be only one

  /// Is called for what people are to be told of alerts, once among all servers. Set before watch().
  monitor::TellAlert on_alert = {};

  /// `identity`: of this server. kInvalidArgument for alert_thresholds that are none.
  static base::Result<std::unique_ptr<MonitorParts>> make(const base::Config& config, const std::string& identity,
                                                          server::Publisher& publisher);

  /// For the sampler of health.
  server::HealthSources health_sources(const base::Config& config, jobs::JobQueue& queue, access::KeyStore* keys) const;
  /// Of searches and tournaments.
  base::Counter& trials();
  /// Counts the requests of these routes from now on.
  server::Observe observe(const std::vector<server::Route>& routes);
  /// A file of the web page was given.
  void observe_page(const server::Response& response) const;
  /// What the registry collects from those that keep their own numbers.
  void collect_from(server::Services& services, const server::HttpServer& http, const server::HealthParts& parts);
  /// Decides on alerts, and keeps the history, after each look of the sampler.
  std::unique_ptr<base::PeriodicTask> watch(const server::HealthSampler& health, const server::HealthParts& parts);
};

}  // namespace tradeassist::app
