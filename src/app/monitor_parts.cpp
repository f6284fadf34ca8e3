#include "app/monitor_parts.hpp"

#include <utility>

#include "app/command.hpp"
#include "base/log.hpp"
#include "base/metrics_process.hpp"
#include "server/realtime/system_messages.hpp"
#include "server/server_metrics.hpp"

namespace tradeassist::app {
namespace {

constexpr std::chrono::seconds kLostAfter{10};  // without an answer

base::Result<std::vector<monitor::Threshold>> configured_thresholds(const base::Config& config) {
  std::vector<monitor::Threshold> thresholds = monitor::default_thresholds();
  for (monitor::Threshold& each : thresholds) {
    if (each.type != "free_disk") continue;
    // 0: never, as where a command warns.
    const auto bound = [](std::int64_t gigabytes) {
      return gigabytes > 0 ? std::optional(static_cast<double>(gigabytes)) : std::nullopt;
    };
    each.warning = bound(config.disk_warning_gb);
    each.critical = bound(config.disk_critical_gb);
  }
  auto changed = monitor::thresholds_with(std::move(thresholds), config.alert_thresholds);
  if (!changed) return base::in_context("alert_thresholds", changed.error());
  return changed;
}

}  // namespace

base::Result<std::unique_ptr<MonitorParts>> MonitorParts::make(const base::Config& config, const std::string& identity,
                                                               server::Publisher& publisher) {
  auto parts = std::make_unique<MonitorParts>();
  const store::DatabaseAddress address = app_address(config);
  parts->interval = std::chrono::seconds(config.health_interval_seconds);
  if (address.is_server()) parts->server = identity;
  monitor::AlertEngineOptions options;
  TRY_ASSIGN(options.thresholds, configured_thresholds(config));
  options.policy.cooldown = std::chrono::seconds(config.alert_cooldown_seconds);
  options.policy.clear_for = std::chrono::seconds(config.alert_clear_seconds);
  options.server = parts->server;
  options.on_change = [&publisher](const monitor::AlertEvent& event) { server::say_alert(publisher, event); };
  const auto log = [](const monitor::AlertEvent& event) {
    base::log(base::LogLevel::kWarning, "alert",
              {{"event", std::string(monitor::to_string(event.kind))},
               {"type", event.type},
               {"severity", std::string(monitor::to_string(event.severity))},
               {"alert", std::to_string(event.alert_id)},
               {"text", event.message}});
  };
  options.on_unkept_event = log;
  options.on_event = [log, watched = parts.get()](const monitor::AlertEvent& event) {
    log(event);
    if (watched->on_alert) watched->on_alert(event);
  };
  TRY_ASSIGN(parts->alert_store, monitor::AlertStore::open(address));
  TRY_ASSIGN(parts->trends, monitor::TrendStore::open(address, identity));
  TRY_ASSIGN(parts->alerts, monitor::AlertEngine::create(*parts->alert_store, std::move(options)));
  return parts;
}

server::HealthSources MonitorParts::health_sources(const base::Config& config, jobs::JobQueue& queue,
                                                   access::KeyStore* keys) const {
  return {&queue, keys, config.data_directory,
          [this] { return requests != nullptr ? requests->totals() : server::RequestTotals(); }};
}

base::Counter& MonitorParts::trials() {
  return registry.counter("tradeassist_trials_total", "Trials of searches that this server finished.");
}

server::Observe MonitorParts::observe(const std::vector<server::Route>& routes) {
  requests = std::make_unique<server::RequestMetrics>(routes);
  return [counted = requests.get()](const server::Answered& answered) { counted->observe(answered); };
}

void MonitorParts::observe_page(const server::Response& response) const {
  if (requests != nullptr) requests->observe_page(response.status);
}

void MonitorParts::collect_from(server::Services& services, const server::HttpServer& http,
                                const server::HealthParts& parts) {
  services.metrics = &registry;
  services.alerts = alerts.get();
  services.trends = trends.get();
  services.phase = &phase;
  registry.collect_from([this, &services, &http, parts](base::MetricSink& sink) {
    server::collect_build(sink, services.version);
    base::collect_process(sink);
    server::collect_http(sink, http.metrics());
    if (requests != nullptr) requests->collect(sink);
    if (parts.hub != nullptr) server::collect_realtime(sink, parts.hub->metrics());
    server::collect_store(sink, parts.market);
    server::collect_cache(sink, parts.cache.metrics());
    server::collect_sources(sink, parts);
    server::collect_health(sink, services.health.latest().get());
    server::collect_alerts(sink, *alerts);
  });
}

std::unique_ptr<base::PeriodicTask> MonitorParts::watch(const server::HealthSampler& health,
                                                        const server::HealthParts& parts) {
  return std::make_unique<base::PeriodicTask>(interval, [this, &health, parts](const std::stop_token&) {
    auto latest = health.latest();
    if (latest == nullptr) return;
    // Of a database that lets wait there is no sample yet that says so.
    if (health.waiting() > kLostAfter) {
      auto lost = std::make_shared<server::HealthSample>(*latest);
      lost->is_reachable = false;
      latest = std::move(lost);
    }
    const auto report = [](const base::Result<void>& done, const char* what) {
      if (!done) base::log(base::LogLevel::kWarning, what, {{"reason", done.error().message}});
    };
    report(alerts->observe(server::observations_of(*latest, parts)), "alerts could not be kept");
    report(trends->add(server::trend_values_of(*latest, parts), latest->sampled_at),
           "the history of health could not be kept");
  });
}

}  // namespace tradeassist::app
