#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "app/command.hpp"
#include "base/hidden_text.hpp"
#include "base/memory.hpp"

namespace {

/// What was wrong with the command line, and where to read how it is done.
std::string usage_error(const CLI::App* program, const CLI::Error& error) {
  std::string command = program->get_name();
  for (const CLI::App* at = program; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    command += " " + at->get_name();
  }
  return fmt::format("error: {}; `{} --help` explains\n", error.what(), command);
}

int run_program(int argc, char** argv) {
  using namespace tradeassist;
  CLI::App program("TradeAssist: keeps market data, runs Pine Script strategies, searches their parameters.",
                   "tradeassist");
  program.require_subcommand(1);
  program.set_version_flag("--version", TRADEASSIST_VERSION);
  program.failure_message(usage_error);
  program.footer(
      "\nExamples:\n"
      "  tradeassist import spy.csv --symbol SPY --timeframe 1d\n"
      "  tradeassist backtest MovingAverageCrossover --symbol SPY --timeframe 1d\n"
      "  tradeassist optimize MovingAverageCrossover --symbol SPY --timeframe 1d --sampler random --trials 500\n"
      "  tradeassist tournament --symbol SPY --timeframe 1d --category trend\n"
      "  tradeassist export report result.json -o report.pdf\n"
      "  tradeassist serve --no-authentication\n\n"
      "`tradeassist COMMAND --help` explains each command.");
  app::Run run;
  app::add_import_command(program, run);
  app::add_watch_command(program, run);
  app::add_fetch_command(program, run);
  app::add_schwab_command(program, run);
  app::add_bars_command(program, run);
  app::add_gaps_command(program, run);
  app::add_quality_command(program, run);
  app::add_actions_command(program, run);
  app::add_continuous_command(program, run);
  app::add_strategies_command(program, run);
  app::add_indicators_command(program, run);
  app::add_pine_command(program, run);
  app::add_backtest_command(program, run);
  app::add_optimize_command(program, run);
  app::add_rerun_command(program, run);
  app::add_tournament_command(program, run);
  app::add_research_command(program, run);
  app::add_export_command(program, run);
  app::add_sql_command(program, run);
  app::add_bench_command(program, run);
  app::add_serve_command(program, run);
  app::add_mcp_command(program, run);
  app::add_job_command(program, run);
  app::add_worker_command(program, run);
  app::add_key_command(program, run);
  app::add_audit_command(program, run);
  app::add_errors_command(program, run);
  app::add_webhook_command(program, run);
  app::add_notify_command(program, run);
  app::add_alert_command(program, run);
  app::add_config_command(program, run);
  app::add_instrument_commands(program, run);
  app::add_backup_commands(program, run);
  app::add_restore_command(program, run);
  app::add_doctor_command(program, run);
  app::add_maintain_command(program, run);
  app::add_migrate_command(program, run);
  app::add_partitions_command(program, run);
  if (argc < 2) {
    fmt::print(stderr, "{}", program.help());
    return app::kWrongUsage;
  }
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const std::vector<std::string> unknown = program.remaining();
    if (program.get_subcommands().empty() && !unknown.empty()) {
      fmt::print(stderr, "error: there is no command '{}'; `tradeassist --help` lists them\n", unknown.front());
      return app::kWrongUsage;
    }
    const int code = program.exit(error);
    return code == 0 ? app::kDone : app::kWrongUsage;
  }
  const auto result = run();
  if (!result) {
    fmt::print(stderr, "error: {}\n", base::without_secrets(result.error().message));
    return app::kFailed;
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    fmt::print(stderr, "error: standard output cannot be written\n");
    return app::kFailed;
  }
  return *result;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error to report, not an end
    tradeassist::base::prepare_heap_for_columns();
    return run_program(argc, argv);
  } catch (const std::exception& exception) {
    std::fprintf(stderr, "error: %s\n", tradeassist::base::without_secrets(exception.what()).c_str());
    return tradeassist::app::kFailed;
  }
}
