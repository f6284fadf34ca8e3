#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "app/command.hpp"
#include "app/diagnostic_parts.hpp"
#include "app/private_memory.hpp"
#include "app/script_options.hpp"
#include "app/server_identity.hpp"
#include "app/signals.hpp"
#include "base/service_notify.hpp"
#include "jobs/batch_queue.hpp"
#include "optimize/parallel.hpp"
#include "pine/catalogue.hpp"
#include "server/sharing/trial_worker.hpp"
#include "store/cache/series_cache.hpp"

namespace tradeassist::app {
namespace {

constexpr int kThreadsMax = 256;

struct Options {
  CommonOptions common;
  int threads = 0;
  std::string name;
};

base::Result<int> run_worker(const Options& options) {
  keep_memory_private();
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  const base::Config& config = loaded.config;
  jobs::Worker identity;
  identity.name = options.name;
  identity.host = machine_name();
  identity.version = TRADEASSIST_VERSION;
  if (identity.name.empty()) { TRY_ASSIGN(identity.name, process_identity("worker")); }
  identity.threads = optimize::thread_count(options.threads > 0 ? options.threads : static_cast<int>(config.threads));

  std::stop_source stop;
  const SignalGuard signals([&] { stop.request_stop(); });
  TRY_ASSIGN(const auto batches, jobs::BatchQueue::open(app_address(config), {.version = identity.version}));
  TRY_ASSIGN(const auto diagnostic_parts,
             DiagnosticParts::make(config));  // after it: a schema that is older is refused
  TRY_ASSIGN(const pine::Catalogue catalogue,
             pine::Catalogue::load(resource_directory(config.strategies_directory, "strategies"),
                                   configured_libraries(config)));
  TRY_ASSIGN(const auto market, open_market(config));
  TRY_ASSIGN(const auto cache, store::SeriesCache::create(*market, {.bytes_max = config.cache_megabytes << 20}));
  server::BatchEvaluator evaluator(*cache, catalogue, identity.threads);
  server::TrialWorker worker(*batches, evaluator, identity);
  TRY(worker.sign_on());
  fmt::print("TradeAssist {} works as {} with {} threads\n", identity.version, identity.name, identity.threads);
  std::fflush(stdout);
  const base::ServiceNotifier manager([](const std::string& variable) -> std::optional<std::string> {
    const char* value = std::getenv(variable.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  });
  manager.ready(fmt::format("works as {} with {} threads", identity.name, identity.threads));
  worker.run(stop.get_token());
  manager.stopping("what is in work goes back");
  return kDone;
}

}  // namespace

void add_worker_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("worker", "Help the servers of a PostgreSQL database with their searches");
  options->common.add_to(*command);
  command->add_option("--threads", options->threads, "Threads (default: the setting threads, else one a core)")
      ->check(CLI::Range(1, kThreadsMax));
  command
      ->add_option("--name", options->name,
                   "A name that no other worker has, the same at every start: what it had in work when it was killed "
                   "is done again at once")
      ->type_name("NAME")
      ->check([](const std::string& text) {
        return is_process_name(text) ? std::string() : "'" + text + "' is no name: 1 to 80 letters, digits, - and .";
      });
  command->footer(
      "\nOn any machine that reaches the database, as many as you like; it needs no data directory. What it does is\n"
      "what the server would have done, to the bit. SIGTERM gives back what is in work.\n"
      "\nExample:\n  tradeassist worker --database postgresql://trader@db.example.com/tradeassist --threads 8");
  command->callback([options, &run] { run = [options] { return run_worker(*options); }; });
}

}  // namespace tradeassist::app
