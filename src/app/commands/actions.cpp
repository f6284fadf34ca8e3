#include <fmt/format.h>

#include <boost/json/object.hpp>

#include "app/command.hpp"
#include "app/command_audit.hpp"
#include "base/json.hpp"
#include "feed/action_file.hpp"
#include "market/date_text.hpp"
#include "report/corporate_actions_report.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::string symbol, ex_date, kind, file;
  double value = 0;
};

base::Result<int> print_counts(const Options& options, const store::ActionCounts& counts) {
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(boost::json::object{
                           {"added", counts.added}, {"changed", counts.changed}, {"unchanged", counts.unchanged}}));
  } else {
    fmt::print("{} added, {} changed, {} unchanged\n", counts.added, counts.changed, counts.unchanged);
  }
  return kDone;
}

base::Result<int> run_add(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  store::ActionOf action{.symbol = options.symbol};
  TRY_ASSIGN(action.action.ex_date, market::parse_date(options.ex_date));
  TRY_ASSIGN(action.action.kind, market::parse_action_kind(options.kind));
  action.action.value = options.value;
  TRY_ASSIGN(CommandAudit audit, CommandAudit::begin(loaded.config));
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  TRY_ASSIGN(const store::ActionCounts counts,
             store->put_corporate_actions(std::span(&action, 1), "command line", who()));
  TRY(audit.done("actions add", fmt::format("{} of {} on {}", options.kind, options.symbol, options.ex_date)));
  return print_counts(options, counts);
}

base::Result<int> run_list(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  TRY_ASSIGN(const auto actions, store->corporate_actions(options.symbol));
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(report::stored_actions_json(actions)));
  } else if (actions.empty()) {
    fmt::print(stderr, "{} has no splits or dividends\n", options.symbol);
  } else {
    fmt::print("{}", report::stored_actions_text(actions));
  }
  return kDone;
}

base::Result<int> run_remove(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const std::int64_t ex_date, market::parse_date(options.ex_date));
  TRY_ASSIGN(const auto kind, market::parse_action_kind(options.kind));
  TRY_ASSIGN(CommandAudit audit, CommandAudit::begin(loaded.config));
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  TRY(store->remove_corporate_action(options.symbol, ex_date, kind, who()));
  TRY(audit.done("actions remove", fmt::format("{} of {} on {}", options.kind, options.symbol, options.ex_date)));
  fmt::print("the {} of {} on {} is removed\n", options.kind, options.symbol, options.ex_date);
  return kDone;
}

/// All of a file, or nothing of it.
base::Result<int> run_import(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const feed::ActionFile file, feed::read_actions(options.file, options.symbol));
  if (file.bad_count > 0) {
    for (const std::string& line : file.bad_lines) fmt::print(stderr, "{}\n", line);
    return base::failure(
        base::ErrorCode::kInvalidArgument,
        fmt::format("{} has {}, and nothing of it was stored; correct the file and import it again", options.file,
                    file.bad_count == 1 ? "a bad line" : fmt::format("{} bad lines", file.bad_count)));
  }
  TRY_ASSIGN(CommandAudit audit, CommandAudit::begin(loaded.config));
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  const std::string source = std::filesystem::path(options.file).filename().string();
  TRY_ASSIGN(const store::ActionCounts counts, store->put_corporate_actions(file.actions, source, who()));
  TRY(audit.done("actions import", source));
  return print_counts(options, counts);
}

CLI::App* add_subcommand(CLI::App& actions, Run& run, const char* name, const char* help,
                         base::Result<int> (*work)(const Options&), const std::shared_ptr<Options>& options) {
  CLI::App* command = actions.add_subcommand(name, help);
  command->callback([options, work, &run] { run = [options, work] { return work(*options); }; });
  return command;
}

void add_action_options(CLI::App& command, const std::shared_ptr<Options>& options) {
  command.add_option("--symbol", options->symbol, "Instrument")->required()->type_name("S");
  command.add_option("--ex-date", options->ex_date, "The first trade date without it, as 2020-08-31")
      ->required()
      ->type_name("DATE");
  command.add_option("--kind", options->kind, "split or dividend")
      ->required()
      ->type_name("KIND")
      ->check(CLI::IsMember({"split", "dividend"}));
}

}  // namespace

void add_actions_command(CLI::App& program, Run& run) {
  CLI::App* actions = program.add_subcommand("actions", "Splits and dividends, for adjusting prices");
  actions->require_subcommand(1);
  actions->footer(
      "\nPrices stay as they traded; `tradeassist bars --price-adjustment` shows them adjusted.\n"
      "\nExamples:\n"
      "  tradeassist actions add --symbol AAPL --ex-date 2020-08-31 --kind split --value 4\n"
      "  tradeassist actions import dividends.csv --symbol AAPL\n"
      "  tradeassist actions list --symbol AAPL");

  auto added = std::make_shared<Options>();
  CLI::App* add = add_subcommand(*actions, run, "add", "Add one, or give it another value", run_add, added);
  add_action_options(*add, added);
  add->add_option("--value", added->value, "Of a split new shares for one old, 4 or 0.1; of a dividend cash per share")
      ->required()
      ->type_name("X");
  add->add_flag("--json", added->common.json, "Print as JSON");
  added->common.add_to(*add);
  add->footer("\nExample:\n  tradeassist actions add --symbol AAPL --ex-date 2020-08-07 --kind dividend --value 0.82");

  auto listed = std::make_shared<Options>();
  CLI::App* list = add_subcommand(*actions, run, "list", "List those of an instrument", run_list, listed);
  list->add_option("--symbol", listed->symbol, "Instrument")->required()->type_name("S");
  list->add_flag("--json", listed->common.json, "Print as JSON");
  listed->common.add_to(*list);
  list->footer("\nExample:\n  tradeassist actions list --symbol AAPL");

  auto removed = std::make_shared<Options>();
  CLI::App* remove = add_subcommand(*actions, run, "remove", "Remove one", run_remove, removed);
  add_action_options(*remove, removed);
  removed->common.add_to(*remove);
  remove->footer("\nExample:\n  tradeassist actions remove --symbol AAPL --ex-date 2020-08-31 --kind split");

  auto imported = std::make_shared<Options>();
  CLI::App* import =
      add_subcommand(*actions, run, "import", "Import a CSV file, all of it or nothing", run_import, imported);
  import->add_option("FILE", imported->file, "CSV with the columns ex_date, kind, value, and symbol")->required();
  import->add_option("--symbol", imported->symbol, "Instrument of the lines that name none")->type_name("S");
  import->add_flag("--json", imported->common.json, "Print as JSON");
  imported->common.add_to(*import);
  import->footer("\nExample:\n  tradeassist actions import actions.csv --symbol AAPL");
}

}  // namespace tradeassist::app
