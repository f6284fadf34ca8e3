#include <fmt/format.h>

#include <filesystem>

#include "app/command.hpp"
#include "app/command_audit.hpp"
#include "store/schema/migrations.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::optional<int> to;
  std::string schema;  // market, app; empty: both, or market with --to
  bool only_status = false, only_plan = false, allows_loss = false;
};

struct Database {
  std::string name;
  store::DatabaseAddress address;
  std::span<const store::Migration> migrations;
};

base::Result<void> check_target(const Database& database, int version, int target, bool allows_loss) {
  const auto newest = static_cast<int>(database.migrations.size());
  if (target > newest) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("{}: there are versions 0 to {}, not {}", database.name, newest, target));
  }
  std::string lost;
  for (int step = std::min(version, newest); step > target; --step) {
    const std::string_view loses = database.migrations[static_cast<std::size_t>(step - 1)].down_loses;
    if (!loses.empty()) lost += fmt::format("{}{}", lost.empty() ? "" : "; ", loses);
  }
  if (lost.empty() || allows_loss) return {};
  return base::failure(base::ErrorCode::kFailedPrecondition,
                       fmt::format("{}: going down from version {} to {} loses {}. Make a backup, then pass "
                                   "--allow-data-loss",
                                   database.name, version, target, lost));
}

/// Before it is gone, since the log may go with it. One of an older version cannot have it.
base::Result<void> note_way_down(const Database& database, int version, int target, const base::Config& config) {
  const store::DatabaseAddress app = app_address(config);
  if (app.is_server() || std::filesystem::exists(app.file)) {
    TRY_ASSIGN(const auto connection, store::open_connection(app));
    TRY_ASSIGN(const int has, store::schema_version(*connection));
    if (has < static_cast<int>(store::app_migrations().size())) return {};
  }
  TRY_ASSIGN(CommandAudit audit, CommandAudit::begin(config));
  return audit.done("migrate", fmt::format("{} schema from version {} to {}", database.name, version, target), "begun");
}

base::Result<void> move_schema(const Database& database, const Options& options, const base::Config& config) {
  const auto newest = static_cast<int>(database.migrations.size());
  const bool exists = database.address.is_server() || std::filesystem::exists(database.address.file);
  if (!exists && options.only_status) {
    fmt::print("{:<8}not there yet; the newest version is {}\n", database.name, newest);
    return {};
  }
  TRY_ASSIGN(const auto connection, store::open_connection(database.address));
  TRY_ASSIGN(int version, store::schema_version(*connection));
  if (!options.only_status) {
    const int target = options.to.value_or(newest);
    TRY(check_target(database, version, target, options.allows_loss));
    // A version that is newer than all known ones, and that this program goes on with, stays as it is.
    if (target < std::min(version, newest)) TRY(note_way_down(database, version, target, config));
    TRY(store::migrate(*connection, database.migrations, target));
    TRY_ASSIGN(version, store::schema_version(*connection));
  }
  fmt::print("{:<8}{}  version {} of {}\n", database.name, connection->name(), version, newest);
  return {};
}

/// The steps that the newest version is ahead; how many of them older programs do not go on with.
base::Result<int> show_plan(const Database& database) {
  if (!database.address.is_server() && !std::filesystem::exists(database.address.file)) return 0;
  TRY_ASSIGN(const auto connection, store::open_connection(database.address));
  TRY_ASSIGN(const int version, store::schema_version(*connection));
  if (version == 0) return 0;  // nobody works with it yet
  int breaking = 0;
  for (const store::Migration& step : database.migrations) {
    if (step.version <= version) continue;
    if (!step.older_go_on) ++breaking;
    fmt::print("{:<8}{:>4}  {:<22}{}\n", database.name, step.version,
               step.older_go_on ? "older programs go on" : "OLDER PROGRAMS STOP", step.name);
  }
  return breaking;
}

base::Result<int> run_migrate(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  const base::Config& config = loaded.config;
  const std::string wanted = options.schema.empty() && options.to ? "market" : options.schema;
  const Database databases[] = {
      {"market", store::database_address(config.data_directory, config.database, "market"), store::market_migrations()},
      {"app", app_address(config), store::app_migrations()},
  };
  if (options.only_plan) {
    int breaking = 0;
    for (const Database& database : databases) {
      TRY_ASSIGN(const int of_this, show_plan(database));
      breaking += of_this;
    }
    return breaking == 0 ? kDone : kFailed;
  }
  for (const Database& database : databases) {
    if (wanted.empty() || wanted == database.name) TRY(move_schema(database, options, config));
  }
  return kDone;
}

}  // namespace

void add_migrate_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("migrate", "Show or move the version of the databases' schemas");
  command
      ->add_option("--to", options->to, "Version (default: the newest); of the market schema unless --schema is given")
      ->type_name("N")
      ->check(CLI::Range(0, 10'000));
  command->add_option("--schema", options->schema, "market or app (default: both)")
      ->type_name("NAME")
      ->check(CLI::IsMember({"market", "app"}));
  command->add_flag("--status", options->only_status, "Only show the versions");
  command->add_flag("--plan", options->only_plan,
                    "Only show the steps to the newest version; exit code 1 where an older program that runs would not "
                    "go on with them");
  command->add_flag("--allow-data-loss", options->allows_loss, "Go down although that removes data");
  options->common.add_to(*command);
  command->footer(
      "\nOther commands bring the schema to the newest version by themselves.\n"
      "\nExamples:\n  tradeassist migrate --status\n  tradeassist migrate --to 5 --allow-data-loss");
  command->callback([options, &run] { run = [options] { return run_migrate(*options); }; });
}

}  // namespace tradeassist::app
