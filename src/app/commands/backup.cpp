#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>

#include "app/backup_parts.hpp"
#include "app/command.hpp"
#include "backup/drill.hpp"
#include "backup/verify_backup.hpp"
#include "base/json.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::optional<std::string> backups, key_file;
  std::string id = "latest";
  std::string workspace;
  bool all = false;
  std::optional<std::int64_t> daily, weekly, monthly;
};

base::Result<base::Config> load(const Options& options) {
  TRY_ASSIGN(base::LoadedConfig loaded, options.common.load());
  if (options.backups) loaded.config.backup_directory = *options.backups;
  if (options.key_file) loaded.config.backup_key_file = *options.key_file;
  return loaded.config;
}

std::string size_text(std::int64_t bytes) {
  const auto number = static_cast<double>(bytes);
  if (bytes < 1'000) return fmt::format("{} B", bytes);
  if (bytes < 1'000'000) return fmt::format("{:.1f} kB", number / 1e3);
  return bytes < 1'000'000'000 ? fmt::format("{:.1f} MB", number / 1e6) : fmt::format("{:.2f} GB", number / 1e9);
}

std::int64_t row_count(const backup::Manifest& manifest) {
  std::int64_t rows = 0;
  for (const auto& schema : manifest.schemas) {
    for (const auto& table : schema.tables) rows += table.rows;
  }
  return rows;
}

/// A manifest without its blocks.
boost::json::object summary(const backup::Manifest& manifest) {
  boost::json::object schemas;
  for (const auto& schema : manifest.schemas) schemas[schema.name] = schema.version;
  boost::json::array files;
  for (const auto& file : manifest.files) files.emplace_back(file.path);
  return {{"id", manifest.id},
          {"created_at", base::to_json(manifest.created_at)},
          {"program_version", manifest.program_version},
          {"database", manifest.database},
          {"base", manifest.base},
          {"schema_versions", std::move(schemas)},
          {"rows", row_count(manifest)},
          {"files", std::move(files)},
          {"left_out", base::to_json(manifest.left_out)},
          {"bytes", manifest.bytes},
          {"new_bytes", manifest.new_bytes},
          {"stored_bytes", manifest.stored_bytes},
          {"seconds", manifest.seconds}};
}

base::Result<int> run_backup(const Options& options) {
  TRY_ASSIGN(const base::Config config, load(options));
  TRY(existing_market(config));
  TRY_ASSIGN(backup::Repository repository, make_backups(config));
  const backup::BackupPlan plan = backup_plan(config, repository.is_encrypted());
  TRY_ASSIGN(const backup::Manifest manifest, backup::make_backup(repository, plan));
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(summary(manifest)));
    return kDone;
  }
  fmt::print("backup {}: {} rows and {} files, {}; {} of it new, stored in {}{} ({:.1f} s)\n", manifest.id,
             row_count(manifest), manifest.files.size(), size_text(manifest.bytes), size_text(manifest.new_bytes),
             size_text(manifest.stored_bytes), repository.is_encrypted() ? ", encrypted" : "", manifest.seconds);
  for (const std::string& each : manifest.left_out) fmt::print("not in it: {}\n", each);
  return kDone;
}

base::Result<int> run_list(const Options& options) {
  TRY_ASSIGN(const base::Config config, load(options));
  TRY_ASSIGN(const backup::Repository repository, open_backups(config));
  TRY_ASSIGN(const auto ids, repository.list());
  boost::json::array rows;
  int code = kDone;
  for (const std::string& id : ids) {
    const auto manifest = repository.read(id);
    if (!manifest) {
      code = kFailed;
      if (options.common.json) {
        rows.push_back(boost::json::object{{"id", id}, {"problem", manifest.error().message}});
      } else {
        fmt::print("{}  damaged: {}\n", id, manifest.error().message);
      }
      continue;
    }
    if (options.common.json) {
      rows.push_back(summary(*manifest));
    } else {
      fmt::print("{}  {} rows, {} files, {}; {} stored for it\n", id, row_count(*manifest), manifest->files.size(),
                 size_text(manifest->bytes), size_text(manifest->stored_bytes));
    }
  }
  if (options.common.json) fmt::print("{}\n", base::json_text(rows));
  if (!options.common.json && ids.empty()) fmt::print("there are no backups yet\n");
  return code;
}

base::Result<int> run_verify(const Options& options) {
  TRY_ASSIGN(const base::Config config, load(options));
  TRY_ASSIGN(const backup::Repository repository, open_backups(config));
  TRY_ASSIGN(const backup::RepositoryLock lock, repository.lock_to_read());
  TRY_ASSIGN(auto ids, repository.list());
  if (!options.all && options.id == "latest") {
    if (ids.empty()) return base::failure(base::ErrorCode::kNotFound, "there are no backups yet");
    ids = {ids.back()};
  } else if (!options.all) {
    ids = {options.id};
  }
  boost::json::array rows;
  int code = kDone;
  for (const std::string& id : ids) {
    TRY_ASSIGN(const backup::Verification outcome, backup::verify_backup(repository, id));
    if (!outcome.problems.empty()) code = kFailed;
    if (options.common.json) {
      rows.push_back(base::to_json(outcome));
      continue;
    }
    for (const std::string& problem : outcome.problems) fmt::print("{}  {}\n", id, problem);
    fmt::print("{}  {}: {} blocks with {} read\n", id, outcome.problems.empty() ? "whole" : "DAMAGED", outcome.blocks,
               size_text(outcome.bytes));
  }
  if (options.common.json) fmt::print("{}\n", base::json_text(rows));
  return code;
}

base::Result<int> run_prune(const Options& options) {
  TRY_ASSIGN(const base::Config config, load(options));
  TRY_ASSIGN(backup::Repository repository, open_backups(config));
  backup::Retention retention = backup_retention(config);
  retention.daily = options.daily.value_or(retention.daily);
  retention.weekly = options.weekly.value_or(retention.weekly);
  retention.monthly = options.monthly.value_or(retention.monthly);
  TRY_ASSIGN(const backup::Pruned pruned, backup::prune(repository, retention));
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(base::to_json(pruned)));
    return kDone;
  }
  for (const std::string& id : pruned.removed) fmt::print("removed {}\n", id);
  fmt::print("{} kept, {} removed; {} blocks with {} freed\n", pruned.kept.size(), pruned.removed.size(), pruned.blocks,
             size_text(pruned.bytes));
  return kDone;
}

base::Result<int> run_restore_drill(const Options& options) {
  TRY_ASSIGN(const base::Config config, load(options));
  TRY_ASSIGN(const backup::Repository repository, open_backups(config));
  const std::filesystem::path workspace =
      options.workspace.empty() ? std::filesystem::temp_directory_path() : std::filesystem::path(options.workspace);
  TRY_ASSIGN(const backup::Drill drill, backup::run_drill(repository, options.id, workspace));
  backup::RepositoryStatus status = backup::read_status(repository.folder());
  status.drill = drill;
  if (const auto noted = backup::write_status(repository.folder(), status); !noted)
    fmt::print(stderr, "warning: how the drill went could not be noted: {}\n", noted.error().message);
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(base::to_json(drill)));
  } else {
    for (const std::string& problem : drill.problems) fmt::print("problem  {}\n", problem);
    fmt::print(
        "{} {}: {} tables, {} rows and {} files ({}) restored in {:.1f} s; {} series compared and {} chunks "
        "decoded in {:.1f} s\n",
        drill.backup, drill.succeeded ? "can be restored" : "CANNOT be restored", drill.tables, drill.rows, drill.files,
        size_text(drill.bytes), drill.restore_seconds, drill.series, drill.chunks, drill.examine_seconds);
  }
  return drill.succeeded ? kDone : kFailed;
}

void add_place(CLI::App& command, const std::shared_ptr<Options>& options) {
  command.add_option("--backups", options->backups, "Folder of the backups (default: the setting backup_directory)")
      ->type_name("DIR");
  command
      .add_option("--key-file", options->key_file,
                  "File with the passphrase of encrypted backups (default: the setting backup_key_file)")
      ->type_name("FILE");
}

}  // namespace

void add_backup_commands(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("backup", "Back up all data, while servers run");
  command->add_flag("--json", options->common.json, "Print as JSON");
  options->common.add_to(*command);
  add_place(*command, options);
  command->footer(
      "\nWhat earlier backups in the folder have is not stored again; each can be restored by itself.\n"
      "\nExamples:\n"
      "  tradeassist backup --backups /mnt/backups\n"
      "  tradeassist backup list --backups /mnt/backups\n"
      "  tradeassist restore latest --backups /mnt/backups --data restored");
  command->callback([command, options, &run] {
    if (command->get_subcommands().empty()) run = [options] { return run_backup(*options); };
  });
  add_place(*add_action(*command, run, options, "list", "Show the backups there are", run_list), options);
  CLI::App* verify =
      add_action(*command, run, options, "verify", "Read backups in full, and say what is damaged", run_verify);
  add_place(*verify, options);
  verify->add_option("backup", options->id, "Id of a backup (default: the newest)")->type_name("BACKUP");
  verify->add_flag("--all", options->all, "All of them");
  CLI::App* prune =
      add_action(*command, run, options, "prune", "Remove old backups, and what only they had", run_prune);
  add_place(*prune, options);
  const auto add_count = [&](const char* name, std::optional<std::int64_t>& count, const char* help) {
    prune->add_option(name, count, help)->type_name("N")->check(CLI::Range(0, 10'000));
  };
  add_count("--keep-daily", options->daily, "Keep the newest of each of so many days (default 7)");
  add_count("--keep-weekly", options->weekly, "Keep the newest of each of so many weeks (default 4)");
  add_count("--keep-monthly", options->monthly, "Keep the newest of each of so many months (default 12)");

  auto trial = std::make_shared<Options>();
  CLI::App* drill =
      program.add_subcommand("restore-drill", "Restore a backup on trial, examine it and say how long it took");
  drill->add_option("backup", trial->id, "Id of a backup (default: the newest)")->type_name("BACKUP");
  drill
      ->add_option("--workspace", trial->workspace, "Where it is restored to and removed again (default: TMPDIR, /tmp)")
      ->type_name("DIR");
  drill->add_flag("--json", trial->common.json, "Print as JSON");
  trial->common.add_to(*drill);
  add_place(*drill, trial);
  drill->footer(
      "\nEnds with 1 when the backup cannot be restored.\n\nExample:\n  tradeassist restore-drill --backups "
      "/mnt/backups");
  drill->callback([trial, &run] { run = [trial] { return run_restore_drill(*trial); }; });
}

}  // namespace tradeassist::app
