#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "app/command.hpp"
#include "app/script_options.hpp"
#include "report/export/html_writer.hpp"
#include "report/export/pdf_writer.hpp"
#include "report/export/pine_export.hpp"
#include "report/export/report_document.hpp"
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

/// The format given, or the one that the end of the file's name says, or the first of `known`.
base::Result<std::string> format_of(const Options& options, const std::vector<std::string>& known) {
  if (options.format) return *options.format;
  const std::string ending = std::filesystem::path(options.output).extension().string();
  if (ending.empty()) return known.front();
  const auto found = std::ranges::find(known, ending.substr(1));
  if (found != known.end()) return *found;
  return base::failure(base::ErrorCode::kInvalidArgument,
                       fmt::format("{}: the name's end is none of {}; say which with --format", options.output,
                                   fmt::join(known, ", ")));
}

const std::vector<std::string>& report_formats() {
  static const std::vector<std::string> kFormats = {"html", "pdf"};
  return kFormats;
}

base::Result<boost::json::object> read_result(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return base::failure(base::ErrorCode::kNotFound, path + ": there is no such file, or it cannot be read");
  const std::string text(std::istreambuf_iterator<char>(in), {});
  auto result = report::parse_result(text);
  if (!result) return base::in_context(path, result.error());
  return result;
}

base::Result<int> run_pine(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const boost::json::object result, read_result(options.result));
  const std::string strategy = options.script.value_or(report::text_at(result, {"strategy"}));
  TRY_ASSIGN(const pine::Compilation script, compile_strategy(strategy, loaded.config));
  const pine::LibraryFinder libraries = libraries_of(script.source->name(), loaded.config);
  auto text = report::pine_export(script, result, {libraries, TRADEASSIST_VERSION});
  if (!text) return base::in_context(script.source->name(), text.error());
  TRY(write_file(options.output, *text));
  return kDone;
}

base::Result<int> run_report(const Options& options) {
  TRY_ASSIGN(const std::string format, format_of(options, report_formats()));
  TRY_ASSIGN(const boost::json::object result, read_result(options.result));
  TRY_ASSIGN(const report::Document document, report::report_document(result, TRADEASSIST_VERSION));
  if (format == "html") {
    TRY(write_file(options.output, report::to_html(document)));
  } else {
    TRY_ASSIGN(const std::string pdf, report::to_pdf(document));
    TRY(write_file(options.output, pdf));
  }
  return kDone;
}

void add_result(CLI::App& command, Options& options, const char* help) {
  command.add_option("RESULT", options.result, help)->type_name("FILE")->required();
}

void add_pine(CLI::App& group, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      group.add_subcommand("pine", "The strategy's own Pine Script with the found values as the defaults of its inputs");
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
      ->check(CLI::IsMember(report_formats()));
  command->footer(
      "\nExamples:\n"
      "  tradeassist export report result.json -o report.html\n"
      "  tradeassist backtest RSIStrategy --symbol SPY --timeframe 1d --report run.json\n"
      "  tradeassist export report run.json -o report.pdf");
  command->callback([options, &run] { run = [options] { return run_report(*options); }; });
}

}  // namespace

void add_export_command(CLI::App& program, Run& run) {
  CLI::App* group = program.add_subcommand("export", "Make files of results: Pine Script, reports, tables");
  group->require_subcommand(1);
  add_pine(*group, run);
  add_report(*group, run);
}

}  // namespace tradeassist::app
