#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "app/command.hpp"
#include "base/json.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  bool markdown = false;
};

/// docs/configuration.md, whatever this machine has set.
base::Result<int> print_reference() {
  TRY_ASSIGN(const base::LoadedConfig defaults,
             base::load_config(std::nullopt, [](const std::string&) { return std::nullopt; }, {}));
  fmt::print(
      "# Configuration\n\n"
      "Made by `tradeassist config --markdown`. Each setting is a line of the file that `--config` names (TOML), or "
      "an\n"
      "environment variable: `log_level = \"info\"`, `TRADEASSIST_LOG_LEVEL=info`. Flags are stronger than variables, "
      "and\n"
      "variables than the file. `tradeassist config` shows what holds, and where it came from.\n\n"
      "A running server takes up a change of those marked *reload* on SIGHUP ([operations.md](operations.md)); of the\n"
      "others when it is started again.\n\n"
      "| setting | default | a change holds after | |\n|---|---|---|---|\n");
  for (const base::ConfigEntry& entry : defaults.entries) {
    fmt::print("| `{}` | {} | {} | {} |\n", entry.name, entry.value.empty() ? "" : "`" + entry.value + "`",
               entry.is_reloadable ? "*reload*" : "restart", entry.help);
  }
  return kDone;
}

base::Result<int> run_config(const Options& given) {
  if (given.markdown) return print_reference();
  const CommonOptions& options = given.common;
  TRY_ASSIGN(const base::LoadedConfig loaded, options.load(/*with_secrets=*/false));
  if (options.json) {
    boost::json::array entries;
    for (const base::ConfigEntry& entry : loaded.entries) {
      entries.push_back(boost::json::object{{"name", entry.name},
                                            {"value", entry.value},
                                            {"origin", entry.origin},
                                            {"help", entry.help},
                                            {"reloadable", entry.is_reloadable}});
    }
    fmt::print("{}\n", base::json_text(entries));
    return kDone;
  }
  for (const base::ConfigEntry& entry : loaded.entries) {
    fmt::print("{:<28}{:<22}{:<28}{:<9}{}\n", entry.name, entry.value.empty() ? "\"\"" : entry.value, entry.origin,
               entry.is_reloadable ? "reload" : "restart", entry.help);
  }
  return kDone;
}

}  // namespace

void add_config_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("config", "Print every setting with its value and where it came from");
  options->common.add_to(*command);
  command->add_option("--listen", options->common.listen, "Address of the server")->type_name("HOST:PORT");
  command->add_option("--web", options->common.web_directory, "Folder of the built web page")->type_name("DIR");
  command->add_flag("--no-authentication", options->common.no_authentication, "Serve without keys, on loopback");
  command->add_flag("--json", options->common.json, "Print as JSON");
  command->add_flag("--markdown", options->markdown, "Print the reference of all settings, with their defaults");
  command->footer(
      "\nSettings come from --config FILE (TOML), TRADEASSIST_* variables and flags; later ones are stronger.\n"
      "`reload`: a running server takes a change up on SIGHUP; `restart`: when it is started again.\n"
      "Example:\n  TRADEASSIST_THREADS=2 tradeassist config --config tradeassist.toml");
  command->callback([options, &run] { run = [options] { return run_config(*options); }; });
}

}  // namespace tradeassist::app
