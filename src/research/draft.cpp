#include "research/draft.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

#include "backtest/metrics/no_trades.hpp"
#include "base/json.hpp"
#include "pine/compile.hpp"
#include "research/answer_text.hpp"
#include "research/explain.hpp"

namespace tradeassist::research {

namespace json = boost::json;

namespace {

constexpr std::size_t kFindingsMax = 20, kComplaintBytesMax = 8'000, kDescriptionBytesMax = 8'000;

constexpr const char* kInstructions =
    "You write trading strategies in Pine Script version 6. Answer with one script and nothing else, in one block "
    "fenced "
    "by ``` lines. It begins with //@version=6 and strategy(\"Title\", overlay=true). Every number worth trying out is "
    "an input: input.int(14, \"Length\", minval=2, maxval=100) or input.float, with minval and maxval. Orders are "
    "strategy.entry, strategy.close and strategy.exit. Use ta.* and math.*, no import, no request.*, no drawings, no "
    "alerts, and no look-ahead: a decision on a bar uses that bar and those before it. Assign a variable once with =, "
    "and change it with :=. Blocks are indented by four spaces. The strategy has to trade now and then on the bars "
    "that "
    "it is tried on. When a script comes back with what is wrong with it, answer with the whole script, repaired.";

/// What the compiler found, a line each: "script.pine:3:7: error: …".
std::string findings_text(const pine::Compilation& made) {
  std::string text = "The script does not compile:";
  std::size_t told = 0;
  for (const pine::Diagnostic& diagnostic : made.diagnostics.all()) {
    if (diagnostic.severity != pine::Severity::kError) continue;
    if (++told > kFindingsMax) break;
    const pine::LineColumn place = made.source->locate(diagnostic.range.begin);
    text += fmt::format("\nline {}, column {}: {}{}{}", place.line, place.column, diagnostic.message,
                        diagnostic.hint.empty() ? "" : "; ", diagnostic.hint);
  }
  return text;
}

/// Compiles and runs one answer, and fills in what works. The text is what is wrong with it, empty where nothing is.
/// An error is not the script's: the caller stops.
base::Result<std::string> try_script(const std::string& text, const DraftBars& bars, Draft& draft,
                                     const std::stop_token& stop) {
  const pine::Compilation made = pine::compile("script.pine", text);
  if (!made.program) return findings_text(made);
  if (made.program->kind != pine::ScriptKind::kStrategy)
    return "The script is no strategy: it must begin with strategy(…), not indicator(…) or library(…).";
  backtest::RunRequest run;
  run.program = made.program.get();
  auto inputs = backtest::bind_inputs(*made.program, {});
  if (!inputs) return "The inputs are not right: " + inputs.error().message;
  run.inputs = *std::move(inputs);
  run.settings = made.program->settings;
  run.series = bars.series.get();
  run.instrument = bars.instrument;
  run.timeframe = bars.timeframe;
  run.source = bars.source;
  run.missing_bars_are_na = true;
  run.record_equity = true;
  run.stop = stop;
  const auto result = backtest::run(run);
  if (!result) {
    if (result.error().code == base::ErrorCode::kCancelled) return std::unexpected(result.error());
    return "The script stops when it runs: " + result.error().message;
  }
  const backtest::Metrics metrics =
      backtest::compute_metrics(*result, run.settings, *bars.series, {0, bars.series->size()});
  if (metrics.total_closed_trades == 0) {
    std::string why = "The script compiles and runs, but no trade was closed:";
    for (const std::string& reason : backtest::explain_no_trades(*result)) why += "\n" + reason;
    return why + "\nMake its conditions easier to meet, or close what is open.";
  }
  draft.works = true;
  draft.pine = text;
  draft.metrics = metrics;
  draft.warnings = result->warnings;
  return "";
}

/// The script of an answer, or what is wrong with the answer.
base::Result<std::string> script_of(const ChatAnswer& answer) {
  const auto refuse = [](std::string why) { return base::failure(base::ErrorCode::kInvalidArgument, std::move(why)); };
  if (answer.is_cut) return refuse("The answer was cut off before its end: write a shorter script.");
  auto block = only_block(answer.text);
  if (!block) return refuse("The answer must be one script in one block between two ``` lines, and nothing else.");
  if (block->size() > kDraftBytesMax) return refuse(fmt::format("The script has more than {} bytes.", kDraftBytesMax));
  return *std::move(block);
}

}  // namespace

base::Result<Draft> draft_strategy(const std::string& description, const DraftBars& bars, const Chat& chat,
                                   int rounds_max, const OnRound& on_round, const std::stop_token& stop) {
  if (description.find_first_not_of(" \t\r\n") == std::string::npos || description.size() > kDescriptionBytesMax) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("the description must have 1 to {} bytes", kDescriptionBytesMax));
  }
  const auto time_of = [&](std::int64_t time) { return base::format_time(base::time_from_nanoseconds(time)); };
  const market::Series& series = *bars.series;
  ChatRequest request{
      kInstructions,
      {{Speaker::kUser,
        fmt::format("Write this strategy:\n\n{}\n\nIt is tried on {} bars of {}, {}, from {} to {}.", description,
                    series.size(), bars.instrument.symbol, market::to_string(bars.timeframe),
                    time_of(series.time.front()), time_of(series.time.back()))}}};
  Draft draft;
  for (int round = 1; round <= rounds_max && !draft.works; ++round) {
    TRY_ASSIGN(const ChatAnswer answer, chat(request, {}, stop));
    draft.usage += answer.usage;
    DraftRound made;
    if (auto script = script_of(answer)) {
      made.pine = *std::move(script);
      TRY_ASSIGN(made.wrong, try_script(made.pine, bars, draft, stop));
    } else {
      made.wrong = script.error().message;
    }
    made.wrong = beginning(made.wrong, kComplaintBytesMax);
    if (on_round) on_round(round, made.wrong);
    request.messages.resize(1);  // the last try is enough to repair, and what is sent stays bounded
    request.messages.push_back(
        {Speaker::kAssistant, made.pine.empty() ? "(no script)" : "```pine\n" + made.pine + "```"});
    request.messages.push_back({Speaker::kUser, made.wrong});
    draft.rounds.push_back(std::move(made));
  }
  return draft;
}

json::object draft_json(const Draft& draft) {
  json::array rounds;
  for (const DraftRound& round : draft.rounds) {
    rounds.push_back(json::object{{"pine", round.pine},
                                  {"wrong", round.wrong.empty() ? json::value(nullptr) : json::value(round.wrong)}});
  }
  return {{"works", draft.works},
          {"pine", draft.works ? json::value(draft.pine) : json::value(nullptr)},
          {"metrics", draft.metrics ? base::to_json(*draft.metrics) : json::value(nullptr)},
          {"warnings", json::array(draft.warnings.begin(), draft.warnings.end())},
          {"rounds", std::move(rounds)},
          {"usage", usage_json(draft.usage)}};
}

}  // namespace tradeassist::research
