#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "app/command.hpp"
#include "app/script_options.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "pine/catalogue.hpp"
#include "pine/indicators/indicator_script.hpp"
#include "report/indicator_report.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  ScriptOptions bars;
  std::vector<std::string> indicators, expressions;
  std::string script, format = "csv", output = "-";
  std::optional<std::int64_t> last;
  bool json = false;
};

bool is_name(std::string_view text) {
  return !text.empty() && (text.front() < '0' || text.front() > '9') &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
             std::string_view::npos;
}

/// Cuts "name = rest" in two; the name is empty where the text does not begin so ("a == b" does not).
std::pair<std::string, std::string> name_and_rest(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || text.substr(equals).starts_with("==")) return {"", text};
  const std::string name(base::trim(text.substr(0, equals)));
  if (!is_name(name)) return {"", text};
  return {name, text.substr(equals + 1)};
}

/// The parts between the commas that are in no brackets and no string.
std::vector<std::string> split_outside_brackets(std::string_view text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '(' || c == '[') {
      ++depth;
    } else if (c == ')' || c == ']') {
      --depth;
    }
    if (c == ',' && depth == 0 && quote == 0) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

/// "bb:length=20,mult=2.5", or "name = bb:length=20".
base::Result<pine::IndicatorCall> parse_indicator(const std::string& text) {
  pine::IndicatorCall call;
  const std::size_t colon = std::min(text.find(':'), text.size());
  const auto [as, name] = name_and_rest(text.substr(0, colon));
  call.as = as;
  call.name = base::trim(name);
  call.place = "--indicator " + text;
  call.parameter_place = "--indicator " + call.name + ": ";
  if (colon == text.size()) return call;
  for (const std::string& part : split_outside_brackets(std::string_view(text).substr(colon + 1))) {
    auto [parameter, value] = name_and_rest(part);
    if (parameter.empty()) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           fmt::format("--indicator {}: '{}' is not PARAMETER=VALUE", call.name, base::trim(part)));
    }
    call.parameters[parameter] = base::trim(value);
  }
  return call;
}

base::Error error_of(const std::vector<pine::IndicatorError>& errors) {
  std::string text;
  for (const pine::IndicatorError& error : errors) {
    if (!text.empty()) text += "\nerror: ";
    text += error.place;
    if (error.line > 0) text += fmt::format(":{}:{}", error.line, error.column);
    text += (text.empty() || text.ends_with(' ') ? "" : ": ") + error.message;
    if (!error.hint.empty()) text += " (" + error.hint + ")";
  }
  return {base::ErrorCode::kInvalidArgument, text};
}

base::Result<pine::IndicatorScript> make_script(const Options& options, const base::Config& config) {
  pine::IndicatorResult<pine::IndicatorScript> script;
  if (!options.script.empty()) {
    TRY_ASSIGN(std::string text, pine::read_script(options.script));
    script = pine::read_indicator_script(std::move(text), options.script, libraries_of(options.script, config));
  } else {
    std::vector<pine::IndicatorCall> indicators;
    for (const std::string& text : options.indicators) {
      TRY_ASSIGN(pine::IndicatorCall call, parse_indicator(text));
      indicators.push_back(std::move(call));
    }
    std::vector<pine::ExpressionCall> expressions;
    for (const std::string& text : options.expressions) {
      auto [as, source] = name_and_rest(text);
      source = std::string(base::trim(source));
      const std::string place = "--expression " + source;
      expressions.push_back({std::move(source), std::move(as), place});
    }
    script = pine::make_indicator_script(indicators, expressions);
  }
  if (!script) return std::unexpected(error_of(script.error()));
  return std::move(*script);
}

base::Result<int> run_compute(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const pine::IndicatorScript script, make_script(options, loaded.config));
  // All bars before the range are read too: they warm the indicators up.
  ScriptOptions all = options.bars;
  all.from.reset();
  TRY_ASSIGN(const Script bars, load_bars(all, loaded.config));
  std::size_t first_bar = 0;
  if (options.bars.from) {
    TRY_ASSIGN(const base::Time from, base::parse_time(*options.bars.from));
    first_bar = bars.series->lower_bound(from);
  }
  const std::size_t size = bars.series->size();
  if (options.last) first_bar = size - std::min(size, static_cast<std::size_t>(*options.last));

  store::BarAnswer answer{bars.instrument, bars.origin, bars.timeframe, *bars.series, {}};
  if (first_bar == size) {
    answer.empty_reason =
        "the last bar is of " + base::format_time(base::time_from_nanoseconds(bars.series->time.back()));
    fmt::print(stderr, "no bars: {}\n", answer.empty_reason);
  }
  backtest::RunRequest run;
  run.series = bars.series.get();
  run.instrument = bars.instrument;
  run.timeframe = bars.timeframe;
  run.source = bars.source;
  const auto columns = backtest::compute_indicators(script, std::move(run), first_bar);
  if (!columns) return std::unexpected(error_of({pine::locate_error(script, columns.error())}));
  for (const std::string& warning : columns->warnings) fmt::print(stderr, "warning: {}\n", warning);
  const report::IndicatorReport report{answer, script, *columns};
  TRY(write_file(options.output, options.format == "csv" ? report::indicators_csv(report)
                                                         : report::indicators_json(report, false) + "\n"));
  return kDone;
}

base::Result<int> run_list(const Options& options) {
  if (options.json) {
    boost::json::array list;
    for (const auto& definition : pine::indicator_definitions()) list.push_back(report::indicator_json(definition));
    fmt::print("{}\n", base::json_text(list));
  } else {
    fmt::print("{}", report::indicators_table());
  }
  return kDone;
}

void add_compute_command(CLI::App& indicators, const std::shared_ptr<Options>& options, Run& run) {
  CLI::App* command = indicators.add_subcommand("compute", "Values of indicators and Pine expressions over bars");
  auto* named = command->add_option("--indicator", options->indicators, "An indicator of the list, and its parameters")
                    ->type_name("[AS=]NAME[:PARAMETER=VALUE,…]")
                    ->allow_extra_args(false);
  auto* written =
      command->add_option("--expression", options->expressions, "A line of Pine that gives a number or bool")
          ->type_name("[AS=]PINE")
          ->allow_extra_args(false);
  command->add_option("--script", options->script, "A whole script; its plots are the columns")
      ->type_name("FILE")
      ->excludes(named)
      ->excludes(written);
  options->bars.add_bars_to(*command);
  command->add_option("--last", options->last, "The newest N bars")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000'000))
      ->excludes("--from")
      ->excludes("--to");
  command->add_option("--format", options->format, "csv or json")
      ->type_name("NAME")
      ->check(CLI::IsMember({"csv", "json"}))
      ->capture_default_str();
  command->add_option("-o,--output", options->output, "File to write; - is standard output")->type_name("FILE");
  options->common.add_to(*command);
  command->footer(
      "\nBars before the range are read too and warm the indicators up: a value does not depend on where it begins.\n"
      "\nExamples:\n"
      "  tradeassist indicators compute --symbol SPY --timeframe 1d --expression 'ta.rsi(close, 14)' --last 5\n"
      "  tradeassist indicators compute --csv spy.csv --indicator bb:length=20,mult=2.5 --indicator macd\n"
      "  tradeassist indicators compute --csv spy.csv --expression 'up = close > open' -o up.csv");
  command->callback([options, &run] {
    options->bars.require_bars();
    if (options->script.empty() && options->indicators.empty() && options->expressions.empty())
      throw CLI::RequiredError("what to compute, --indicator, --expression or --script,");
    run = [options] { return run_compute(*options); };
  });
}

}  // namespace

void add_indicators_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("indicators", "List the indicators, or compute them over bars");
  command->add_flag("--json", options->json, "Print the list as JSON");
  command->require_subcommand(0, 1);
  add_compute_command(*command, options, run);
  command->footer(
      "\nExamples:\n"
      "  tradeassist indicators\n"
      "  tradeassist indicators --json\n"
      "  tradeassist indicators compute --symbol SPY --timeframe 1d --indicator rsi:length=7 --last 10");
  command->callback([options, command, &run] {
    if (command->get_subcommands().empty()) run = [options] { return run_list(*options); };
  });
}

}  // namespace tradeassist::app
