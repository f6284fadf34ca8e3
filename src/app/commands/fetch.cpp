#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdio>

#include "app/command.hpp"
#include "app/schwab_parts.hpp"
#include "app/signals.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "feed/providers/fetch.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  std::string provider = "schwab", timeframe, from;
  std::vector<std::string> symbols;
  std::optional<std::string> to;
  bool extended_hours = false, again = false;
};

boost::json::value report_json(const std::vector<feed::SymbolFetch>& fetches) {
  boost::json::array symbols;
  for (const feed::SymbolFetch& fetch : fetches) {
    boost::json::object one{{"symbol", fetch.symbol},
                            {"inserted", fetch.stored.inserted},
                            {"corrected", fetch.stored.corrected},
                            {"unchanged", fetch.stored.unchanged},
                            {"calls", fetch.calls},
                            {"received", fetch.checked.received},
                            {"bad", fetch.checked.bad}};
    if (!fetch.note.empty()) one["note"] = fetch.note;
    if (fetch.error) {
      one["error"] =
          boost::json::object{{"code", base::to_string(fetch.error->code)}, {"message", fetch.error->message}};
    }
    symbols.push_back(std::move(one));
  }
  return boost::json::object{{"symbols", std::move(symbols)}};
}

void show(const feed::FetchProgress& progress) {
  // On one line that is drawn over, or as events of the log.
  if (is_terminal()) {
    fmt::print(stderr, "\r\x1b[K{} {:.0f} % {} {} bars {}", progress.symbol, progress.percent, progress.step,
               progress.bars, progress.detail.substr(0, 60));
    std::fflush(stderr);
  } else {
    base::log(progress.step == "waiting" ? base::LogLevel::kWarning : base::LogLevel::kInfo, "fetch",
              {{"symbol", progress.symbol},
               {"step", std::string(progress.step)},
               {"percent", fmt::format("{:.0f}", progress.percent)},
               {"bars", std::to_string(progress.bars)},
               {"detail", progress.detail}});
  }
}

base::Result<int> run_fetch(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  feed::FetchRequest request{options.symbols, {}, {}, base::now(), options.extended_hours, options.again};
  TRY_ASSIGN(request.timeframe, market::parse_timeframe(options.timeframe));
  TRY_ASSIGN(request.from, base::parse_time(options.from));
  if (options.to) { TRY_ASSIGN(request.to, base::parse_time(*options.to)); }
  std::stop_source stop;
  const SignalGuard signals([&stop] { stop.request_stop(); });
  TRY_ASSIGN(const auto schwab, SchwabParts::make(loaded.config));
  TRY_ASSIGN(const auto store, open_market(loaded.config));
  const auto fetched =
      feed::fetch_bars(*store, schwab->history, schwab->guard, schwab->clock, request, stop.get_token(), show);
  if (is_terminal()) fmt::print(stderr, "\r\x1b[K");
  if (!fetched) return std::unexpected(fetched.error());
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(report_json(*fetched)));
  } else {
    for (const feed::SymbolFetch& fetch : *fetched) fmt::print("{}\n", feed::describe(fetch));
  }
  const bool failed = std::ranges::any_of(*fetched, [](const auto& fetch) { return fetch.error.has_value(); });
  return failed ? kFailed : kDone;
}

}  // namespace

void add_fetch_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("fetch", "Bring bars that are missing from a provider");
  command->add_option("--provider", options->provider, "Where from")
      ->type_name("NAME")
      ->check(CLI::IsMember({"schwab"}))
      ->capture_default_str();
  command->add_option("--symbols", options->symbols, "Instruments, with commas between them")
      ->required()
      ->delimiter(',')
      ->type_name("S,S,…");
  command->add_option("--timeframe", options->timeframe, "1m, 5m, 10m, 15m, 30m, 1d, 1w or 1M of Schwab")
      ->required()
      ->type_name("T")
      ->check(is_timeframe());
  command->add_option("--from", options->from, "First time (RFC 3339 or a date)")
      ->required()
      ->type_name("T")
      ->check(is_time());
  command->add_option("--to", options->to, "End, exclusive; now, when it is not given")
      ->type_name("T")
      ->check(is_time());
  command->add_flag("--extended-hours", options->extended_hours, "Bars before and after the regular session too");
  command->add_flag("--again", options->again, "Ask also for what is stored: corrections replace it");
  command->add_flag("--json", options->common.json, "Print the result as JSON");
  options->common.add_to(*command);
  command->footer(
      "\nAsks only for what is missing, so it can be stopped and started again; each chunk is stored when it comes. A\n"
      "symbol that fails does not stop the others, but the command then ends with 1.\n"
      "\nExamples:\n"
      "  tradeassist fetch --symbols SPY,QQQ --timeframe 5m --from 2025-01-01\n"
      "  tradeassist fetch --provider schwab --symbols SPY --timeframe 1d --from 1990-01-01 --to 2020-01-01 --json");
  command->callback([options, &run] { run = [options] { return run_fetch(*options); }; });
}

}  // namespace tradeassist::app
