#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "app/command.hpp"
#include "app/signals.hpp"
#include "feed/providers/files/watch_folder.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::string folder, symbol, pattern, timeframe;
  feed::FolderRules rules;
  bool once = false;
};

void show(const feed::WatchedFile& file) {
  if (file.error) {
    fmt::print(stderr, "{}: {}\n", file.name, file.error->message);
  } else {
    for (const feed::ImportReport& report : file.reports) fmt::print("{}", feed::describe(report));
  }
  std::fflush(stdout);
}

base::Result<int> run_watch(Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  feed::FolderRules& rules = options.rules;
  rules.symbol = options.symbol;
  if (!options.pattern.empty()) { TRY_ASSIGN(rules.pattern, feed::NamePattern::parse(options.pattern)); }
  rules.import.csv.ticks_if_clear = true;
  if (!options.timeframe.empty()) { TRY_ASSIGN(rules.timeframe, market::parse_timeframe(options.timeframe)); }
  std::stop_source stop;
  const SignalGuard signals([&stop] { stop.request_stop(); });
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  feed::SystemClock clock;
  const auto journal = std::filesystem::path(loaded.config.data_directory) / "watch.jsonl";
  TRY_ASSIGN(feed::FolderWatch watch, feed::FolderWatch::open(*store, clock, options.folder, journal, rules));
  bool failed = false;
  const feed::WatchHook hook = [&](const feed::WatchedFile& file) {
    failed = failed || file.error.has_value();
    show(file);
  };
  if (!options.once) {
    TRY(watch.run(hook, stop.get_token()));
    return kDone;
  }
  do {
    TRY(watch.scan(hook, stop.get_token()));
  } while (watch.is_waiting() && clock.sleep(rules.settle, stop.get_token()));
  return failed ? kFailed : kDone;
}

}  // namespace

void add_watch_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("watch", "Import the CSV files of a folder, of bars or ticks, as they come and change");
  command->add_option("FOLDER", options->folder, "Folder; its files may be packed with gzip or zip")->required();
  auto* symbol = command->add_option("--symbol", options->symbol, "Instrument of every file")->type_name("S");
  auto* pattern = command
                      ->add_option("--symbol-from-name", options->pattern,
                                   "What names look like: {symbol}, {timeframe} and * for anything")
                      ->type_name("PATTERN");
  symbol->excludes(pattern);
  auto* timeframe = command->add_option("--timeframe", options->timeframe, "1m, 5m, 1h, 1d, …; where names tell none")
                        ->type_name("T")
                        ->check(is_timeframe());
  command
      ->add_flag("--ticks", options->rules.import.csv.ticks,
                 "The files hold trades or quotes; needed only where they might be bars")
      ->excludes(timeframe);
  command->add_option("--timezone", options->rules.import.csv.time_zone, "Time zone of stamps that carry none (IANA)")
      ->type_name("TZ");
  command->add_option("--source", options->rules.import.source, "Where the bars come from")
      ->type_name("NAME")
      ->capture_default_str();
  command->add_flag("--once", options->once, "Import what is there, then end");
  options->common.add_to(*command);
  command->footer(
      "\nA file is imported when it has not changed for two seconds, and again when its content changes. Files stay "
      "where\n"
      "they are; watch.jsonl in the data directory remembers them.\n"
      "\nExamples:\n"
      "  tradeassist watch incoming --symbol-from-name '{symbol}_{timeframe}.csv'\n"
      "  tradeassist watch downloads --symbol SPY --timeframe 1m --timezone America/New_York --once");
  command->callback([options, &run] { run = [options] { return run_watch(*options); }; });
}

}  // namespace tradeassist::app
