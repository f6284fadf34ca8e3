#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <stop_token>

#include "app/command.hpp"
#include "app/exports_folder.hpp"
#include "app/notify_parts.hpp"
#include "app/script_options.hpp"
#include "app/server_identity.hpp"
#include "app/signals.hpp"
#include "base/folder_lock.hpp"
#include "mcp/session.hpp"
#include "mcp/stdio_transport.hpp"
#include "optimize/parallel.hpp"
#include "pine/catalogue.hpp"
#include "server/realtime/hub.hpp"
#include "server/routes/services.hpp"

namespace tradeassist::app {
namespace {

namespace fs = std::filesystem;

constexpr int kProcessesMax = 64;  // of one data directory at the same time

/// A folder for the files that this process exports. Each process has one of its own, since their index is in memory;
/// those of processes that have ended are taken up again with what is in them.
struct OwnFolder {
  fs::path path;
  base::FolderLock lock;
};

base::Result<OwnFolder> take_exports_folder(const fs::path& data) {
  for (int number = 1; number <= kProcessesMax; ++number) {
    fs::path folder = fs::absolute(data) / "mcp_exports" / std::to_string(number);
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return base::failure(base::ErrorCode::kIo, folder.string() + ": cannot be made: " + error.message());
    auto lock = base::FolderLock::take(folder);
    if (lock) return OwnFolder{std::move(folder), std::move(*lock)};
    if (lock.error().code != base::ErrorCode::kFailedPrecondition) return std::unexpected(lock.error());
  }
  return base::failure(base::ErrorCode::kResourceExhausted,
                       fmt::format("{} `tradeassist mcp` work with {} already", kProcessesMax, data.string()));
}

/// Searches run here, beside those of a server where one runs; other jobs need what only a server has.
bool runs_here(const jobs::Job& job) { return job.kind == "optimize" || job.kind == "optimize_batch"; }

base::Result<int> run_mcp(const CommonOptions& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.load());
  const base::Config& config = loaded.config;
  std::signal(SIGPIPE, SIG_IGN);  // a client that has gone is an error of the write
  std::stop_source stop;
  const SignalGuard signals([&stop] { stop.request_stop(); });

  TRY_ASSIGN(const pine::Catalogue catalogue,
             pine::Catalogue::load(resource_directory(config.strategies_directory, "strategies"),
                                   configured_libraries(config)));
  TRY_ASSIGN(const auto market, open_market(config));
  TRY_ASSIGN(const auto cache, store::SeriesCache::create(*market, {.bytes_max = config.cache_megabytes << 20}));
  TRY_ASSIGN(std::string identity, process_identity("mcp"));
  TRY_ASSIGN(jobs::JobEnd job_end, job_events(config));
  TRY_ASSIGN(const auto queue, jobs::JobQueue::open(app_address(config), {.taker = std::move(identity),
                                                                          .queued_max = config.jobs_queued_max,
                                                                          .on_end = std::move(job_end)}));
  TRY_ASSIGN(const OwnFolder folder, take_exports_folder(config.data_directory));
  TRY_ASSIGN(const auto exports, open_exports(config, folder.path));

  const int threads = optimize::thread_count(static_cast<int>(config.threads));
  server::HealthSampler health(*market);
  server::Hub hub;  // nobody listens
  const server::SearchParts search_parts{*cache, catalogue, TRADEASSIST_VERSION, threads};
  jobs::JobRunner runner(
      *queue,
      {{"optimize", server::optimize_handler(search_parts)}, {"optimize_batch", server::batch_handler(search_parts)}},
      static_cast<int>(config.job_workers), nullptr, runs_here);
  const server::ProviderSource no_providers = [](std::string_view) -> base::Result<server::ProviderAccess> {
    return base::failure(base::ErrorCode::kUnsupported, "`tradeassist mcp` fetches nothing; a server does");
  };
  server::Services services{
      *market,  catalogue,           *queue,
      runner,   TRADEASSIST_VERSION, health,
      *cache,   no_providers,        hub,
      *exports, config.live_source,  []() -> std::optional<server::LiveStatus> { return std::nullopt; }};
  const server::Router router(server::make_routes(services));
  const mcp::ToolHost host{.dispatch =
                               [&router](server::Request request) {
                                 request.caller.scopes =
                                     access::Scopes::all();  // whoever starts this program may do what it may
                                 return router.dispatch(std::move(request));
                               },
                           .exports_folder = folder.path};
  mcp::Session session(host, TRADEASSIST_VERSION);
  mcp::StdioOptions transport;
  transport.message_bytes_max = static_cast<std::size_t>(config.max_body_bytes);
  transport.call_time_max = std::chrono::seconds(config.request_timeout_seconds);
  transport.threads = std::max(2, threads);
  TRY(mcp::serve_stdio(session, transport, stop.get_token()));
  runner.stop();
  return kDone;
}

}  // namespace

void add_mcp_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<CommonOptions>();
  CLI::App* command =
      program.add_subcommand("mcp", "Serve the Model Context Protocol on standard input and output, for AI clients");
  options->add_to(*command);
  command->footer(
      "\nA client starts it: standard output carries messages of the protocol alone, a line each, and ends with "
      "standard\n"
      "input. Searches that it is asked for run in this process, and wait in the queue when it ends before they do.\n"
      "\nExample, in the configuration of a client:\n"
      "  {\"mcpServers\": {\"tradeassist\": {\"command\": \"tradeassist\", \"args\": [\"mcp\", \"--data\", "
      "\"/srv/trade/data\"]}}}");
  command->callback([options, &run] { run = [options] { return run_mcp(*options); }; });
}

}  // namespace tradeassist::app
