#include <fmt/format.h>

#include <boost/json.hpp>

#include "access/audit_log.hpp"
#include "app/command.hpp"
#include "base/json.hpp"
#include "server/routes/audit_json.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::int64_t limit = 100, before = INT64_MAX;
};

base::Result<std::unique_ptr<access::AuditLog>> open_log(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  return access::AuditLog::open(app_address(loaded.config));
}

base::Result<int> run_list(const Options& options) {
  TRY_ASSIGN(const auto log, open_log(options));
  TRY_ASSIGN(const auto entries, log->list(options.before, options.limit));
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(server::audit_page_json(entries, options.limit)));
    return kDone;
  }
  for (const access::KeptAuditEntry& entry : entries) {
    fmt::print("{:>6}  {}  {}  {}{}  {}\n", entry.number, base::format_time(entry.at), entry.actor, entry.action,
               entry.target.empty() ? "" : "  " + entry.target, entry.outcome);
  }
  return kDone;
}

base::Result<int> run_verify(const Options& options) {
  TRY_ASSIGN(const auto log, open_log(options));
  TRY_ASSIGN(const access::AuditVerdict verdict, log->verify());
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(server::audit_verdict_json(verdict)));
  } else if (verdict.broken_at) {
    fmt::print("entry {} does not follow from those before it: the log was changed there, or before\n",
               *verdict.broken_at);
  } else {
    fmt::print("{} entries, each as it was written; the last has the hash {}\n", verdict.entries,
               verdict.last_hash.empty() ? "-" : verdict.last_hash);
  }
  return verdict.broken_at ? kFailed : kDone;
}

}  // namespace

void add_audit_command(CLI::App& program, Run& run) {
  CLI::App* command = program.add_subcommand("audit", "Who changed what over the API, and its keys");
  command->require_subcommand(1);
  command->footer(
      "\nEach entry has a hash over the one before: note the last one elsewhere, and nothing before it can be changed\n"
      "unseen.\n\nExamples:\n"
      "  tradeassist audit list --limit 20\n"
      "  tradeassist audit verify");
  auto options = std::make_shared<Options>();
  CLI::App* list = add_action(*command, run, options, "list", "The entries, the newest first", run_list);
  list->add_option("--limit", options->limit, "At most so many (default 100)")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  list->add_option("--before", options->before, "Those before this number")->type_name("N");
  add_action(*command, run, options, "verify", "Compute every hash again; exit code 1 when one is wrong", run_verify);
}

}  // namespace tradeassist::app
