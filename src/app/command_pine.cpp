#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "app/command.hpp"
#include "base/json.hpp"
#include "pine/catalogue.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  std::vector<std::string> files;
  bool json = false, listing = false;
};

base::Result<int> run_check(const Options& options) {
  bool failed = false;
  boost::json::array findings;
  for (const std::string& file : options.files) {
    auto text = pine::read_script(file);
    if (!text) {
      failed = true;
      if (options.json) {
        findings.push_back(
            boost::json::object{{"file", file}, {"severity", "error"}, {"message", text.error().message}});
      } else {
        fmt::print("{}\n", text.error().message);
      }
      continue;
    }
    const pine::Compilation made = pine::compile(file, std::move(*text));
    failed = failed || !made.program;
    if (!options.json) {
      fmt::print("{}", pine::render(made));
      if (made.program && options.listing) fmt::print("{}", pine::disassemble(*made.program));
      continue;
    }
    for (const pine::Diagnostic& diagnostic : made.diagnostics.all()) {
      const pine::LineColumn place = made.source->locate(diagnostic.range.begin);
      boost::json::object finding{{"file", file},
                                  {"line", place.line},
                                  {"column", place.column},
                                  {"severity", diagnostic.severity == pine::Severity::kError ? "error" : "warning"},
                                  {"message", diagnostic.message}};
      if (!diagnostic.hint.empty()) finding["hint"] = diagnostic.hint;
      findings.push_back(std::move(finding));
    }
  }
  if (options.json) fmt::print("{}\n", base::json_text(findings));
  return failed ? kFailed : kDone;
}

}  // namespace

void add_pine_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* pine = program.add_subcommand("pine", "Pine Script tools");
  pine->require_subcommand(1);
  CLI::App* check = pine->add_subcommand("check", "Compile scripts; reports every error as file:line:column");
  check->add_option("FILE", options->files, "Pine v5 or v6 scripts")->required();
  check->add_flag("--json", options->json, "Print the findings as JSON");
  check->add_flag("--listing", options->listing, "Print the program as well");
  check->footer("\nExample:\n  tradeassist pine check strategies/trend/*.pine");
  check->callback([options, &run] { run = [options] { return run_check(*options); }; });
}

}  // namespace tradeassist::app
