#include <fmt/format.h>

#include <boost/json/object.hpp>

#include "app/script_options.hpp"
#include "backtest/metrics/no_trades.hpp"
#include "backtest/metrics/trade_rows.hpp"
#include "base/json.hpp"
#include "report/backtest_report.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  ScriptOptions script;
  std::optional<std::string> trade_from, trades_file, report_file;
};

base::Result<int> run_backtest(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const Script script, prepare(options.script, loaded.config));
  if (!script.compilation.diagnostics.all().empty()) fmt::print(stderr, "{}", pine::render(script.compilation));

  backtest::RunRequest request;
  request.program = script.compilation.program.get();
  request.inputs = script.inputs;
  request.settings = script.settings;
  request.series = script.series.get();
  request.instrument = script.instrument;
  request.timeframe = script.timeframe;
  request.source = script.source;
  request.missing_bars_are_na = true;
  request.record_outputs = options.report_file.has_value() || options.common.json;
  if (options.trade_from) {
    TRY_ASSIGN(const base::Time time, base::parse_time(*options.trade_from));
    request.trade_from_bar = script.series->lower_bound(time);
    if (request.trade_from_bar >= script.series->size()) {
      return base::failure(base::ErrorCode::kInvalidArgument, "--trade-from lies after the last bar");
    }
  }
  TRY_ASSIGN(const backtest::RunResult result, backtest::run(request));
  for (const std::string& warning : result.warnings) fmt::print(stderr, "warning: {}\n", warning);
  report::BacktestReport report;
  report.strategy = script.name;
  report.request = &request;
  report.result = &result;
  report.compilation = &script.compilation;
  report.include_plots = request.record_outputs;
  report.metrics = backtest::compute_metrics(result, request.settings, *script.series,
                                             {request.trade_from_bar, script.series->size()});
  if (options.trades_file) TRY(write_file(*options.trades_file, backtest::trades_csv(result, *script.series)));
  if (options.report_file) TRY(write_file(*options.report_file, base::json_text(report::backtest_json(report)) + "\n"));
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(report::backtest_json(report)));
    return kDone;
  }
  fmt::print("{} on {} {}, {} bars from {} to {}\n\n", script.name, request.instrument.symbol,
             market::to_string(request.timeframe), script.series->size(),
             base::format_time(base::time_from_nanoseconds(script.series->time.front())),
             base::format_time(base::time_from_nanoseconds(script.series->time.back())));
  fmt::print("{}",
             report::metrics_table(report.metrics, backtest::account_currency(request.settings, request.instrument)));
  for (const std::string& reason : backtest::explain_no_trades(result)) fmt::print("{}\n", reason);
  return kDone;
}

}  // namespace

void add_backtest_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("backtest", "Run a strategy on stored bars or a CSV file");
  options->script.add_to(*command);
  command->add_option("--trade-from", options->trade_from, "Earlier bars only warm the script up")
      ->type_name("T")
      ->check(is_time());
  command->add_option("--trades", options->trades_file, "Write the trades as CSV; - is standard output")
      ->type_name("FILE.csv");
  command->add_option("--report", options->report_file, "Write metrics, trades, equity and plots as JSON")
      ->type_name("FILE.json");
  command->add_flag("--json", options->common.json, "Print the report as JSON");
  options->common.add_to(*command);
  command->footer(
      "\nExamples:\n"
      "  tradeassist backtest RSIStrategy --symbol SPY --timeframe 1d --set rsi_length=10\n"
      "  tradeassist backtest my.pine --csv eurusd.csv --timezone America/New_York --mintick 0.00001 --trades "
      "trades.csv");
  command->callback([options, &run] {
    options->script.require_bars();
    run = [options] { return run_backtest(*options); };
  });
}

}  // namespace tradeassist::app
