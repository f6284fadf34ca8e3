#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "app/command.hpp"
#include "app/command_audit.hpp"
#include "base/json.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::string symbol, timeframe, source;
  bool deleted = false;
  std::int64_t limit = 100;
};

base::Result<int> run_instruments(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  TRY_ASSIGN(const auto instruments, options.deleted ? store->list_deleted_instruments() : store->list_instruments());
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(base::to_json(instruments)));
    return kDone;
  }
  for (const market::Instrument& each : instruments) {
    fmt::print("{:<16}{:<8}{:<10}{:<22}{}\n", each.symbol, each.asset_class, each.currency, each.time_zone, each.name);
  }
  return kDone;
}

/// The one series that is meant; its time frame may be written in any way.
base::Result<std::int64_t> find_series(store::MarketStore& store, const Options& options) {
  std::optional<market::Timeframe> timeframe;
  if (!options.timeframe.empty()) { TRY_ASSIGN(timeframe, market::parse_timeframe(options.timeframe)); }
  TRY_ASSIGN(const auto all, store.list_series({.symbol = options.symbol, .with_deleted = true}));
  std::optional<std::int64_t> found;
  std::string choices;
  for (const store::SeriesInfo& series : all) {
    const std::string name = market::to_string(series.key.timeframe);
    choices += fmt::format("{}{} {}", choices.empty() ? "" : ", ", name, series.key.source);
    if (timeframe && market::to_string(*timeframe) != name) continue;
    if (!options.source.empty() && options.source != series.key.source) continue;
    if (found) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           "several series of " + options.symbol + " fit; give --timeframe and --source");
    }
    found = series.id;
  }
  if (found) return *found;
  return base::failure(base::ErrorCode::kNotFound, fmt::format("{} has no such series; there are: {}", options.symbol,
                                                               choices.empty() ? "none" : choices));
}

base::Result<int> run_change(const Options& options, bool deletes) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(CommandAudit audit, CommandAudit::begin(loaded.config));
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  if (options.timeframe.empty() && options.source.empty()) {
    TRY(deletes ? store->delete_instrument(options.symbol, who()) : store->restore_instrument(options.symbol, who()));
  } else {
    TRY_ASSIGN(const std::int64_t id, find_series(*store, options));
    TRY(deletes ? store->delete_series(id, who()) : store->restore_series(id, who()));
  }
  std::string target = options.symbol;
  if (!options.timeframe.empty()) target += " " + options.timeframe;
  if (!options.source.empty()) target += " " + options.source;
  TRY(audit.done(deletes ? "delete" : "restore", target));
  fmt::print("{} {}\n", options.symbol, deletes ? "is deleted; `tradeassist restore` brings it back" : "is restored");
  return kDone;
}

boost::json::value value_or_null(const std::string& text) {
  if (text.empty()) return nullptr;
  return base::parse_json(text).value_or(boost::json::value(text));
}

base::Result<int> run_history(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  TRY_ASSIGN(const auto entries, store->history({.symbol = options.symbol, .limit = options.limit}));
  boost::json::array rows;
  for (const store::HistoryEntry& entry : entries) {
    if (options.common.json) {
      rows.push_back(boost::json::object{{"at", base::to_json(entry.at)},
                                         {"action", entry.action},
                                         {"symbol", entry.symbol},
                                         {"timeframe", entry.timeframe},
                                         {"source", entry.source},
                                         {"before", value_or_null(entry.before)},
                                         {"after", value_or_null(entry.after)},
                                         {"by", entry.by}});
      continue;
    }
    fmt::print("{}  {:<15}{} {} {} by {}\n", base::format_time(entry.at), entry.action, entry.symbol, entry.timeframe,
               entry.source, entry.by);
    if (!entry.before.empty()) fmt::print("    before {}\n", entry.before);
    if (!entry.after.empty()) fmt::print("    after  {}\n", entry.after);
  }
  if (options.common.json) fmt::print("{}\n", base::json_text(rows));
  return kDone;
}

CLI::App* add_delete_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("delete", "Hide an instrument or one of its series; nothing stored is removed");
  command->add_option("--symbol", options->symbol, "Instrument")->required()->type_name("S");
  command->add_option("--timeframe", options->timeframe, "Only its series of this timeframe")
      ->type_name("T")
      ->check(is_timeframe());
  command->add_option("--source", options->source, "Only its series from there")->type_name("NAME");
  options->common.add_to(*command);
  command->callback([options, &run] { run = [options] { return run_change(*options, true); }; });
  return command;
}

}  // namespace

base::Result<int> bring_back(const CommonOptions& common, const std::string& symbol, const std::string& timeframe,
                             const std::string& source) {
  return run_change({.common = common, .symbol = symbol, .timeframe = timeframe, .source = source}, false);
}

void add_instrument_commands(CLI::App& program, Run& run) {
  auto list = std::make_shared<Options>();
  CLI::App* instruments = program.add_subcommand("instruments", "List the instruments");
  instruments->add_flag("--deleted", list->deleted, "Those that are deleted");
  instruments->add_flag("--json", list->common.json, "Print as JSON");
  list->common.add_to(*instruments);
  instruments->footer("\nExample:\n  tradeassist instruments --deleted");
  instruments->callback([list, &run] { run = [list] { return run_instruments(*list); }; });

  add_delete_command(program, run)
      ->footer(
          "\nExamples:\n  tradeassist delete --symbol SPY\n  tradeassist delete --symbol SPY --timeframe 1m --source "
          "csv");

  auto past = std::make_shared<Options>();
  CLI::App* history = program.add_subcommand("history", "What was done to an instrument and its series, and by whom");
  history->add_option("--symbol", past->symbol, "Instrument")->required()->type_name("S");
  history->add_option("--limit", past->limit, "The newest N changes")->type_name("N")->check(CLI::Range(1, 1'000));
  history->add_flag("--json", past->common.json, "Print as JSON");
  past->common.add_to(*history);
  history->footer("\nExample:\n  tradeassist history --symbol SPY");
  history->callback([past, &run] { run = [past] { return run_history(*past); }; });
}

}  // namespace tradeassist::app
