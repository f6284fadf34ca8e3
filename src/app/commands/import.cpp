#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "app/command.hpp"
#include "app/notify_parts.hpp"
#include "app/retention.hpp"
#include "base/json.hpp"
#include "feed/ingest.hpp"
#include "interchange/plain/plain_file.hpp"
#include "server/importing/import_story.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  feed::ImportRequest request;
  std::string timeframe, bar_time, separator, decimal;
};

boost::json::object report_json(const feed::ImportReport& report) {
  boost::json::object out;
  out["symbol"] = report.series.symbol;
  out["timeframe"] = market::to_string(report.series.timeframe);
  out["source"] = report.series.source;
  out["new_instrument"] = report.is_new_instrument;
  boost::json::array files;
  for (const feed::FileImport& file : report.files) {
    files.push_back(boost::json::object{{"file", file.format.path},
                                        {"rows", file.rows.rows},
                                        {file.format.ticks ? "ticks" : "bars", file.rows.bars},
                                        {"bad_rows", file.rows.bad},
                                        {"duplicates", file.rows.duplicates},
                                        {"inserted", file.stored.inserted},
                                        {"corrected", file.stored.corrected},
                                        {"unchanged", file.stored.unchanged},
                                        {"notes", boost::json::array(file.notes.begin(), file.notes.end())}});
  }
  out["files"] = std::move(files);
  boost::json::array left_out;
  for (const feed::LeftOutFile& file : report.left_out)
    left_out.push_back(boost::json::object{{"file", file.name}, {"reason", file.reason}});
  out["left_out"] = std::move(left_out);
  return out;
}

base::Result<int> run_import(Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  feed::CsvOptions& csv = options.request.csv;
  if (!options.timeframe.empty()) { TRY_ASSIGN(csv.timeframe, market::parse_timeframe(options.timeframe)); }
  if (!options.bar_time.empty()) { TRY_ASSIGN(csv.bar_time, feed::parse_bar_time(options.bar_time)); }
  if (!options.separator.empty()) { TRY_ASSIGN(csv.separator, feed::parse_separator(options.separator)); }
  if (!options.decimal.empty()) { TRY_ASSIGN(csv.decimal_comma, feed::parse_decimal_comma(options.decimal)); }
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  options.request.make_plain = interchange::make_plain;
  const bool json = options.common.json;
  TRY_ASSIGN(const feed::ImportReport report,
             feed::import_csv(*store, options.request, [json](const feed::CsvFormat& format) -> base::Result<void> {
               if (!json) fmt::print("{}\n", feed::describe(format));
               return feed::check_said(format);
             }));
  if (json) {
    fmt::print("{}\n", base::json_text(report_json(report)));
  } else {
    fmt::print("{}", feed::describe(report));
  }
  const auto note = server::retention_note(
      report, [&config = loaded.config](store::PartitionKind kind) { return kept_from(config, kind, base::now()); });
  if (note) fmt::print(stderr, "note: {}\n", *note);
  publish_event(loaded.config, server::import_event(report));  // to whoever asked for it, where there is a server
  return kDone;
}

}  // namespace

void add_import_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("import", "Store bars or ticks from CSV or Parquet files; shows what it understood first");
  feed::ImportRequest& request = options->request;
  command
      ->add_option(
          "FILE", request.paths,
          "CSV (plain, .gz, .zip, .zst) or Parquet files of one instrument, of bars of one timeframe or of ticks")
      ->required();
  command->add_option("--symbol", request.symbol, "Instrument to store the bars under")->required()->type_name("S");
  auto* timeframe =
      command->add_option("--timeframe", options->timeframe, "Of the bars: 1m, 5m, 1h, 1d, …; not of ticks")
          ->type_name("T")
          ->check(is_timeframe());
  command
      ->add_flag("--ticks", request.csv.ticks,
                 "The files hold trades or quotes, not bars; needed only where they might be bars")
      ->excludes(timeframe);
  command->add_option("--timezone", request.csv.time_zone, "Time zone of stamps that carry none (IANA)")
      ->type_name("TZ");
  command->add_option("--source", request.source, "Where the bars come from")->type_name("NAME")->capture_default_str();
  command
      ->add_option("--columns", request.csv.columns,
                   "Columns by header name or 1-based number: time=Date,open=2,…,open_interest=OI")
      ->type_name("SPEC");
  command->add_option("--bar-time", options->bar_time, "Whether stamps are bar starts or ends")->type_name("start|end");
  command->add_option("--time-format", request.csv.time_format, "Order of dates, or unit of epoch times")
      ->type_name("mdy|dmy|ymd|s|ms|us|ns");
  command->add_option("--separator", options->separator, "Field separator: , ; | tab space")->type_name("C");
  command->add_option("--decimal", options->decimal, "Decimal mark")->type_name("dot|comma");
  command->add_option("--only", request.csv.only, "Rows of this symbol, of a file that holds several")
      ->type_name("SYMBOL");
  feed::InstrumentDetails& details = request.instrument;
  command->add_option("--name", details.name, "Of the instrument, for people")->type_name("TEXT");
  command->add_option("--asset-class", details.asset_class, "What it is; chooses its trading calendar")
      ->type_name("CLASS")
      ->check(CLI::IsMember(std::vector<std::string>(market::kAssetClasses.begin(), market::kAssetClasses.end())));
  command->add_option("--exchange", details.exchange, "Where it trades: NASDAQ, CME, XEUR, …")->type_name("E");
  command->add_option("--currency", details.currency, "Currency of the prices")->type_name("C");
  command->add_option("--exchange-timezone", details.time_zone, "Time zone of the exchange (IANA)")->type_name("TZ");
  command->add_option("--session", details.session, "Trading session in that zone, e.g. 0930-1600")->type_name("S");
  command->add_option("--mintick", details.tick_size, "Smallest price step")->type_name("X");
  command->add_option("--point-value", details.point_value, "Money per point of price")->type_name("X");
  command->add_option("--quantity-step", details.quantity_step, "Smallest quantity step")->type_name("X");
  command->add_flag("--strict", request.limits.strict, "Stop at the first bad row and store nothing of its file");
  command->add_flag("--json", options->common.json, "Print the report as JSON");
  options->common.add_to(*command);
  command->footer(
      "\nExamples:\n"
      "  tradeassist import spy_1d.csv --symbol SPY --timeframe 1d\n"
      "  tradeassist import spy_2019.csv.gz spy_by_month.zip --symbol SPY --timeframe 1m\n"
      "  tradeassist import 2023.parquet 2024.parquet --symbol SPY --timeframe 1m\n"
      "  tradeassist import eurusd.csv --symbol EURUSD --timeframe 1h --timezone America/New_York --strict\n"
      "  tradeassist import es.csv --symbol ESZ2025 --timeframe 1m --asset-class future --exchange CME \\\n"
      "      --exchange-timezone America/Chicago --session 1700-1600 --mintick 0.25 --point-value 50\n"
      "  tradeassist import gc_trades.csv.gz --symbol GC --timezone America/New_York --mintick 0.1");
  command->callback([options, &run] {
    options->request.csv.ticks_if_clear = true;
    run = [options] { return run_import(*options); };
  });
}

}  // namespace tradeassist::app
