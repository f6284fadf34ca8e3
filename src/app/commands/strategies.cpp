#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "app/command.hpp"
#include "app/script_options.hpp"
#include "base/json.hpp"
#include "pine/catalogue.hpp"
#include "report/catalogue_report.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::optional<std::string> category, risk_level, complexity, search;
  bool json = false, markdown = false;
};

base::Result<int> run_strategies(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const pine::Catalogue catalogue,
             pine::Catalogue::load(resource_directory(loaded.config.strategies_directory, "strategies"),
                                   configured_libraries(loaded.config)));
  pine::CatalogueFilter filter{options.category, {}, {}, options.search};
  if (options.risk_level) filter.risk_level = pine::parse_risk_level(*options.risk_level);
  if (options.complexity) filter.complexity = pine::parse_complexity(*options.complexity);
  const std::vector<const pine::CatalogueEntry*> entries = catalogue.select(filter);
  if (options.json) {
    boost::json::array list;
    for (const pine::CatalogueEntry* entry : entries) list.push_back(report::strategy_json(*entry));
    fmt::print("{}\n", base::json_text(list));
  } else {
    fmt::print("{}", options.markdown ? report::strategies_markdown(entries) : report::strategies_table(entries));
  }
  return kDone;
}

}  // namespace

void add_strategies_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("strategies", "List the strategies of the catalogue");
  command->add_option("--category", options->category, "Only those of this category, e.g. trend")->type_name("NAME");
  command->add_option("--risk-level", options->risk_level, "Only those of this risk level")
      ->type_name("NAME")
      ->check(CLI::IsMember({"low", "medium", "high"}));
  command->add_option("--complexity", options->complexity, "Only those of this complexity")
      ->type_name("NAME")
      ->check(CLI::IsMember({"simple", "moderate", "advanced"}));
  command->add_option("--search", options->search, "Only those with this in their name or summary")->type_name("TEXT");
  auto* json = command->add_flag("--json", options->json, "Print as JSON");
  command->add_flag("--markdown", options->markdown, "Print the page docs/strategies.md")->excludes(json);
  options->common.add_to(*command, false);
  command->footer(
      "\nExamples:\n"
      "  tradeassist strategies --category trend --risk-level medium\n"
      "  tradeassist strategies --search volume --json");
  command->callback([options, &run] { run = [options] { return run_strategies(*options); }; });
}

}  // namespace tradeassist::app
