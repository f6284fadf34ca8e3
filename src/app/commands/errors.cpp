#include <fmt/format.h>

#include <boost/json.hpp>

#include "app/command.hpp"
#include "app/command_audit.hpp"
#include "base/json.hpp"
#include "diagnostics/error_store.hpp"
#include "server/routes/error_models.hpp"

namespace tradeassist::app {
namespace {

using diagnostics::ErrorState;

struct Options {
  CommonOptions common;
  std::string id, state, cursor;
  std::int64_t limit = 100;
};

base::Result<std::unique_ptr<diagnostics::ErrorStore>> open_errors(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  return diagnostics::ErrorStore::open(app_address(loaded.config));
}

void print_group(const diagnostics::ErrorGroup& group) {
  fmt::print("{}  {:<9}{:>8}  {}  {}{}\n", group.id, to_string(group.state), group.count,
             base::format_time(std::chrono::floor<std::chrono::seconds>(group.last_seen)), group.message,
             group.place.empty() ? "" : "  (" + group.place + ")");
}

base::Result<int> run_list(const Options& options) {
  TRY_ASSIGN(const auto store, open_errors(options));
  std::optional<ErrorState> state;
  if (!options.state.empty()) { TRY_ASSIGN(state, diagnostics::parse_error_state(options.state)); }
  TRY_ASSIGN(const diagnostics::ErrorPage page, store->list(state, options.limit, options.cursor));
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(base::to_json(server::error_groups_answer(page))));
    return kDone;
  }
  for (const diagnostics::ErrorGroup& group : page.groups) print_group(group);
  if (page.groups.empty()) fmt::print("no errors\n");
  return kDone;
}

base::Result<int> run_show(const Options& options) {
  TRY_ASSIGN(const auto store, open_errors(options));
  TRY_ASSIGN(const diagnostics::ErrorGroup group, store->get(options.id));
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(base::to_json(server::error_group_answer(group))));
    return kDone;
  }
  print_group(group);
  fmt::print("first seen {}, last seen {} by version {}\nthe last one: {}\n", base::format_time(group.first_seen),
             base::format_time(group.last_seen), group.version, group.sample);
  return kDone;
}

base::Result<int> run_move(const Options& options, ErrorState state) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(CommandAudit audit, CommandAudit::begin(loaded.config));
  TRY_ASSIGN(const auto store, diagnostics::ErrorStore::open(app_address(loaded.config)));
  TRY_ASSIGN(const diagnostics::ErrorGroup group, store->set_state(options.id, state));
  TRY(audit.done(fmt::format("errors {}", to_string(state)), options.id));
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(base::to_json(server::error_group_answer(group))));
  } else {
    print_group(group);
  }
  return kDone;
}

}  // namespace

void add_errors_command(CLI::App& program, Run& run) {
  CLI::App* command = program.add_subcommand("errors", "Errors of servers and workers, by what happened where");
  command->require_subcommand(1);
  command->footer(
      "\nExamples:\n"
      "  tradeassist errors list --state open\n"
      "  tradeassist errors resolve 0123456789abcdef");
  auto options = std::make_shared<Options>();
  CLI::App* list = add_action(*command, run, options, "list", "Groups of errors, those seen last first", run_list);
  list->add_option("--state", options->state, "open, resolved or ignored")
      ->type_name("STATE")
      ->check(CLI::IsMember({"open", "resolved", "ignored"}));
  list->add_option("--limit", options->limit, "At most so many (default 100)")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  list->add_option("--cursor", options->cursor, "Those after the page that gave it")->type_name("TEXT");
  const auto add_id = [&](CLI::App* action) { action->add_option("id", options->id, "The group")->required(); };
  add_id(add_action(*command, run, options, "show", "One group with its last error", run_show));
  const auto moves_to = [](ErrorState state) { return [state](const Options& its) { return run_move(its, state); }; };
  add_id(add_action(*command, run, options, "resolve", "Mark as mended; open again when it comes again",
                    moves_to(ErrorState::kResolved)));
  add_id(add_action(*command, run, options, "ignore", "Mark as not to be looked at", moves_to(ErrorState::kIgnored)));
  add_id(add_action(*command, run, options, "reopen", "Take either mark back", moves_to(ErrorState::kOpen)));
}

}  // namespace tradeassist::app
