#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <filesystem>

#include "app/backup_parts.hpp"
#include "app/command.hpp"
#include "backup/restore_backup.hpp"
#include "base/json.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::string backup;                     // of all data
  std::string symbol, timeframe, source;  // or of what was deleted
  std::optional<std::string> backups, key_file;
  bool force = false;
};

base::Result<int> run_restore_backup(const Options& options) {
  TRY_ASSIGN(base::LoadedConfig loaded, options.common.load());
  base::Config& config = loaded.config;
  if (options.backups) config.backup_directory = *options.backups;
  if (options.key_file) config.backup_key_file = *options.key_file;
  TRY_ASSIGN(const backup::Repository repository, open_backups(config));
  TRY_ASSIGN(const backup::RepositoryLock lock, repository.lock_to_read());
  TRY_ASSIGN(const backup::Manifest manifest, repository.find(options.backup));
  TRY_ASSIGN(
      const backup::Restored restored,
      backup::restore_backup(repository, manifest,
                             {.directory = config.data_directory, .url = config.database, .replaces = options.force}));
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(boost::json::object{{"backup", manifest.id},
                                                           {"tables", restored.loaded.tables},
                                                           {"rows", restored.loaded.rows},
                                                           {"files", restored.loaded.files},
                                                           {"kept_directory", restored.kept_directory},
                                                           {"kept_schemas", base::to_json(restored.kept_schemas)},
                                                           {"left_out", base::to_json(manifest.left_out)}}));
    return kDone;
  }
  fmt::print("restored {} into {}: {} tables, {} rows and {} files, each compared with the backup\n", manifest.id,
             config.database.empty() ? config.data_directory : "the database server", restored.loaded.tables,
             restored.loaded.rows, restored.loaded.files);
  if (!restored.kept_directory.empty()) fmt::print("what was there before is in {}\n", restored.kept_directory);
  for (const std::string& schema : restored.kept_schemas)
    fmt::print("what was there before is in the schema {}\n", schema);
  for (const std::string& each : manifest.left_out) fmt::print("not in the backup: {}\n", each);
  return kDone;
}

base::Result<int> run_restore(const Options& options) {
  if (options.backup.empty() == options.symbol.empty()) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "name either a backup (`tradeassist restore latest`), or with --symbol what was deleted");
  }
  if (options.backup.empty()) return bring_back(options.common, options.symbol, options.timeframe, options.source);
  return run_restore_backup(options);
}

}  // namespace

void add_restore_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("restore", "Restore a backup, or bring back what was deleted, as it was");
  auto* backup = command->add_option("backup", options->backup, "Id of a backup, or latest")->type_name("BACKUP");
  auto* symbol =
      command->add_option("--symbol", options->symbol, "Instrument that was deleted")->type_name("S")->excludes(backup);
  command->add_option("--timeframe", options->timeframe, "Only its series of this timeframe")
      ->type_name("T")
      ->check(is_timeframe())
      ->needs(symbol);
  command->add_option("--source", options->source, "Only its series from there")->type_name("NAME")->needs(symbol);
  command->add_option("--backups", options->backups, "Folder of the backups (default: the setting backup_directory)")
      ->type_name("DIR")
      ->needs(backup);
  command
      ->add_option("--key-file", options->key_file,
                   "File with the passphrase of encrypted backups (default: the setting backup_key_file)")
      ->type_name("FILE")
      ->needs(backup);
  command->add_flag("--force", options->force, "Replace the data that is there, which is kept under another name")
      ->needs(backup);
  command->add_flag("--json", options->common.json, "Print as JSON (of a backup)");
  options->common.add_to(*command);
  command->footer(
      "\nA backup is restored beside the data directory, checked, and put in its place at the end. Stop the server "
      "first.\n"
      "\nExamples:\n"
      "  tradeassist restore latest --backups /mnt/backups --data data\n"
      "  tradeassist restore latest --backups /mnt/backups --data data --force\n"
      "  tradeassist restore --symbol SPY");
  command->callback([options, &run] { run = [options] { return run_restore(*options); }; });
}

}  // namespace tradeassist::app
