#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/config.hpp"
#include "base/result.hpp"
#include "store/market_store.hpp"

namespace tradeassist::app {

/// Exit codes of every command.
constexpr int kDone = 0, kFailed = 1, kWrongUsage = 2;

/// Options that every command understands; filled by the command line, turned into a Config by load().
struct CommonOptions {
  std::optional<std::string> config_file;
  std::optional<std::string> data_directory, database, listen, strategies_directory, libraries_directory, web_directory,
      log_level;
  bool no_authentication = false;
  bool json = false;

  void add_to(CLI::App& command, bool with_data = true);
  /// The configuration that the options, the environment and the file make. `with_secrets`: what says where a secret
  /// is, is resolved (secrets::resolve).
  base::Result<base::LoadedConfig> read(bool with_secrets = true) const;
  /// The same, with the log begun.
  base::Result<base::LoadedConfig> load(bool with_secrets = true) const;
};

/// Logs as configured from now on, in the same place; into a new file where somebody moved the old one away.
base::Result<void> change_log(const base::Config& config);

/// Commands add themselves to the program; `run` is set to what the chosen one does.
using Run = std::function<base::Result<int>()>;

/// One of the actions of a command, as `key list`, with --json and what every command understands. The actions of a
/// command may have their options in common; `options->common` are CommonOptions.
template <class Options, class Action>
CLI::App* add_action(CLI::App& command, Run& run, const std::shared_ptr<Options>& options, const char* name,
                     const char* help, Action action) {
  CLI::App* added = command.add_subcommand(name, help);
  added->add_flag("--json", options->common.json, "Print as JSON");
  options->common.add_to(*added);
  added->callback([options, action, &run] { run = [options, action] { return action(*options); }; });
  return added;
}

void add_import_command(CLI::App& program, Run& run);
void add_fetch_command(CLI::App& program, Run& run);
void add_watch_command(CLI::App& program, Run& run);
void add_schwab_command(CLI::App& program, Run& run);
void add_bars_command(CLI::App& program, Run& run);
void add_continuous_command(CLI::App& program, Run& run);
void add_gaps_command(CLI::App& program, Run& run);
void add_quality_command(CLI::App& program, Run& run);
void add_actions_command(CLI::App& program, Run& run);
void add_strategies_command(CLI::App& program, Run& run);
void add_indicators_command(CLI::App& program, Run& run);
void add_pine_command(CLI::App& program, Run& run);
void add_backtest_command(CLI::App& program, Run& run);
void add_optimize_command(CLI::App& program, Run& run);
void add_rerun_command(CLI::App& program, Run& run);
void add_tournament_command(CLI::App& program, Run& run);
void add_research_command(CLI::App& program, Run& run);
void add_export_command(CLI::App& program, Run& run);
void add_sql_command(CLI::App& program, Run& run);
void add_bench_command(CLI::App& program, Run& run);
void add_serve_command(CLI::App& program, Run& run);
void add_mcp_command(CLI::App& program, Run& run);
void add_job_command(CLI::App& program, Run& run);
void add_job_schedule_command(CLI::App& job, Run& run);
void add_worker_command(CLI::App& program, Run& run);
void add_key_command(CLI::App& program, Run& run);
void add_audit_command(CLI::App& program, Run& run);
void add_errors_command(CLI::App& program, Run& run);
void add_alert_command(CLI::App& program, Run& run);
void add_config_command(CLI::App& program, Run& run);
void add_instrument_commands(CLI::App& program, Run& run);  // instruments, delete, history
void add_restore_command(CLI::App& program, Run& run);
void add_backup_commands(CLI::App& program, Run& run);  // backup, restore-drill
void add_doctor_command(CLI::App& program, Run& run);
void add_maintain_command(CLI::App& program, Run& run);
void add_migrate_command(CLI::App& program, Run& run);
void add_partitions_command(CLI::App& program, Run& run);
void add_webhook_command(CLI::App& program, Run& run);
void add_notify_command(CLI::App& program, Run& run);

/// Where market data is: on the server that the configuration names, or in its data directory.
store::DatabaseAddress market_address(const base::Config& config);

/// Where jobs are: on the same server, or in the same data directory.
store::DatabaseAddress app_address(const base::Config& config);

/// The market data that the configuration names: on its server, or in its data directory.
base::Result<std::unique_ptr<store::MarketStore>> open_market(const base::Config& config);

/// Where they are, without opening them; kNotFound when there is no such file.
base::Result<store::DatabaseAddress> existing_market(const base::Config& config);

// What an option's text must be; else the command ends with kWrongUsage before it does anything.
const CLI::Validator& is_timeframe();
const CLI::Validator& is_tick_bar_rule();  // a timeframe, or 500t, 1000v, 10r, 5000000$
const CLI::Validator& is_time();
const CLI::Validator& is_assignment();  // NAME=VALUE

/// An instrument, or one of its series, after a delete.
base::Result<int> bring_back(const CommonOptions& common, const std::string& symbol, const std::string& timeframe,
                             const std::string& source);

/// Writes text to a file, whole or not at all (a temporary beside it, then renamed); "-" is standard output.
base::Result<void> write_file(const std::string& path, const std::string& text);

/// Who changes something, for the history: "command line (ann)".
std::string who();

/// True when standard error is a terminal: then progress is drawn.
bool is_terminal();

}  // namespace tradeassist::app
