#include <fmt/format.h>

#include "app/command.hpp"
#include "interchange/arrow/arrow_stream.hpp"
#include "interchange/parquet/parquet_file.hpp"
#include "report/bars_report.hpp"
#include "report/export/tables/bars_xlsx.hpp"
#include "store/answers/bar_query.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::string symbol, timeframe, format = "csv", output = "-";
  std::optional<std::string> from, to, adjust, roll, price_adjustment, vwap;
  bool factors = false, quality = false;
  std::optional<std::int64_t> last;
};

base::Result<void> write_bars(const Options& options, const store::BarAnswer& answer) {
  if (options.format == "csv") return write_file(options.output, report::bars_csv(answer));
  if (options.format == "json") return write_file(options.output, report::bars_json(answer, false) + "\n");
  const interchange::BarTable table = interchange::table_of(answer);
  if (options.format == "xlsx") {
    TRY_ASSIGN(const std::string bytes, report::bars_xlsx(table));
    return write_file(options.output, bytes);
  }
  if (options.format == "arrow") return write_file(options.output, interchange::arrow_stream(table));
  return interchange::write_parquet(table, options.output);
}

base::Result<int> run_bars(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  if (options.output == "-" && (options.format == "parquet" || options.format == "xlsx")) {
    return base::failure(base::ErrorCode::kInvalidArgument, fmt::format("{} is written to a file: -o FILE",
                                                                        options.format == "xlsx" ? "XLSX" : "Parquet"));
  }
  store::BarQuery query;
  query.symbol = options.symbol;
  TRY_ASSIGN(const market::TickBarRule rule, market::parse_tick_bar_rule(options.timeframe));
  query.timeframe = rule.timeframe;
  if (rule.kind != market::TickBarRule::Kind::kTime) query.tick_rule = rule;
  if (options.from) { TRY_ASSIGN(query.from, base::parse_time(*options.from)); }
  if (options.to) { TRY_ASSIGN(query.to, base::parse_time(*options.to)); }
  query.last = options.last;
  if (options.adjust) { TRY_ASSIGN(query.adjustment, market::parse_adjustment(*options.adjust)); }
  if (options.roll) { TRY_ASSIGN(query.roll, market::parse_roll_rule(*options.roll)); }
  if (options.price_adjustment) {
    TRY_ASSIGN(query.price_adjustment, market::parse_price_adjustment(*options.price_adjustment));
  }
  query.with_factors = options.factors;
  if (options.vwap) { TRY_ASSIGN(query.vwap, market::parse_vwap_rule(*options.vwap)); }
  if (options.quality && options.format != "json")
    return base::failure(base::ErrorCode::kInvalidArgument, "--quality goes with --format json");
  query.with_quality = options.quality;
  query.with_gaps = options.format == "json";
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  TRY_ASSIGN(const store::BarAnswer answer, store::answer(*store, query));
  if (answer.adjusted) {
    for (const std::string& note : answer.adjusted->notes) fmt::print(stderr, "note: {}\n", note);
  }
  if (!answer.empty_reason.empty()) fmt::print(stderr, "no bars: {}\n", answer.empty_reason);
  TRY(write_bars(options, answer));
  return kDone;
}

}  // namespace

void add_bars_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("bars", "Print stored bars in any timeframe");
  command->add_option("--symbol", options->symbol, "Instrument, or a continuous future: ES.c.0, ES.v.0, ES1!")
      ->required()
      ->type_name("S");
  command
      ->add_option("--timeframe", options->timeframe,
                   "1m, 5m, 1h, 1d, 2d, 1w, 1M, … or of ticks 500t, 1000v, 10r, 5000000$")
      ->required()
      ->type_name("T")
      ->check(is_tick_bar_rule());
  auto* from =
      command->add_option("--from", options->from, "First time (RFC 3339 or a date)")->type_name("T")->check(is_time());
  auto* to = command->add_option("--to", options->to, "End, exclusive")->type_name("T")->check(is_time());
  command->add_option("--last", options->last, "The newest N bars")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000'000))
      ->excludes(from)
      ->excludes(to);
  command
      ->add_option("--adjust", options->adjust,
                   "Of continuous futures: none (default), difference, difference_forward, ratio or ratio_forward")
      ->type_name("METHOD");
  command
      ->add_option("--roll", options->roll,
                   "Of continuous futures: calendar:DAYS, first_of_month, volume or open_interest; default: as the "
                   "symbol says")
      ->type_name("RULE");
  command
      ->add_option("--price-adjustment", options->price_adjustment,
                   "raw (default), splits, or splits_and_dividends; see `tradeassist actions`")
      ->type_name("WHAT");
  command->add_flag("--factors", options->factors, "Columns with what prices were multiplied by");
  command
      ->add_option("--vwap", options->vwap,
                   "A column with the VWAP: bar, session, rolling:N bars, or anchored:TIME, from the bar of that time")
      ->type_name("OF");
  command->add_flag("--quality", options->quality,
                    "Judge the bars, too; with --format json; see `tradeassist quality`");
  command->add_option("--format", options->format, "csv, json, parquet, xlsx or arrow (an IPC stream)")
      ->type_name("NAME")
      ->check(CLI::IsMember({"csv", "json", "parquet", "xlsx", "arrow"}))
      ->capture_default_str();
  command->add_option("-o,--output", options->output, "File to write; - is standard output")->type_name("FILE");
  options->common.add_to(*command);
  command->footer(
      "\nExamples:\n"
      "  tradeassist bars --symbol SPY --timeframe 1w --last 10\n"
      "  tradeassist bars --symbol ES --timeframe 15m --from 2020-01-02 --to 2020-02-01 -o es.csv\n"
      "  tradeassist bars --symbol ES.v.0 --timeframe 1d --adjust ratio --format json\n"
      "  tradeassist bars --symbol AAPL --timeframe 1w --price-adjustment splits_and_dividends --factors\n"
      "  tradeassist bars --symbol SPY --timeframe 5m --vwap session --last 78\n"
      "  tradeassist bars --symbol SPY --timeframe 1d --format parquet -o spy.parquet\n"
      "  tradeassist bars --symbol SPY --timeframe 1d --format xlsx -o spy.xlsx\n"
      "  tradeassist bars --symbol GC --timeframe 500t    # bars of 500 trades, made of stored ticks\n"
      "  tradeassist bars --symbol GC --timeframe 10r     # each 10 tick sizes high");
  command->callback([options, &run] { run = [options] { return run_bars(*options); }; });
}

}  // namespace tradeassist::app
