#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "app/command.hpp"
#include "app/result_file.hpp"
#include "app/script_options.hpp"
#include "report/export/export_format.hpp"
#include "report/export/pine_export.hpp"
#include "report/export/result_fields.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::string result;
  std::optional<std::string> script;
  std::string output = "-";
  std::optional<std::string> format;
};

/// The names of the formats of reports, or of tables.
std::vector<std::string> format_names(bool tables) {
  std::vector<std::string> names;
  for (const report::ExportFormat& format : report::export_formats()) {
    if (format.is_table == tables) names.emplace_back(format.name);
  }
  return names;
}

/// The format given, or the one that the end of the file's name says, or the first.
base::Result<const report::ExportFormat*> format_of(const Options& options, bool tables) {
  const std::vector<std::string> known = format_names(tables);
  if (options.format) return report::find_export_format(*options.format);
  const std::string ending = std::filesystem::path(options.output).extension().string();
  if (ending.empty()) return report::find_export_format(known.front());
  if (std::ranges::find(known, ending.substr(1)) != known.end()) return report::find_export_format(ending.substr(1));
  return base::failure(
      base::ErrorCode::kInvalidArgument,
      fmt::format("{}: the name's end is none of {}; say which with --format", options.output, fmt::join(known, ", ")));
}

base::Result<int> run_pine(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const boost::json::object result, read_result(options.result));
  const std::string strategy = options.script.value_or(report::text_at(result, {"strategy"}));
  auto compiled = compile_strategy(strategy, loaded.config);
  if (!compiled && !options.script) {
    compiled.error().message += "\ngive the script that was searched with --script FILE.pine";
  }
  TRY_ASSIGN(const pine::Compilation script, std::move(compiled));
  const pine::LibraryFinder libraries = libraries_of(script.source->name(), loaded.config);
  auto text = report::pine_export(script, result, {libraries, TRADEASSIST_VERSION});
  if (!text) return base::in_context(script.source->name(), text.error());
  TRY(write_file(options.output, *text));
  return kDone;
}

base::Result<int> run_write(const Options& options, bool tables) {
  TRY_ASSIGN(const report::ExportFormat* format, format_of(options, tables));
  TRY_ASSIGN(const boost::json::object result, read_result(options.result));
  const auto bytes = report::export_result(result, *format, TRADEASSIST_VERSION);
  if (!bytes) return base::in_context(options.result, bytes.error());
  TRY(write_file(options.output, *bytes));
  return kDone;
}

void add_result(CLI::App& command, Options& options, const char* help) {
  command.add_option("RESULT", options.result, help)->type_name("FILE")->required();
}

void add_pine(CLI::App& group, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = group.add_subcommand(
      "pine", "The strategy's own Pine Script with the found values as the defaults of its inputs");
  add_result(*command, *options, "Result of a search, written by optimize --json");
  command->add_option("--script", options->script, "The script, when it is not the one that the result names")
      ->type_name("FILE.pine");
  command->add_option("-o,--output", options->output, "Where to write (default: standard output)")->type_name("FILE");
  options->common.add_to(*command, false);
  command->footer(
      "\nExamples:\n"
      "  tradeassist optimize MovingAverageCrossover --symbol SPY --timeframe 1d --json result.json\n"
      "  tradeassist export pine result.json -o crossover.pine\n"
      "  tradeassist export pine result.json --script my.pine");
  command->callback([options, &run] { run = [options] { return run_pine(*options); }; });
}

void add_report(CLI::App& group, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = group.add_subcommand("report", "A report to read and to print: one HTML file, or PDF");
  add_result(*command, *options, "Result of a search (optimize --json) or of a backtest (backtest --report)");
  command->add_option("-o,--output", options->output, "Where to write (default: standard output)")->type_name("FILE");
  command->add_option("--format", options->format, "html or pdf (default: as the file's name ends, else html)")
      ->check(CLI::IsMember(format_names(false)));
  command->footer(
      "\nExamples:\n"
      "  tradeassist export report result.json -o report.html\n"
      "  tradeassist backtest RSIStrategy --symbol SPY --timeframe 1d --report run.json\n"
      "  tradeassist export report run.json -o report.pdf");
  command->callback([options, &run] { run = [options] { return run_write(*options, false); }; });
}

void add_trades(CLI::App& group, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = group.add_subcommand("trades", "The trades of a backtest, or the trials of a search, as a table");
  add_result(*command, *options, "Result of a backtest (backtest --report) or of a search (optimize --json)");
  command->add_option("-o,--output", options->output, "Where to write (default: standard output)")->type_name("FILE");
  command
      ->add_option("--format", options->format,
                   "csv, json, xlsx or parquet (default: as the file's name ends, else csv)")
      ->check(CLI::IsMember(format_names(true)));
  command->footer(
      "\nExamples:\n"
      "  tradeassist export trades run.json -o trades.xlsx\n"
      "  tradeassist export trades result.json --format parquet -o trials.parquet");
  command->callback([options, &run] { run = [options] { return run_write(*options, true); }; });
}

}  // namespace

void add_export_command(CLI::App& program, Run& run) {
  CLI::App* group = program.add_subcommand("export", "Make files of results: Pine Script, reports, tables");
  group->require_subcommand(1);
  add_pine(*group, run);
  add_report(*group, run);
  add_trades(*group, run);
}

}  // namespace tradeassist::app
