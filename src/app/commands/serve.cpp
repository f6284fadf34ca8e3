#include <csignal>
#include <memory>

#include "app/command.hpp"
#include "app/private_memory.hpp"
#include "app/running_server.hpp"
#include "app/signals.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  bool takes_over = false;
};

base::Result<int> run_serve(const Options& options) {
  keep_memory_private();
  std::signal(SIGPIPE, SIG_IGN);  // a peer that has gone is an error of the write, also inside TLS
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  ServerEvents events;
  const SignalGuard signals([&] { events.push({ServerEvent::Kind::kStop}); },
                            [&] { events.push({ServerEvent::Kind::kReload}); });
  RunningServer server(options.common, events);
  TRY(server.start(loaded, options.takes_over));
  TRY(server.run());
  return kDone;
}

}  // namespace

void add_serve_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("serve", "Serve the API and the web page");
  options->common.add_to(*command);
  command->add_option("--listen", options->common.listen, "Address (default 127.0.0.1:8080; port 0: any free one)")
      ->type_name("HOST:PORT");
  command->add_option("--web", options->common.web_directory, "Folder of the built web page")->type_name("DIR");
  command->add_flag("--no-authentication", options->common.no_authentication,
                    "Serve without keys; only on a loopback address");
  command->add_flag("--take-over", options->takes_over,
                    "Follow the server that has the data directory, without a request being refused");
  command->footer(
      "\nRequests need an API key: the first start makes one, `tradeassist key` makes others.\n"
      "SIGTERM stops it gracefully, a second one at once; SIGHUP reads the configuration again.\n"
      "\nExamples:\n"
      "  tradeassist serve --data data --listen 0.0.0.0:8080\n"
      "  tradeassist serve --data data --no-authentication\n"
      "  tradeassist serve --data data --listen 0.0.0.0:8080 --take-over");
  command->callback([options, &run] { run = [options] { return run_serve(*options); }; });
}

}  // namespace tradeassist::app
