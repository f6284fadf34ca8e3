#include "app/server_parts.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "app/channel_test.hpp"
#include "app/command.hpp"
#include "app/exports_folder.hpp"
#include "app/job_parts.hpp"
#include "app/live_source.hpp"
#include "app/maintenance_plan.hpp"
#include "app/release_name.hpp"
#include "app/retention.hpp"
#include "app/script_options.hpp"
#include "app/server_identity.hpp"
#include "base/log.hpp"
#include "mcp/mcp_routes.hpp"
#include "optimize/parallel.hpp"
#include "research/routes/research_handlers.hpp"
#include "research/routes/research_routes.hpp"
#include "server/historical/historical_job.hpp"
#include "server/historical/saved_query_keeper.hpp"
#include "server/openapi/documentation_routes.hpp"
#include "server/realtime/system_messages.hpp"
#include "server/request_log.hpp"
#include "server/routes/health_overview.hpp"
#include "server/routes/job_routes.hpp"
#include "server/routes/notification_routes.hpp"
#include "server/routes/schwab_routes.hpp"

namespace tradeassist::app {
namespace {

constexpr std::chrono::seconds kKeyUsesEvery{30};
constexpr std::chrono::seconds kSystemMessagesEvery{30};
constexpr std::chrono::seconds kSavedQueriesEvery{5};
constexpr std::chrono::minutes kWarmEvery{5};
constexpr std::chrono::milliseconds kLockWait{10'000};
constexpr std::chrono::minutes kExpiredExportsEvery{10};

/// The page is found in a checkout (web/dist) or an installation (web); a checkout's web holds what it is built from.
std::filesystem::path web_folder(const base::Config& config) {
  std::filesystem::path folder = resource_directory(config.web_directory, "web/dist");
  if (!std::filesystem::exists(folder / "index.html")) {
    const std::filesystem::path installed = resource_directory(config.web_directory, "web");
    if (!std::filesystem::exists(installed / "package.json")) folder = installed;
  }
  return folder;
}

/// Where a socket listens that was passed to the server; kInvalidArgument where it may not listen there.
base::Result<ListenAddress> passed_address(const base::Descriptor& socket, const base::Config& config) {
  TRY_ASSIGN(const base::SocketAddress address, base::listening_address(socket));
  base::Config there = config;
  const bool is_ipv6 = address.host.find(':') != std::string::npos;
  there.listen = fmt::format("{}{}{}:{}", is_ipv6 ? "[" : "", address.host, is_ipv6 ? "]" : "", address.port);
  return listen_address(there);
}

/// Tells what became of a scheduled backup or trial restore.
OnBackup backup_events(notify::Events& events) {
  return [&events](const BackupEvent& event) {
    if (event.is_drill && event.succeeded) return;  // it is in the health of backups
    events.publish({.type = event.succeeded ? "system.backup_completed" : "system.backup_failed",
                    .data = {{"backup", event.backup},
                             {"message", event.is_drill ? "not restored on trial: " + event.message : event.message}}});
  };
}

notify::AlertState notice_of(monitor::AlertEventKind kind) {
  switch (kind) {
    case monitor::AlertEventKind::kAcknowledged: return notify::AlertState::kAcknowledged;
    case monitor::AlertEventKind::kMuted: return notify::AlertState::kMuted;
    case monitor::AlertEventKind::kResolved: return notify::AlertState::kResolved;
    case monitor::AlertEventKind::kRaised:
    case monitor::AlertEventKind::kReopened:
    case monitor::AlertEventKind::kEscalated:
    case monitor::AlertEventKind::kDeescalated:
    case monitor::AlertEventKind::kUnmuted: break;
  }
  return notify::AlertState::kRaised;
}

/// Tells alerts about the system to webhooks, Slack and mail.
monitor::TellAlert alert_events(notify::Events& events) {
  return [&events](const monitor::AlertEvent& event) {
    const bool is_critical = event.severity == monitor::Severity::kCritical;
    notify::publish_alert(events, {.alert_id = std::to_string(event.alert_id),
                                   .alert_type = event.type,
                                   .severity = is_critical ? notify::Severity::kCritical : notify::Severity::kWarning,
                                   .state = notice_of(event.kind),
                                   .source = event.source,
                                   .message = event.message,
                                   .value = event.value,
                                   .actor = event.actor});
  };
}

/// What happens to a job or a query is for its owner.
base::Result<void> may_hear(jobs::JobQueue& queue, const access::Caller& caller, std::string_view channel) {
  for (const std::string_view prefix : {"jobs:", "historical_data:"}) {
    if (!channel.starts_with(prefix)) continue;
    TRY(queue.get_state(channel.substr(prefix.size()), caller.owner));
  }
  return {};
}

}  // namespace

/// What is done beside the requests, each on a thread of its own.
struct ServerParts::Tasks {
  std::unique_ptr<base::PeriodicTask> housekeeping;
  base::PeriodicTask expired_exports;
  base::PeriodicTask system_messages;
  base::PeriodicTask saved_queries;
  std::unique_ptr<base::PeriodicTask> schedules;
  base::PeriodicTask key_uses;
  std::unique_ptr<base::PeriodicTask> watching;

  explicit Tasks(ServerParts& parts)
      : housekeeping(start_housekeeping(parts.config_)),
        expired_exports(kExpiredExportsEvery,
                        [&exports = *parts.exports_](std::stop_token) { exports.remove_expired(); }),
        system_messages(server::say_how_the_system_is(parts.hub_, *parts.health_, *parts.cache_, kSystemMessagesEvery)),
        saved_queries(
            server::keep_saved_queries({*parts.cache_, *parts.queue_, *parts.runner_}, kSavedQueriesEvery, kWarmEvery)),
        schedules(keep_schedules(*parts.queue_, *parts.runner_)),
        key_uses(kKeyUsesEvery, [&access = *parts.access_](std::stop_token) { access.store_uses(); }),
        watching(parts.monitor_->watch(*parts.health_, *parts.health_parts_)) {}
};

base::Result<std::unique_ptr<ServerParts>> ServerParts::prepare(const base::LoadedConfig& loaded) {
  const base::Config& config = loaded.config;
  TRY_ASSIGN(ListenAddress address, listen_address(config));
  std::unique_ptr<ServerParts> parts(new ServerParts(loaded, std::move(address)));
  TRY_ASSIGN(pine::Catalogue catalogue,
             pine::Catalogue::load(resource_directory(config.strategies_directory, "strategies"),
                                   configured_libraries(config)));
  parts->catalogue_ = std::make_unique<const pine::Catalogue>(std::move(catalogue));
  TRY_ASSIGN(parts->http_, HttpParts::make(config, parts->threads_));
  parts->load_page();
  return parts;
}

base::Result<void> ServerParts::open(base::Descriptor socket) {
  // The other side of a hand-over may still be ending.
  TRY(open_data(socket ? kLockWait : std::chrono::milliseconds(0)));
  TRY(listen(std::move(socket)));
  TRY(open_sources());
  make_runner();
  make_services();
  make_realtime_rules();
  make_router();
  health_->sample();  // so that it is known at once whether the server is ready
  monitor_->phase = server::ServerPhase::kServing;
  return {};
}

ServerParts::ServerParts(const base::LoadedConfig& loaded, ListenAddress address)
    : loaded_(loaded),
      config_(loaded.config),
      in_force_(std::make_shared<const InForce>(loaded.config, server::configuration_of(loaded.entries))),
      address_(std::move(address)),
      threads_(optimize::thread_count(static_cast<int>(config_.threads))),
      request_time_max_(std::chrono::seconds(config_.request_timeout_seconds)),
      hub_({.subscribers_max = static_cast<std::size_t>(config_.max_connections)}),
      realtime_{.hub = &hub_, .cancel = {}, .may_subscribe = {}, .may_stay = {}, .limits = {}},
      job_messages_(hub_) {}

ServerParts::~ServerParts() {
  if (listener_ != nullptr) listener_->stop(std::chrono::milliseconds(0));  // requests use all the others
}

void ServerParts::load_page() {
  const std::filesystem::path web = web_folder(config_);
  auto page = std::make_shared<const server::StaticFiles>(web);
  if (page->empty())
    base::log(base::LogLevel::kWarning, "no web page found; only the API is served", {{"folder", web.string()}});
  page_ = std::move(page);
}

base::Result<void> ServerParts::open_data(std::chrono::milliseconds lock_wait) {
  TRY_ASSIGN(base::FolderLock lock, base::FolderLock::take(config_.data_directory, lock_wait));
  folder_.emplace(std::move(lock));
  TRY_ASSIGN(market_, open_market(config_));
  TRY_ASSIGN(queue_, open_jobs(config_));
  TRY_ASSIGN(batches_, open_batches(config_));
  TRY_ASSIGN(const std::string identity, server_identity(config_.data_directory));
  TRY_ASSIGN(notify_, NotifyParts::make(config_, identity));
  TRY_ASSIGN(monitor_, MonitorParts::make(config_, identity, hub_));
  monitor_->on_alert = alert_events(notify_->events);
  TRY_ASSIGN(diagnostics_, DiagnosticParts::make(config_));
  TRY_ASSIGN(access_, AccessParts::make(config_));
  TRY_ASSIGN(exports_, open_exports(config_, std::filesystem::path(config_.data_directory) / "exports"));
  return {};
}

base::Result<void> ServerParts::listen(base::Descriptor socket) {
  server::HttpOptions& http = http_.options;
  if (socket) {
    TRY_ASSIGN(address_, passed_address(socket, config_));
    http.listening_socket = socket.release();
  }
  http.host = address_.host;
  http.port = address_.port;
  http.web_socket = &realtime_;
  http.lane_of = server::health_lane;
  http.large_bodies.refuse = [this](server::Request request) { return access_->refusal(std::move(request)); };
  const server::RequestLog log(
      {.slow = std::chrono::milliseconds(config_.slow_request_ms), .timings = &diagnostics_->timings});
  const auto answer = [this](server::Request request) {
    if (auto file = page_.load()->find(request)) {
      monitor_->observe_page(*file);
      return std::move(*file);
    }
    return router_->dispatch(std::move(request));
  };
  TRY_ASSIGN(listener_, server::HttpServer::listen(http, [log, answer](server::Request request) {
               return log.handle(std::move(request), answer);
             }));
  return {};
}

/// What answers are made from, and where more comes from.
base::Result<void> ServerParts::open_sources() {
  store::SeriesCacheOptions kept{.bytes_max = config_.cache_megabytes << 20};
  if (!config_.redis.empty()) {
    kept.redis.emplace();
    kept.redis->url = config_.redis;
  }
  TRY_ASSIGN(cache_, store::SeriesCache::create(*market_, std::move(kept)));
  health_ = std::make_unique<server::HealthSampler>(*market_, base::now,
                                                    monitor_->health_sources(config_, *queue_, access_->keys.get()));
  if (!config_.schwab_key.empty()) { TRY_ASSIGN(schwab_, SchwabParts::make(config_)); }
  providers_ = provider_source(schwab_.get());
  TRY_ASSIGN(live_, start_live_feed(config_, *market_, hub_, clock_, schwab_.get()));
  if (config_.research_provider != "none") { TRY_ASSIGN(research_, ResearchParts::make(config_)); }
  TRY_ASSIGN(backups_, BackupSchedule::start(config_, backup_events(notify_->events)));
  return {};
}

void ServerParts::make_runner() {
  const server::SearchParts search{*cache_,  *catalogue_,    TRADEASSIST_VERSION,
                                   threads_, batches_.get(), &monitor_->trials()};
  std::map<std::string, jobs::JobHandler> handlers{
      {"optimize", server::optimize_handler(search)},
      {"optimize_batch", server::batch_handler(search)},
      {"benchmark", server::benchmark_handler(*market_, market_address(config_), *health_, TRADEASSIST_VERSION)},
      {server::kHistoricalJob, server::historical_handler({*cache_, providers_, hub_})}};
  if (research_ != nullptr)
    handlers.merge(research::research_handlers(research_->client->chat(), *queue_, *cache_, *catalogue_));
  job_metrics_ = std::make_unique<server::JobMetrics>(monitor_->registry, job_messages_);
  runner_ = std::make_unique<jobs::JobRunner>(*queue_, std::move(handlers), static_cast<int>(config_.job_workers),
                                              job_metrics_.get(), server::historical_may_start(hub_));
}

void ServerParts::make_services() {
  services_.reset(new server::Services{*market_, *catalogue_, *queue_, *runner_, TRADEASSIST_VERSION, *health_, *cache_,
                                       providers_, hub_, *exports_, config_.live_source,
                                       [this]() -> std::optional<server::LiveStatus> {
                                         if (live_ == nullptr) return std::nullopt;
                                         return live_->status();
                                       },
                                       batches_.get(), access_->keys.get(), access_->audit_log.get()});
  services_->errors = diagnostics_->errors.get();
  services_->timings = &diagnostics_->timings;
  services_->webhooks = notify_->webhooks.get();
  services_->outbox = notify_->outbox.get();
  services_->wake_deliverer = [this] { notify_->deliverer.wake(); };
  services_->release = release_name();
  services_->importing = {
      .bytes_max = config_.max_import_bytes,
      .kept_from = [this](store::PartitionKind kind) { return kept_from(in_force_.load()->config, kind, base::now()); },
      .tell = [this](const notify::Event& event) { notify_->events.publish(event); }};
  services_->last_backup = [this] { return backups_->health().made_at; };
  health_parts_ = std::make_unique<const server::HealthParts>(server::HealthParts{
      *market_, *cache_, &hub_, config_.live_source, services_->live_status, providers_, monitor_->server});
  monitor_->collect_from(*services_, *listener_, *health_parts_);
  monitor_->registry.collect_from([this](base::MetricSink& sink) { diagnostics_->collect(sink); });
}

void ServerParts::make_realtime_rules() {
  realtime_.cancel = [this](const access::Caller& caller, const std::string& id) -> base::Result<void> {
    if (!caller.scopes.allow(access::Scope::kTradeResearch)) {
      return base::failure(base::ErrorCode::kFailedPrecondition,
                           "a cancellation needs an API key with the scope trade-research");
    }
    TRY(server::cancel_job(*services_, id, caller.owner));
    return {};
  };
  realtime_.may_subscribe = [this](const access::Caller& caller, const std::string& channel) {
    return may_hear(*queue_, caller, channel);
  };
  if (access_->needs_keys)
    realtime_.may_stay = [this](const access::Caller& caller) { return access_->authenticator.still_holds(caller); };
  services_->may_stay = realtime_.may_stay;
}

void ServerParts::make_router() {
  std::vector<server::Route> routes = server::make_routes(*services_);
  research::add_research_routes(routes, *services_, research_ != nullptr ? research_->client->name() : "");
  server::add_backup_routes(routes, [this] { return backups_->health(); });
  server::add_configuration_routes(routes, [this] { return in_force_.load()->told; });
  server::add_notification_routes(
      routes, [this](const std::string& channel) { return test_channel(in_force_.load()->config, channel); });
  server::add_schwab_routes(routes, schwab_ == nullptr ? nullptr : &schwab_->session);
  routes = mcp::with_mcp(std::move(routes), TRADEASSIST_VERSION, access_->admit_known(), access_->audit());
  routes = server::with_documentation(std::move(routes), TRADEASSIST_VERSION);
  server::Observe observe = monitor_->observe(routes);
  router_ = std::make_unique<server::Router>(std::move(routes), access_->admit(), access_->audit(), std::move(observe));
}

void ServerParts::start() {
  listener_->start();
  notify_->start();
  health_->start(monitor_->interval);
  tasks_ = std::make_unique<Tasks>(*this);
}

base::Result<void> ServerParts::reload(const base::LoadedConfig& loaded) {
  const base::Config& config = loaded.config;
  TRY(listen_address(config));
  const std::vector<std::string> changed = base::changed_settings(config_, config);
  config_ = base::reloaded(config_, config);
  loaded_ = loaded;
  in_force_ =
      std::make_shared<const InForce>(config_, server::reloaded(in_force_.load()->told, loaded.entries, changed));
  TRY(change_log(config_));
  access_->reload(config_);
  exports_->set_limits(export_limits(config_));
  market_->set_slow_query_threshold(std::chrono::milliseconds(config_.slow_query_ms));
  load_page();
  http_.reload();
  tasks_->housekeeping = nullptr;  // what it does must not be done twice at a time
  tasks_->housekeeping = start_housekeeping(config_);

  std::string taken_up, left;
  for (const std::string& setting : changed) {
    std::string& list = base::is_reloadable(setting) ? taken_up : left;
    list += (list.empty() ? "" : ", ") + setting;
  }
  base::log(base::LogLevel::kInfo, "configuration reloaded", {{"changed", taken_up}});
  if (!left.empty())
    base::log(base::LogLevel::kWarning, "changed settings that only a restart takes up", {{"settings", left}});
  return {};
}

void ServerParts::stop(bool is_handed_over) {
  if (!is_handed_over) monitor_->phase = server::ServerPhase::kStopping;  // else there is always one that is ready
  listener_->close_after_answers();
  if (is_handed_over) {
    listener_->stop_accepting(is_handed_over);
  } else {
    std::this_thread::sleep_for(std::chrono::milliseconds(config_.shutdown_delay_ms));
  }
  if (!is_handed_over) notify_->say_stopping();
  runner_->stop();  // before the listeners: a job that loses them would take that for a reason to end
  hub_.close_all();
  listener_->stop(std::chrono::seconds(config_.shutdown_seconds));
  notify_->stop();
  access_->store_uses();
}

base::Result<void> ServerParts::check_ready() {
  server::Request request;
  request.path = "/readyz";
  const server::Response answer = router_->dispatch(std::move(request));
  if (answer.status == 200) return {};
  return base::failure(base::ErrorCode::kUnavailable, "the server would not be ready: " + answer.body);
}

bool ServerParts::is_alive(std::chrono::microseconds interval) {
  const auto now = std::chrono::steady_clock::now();
  const server::HttpServer::Pulse pulse = listener_->check_pulse();
  return now - pulse.io < interval && now - pulse.compute < interval + request_time_max_;
}

base::Descriptor ServerParts::listening_socket() const {
  return base::Descriptor(::fcntl(listener_->listening_socket(), F_DUPFD_CLOEXEC, 0));
}

}  // namespace tradeassist::app
