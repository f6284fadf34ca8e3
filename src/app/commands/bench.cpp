#include <fmt/format.h>

#include "app/command.hpp"
#include "app/signals.hpp"
#include "base/json.hpp"
#include "report/benchmark_report.hpp"
#include "store/benchmark/database_benchmark.hpp"

namespace tradeassist::app {
namespace {

constexpr std::int64_t kHistoryRuns = 20;

struct Options {
  CommonOptions common;
  std::int64_t rows = 500'000;
  double seconds = 60;
  bool json = false, set_baseline = false, history = false, fail_on_regression = false;
};

bool regresses(const boost::json::object& result) {
  const boost::json::value& regressions = result.at("regressions");
  return regressions.is_array() && !regressions.get_array().empty();
}

base::Result<int> run_bench(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  std::stop_source stop;
  const SignalGuard signals([&] { stop.request_stop(); });
  TRY_ASSIGN(const auto market, open_market(loaded.config));
  if (!options.history) {
    store::BenchmarkOptions benchmark;
    benchmark.rows = benchmark.rows.at_most(options.rows);
    benchmark.rows.bulk = options.rows;
    benchmark.time_max = std::chrono::duration<double>(options.seconds);
    benchmark.program_version = TRADEASSIST_VERSION;
    benchmark.stop = stop.get_token();
    if (is_terminal()) {
      benchmark.on_progress = [](double share, std::string_view name) {
        fmt::print(stderr, "\r\033[K{:3.0f} %  {}", share * 100, name);
      };
    }
    const auto run = store::benchmark_database(market_address(loaded.config), benchmark);
    if (is_terminal()) fmt::print(stderr, "\r\033[K");
    if (!run) return std::unexpected(run.error());
    TRY(market->put_benchmark_run(*run, options.set_baseline));
  }
  TRY_ASSIGN(const auto runs, market->list_benchmark_runs(kHistoryRuns));
  TRY_ASSIGN(const auto baseline, market->benchmark_baseline());
  const boost::json::object result = report::benchmark_json(runs, baseline);
  fmt::print("{}", options.json      ? base::json_text(result) + "\n"
                   : options.history ? report::benchmark_history_table(runs)
                                     : report::benchmark_table(runs.front(), baseline));
  return options.fail_on_regression && regresses(result) ? kFailed : kDone;
}

}  // namespace

void add_bench_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* bench = program.add_subcommand("bench", "Measure this machine");
  bench->require_subcommand(1);
  CLI::App* command = bench->add_subcommand(
      "database", "Measure the database against a row a bar, decimals, scans and unpooled connections");
  options->common.add_to(*command);
  command->add_option("--rows", options->rows, "Bars of one bulk append; the other measurements take at most as many")
      ->check(CLI::Range(10, 10'000'000))
      ->capture_default_str();
  command->add_option("--seconds", options->seconds, "No measurement starts another run after so long")
      ->check(CLI::Range(0.1, 3'600.0))
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print run, baseline, comparisons and trend as JSON");
  command->add_flag("--set-baseline", options->set_baseline, "Later runs are compared with this one");
  command->add_flag("--history", options->history, "Measure nothing; print the newest 20 runs");
  command->add_flag("--fail-on-regression", options->fail_on_regression,
                    "Exit code 1 when the newest run is more than 20 % worse than the baseline, beyond the spread");
  command->footer(
      "\nIt works in a folder or schema of its own beside your data, and removes it.\n"
      "Examples:\n"
      "  tradeassist bench database\n"
      "  tradeassist bench database --database postgresql://trader@localhost/trading --seconds 120 --set-baseline\n"
      "  tradeassist bench database --json --fail-on-regression > benchmark.json\n"
      "  tradeassist bench database --history");
  command->callback([options, &run] { run = [options] { return run_bench(*options); }; });
}

}  // namespace tradeassist::app
