#include <fmt/format.h>

#include "app/calendar_option.hpp"
#include "app/command.hpp"
#include "report/quality_report.hpp"
#include "store/answers/bar_quality.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::string symbol, timeframe, source, calendar;
  std::optional<std::string> from, to;
};

base::Result<int> run_quality(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  store::BarQuery query;
  query.symbol = options.symbol;
  query.source = options.source;
  TRY_ASSIGN(query.timeframe, market::parse_timeframe(options.timeframe));
  if (options.from) { TRY_ASSIGN(query.from, base::parse_time(*options.from)); }
  if (options.to) { TRY_ASSIGN(query.to, base::parse_time(*options.to)); }
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  TRY_ASSIGN(const store::BarAnswer answer, store::answer(*store, query));
  market::CalendarPtr calendar;  // none: that of the instrument
  if (!options.calendar.empty()) { TRY_ASSIGN(calendar, read_calendar(options.calendar)); }
  TRY_ASSIGN(const store::BarQuality quality, store::quality_of_answer(answer, query, calendar));
  fmt::print(
      "{}", options.common.json ? report::quality_json(answer, quality) + "\n" : report::quality_text(answer, quality));
  return kDone;
}

}  // namespace

void add_quality_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("quality", "Say how good stored bars are, from 0 to 100, and why");
  command->add_option("--symbol", options->symbol, "Instrument")->required()->type_name("S");
  command->add_option("--timeframe", options->timeframe, "1m, 5m, 1h, 1d, 1w, 1M, …")
      ->required()
      ->type_name("T")
      ->check(is_timeframe());
  command->add_option("--from", options->from, "First time (RFC 3339 or a date)")->type_name("T")->check(is_time());
  command->add_option("--to", options->to, "End, exclusive")->type_name("T")->check(is_time());
  command->add_option("--source", options->source, "Only bars from there")->type_name("NAME");
  command->add_option("--calendar", options->calendar, "Name of a trading calendar, or a .toml file with one")
      ->type_name("NAME|FILE");
  command->add_flag("--json", options->common.json, "Print as JSON, with every day");
  options->common.add_to(*command);
  command->footer(
      "\nExamples:\n"
      "  tradeassist quality --symbol SPY --timeframe 1m --from 2020-03-01 --to 2020-04-01\n"
      "  tradeassist quality --symbol SPY --timeframe 1d --json");
  command->callback([options, &run] { run = [options] { return run_quality(*options); }; });
}

}  // namespace tradeassist::app
