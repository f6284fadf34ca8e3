#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <stop_token>

#include "app/command.hpp"
#include "app/research_parts.hpp"
#include "app/result_file.hpp"
#include "app/script_options.hpp"
#include "app/signals.hpp"
#include "base/json.hpp"
#include "report/backtest_report.hpp"
#include "research/draft.hpp"
#include "research/explain.hpp"
#include "research/ranges.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  ScriptOptions script;               // of draft: which bars
  std::string subject;                // a result's file, a strategy, a description
  std::optional<std::string> output;  // of draft
  int rounds = 0;
};

/// A stop that SIGINT and SIGTERM ask for.
class StopOnSignal {
 public:
  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  SignalGuard guard_{[source = source_]() mutable { source.request_stop(); }};
};

/// As a shell reads it: one word.
std::string in_quotes(const std::string& text) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_=:.,-";
  if (text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

void tell_usage(const research::ChatUsage& usage, const ResearchParts& parts) {
  fmt::print(stderr, "{} tokens of {}: {} sent, {} answered\n", usage.total(), parts.client->name(), usage.input,
             usage.output);
}

void tell_round(int round, std::string_view wrong) {
  if (wrong.empty()) return;
  fmt::print(stderr, "round {}: {}\n", round, wrong);
}

base::Result<int> run_explain(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const boost::json::object result, read_result(options.subject));
  const StopOnSignal stop;
  TRY_ASSIGN(const auto parts, ResearchParts::make(loaded.config));
  const auto show = [](std::string_view piece) {
    fmt::print("{}", piece);
    std::fflush(stdout);
  };
  const research::OnText on_text = options.common.json ? research::OnText() : research::OnText(show);
  TRY_ASSIGN(const research::Explanation made, research::explain(result, parts->client->chat(), on_text, stop.token()));
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(research::explanation_json(made)));
    return kDone;
  }
  fmt::print("\n\nWritten by {} from these figures:\n\n{}", parts->client->name(), made.figures);
  if (made.is_cut) fmt::print(stderr, "warning: the answer was cut off at research_answer_tokens\n");
  if (!made.without_figure.empty()) {
    fmt::print(stderr, "warning: the text has numbers that are none of the figures: {}\n",
               fmt::join(made.without_figure, " "));
  }
  tell_usage(made.usage, *parts);
  return kDone;
}

base::Result<int> run_ranges(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const pine::Compilation script, compile_strategy(options.subject, loaded.config));
  const StopOnSignal stop;
  TRY_ASSIGN(const auto parts, ResearchParts::make(loaded.config));
  TRY_ASSIGN(const research::ProposedRanges made, research::propose_ranges(*script.program, parts->client->chat(),
                                                                           options.rounds, tell_round, stop.token()));
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(research::ranges_json(made)));
    return kDone;
  }
  for (const std::string& text : made.parameters) fmt::print("--param {}\n", in_quotes(text));
  for (const std::string& text : made.constraints) fmt::print("--constraint {}\n", in_quotes(text));
  if (!made.reason.empty()) fmt::print(stderr, "{}\n", made.reason);
  tell_usage(made.usage, *parts);
  return kDone;
}

base::Result<int> run_draft(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(const Script bars, load_bars(options.script, loaded.config));
  const StopOnSignal stop;
  TRY_ASSIGN(const auto parts, ResearchParts::make(loaded.config));
  TRY_ASSIGN(const research::Draft made,
             research::draft_strategy(options.subject, {bars.series, bars.instrument, bars.timeframe, bars.source},
                                      parts->client->chat(), options.rounds, tell_round, stop.token()));
  tell_usage(made.usage, *parts);
  if (made.works && options.output) TRY(write_file(*options.output, made.pine));
  if (options.common.json) {
    fmt::print("{}\n", base::json_text(research::draft_json(made)));
    return made.works ? kDone : kFailed;
  }
  if (!made.works) {
    return base::failure(
        base::ErrorCode::kFailedPrecondition,
        fmt::format("none of {} drafts compiled, ran and traded; nothing was written", made.rounds.size()));
  }
  for (const std::string& warning : made.warnings) fmt::print(stderr, "warning: {}\n", warning);
  if (options.output != "-") {
    fmt::print("{} on {} {}, {} bars, written by {} in {} rounds\n\n{}", options.output.value_or("the draft"),
               bars.instrument.symbol, market::to_string(bars.timeframe), bars.series->size(), parts->client->name(),
               made.rounds.size(), report::metrics_table(*made.metrics, bars.instrument.currency));
    fmt::print("\nOne run over bars that the model was tried on says little; `tradeassist optimize` asks for more.\n");
  }
  return kDone;
}

CLI::App* add_one(CLI::App& group, Run& run, const std::shared_ptr<Options>& options, const char* name,
                  const char* help, base::Result<int> (*action)(const Options&)) {
  CLI::App* command = group.add_subcommand(name, help);
  command->add_flag("--json", options->common.json, "Print as JSON");
  options->common.add_to(*command);
  command->callback([options, action, &run] { run = [options, action] { return action(*options); }; });
  return command;
}

void add_rounds(CLI::App& command, Options& options, int otherwise) {
  options.rounds = otherwise;
  command.add_option("--rounds", options.rounds, "Most answers of the model")
      ->type_name("N")
      ->check(CLI::Range(1, research::kRoundsMax))
      ->capture_default_str();
}

}  // namespace

void add_research_command(CLI::App& program, Run& run) {
  CLI::App* group = program.add_subcommand(
      "research", "Have a model explain results, propose ranges, draft strategies (off until configured)");
  group->require_subcommand(1);
  group->footer(
      "\nA provider has to be chosen, with research_provider: anthropic, openai, perplexity, or ollama, which runs "
      "here;\n"
      "its key is read from ANTHROPIC_API_KEY, OPENAI_API_KEY, PERPLEXITY_API_KEY, or a file. What is sent: of a "
      "result\n"
      "its figures, of a strategy its script, of a draft what you ask for.");

  const auto explain = std::make_shared<Options>();
  CLI::App* command =
      add_one(*group, run, explain, "explain", "A text on a result, from its figures alone", run_explain);
  command->add_option("RESULT", explain->subject, "Written by optimize --json or backtest --report")
      ->type_name("FILE")
      ->required();
  command->footer("\nExample:\n  tradeassist research explain result.json");

  const auto ranges = std::make_shared<Options>();
  command = add_one(*group, run, ranges, "ranges", "What a search could vary, as options of optimize", run_ranges);
  command->add_option("STRATEGY", ranges->subject, "A strategy of the catalogue, or a .pine file")->required();
  add_rounds(*command, *ranges, 3);
  command->footer("\nExample:\n  tradeassist research ranges MovingAverageCrossover");

  const auto draft = std::make_shared<Options>();
  command =
      add_one(*group, run, draft, "draft", "A Pine strategy that compiles, runs and trades on your bars", run_draft);
  command->add_option("DESCRIPTION", draft->subject, "What it does, in words")->required();
  draft->script.add_bars_to(*command);
  command->add_option("-o,--output", draft->output, "Where to write it; - is standard output")
      ->type_name("FILE.pine")
      ->required();
  add_rounds(*command, *draft, 5);
  command->footer(
      "\nExample:\n  tradeassist research draft 'Buy when RSI crosses 30 upwards, sell above 60' --symbol SPY "
      "--timeframe 1d -o rsi.pine");
  command->callback([draft, &run] {
    draft->script.require_bars();
    run = [draft] { return run_draft(*draft); };
  });
}

}  // namespace tradeassist::app
