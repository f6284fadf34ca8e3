#include <fmt/format.h>

#include "app/command.hpp"
#include "app/series_options.hpp"
#include "report/quality_report.hpp"
#include "store/answers/bar_quality.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  SeriesOptions series;
  std::string source;
};

base::Result<int> run_quality(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(store::BarQuery query, options.series.query());
  query.source = options.source;
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  TRY_ASSIGN(const store::BarAnswer answer, store::answer(*store, query));
  TRY_ASSIGN(const market::CalendarPtr calendar, options.series.named_calendar());
  TRY_ASSIGN(const store::BarQuality quality, store::quality_of_answer(answer, query, calendar));
  fmt::print(
      "{}", options.common.json ? report::quality_json(answer, quality) + "\n" : report::quality_text(answer, quality));
  return kDone;
}

}  // namespace

void add_quality_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("quality", "Say how good stored bars are, from 0 to 100, and why");
  options->series.add_to(*command);
  command->add_option("--source", options->source, "Only bars from there")->type_name("NAME");
  command->add_flag("--json", options->common.json, "Print as JSON, with every day");
  options->common.add_to(*command);
  command->footer(
      "\nExamples:\n"
      "  tradeassist quality --symbol SPY --timeframe 1m --from 2020-03-01 --to 2020-04-01\n"
      "  tradeassist quality --symbol SPY --timeframe 1d --json");
  command->callback([options, &run] { run = [options] { return run_quality(*options); }; });
}

}  // namespace tradeassist::app
