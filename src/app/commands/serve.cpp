#include <fmt/format.h>

#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>

#include "app/command.hpp"
#include "app/server_parts.hpp"
#include "app/signals.hpp"
#include "base/log.hpp"

namespace tradeassist::app {
namespace {

base::Result<int> run_serve(const CommonOptions& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.load());

  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  const SignalGuard signals([&] {
    const std::lock_guard lock(mutex);
    stopping = true;
    changed.notify_all();
  });

  TRY_ASSIGN(const auto parts, ServerParts::make(loaded.config));
  parts->start();
  fmt::print("TradeAssist {} serves {}\n", TRADEASSIST_VERSION, parts->url());
  std::fflush(stdout);

  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return stopping; });
  }
  base::log(base::LogLevel::kInfo, "stopping");
  parts->stop();
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
