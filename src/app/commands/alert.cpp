#include <fmt/format.h>

#include <boost/json.hpp>

#include "app/command.hpp"
#include "app/command_audit.hpp"
#include "base/json.hpp"
#include "monitor/alert_engine.hpp"
#include "server/routes/alert_json.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::string state = "open", severity, type;
  std::int64_t limit = 100, id = 0, minutes = 60;
};

base::Result<std::unique_ptr<monitor::AlertStore>> open_alerts(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  return monitor::AlertStore::open(app_address(loaded.config));
}

std::string seconds_only(base::Time time) { return base::format_time(std::chrono::floor<std::chrono::seconds>(time)); }

base::Result<int> run_list(const Options& options) {
  TRY_ASSIGN(const auto alerts, open_alerts(options));
  monitor::AlertFilter filter;
  filter.state = options.state == "all" ? "" : options.state;
  filter.severity = options.severity;
  filter.type = options.type;
  filter.limit = options.limit;
  TRY_ASSIGN(const auto listed, alerts->list(filter));
  const auto page = server::alert_page(listed, options.limit, base::now());
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(base::to_json(page)));
    return kDone;
  }
  if (page.alerts.empty()) fmt::print(stderr, "no alerts\n");
  for (const server::AlertModel& each : page.alerts) {
    fmt::print("{:>6}  {}  {:<8}  {:<12}  {:<24}  {}\n", each.id, seconds_only(each.raised_at), each.severity,
               each.state, each.type, each.message);
  }
  return kDone;
}

void print_alert(const server::AlertModel& alert) {
  const auto line = [](const char* name, const std::string& text) {
    if (!text.empty()) fmt::print("{:<14}{}\n", name, text);
  };
  const auto by = [](const std::optional<base::Time>& at, const std::optional<std::string>& who) {
    return at ? seconds_only(*at) + (who ? " by " + *who : "") : std::string();
  };
  line("alert", std::to_string(alert.id));
  line("type", alert.type);
  line("source", alert.source);
  line("severity", alert.severity);
  line("state", alert.state);
  line("message", alert.message);
  line("raised", seconds_only(alert.raised_at));
  line("last seen", seconds_only(alert.seen_at));
  line("occurrences", std::to_string(alert.occurrences));
  line("acknowledged", by(alert.acknowledged_at, alert.acknowledged_by));
  line("muted until", by(alert.muted_until, alert.muted_by));
  line("resolved", by(alert.resolved_at, std::nullopt));
  line("what to do", alert.runbook);
}

base::Result<int> run_show(const Options& options) {
  TRY_ASSIGN(const auto alerts, open_alerts(options));
  TRY_ASSIGN(const monitor::Alert alert, alerts->get(options.id));
  TRY_ASSIGN(const auto events, alerts->history(options.id, INT64_MAX, options.limit));
  const auto model = server::alert_model(alert, base::now());
  const auto history = server::history_page(events, options.limit);
  if (options.common.json) {
    boost::json::object out{{"alert", base::to_json(model)}, {"history", base::to_json(history)}};
    fmt::print("{}\n", base::json_text(out));
    return kDone;
  }
  print_alert(model);
  fmt::print("\n");
  for (const server::AlertEventModel& each : history.events) {
    fmt::print("{}  {:<14}{}{}\n", seconds_only(each.at), each.event, each.message,
               each.actor ? ", by " + *each.actor : "");
  }
  return kDone;
}

/// Makes a change, noted in the audit log as what is done over the API.
template <class Change>
base::Result<int> run_change(const Options& options, const char* action, Change change) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(CommandAudit audit, CommandAudit::begin(loaded.config));
  TRY_ASSIGN(const auto alerts, open_alerts(options));
  TRY_ASSIGN(const monitor::Alert alert, change(*alerts, base::now()));
  TRY(audit.done(action, fmt::format("alert {} ({}, {})", alert.id, alert.type, alert.source)));
  const auto model = server::alert_model(alert, base::now());
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(base::to_json(model)));
  } else {
    fmt::print("{}: {}{}\n", model.id, model.state,
               model.state == "muted" ? " until " + seconds_only(*model.muted_until) : "");
  }
  return kDone;
}

base::Result<int> run_acknowledge(const Options& options) {
  return run_change(options, "alert acknowledge",
                    [&](auto& alerts, base::Time now) { return monitor::acknowledge(alerts, options.id, who(), now); });
}

base::Result<int> run_mute(const Options& options) {
  return run_change(options, "alert mute", [&](auto& alerts, base::Time now) {
    return monitor::mute(alerts, options.id, now + std::chrono::minutes(options.minutes), who(), now);
  });
}

base::Result<int> run_unmute(const Options& options) {
  return run_change(options, "alert unmute",
                    [&](auto& alerts, base::Time now) { return monitor::unmute(alerts, options.id, who(), now); });
}

}  // namespace

void add_alert_command(CLI::App& program, Run& run) {
  CLI::App* command = program.add_subcommand("alert", "What is wrong with the server, or was");
  command->require_subcommand(1);
  command->footer(
      "\nA running server hears of what is changed here within seconds.\n"
      "\nExamples:\n"
      "  tradeassist alert list\n"
      "  tradeassist alert list --state all --type free_disk --json\n"
      "  tradeassist alert show 12\n"
      "  tradeassist alert acknowledge 12\n"
      "  tradeassist alert mute 12 --minutes 240");
  auto options = std::make_shared<Options>();
  CLI::App* list = add_action(*command, run, options, "list", "Alerts, the newest first", run_list);
  list->add_option("--state", options->state, "open (default), raised, acknowledged, muted, resolved or all")
      ->type_name("STATE")
      ->check(CLI::IsMember({"open", "raised", "acknowledged", "muted", "resolved", "all"}));
  list->add_option("--severity", options->severity, "warning or critical")
      ->type_name("SEVERITY")
      ->check(CLI::IsMember({"warning", "critical"}));
  list->add_option("--type", options->type, "Of one type, e.g. free_disk")->type_name("TYPE");
  list->add_option("--limit", options->limit, "At most so many (default 100)")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000));
  const auto add_one = [&](const char* name, const char* help, auto action) {
    CLI::App* added = add_action(*command, run, options, name, help, action);
    added->add_option("ID", options->id, "The alert's number")->required()->check(CLI::Range(1, INT32_MAX));
    return added;
  };
  add_one("show", "One alert, and what happened to it", run_show);
  add_one("acknowledge", "Say that somebody knows of it", run_acknowledge);
  CLI::App* mute = add_one("mute", "Tell nobody of it for a while", run_mute);
  mute->add_option("--minutes", options->minutes, "For how long (default 60)")
      ->type_name("N")
      ->check(CLI::Range(1, 366 * 24 * 60));
  add_one("unmute", "End its mute", run_unmute);
}

}  // namespace tradeassist::app
