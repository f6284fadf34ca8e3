#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "app/command.hpp"
#include "app/command_audit.hpp"
#include "base/disk_space.hpp"
#include "base/json.hpp"
#include "store/integrity/doctor.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::string symbol;
  bool repairs = false, discards = false;
};

void note_disk(const base::Config& config, store::Examination& examination, std::size_t findings_max) {
  const auto space = base::disk_space(config.data_directory);
  if (!space) return;
  const base::DiskState state = base::disk_state(*space, config.disk_warning_gb, config.disk_critical_gb);
  if (state == base::DiskState::kEnough) return;
  examination.add({.severity = store::Severity::kNote,
                   .reason = fmt::format("{}: {}", state == base::DiskState::kCritical ? "critical" : "low",
                                         base::describe(*space, config.data_directory)),
                   .advice = "free disk space, or move the data directory"},
                  findings_max);
}

boost::json::object finding_json(const store::Finding& finding) {
  return {{"severity", finding.severity == store::Severity::kBroken ? "broken" : "note"},
          {"symbol", finding.symbol},
          {"timeframe", finding.timeframe},
          {"source", finding.source},
          {"first_time", base::to_json(finding.first_time)},
          {"last_time", base::to_json(finding.last_time)},
          {"reason", finding.reason},
          {"advice", finding.advice}};
}

void print_json(const std::string& database, const store::Examination& examination,
                const std::vector<std::string>& repaired) {
  boost::json::array findings;
  for (const store::Finding& finding : examination.findings) findings.push_back(finding_json(finding));
  fmt::print("{}\n", base::json_text(boost::json::object{{"database", database},
                                                         {"schema_version", examination.schema_version},
                                                         {"series", examination.series},
                                                         {"chunks", examination.chunks},
                                                         {"bars", examination.bars},
                                                         {"broken", examination.broken},
                                                         {"notes", examination.notes},
                                                         {"findings", std::move(findings)},
                                                         {"repaired", base::to_json(repaired)}}));
}

void print_text(const std::string& database, const store::Examination& examination,
                const std::vector<std::string>& repaired) {
  for (const std::string& each : repaired) fmt::print("repaired  {}\n", each);
  for (const store::Finding& finding : examination.findings) {
    fmt::print("{:<8}  {}\n", finding.severity == store::Severity::kBroken ? "broken" : "note", to_string(finding));
  }
  const std::int64_t left_out =
      examination.broken + examination.notes - static_cast<std::int64_t>(examination.findings.size());
  if (left_out > 0) fmt::print("… and {} more\n", left_out);
  fmt::print("{}: schema version {}; read {} series, {} chunks, {} rows; {} broken, {} notes\n", database,
             examination.schema_version, examination.series, examination.chunks, examination.bars, examination.broken,
             examination.notes);
}

base::Result<int> run_doctor(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const store::DatabaseAddress address, existing_market(loaded.config));
  TRY_ASSIGN(const auto connection, store::open_connection(address, {.read_only = !options.repairs}));
  store::ExaminationOptions examination_options{.symbol = options.symbol};
  const bool draws = is_terminal();
  if (draws) {
    examination_options.progress = [](const store::ExaminationProgress& progress) {
      fmt::print(stderr, "\r{} of {} series, {} rows ", progress.series_done, progress.series_count, progress.bars);
    };
  }
  TRY_ASSIGN(store::Examination examination, store::examine(*connection, examination_options));
  std::vector<std::string> repaired;
  if (options.repairs && examination.broken > 0) {
    TRY_ASSIGN(CommandAudit audit, CommandAudit::begin(loaded.config));
    TRY_ASSIGN(repaired, store::repair(*connection, examination,
                                       {.discard_damaged = options.discards, .by = "doctor on the command line"}));
    TRY(audit.done(options.discards ? "doctor --repair --discard-damaged" : "doctor --repair",
                   options.symbol.empty() ? "all series" : options.symbol));
    TRY_ASSIGN(examination, store::examine(*connection, examination_options));
  }
  if (draws) fmt::print(stderr, "\r\033[K");
  note_disk(loaded.config, examination, examination_options.findings_max);
  (options.common.json ? print_json : print_text)(connection->name(), examination, repaired);
  return examination.broken > 0 ? kFailed : kDone;
}

}  // namespace

void add_doctor_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("doctor", "Read all that is stored, and say what is damaged");
  command->add_option("--symbol", options->symbol, "Only this instrument's series, without the database's own checks")
      ->type_name("S");
  auto* repair = command->add_flag("--repair", options->repairs, "Count wrong counts again; removes nothing");
  command->add_flag("--discard-damaged", options->discards, "Also remove damaged chunks, to import their ranges again")
      ->needs(repair);
  command->add_flag("--json", options->common.json, "Print as JSON");
  options->common.add_to(*command);
  command->footer(
      "\nEnds with 1 when something is broken. What is removed is noted in the history.\n"
      "\nExamples:\n"
      "  tradeassist doctor\n"
      "  tradeassist doctor --symbol SPY --repair --discard-damaged");
  command->callback([options, &run] { run = [options] { return run_doctor(*options); }; });
}

}  // namespace tradeassist::app
