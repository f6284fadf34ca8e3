#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "app/command.hpp"
#include "app/command_audit.hpp"
#include "app/system_checks.hpp"
#include "base/json.hpp"
#include "store/integrity/doctor.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::string symbol;
  bool repairs = false, discards = false, only_data = false;
};

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

/// What was examined: the system around the data, and the data itself unless there is none.
struct Outcome {
  std::vector<SystemCheck> checks;
  std::string database;
  std::optional<store::Examination> examination;
  std::vector<std::string> repaired;

  std::int64_t broken_checks() const {
    return std::ranges::count(checks, CheckSeverity::kBroken, &SystemCheck::severity);
  }
};

void print_json(const Outcome& outcome) {
  const store::Examination examination = outcome.examination.value_or(store::Examination{});
  boost::json::array findings;
  for (const store::Finding& finding : examination.findings) findings.push_back(finding_json(finding));
  fmt::print("{}\n", base::json_text(boost::json::object{{"checks", base::to_json(outcome.checks)},
                                                         {"database", outcome.database},
                                                         {"schema_version", examination.schema_version},
                                                         {"series", examination.series},
                                                         {"chunks", examination.chunks},
                                                         {"bars", examination.bars},
                                                         {"broken", examination.broken},
                                                         {"notes", examination.notes},
                                                         {"findings", std::move(findings)},
                                                         {"repaired", base::to_json(outcome.repaired)}}));
}

void print_checks(const std::vector<SystemCheck>& checks) {
  for (const SystemCheck& each : checks) {
    const char* const severity = each.severity == CheckSeverity::kGood   ? "good"
                                 : each.severity == CheckSeverity::kNote ? "note"
                                                                         : "broken";
    fmt::print("{:<8}  {}: {}", severity, each.check, each.found);
    if (!each.means.empty()) fmt::print("; {}", each.means);
    if (!each.advice.empty()) fmt::print(". To do: {}", each.advice);
    fmt::print("\n");
  }
}

void print_text(const Outcome& outcome) {
  print_checks(outcome.checks);
  if (!outcome.checks.empty()) {
    fmt::print("system: {} checks, {} broken, {} notes\n", outcome.checks.size(), outcome.broken_checks(),
               std::ranges::count(outcome.checks, CheckSeverity::kNote, &SystemCheck::severity));
  }
  if (!outcome.examination) return;
  const store::Examination& examination = *outcome.examination;
  for (const std::string& each : outcome.repaired) fmt::print("repaired  {}\n", each);
  for (const store::Finding& finding : examination.findings) {
    fmt::print("{:<8}  {}\n", finding.severity == store::Severity::kBroken ? "broken" : "note", to_string(finding));
  }
  const std::int64_t left_out =
      examination.broken + examination.notes - static_cast<std::int64_t>(examination.findings.size());
  if (left_out > 0) fmt::print("… and {} more\n", left_out);
  fmt::print("{}: schema version {}; read {} series, {} chunks, {} rows; {} broken, {} notes\n", outcome.database,
             examination.schema_version, examination.series, examination.chunks, examination.bars, examination.broken,
             examination.notes);
}

base::Result<void> examine_stored(const Options& options, const base::Config& config,
                                  const store::DatabaseAddress& address, Outcome& outcome) {
  TRY_ASSIGN(const auto connection, store::open_connection(address, {.read_only = !options.repairs}));
  outcome.database = connection->name();
  store::ExaminationOptions examination_options{.symbol = options.symbol};
  const bool draws = is_terminal();
  if (draws) {
    examination_options.progress = [](const store::ExaminationProgress& progress) {
      fmt::print(stderr, "\r{} of {} series, {} rows ", progress.series_done, progress.series_count, progress.bars);
    };
  }
  TRY_ASSIGN(outcome.examination, store::examine(*connection, examination_options));
  if (options.repairs && outcome.examination->broken > 0) {
    TRY_ASSIGN(CommandAudit audit, CommandAudit::begin(config));
    TRY_ASSIGN(outcome.repaired,
               store::repair(*connection, *outcome.examination,
                             {.discard_damaged = options.discards, .by = "doctor on the command line"}));
    TRY(audit.done(options.discards ? "doctor --repair --discard-damaged" : "doctor --repair",
                   options.symbol.empty() ? "all series" : options.symbol));
    TRY_ASSIGN(outcome.examination, store::examine(*connection, examination_options));
  }
  if (draws) fmt::print(stderr, "\r\033[K");
  return {};
}

base::Result<int> run_doctor(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  Outcome outcome;
  if (options.symbol.empty() && !options.only_data) outcome.checks = check_system(loaded, options.common.config_file);
  const auto address = existing_market(loaded.config);
  if (!address && outcome.checks.empty()) return std::unexpected(address.error());
  const bool is_readable = std::ranges::none_of(outcome.checks, [](const SystemCheck& each) {
    return each.check == "database market" && each.severity == CheckSeverity::kBroken;
  });
  base::Result<void> examined;
  if (address && is_readable) examined = examine_stored(options, loaded.config, *address, outcome);
  (options.common.json ? print_json : print_text)(outcome);
  if (!examined) return std::unexpected(std::move(examined).error());
  const bool is_broken = outcome.broken_checks() > 0 || (outcome.examination && outcome.examination->broken > 0);
  return is_broken ? kFailed : kDone;
}

}  // namespace

void add_doctor_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("doctor", "Look at the system and read all that is stored, and say what is wrong");
  command->add_option("--symbol", options->symbol, "Only this instrument's series, without the database's own checks")
      ->type_name("S");
  command->add_flag("--only-data", options->only_data, "Only what is stored, not the system around it");
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
