#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "app/command.hpp"
#include "base/json.hpp"

namespace tradeassist::app {
namespace {

base::Result<int> run_config(const CommonOptions& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.load(/*with_secrets=*/false));
  if (options.json) {
    boost::json::array entries;
    for (const base::ConfigEntry& entry : loaded.entries) {
      entries.push_back(boost::json::object{
          {"name", entry.name}, {"value", entry.value}, {"origin", entry.origin}, {"help", entry.help}});
    }
    fmt::print("{}\n", base::json_text(entries));
    return kDone;
  }
  for (const base::ConfigEntry& entry : loaded.entries) {
    fmt::print("{:<26}{:<22}{:<28}{}\n", entry.name, entry.value.empty() ? "\"\"" : entry.value, entry.origin,
               entry.help);
  }
  return kDone;
}

}  // namespace

void add_config_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<CommonOptions>();
  CLI::App* command = program.add_subcommand("config", "Print every setting with its value and where it came from");
  options->add_to(*command);
  command->add_option("--listen", options->listen, "Address of the server")->type_name("HOST:PORT");
  command->add_option("--web", options->web_directory, "Folder of the built web page")->type_name("DIR");
  command->add_flag("--no-authentication", options->no_authentication, "Serve without keys, on loopback");
  command->add_flag("--json", options->json, "Print as JSON");
  command->footer(
      "\nSettings come from --config FILE (TOML), TRADEASSIST_* variables and flags; later ones are stronger.\n"
      "Example:\n  TRADEASSIST_THREADS=2 tradeassist config --config tradeassist.toml");
  command->callback([options, &run] { run = [options] { return run_config(*options); }; });
}

}  // namespace tradeassist::app
