#include <fmt/format.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "access/key_move.hpp"
#include "app/access_parts.hpp"
#include "app/command.hpp"
#include "app/exports_folder.hpp"
#include "app/http_parts.hpp"
#include "app/live_source.hpp"
#include "app/maintenance_plan.hpp"
#include "app/research_parts.hpp"
#include "app/schwab_parts.hpp"
#include "app/script_options.hpp"
#include "app/server_identity.hpp"
#include "app/signals.hpp"
#include "base/folder_lock.hpp"
#include "base/log.hpp"
#include "base/periodic_task.hpp"
#include "jobs/batch_queue.hpp"
#include "jobs/job_move.hpp"
#include "mcp/mcp_routes.hpp"
#include "optimize/parallel.hpp"
#include "pine/catalogue.hpp"
#include "research/routes/research_handlers.hpp"
#include "research/routes/research_routes.hpp"
#include "server/historical/historical_job.hpp"
#include "server/historical/saved_query_keeper.hpp"
#include "server/http_server.hpp"
#include "server/openapi/documentation_routes.hpp"
#include "server/realtime/hub.hpp"
#include "server/realtime/job_messages.hpp"
#include "server/realtime/system_messages.hpp"
#include "server/realtime/web_socket.hpp"
#include "server/routes/job_routes.hpp"
#include "server/routes/services.hpp"
#include "server/static_files.hpp"
#include "store/schema/migrations.hpp"

namespace tradeassist::app {
namespace {

constexpr std::chrono::seconds kKeyUsesEvery{30};
constexpr std::chrono::seconds kHealthEvery{10};
constexpr std::chrono::seconds kSystemMessagesEvery{30};
constexpr std::chrono::seconds kSavedQueriesEvery{5};
constexpr std::chrono::minutes kWarmEvery{5};
constexpr std::chrono::seconds kSchedulesEvery{1};
constexpr std::chrono::minutes kExpiredExportsEvery{10};

/// What happens to a job or a query is for its owner.
base::Result<void> may_hear(jobs::JobQueue& queue, const access::Caller& caller, std::string_view channel) {
  for (const std::string_view prefix : {"jobs:", "historical_data:"}) {
    if (!channel.starts_with(prefix)) continue;
    TRY(queue.get(channel.substr(prefix.size()), caller.owner));
  }
  return {};
}

/// Jobs and API keys were kept in the data directory before they went to the database server: once, they follow.
base::Result<void> bring_jobs_to_server(const base::Config& config) {
  const store::DatabaseAddress now = app_address(config);
  const store::DatabaseAddress before = store::database_address(config.data_directory, "", "app");
  if (!now.is_server() || !std::filesystem::exists(before.file)) return {};
  std::int64_t copied = 0;
  {
    TRY_ASSIGN(const auto from, store::open_connection(before));
    TRY(store::migrate(*from, store::app_migrations()));
    TRY_ASSIGN(const auto to, store::open_connection(now));
    TRY(store::migrate(*to, store::app_migrations()));
    TRY_ASSIGN(copied, jobs::copy_jobs(*from, *to));
    TRY(access::copy_keys(*from, *to));
  }
  std::error_code error;
  std::filesystem::path kept = before.file;
  std::filesystem::rename(before.file, kept += ".moved", error);
  if (error) {
    return base::failure(base::ErrorCode::kIo, before.file.string() + ": cannot be renamed: " + error.message());
  }
  base::log(base::LogLevel::kWarning, "jobs were moved to the database server",
            {{"jobs", std::to_string(copied)}, {"kept", kept.string()}});
  return {};
}

/// What workers share; none where jobs are in a file.
base::Result<std::unique_ptr<jobs::BatchQueue>> open_batches(const base::Config& config) {
  const store::DatabaseAddress address = app_address(config);
  if (!address.is_server()) return nullptr;
  // While the database is away the server does everything itself: a search does not wait for it.
  constexpr std::chrono::milliseconds kOutageTimeout{2'000};
  return jobs::BatchQueue::open(address, {.version = TRADEASSIST_VERSION, .outage_timeout = kOutageTimeout});
}

/// Submits the jobs of schedules that are due, while it lives.
std::unique_ptr<base::PeriodicTask> keep_schedules(jobs::JobQueue& queue, jobs::JobRunner& runner) {
  return std::make_unique<base::PeriodicTask>(kSchedulesEvery, [&queue, &runner](const std::stop_token&) {
    const auto submitted = queue.submit_due();
    if (!submitted) {
      base::log(base::LogLevel::kWarning, "scheduled jobs were not submitted", {{"reason", submitted.error().message}});
    } else if (*submitted > 0) {
      runner.wake();
    }
  });
}

base::Result<int> run_serve(const CommonOptions& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.load());
  const base::Config& config = loaded.config;
  const int threads = optimize::thread_count(static_cast<int>(config.threads));
  TRY_ASSIGN(HttpParts http_parts, HttpParts::make(config, threads));
  server::HttpOptions& http = http_parts.options;

  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  const SignalGuard signals([&] {
    const std::lock_guard lock(mutex);
    stopping = true;
    changed.notify_all();
  });

  TRY_ASSIGN(const base::FolderLock own_folder, base::FolderLock::take(config.data_directory));
  TRY_ASSIGN(const pine::Catalogue catalogue,
             pine::Catalogue::load(resource_directory(config.strategies_directory, "strategies"),
                                   configured_libraries(config)));
  TRY_ASSIGN(const auto market, open_market(config));
  TRY(bring_jobs_to_server(config));
  TRY_ASSIGN(std::string identity, server_identity(config.data_directory));
  TRY_ASSIGN(const auto queue, jobs::JobQueue::open(app_address(config), {.taker = std::move(identity),
                                                                          .queued_max = config.jobs_queued_max}));
  TRY_ASSIGN(const auto batches, open_batches(config));
  TRY_ASSIGN(const auto access_parts, AccessParts::make(config));
  TRY_ASSIGN(const auto exports, open_exports(config, std::filesystem::path(config.data_directory) / "exports"));

  // The page is found in a checkout (web/dist) or an installation (web); a checkout's web holds what it is built from.
  std::filesystem::path web = resource_directory(config.web_directory, "web/dist");
  if (!std::filesystem::exists(web / "index.html")) {
    const std::filesystem::path installed = resource_directory(config.web_directory, "web");
    if (!std::filesystem::exists(installed / "package.json")) web = installed;
  }
  const server::StaticFiles page(web);
  if (page.empty())
    base::log(base::LogLevel::kWarning, "no web page found; only the API is served", {{"folder", web.string()}});

  server::Hub hub({.subscribers_max = http.limits.connections_max});
  server::WebSocketEndpoint realtime{.hub = &hub, .cancel = {}, .may_subscribe = {}, .may_stay = {}, .limits = {}};
  http.web_socket = &realtime;
  std::unique_ptr<server::Router> router;
  TRY_ASSIGN(const auto listener, server::HttpServer::listen(http, [&](server::Request request) {
               if (auto file = page.find(request)) return std::move(*file);
               return router->dispatch(std::move(request));
             }));
  store::SeriesCacheOptions kept{.bytes_max = config.cache_megabytes << 20};
  if (!config.redis.empty()) {
    kept.redis.emplace();
    kept.redis->url = config.redis;
  }
  TRY_ASSIGN(const auto cache, store::SeriesCache::create(*market, std::move(kept)));
  server::HealthSampler health(*market);
  health.start(kHealthEvery);
  std::unique_ptr<SchwabParts> schwab;
  if (!config.schwab_key.empty()) { TRY_ASSIGN(schwab, SchwabParts::make(config)); }
  const server::ProviderSource providers = provider_source(schwab.get());
  feed::SystemClock clock;
  TRY_ASSIGN(const auto live, start_live_feed(config, *market, hub, clock, schwab.get()));
  std::unique_ptr<ResearchParts> research;
  if (config.research_provider != "none") { TRY_ASSIGN(research, ResearchParts::make(config)); }
  server::JobMessages job_messages(hub);
  const server::SearchParts search_parts{*cache, catalogue, TRADEASSIST_VERSION, threads, batches.get()};
  std::map<std::string, jobs::JobHandler> handlers{
      {"optimize", server::optimize_handler(search_parts)},
      {"optimize_batch", server::batch_handler(search_parts)},
      {"benchmark", server::benchmark_handler(*market, market_address(config), health, TRADEASSIST_VERSION)},
      {server::kHistoricalJob, server::historical_handler({*cache, providers, hub})}};
  if (research != nullptr)
    handlers.merge(research::research_handlers(research->client->chat(), *queue, *cache, catalogue));
  jobs::JobRunner runner(*queue, std::move(handlers), static_cast<int>(config.job_workers), &job_messages,
                         server::historical_may_start(hub));
  server::Services services{*market,
                            catalogue,
                            *queue,
                            runner,
                            TRADEASSIST_VERSION,
                            health,
                            *cache,
                            providers,
                            hub,
                            *exports,
                            config.live_source,
                            [&live]() -> std::optional<server::LiveStatus> {
                              if (live == nullptr) return std::nullopt;
                              return live->status();
                            },
                            batches.get(),
                            access_parts->keys.get(),
                            access_parts->audit_log.get()};
  realtime.cancel = [&](const access::Caller& caller, const std::string& id) -> base::Result<void> {
    if (!caller.scopes.allow(access::Scope::kTradeResearch)) {
      return base::failure(base::ErrorCode::kFailedPrecondition,
                           "a cancellation needs an API key with the scope trade-research");
    }
    TRY(server::cancel_job(services, id, caller.owner));
    return {};
  };
  realtime.may_subscribe = [&](const access::Caller& caller, const std::string& channel) {
    return may_hear(*queue, caller, channel);
  };
  if (access_parts->needs_keys)
    realtime.may_stay = [&](const access::Caller& caller) { return access_parts->authenticator.still_holds(caller); };
  std::vector<server::Route> routes = server::make_routes(services);
  research::add_research_routes(routes, services, research != nullptr ? research->client->name() : "");
  routes = mcp::with_mcp(std::move(routes), TRADEASSIST_VERSION, access_parts->audit());
  router = std::make_unique<server::Router>(server::with_documentation(std::move(routes), TRADEASSIST_VERSION),
                                            access_parts->admit(), access_parts->audit());
  listener->start();
  const auto housekeeping = start_housekeeping(config);
  const base::PeriodicTask expired_exports(kExpiredExportsEvery,
                                           [&exports](std::stop_token) { exports->remove_expired(); });
  const auto system_messages = server::say_how_the_system_is(hub, health, *cache, kSystemMessagesEvery);
  const auto saved_queries = server::keep_saved_queries({*cache, *queue, runner}, kSavedQueriesEvery, kWarmEvery);
  const auto schedules = keep_schedules(*queue, runner);
  const base::PeriodicTask key_uses(kKeyUsesEvery, [&access_parts](std::stop_token) { access_parts->store_uses(); });
  fmt::print("TradeAssist {} serves {}\n", TRADEASSIST_VERSION, http_parts.url(listener->port()));
  std::fflush(stdout);

  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return stopping; });
  }
  base::log(base::LogLevel::kInfo, "stopping");
  constexpr std::chrono::seconds kDrain{10};
  runner.stop();  // first: a job that loses its listeners would take that for a reason to end
  hub.close_all();
  listener->stop(kDrain);
  access_parts->store_uses();
  return kDone;
}

}  // namespace

void add_serve_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<CommonOptions>();
  CLI::App* command = program.add_subcommand("serve", "Serve the API and the web page");
  options->add_to(*command);
  command->add_option("--listen", options->listen, "Address (default 127.0.0.1:8080; port 0: any free one)")
      ->type_name("HOST:PORT");
  command->add_option("--web", options->web_directory, "Folder of the built web page")->type_name("DIR");
  command->add_flag("--no-authentication", options->no_authentication,
                    "Serve without keys; only on a loopback address");
  command->footer(
      "\nRequests need an API key: the first start makes one, `tradeassist key` makes others.\n"
      "\nExamples:\n"
      "  tradeassist serve --data data --listen 0.0.0.0:8080\n"
      "  tradeassist serve --data data --no-authentication");
  command->callback([options, &run] { run = [options] { return run_serve(*options); }; });
}

}  // namespace tradeassist::app
