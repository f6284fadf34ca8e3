#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "app/archive_folder.hpp"
#include "app/command.hpp"
#include "app/command_audit.hpp"
#include "base/json.hpp"
#include "interchange/archive/archive.hpp"

namespace tradeassist::app {
namespace {

enum class Action { kArchive, kVerify, kDrop, kRestore };

struct Options {
  CommonOptions common;
  std::string kind = "bar", name, folder;
  bool drop = false;
};

boost::json::value to_row(const store::PartitionInfo& each) {
  boost::json::object row{{"kind", store::to_string(each.kind)},
                          {"name", each.name()},
                          {"state", store::to_string(each.state)},
                          {"rows", each.row_count},
                          {"chunks", each.chunk_count},
                          {"bytes", each.payload_bytes},
                          {"archive_file", nullptr},
                          {"archive_rows", nullptr},
                          {"archived_at", nullptr}};
  if (each.archive) {
    row["archive_file"] = each.archive->file;
    row["archive_rows"] = each.archive->row_count;
    row["archived_at"] = base::to_json(each.archive->archived_at);
  }
  return row;
}

base::Result<int> run_list(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  TRY_ASSIGN(const auto partitions, store->list_partitions());
  if (options.common.json) {
    boost::json::array rows;
    for (const store::PartitionInfo& each : partitions) rows.push_back(to_row(each));
    fmt::print("{}\n", base::json_text(rows));
    return kDone;
  }
  for (const store::PartitionInfo& each : partitions) {
    fmt::print("{:<6}{:<9}{:<10}{} rows, {} chunks, {} bytes", store::to_string(each.kind), each.name(),
               store::to_string(each.state), each.row_count, each.chunk_count, each.payload_bytes);
    if (each.archive) {
      const auto age = std::chrono::floor<std::chrono::days>(base::now() - each.archive->archived_at);
      fmt::print("; {} ({} rows, {} days old)", each.archive->file, each.archive->row_count, age.count());
    }
    fmt::print("\n");
  }
  return kDone;
}

base::Result<int> run_action(const Options& options, Action action) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  const auto kind = store::parse_partition_kind(options.kind).value_or(store::PartitionKind::kBar);
  TRY_ASSIGN(const store::PartitionRange range, store::parse_partition_name(kind, options.name));
  const std::filesystem::path folder =
      options.folder.empty() ? archive_folder(loaded.config) : std::filesystem::path(options.folder);
  const std::string what = fmt::format("{} partition {}", options.kind, options.name);
  if (action == Action::kVerify) {
    TRY_ASSIGN(const auto manifest, interchange::verify_archive(folder, kind, range));
    fmt::print("{}: {} holds {} rows of {} series, all as they were written\n", what, manifest.parquet_file,
               manifest.row_count, manifest.series.size());
    return kDone;
  }
  TRY_ASSIGN(CommandAudit audit, CommandAudit::begin(loaded.config));
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  if (action == Action::kArchive) {
    TRY_ASSIGN(const auto manifest, interchange::archive_partition(*store, kind, range, folder, TRADEASSIST_VERSION));
    fmt::print("{}: {} rows of {} series are in {}, read back and compared\n", what, manifest.row_count,
               manifest.series.size(), (folder / manifest.parquet_file).string());
  }
  if (action == Action::kDrop || options.drop) {
    TRY(interchange::drop_archived_partition(*store, kind, range, folder));
    TRY(audit.done("partitions drop", what));
    fmt::print("{}: its rows are in the archive only; `tradeassist partitions restore {}{}` brings them back\n", what,
               options.name, kind == store::PartitionKind::kTick ? " --kind tick" : "");
  }
  if (action == Action::kRestore) {
    TRY_ASSIGN(const auto result, interchange::restore_partition(*store, kind, range, folder));
    TRY(audit.done("partitions restore", what));
    fmt::print("{}: {} rows are back, {} were there\n", what, result.restored, result.kept);
  }
  return kDone;
}

CLI::App* add_action(CLI::App& partitions, Run& run, const char* name, const char* help, Action action,
                     const char* folder_option) {
  auto options = std::make_shared<Options>();
  CLI::App* command = partitions.add_subcommand(name, help);
  command
      ->add_option("name", options->name, "The partition, as `tradeassist partitions` lists it: 2020, of ticks 2020-01")
      ->required();
  command->add_option("--kind", options->kind, "bar (a year each) or tick (a month each)")
      ->check(CLI::IsMember({"bar", "tick"}));
  command->add_option(folder_option, options->folder, "Folder of the archive, else archive_directory")
      ->type_name("DIR");
  if (action == Action::kArchive) command->add_flag("--drop", options->drop, "Then remove its rows from the database");
  options->common.add_to(*command);
  command->footer(fmt::format("\nExample:\n  tradeassist partitions {} 2020", name));
  command->callback([options, action, &run] { run = [options, action] { return run_action(*options, action); }; });
  return command;
}

}  // namespace

void add_partitions_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("partitions", "List the partitions; archive, drop and restore them");
  command->add_flag("--json", options->common.json, "Print as JSON");
  options->common.add_to(*command);
  command->require_subcommand(0, 1);
  command->footer(
      "\nExamples:\n  tradeassist partitions\n  tradeassist partitions archive 2020 --drop\n"
      "  tradeassist partitions archive 2020-01 --kind tick --drop\n  tradeassist partitions restore 2020");
  add_action(*command, run, "archive", "Write a partition to a file, read it back and compare", Action::kArchive,
             "--to");
  add_action(*command, run, "verify", "Check an archive, without the database", Action::kVerify, "--from");
  add_action(*command, run, "drop", "Remove the rows of an archived partition from the database", Action::kDrop,
             "--from");
  add_action(*command, run, "restore", "Put the rows of an archive back", Action::kRestore, "--from");
  // Subcommands come after their command.
  command->callback([command, options, &run] {
    if (command->get_subcommands().empty()) run = [options] { return run_list(*options); };
  });
}

}  // namespace tradeassist::app
