#include <fmt/format.h>

#include "app/calendar_option.hpp"
#include "app/command.hpp"
#include "report/gaps_report.hpp"
#include "store/answers/answer_gaps.hpp"
#include "store/answers/bar_days.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::string symbol, timeframe, calendar, format = "text", output = "-";
  std::optional<std::string> from, to;
  bool lists_closed = false;
};

/// What was named, or what fits the instrument.
base::Result<market::CalendarPtr> calendar_of(const market::Instrument& instrument, const std::string& named) {
  if (!named.empty()) return read_calendar(named);
  return store::calendar_of(instrument);
}

base::Result<int> run_gaps(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  store::BarQuery query;
  query.symbol = options.symbol;
  TRY_ASSIGN(query.timeframe, market::parse_timeframe(options.timeframe));
  if (options.from) { TRY_ASSIGN(query.from, base::parse_time(*options.from)); }
  if (options.to) { TRY_ASSIGN(query.to, base::parse_time(*options.to)); }
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  TRY_ASSIGN(const store::BarAnswer answer, store::answer(*store, query));
  TRY_ASSIGN(const market::CalendarPtr calendar, calendar_of(answer.instrument, options.calendar));
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
  command->add_option("--symbol", options->symbol, "Instrument")->required()->type_name("S");
  command->add_option("--timeframe", options->timeframe, "1m, 5m, 1h, 1d, 1w, 1M, …")
      ->required()
      ->type_name("T")
      ->check(is_timeframe());
  command->add_option("--from", options->from, "First time (RFC 3339 or a date)")->type_name("T")->check(is_time());
  command->add_option("--to", options->to, "End, exclusive")->type_name("T")->check(is_time());
  command->add_option("--calendar", options->calendar, "Name of a trading calendar, or a .toml file with one")
      ->type_name("NAME|FILE");
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
