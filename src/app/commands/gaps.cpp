#include <fmt/format.h>

#include "app/command.hpp"
#include "app/series_options.hpp"
#include "report/gaps_report.hpp"
#include "store/answers/answer_gaps.hpp"
#include "store/answers/bar_days.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  SeriesOptions series;
  std::string format = "text", output = "-";
  bool lists_closed = false;
};

base::Result<int> run_gaps(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const store::BarQuery query, options.series.query());
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  TRY_ASSIGN(const store::BarAnswer answer, store::answer(*store, query));
  TRY_ASSIGN(market::CalendarPtr calendar, options.series.named_calendar());
  if (calendar == nullptr) { TRY_ASSIGN(calendar, store::calendar_of(answer.instrument)); }
  TRY_ASSIGN(const market::GapReport report,
             store::find_answer_gaps(answer, *calendar,
                                     {.from = query.from, .to = query.to, .lists_closed = options.lists_closed}));
  TRY(write_file(options.output, options.format == "csv"    ? report::gaps_csv(report)
                                 : options.format == "json" ? report::gaps_json(answer, calendar->name(), report) + "\n"
                                                            : report::gaps_text(answer, calendar->name(), report)));
  return kDone;
}

}  // namespace

void add_gaps_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("gaps", "List what stored bars lack, and why");
  options->series.add_to(*command);
  command->add_flag("--closed", options->lists_closed, "List nights, weekends and holidays too");
  command->add_option("--format", options->format, "text, csv or json")
      ->type_name("NAME")
      ->check(CLI::IsMember({"text", "csv", "json"}))
      ->capture_default_str();
  command->add_option("-o,--output", options->output, "File to write; - is standard output")->type_name("FILE");
  options->common.add_to(*command);
  command->footer(
      "\nA gap is closed (the market does not trade), no_trade (so quiet that it is to be expected) or missing.\n"
      "\nExamples:\n"
      "  tradeassist gaps --symbol SPY --timeframe 1d\n"
      "  tradeassist gaps --symbol EURUSD --timeframe 1h --calendar FX --closed --format csv");
  command->callback([options, &run] { run = [options] { return run_gaps(*options); }; });
}

}  // namespace tradeassist::app
