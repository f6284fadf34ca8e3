#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <set>

#include "app/commands/optimize_again.hpp"
#include "app/result_file.hpp"
#include "app/script_options.hpp"
#include "app/search_progress.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"
#include "optimize/search.hpp"
#include "report/best_points.hpp"
#include "report/search_report.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  ScriptOptions script;
  std::vector<std::string> parameters, constraints, objectives, weights, requirements;
  std::optional<std::string> sampler;
  std::optional<std::uint64_t> trials;
  std::uint64_t seed = 1;
  int threads = 0;
  std::optional<double> out_of_sample_share, validation_share;
  std::vector<std::string> others;
  std::optional<std::string> walk_forward;
  bool anchored = false, no_validation = false;
  int random_periods = optimize::ValidationOptions{}.random_periods;
  std::uint64_t stop_after = 0;
  std::optional<double> time_limit;
  std::optional<std::string> warm_start, json_file, trials_file;
};

constexpr std::size_t kWarmTrials = 20;  // of an earlier search

base::Result<optimize::ValidationOptions> validation_options(const Options& options) {
  optimize::ValidationOptions made;
  made.none = options.no_validation;
  made.random_periods = options.random_periods;
  if (options.walk_forward) {
    TRY_ASSIGN(made.walk_forward, optimize::parse_walk_forward(*options.walk_forward));
    made.walk_forward->anchored = options.anchored;
  }
  return made;
}

/// What the options ask for, made ready to run.
struct PreparedSearch {
  Script script;
  optimize::SearchRequest request;
};

base::Result<PreparedSearch> prepare_search(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  TRY_ASSIGN(Script script, prepare(options.script, loaded.config));
  std::vector<optimize::ParameterRequest> wanted;
  for (const std::string& text : options.parameters) {
    TRY_ASSIGN(optimize::ParameterRequest request, optimize::parse_parameter(text));
    wanted.push_back(std::move(request));
  }
  std::vector<optimize::ConstraintRequest> constraints;
  for (const std::string& text : options.constraints) {
    TRY_ASSIGN(optimize::ConstraintRequest constraint, optimize::parse_constraint(text));
    constraints.push_back(std::move(constraint));
  }
  optimize::SearchRequest request;
  request.program = script.compilation.program;
  request.inputs = script.inputs;
  request.settings = script.settings;
  request.series = script.series;
  request.instrument = script.instrument;
  request.timeframe = script.timeframe;
  request.source = script.source;
  TRY_ASSIGN(request.space, optimize::make_search_space(*request.program, wanted, constraints, request.inputs));
  request.choose_trials(options.sampler, options.trials);
  for (const std::string& text : options.weights) {
    TRY_ASSIGN(const optimize::Weight weight, optimize::parse_weight(text));
    request.weights.push_back(weight);
  }
  TRY(request.choose_objectives(options.objectives));
  for (const std::string& text : options.requirements) {
    TRY_ASSIGN(const optimize::ConstraintRequest comparison, optimize::parse_constraint(text));
    TRY_ASSIGN(optimize::Requirement requirement, optimize::make_requirement(comparison));
    request.requirements.push_back(std::move(requirement));
  }
  request.stop_after = options.stop_after;
  request.time_limit_seconds = options.time_limit;
  request.seed = options.seed;
  request.threads = options.threads > 0 ? options.threads : static_cast<int>(loaded.config.threads);
  request.choose_shares(options.out_of_sample_share, options.validation_share);
  TRY_ASSIGN(request.validation, validation_options(options));
  for (const std::string& other : options.others) {
    ScriptOptions bars = options.script;
    (bars.csv ? bars.csv : bars.symbol) = other;
    TRY_ASSIGN(const Script loaded_bars, load_bars(bars, loaded.config));
    request.other_instruments.push_back({loaded_bars.instrument, loaded_bars.series});
  }
  if (options.warm_start) {
    TRY_ASSIGN(const boost::json::object earlier, read_result(*options.warm_start));
    auto points = report::best_points(earlier, request, kWarmTrials);
    if (!points) return base::in_context(*options.warm_start, points.error());
    request.first_points = std::move(*points);
  }
  return PreparedSearch{std::move(script), std::move(request)};
}

/// The result as JSON, with what is needed to make it again.
base::Result<boost::json::object> result_json(const PreparedSearch& search, const optimize::SearchResult& result,
                                              const std::vector<std::string>& arguments) {
  constexpr std::size_t kTrialsInJson = 100'000;
  boost::json::object made = report::search_json(search.script.name, search.request, result, kTrialsInJson);
  TRY_ASSIGN(std::string script, base::sha256_of_text(search.request.program->source->text()));
  made["request"] = boost::json::object{{"arguments", boost::json::array(arguments.begin(), arguments.end())},
                                        {"script_sha256", std::move(script)},
                                        {"version", TRADEASSIST_VERSION}};
  return made;
}

base::Result<int> run_optimize(const Options& options, const std::vector<std::string>& arguments) {
  TRY_ASSIGN(const PreparedSearch search, prepare_search(options));
  const optimize::SearchRequest& request = search.request;
  const bool quiet = options.json_file == "-" || options.trials_file == "-";
  if (!quiet) {
    const auto combinations = request.space.combinations();
    fmt::print("{} on {} {}: {} {}, {} sampler, objective {}, seed {}\n", search.script.name, request.instrument.symbol,
               market::to_string(request.timeframe), request.trial_count(),
               combinations ? fmt::format("of {} combinations", *combinations) : "trials", request.sampler,
               request.objective, request.seed);
    std::fflush(stdout);
  }
  const auto result = run_search(quiet, [&](const optimize::ProgressCallback& progress, const std::stop_token& stop) {
    return optimize::search(request, progress, stop);
  });
  if (!result) return std::unexpected(result.error());
  for (const std::string& warning : result->warnings) fmt::print(stderr, "warning: {}\n", warning);
  if (options.json_file) {
    TRY_ASSIGN(const boost::json::object json, result_json(search, *result, arguments));
    TRY(write_file(*options.json_file, base::json_text(json) + "\n"));
  }
  if (options.trials_file) TRY(write_file(*options.trials_file, report::trials_csv(request, *result)));
  if (!quiet) fmt::print("\n{}", report::search_table(request, *result));
  return kDone;
}

/// Whether an option says nothing about the result: where things lie, how they are shown, how fast they go.
bool is_beside_the_result(const CLI::Option& option) {
  static const std::set<std::string> kBeside = {"--json",   "--trials-csv", "--threads",   "--data",      "--database",
                                                "--config", "--strategies", "--libraries", "--log-level", "--help"};
  return kBeside.contains(option.get_name());
}

/// What was asked for, as one would write it: the options that were given, in the order of the help.
std::vector<std::string> arguments_of(const CLI::App& command) {
  std::vector<std::string> made;
  for (const CLI::Option* option : command.get_options()) {
    if (option->count() == 0 || is_beside_the_result(*option)) continue;
    const bool is_flag = option->get_items_expected_max() == 0;
    for (const std::string& value : option->results()) {
      if (is_flag) {
        made.push_back(option->get_name());
        break;
      }
      made.push_back(option->get_positional() ? value : option->get_name() + "=" + value);
    }
  }
  return made;
}

CLI::App* add_options(CLI::App& program, const std::shared_ptr<Options>& options) {
  CLI::App* command = program.add_subcommand("optimize", "Search a strategy's inputs, in and out of sample");
  options->script.add_to(*command);
  command
      ->add_option("--param", options->parameters,
                   "What to vary: NAME=FROM:TO:STEP or NAME=a,b,c; * for the step: every number between, log: spread "
                   "over the logarithm; behind it ' if OTHER=a,b': only there; default: every input with a range")
      ->type_name("SPEC")
      ->allow_extra_args(false);
  command
      ->add_option("--constraint", options->constraints,
                   "What the values have to satisfy, by <, <=, > or >=, as in 'fast < slow'; others are not tried")
      ->type_name("A<B")
      ->allow_extra_args(false);
  std::vector<std::string> names;
  std::string summaries;
  for (const optimize::SamplerKind& kind : optimize::samplers()) {
    names.emplace_back(kind.name);
    summaries += fmt::format("  {:<24}{}\n", kind.name, kind.summary);
  }
  command
      ->add_option("--sampler", options->sampler,
                   "How points are chosen, see below (default: grid when the space is small, else random)")
      ->type_name("NAME")
      ->check(CLI::IsMember(names));
  command->add_option("--trials", options->trials, "How many combinations to try (default: all, at most 10000)")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000));
  command
      ->add_option("--objective", options->objectives,
                   "What to make as good as possible (default sharpe_ratio); several: trials are ranked by the first, "
                   "and those that no other beats in all are told")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command
      ->add_option("--weight", options->weights,
                   "Of the objective composite: how much an objective counts, as in sharpe_ratio=0.5")
      ->type_name("NAME=W")
      ->allow_extra_args(false);
  command
      ->add_option("--require", options->requirements,
                   "What a result has to satisfy, as in 'trades_per_year >= 12'; trials that do not rank last")
      ->type_name("A<B")
      ->allow_extra_args(false);
  command
      ->add_option("--warm-start", options->warm_start,
                   "Begin with the best trials of an earlier search, the file that its --json wrote")
      ->type_name("FILE");
  command->add_option("--stop-after", options->stop_after, "End when so many trials were no better (default: never)")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000));
  command->add_option("--time-limit", options->time_limit, "Begin no trial after so many seconds")
      ->type_name("SECONDS")
      ->check(CLI::PositiveNumber);
  command->add_option("--seed", options->seed, "Seed of the sampler")->type_name("N")->capture_default_str();
  command->add_option("--threads", options->threads, "0: one per core")->type_name("N")->check(CLI::Range(0, 256));
  command
      ->add_option("--out-of-sample", options->out_of_sample_share,
                   "Share of the bars, at the end, that nothing is chosen on (default 0.15)")
      ->type_name("SHARE")
      ->check(CLI::Range(0.0, 0.9));
  command
      ->add_option("--validation", options->validation_share,
                   "Share of the bars, before those, on which the best ten trials are measured to choose the best "
                   "(default 0.15, or none where only --out-of-sample is given)")
      ->type_name("SHARE")
      ->check(CLI::Range(0.0, 0.9));
  command
      ->add_option("--also", options->others,
                   "Run what is found on another instrument, too: a symbol, or with --csv another file")
      ->type_name("S")
      ->allow_extra_args(false);
  CLI::Option* walk_forward =
      command
          ->add_option(
              "--walk-forward", options->walk_forward,
              "Search anew on TRAIN days, test on the TEST days behind them, STEP days on, again (STEP: as TEST); "
              "180/90/30 suits daily bars")
          ->type_name("TRAIN/TEST/STEP");
  command->add_flag("--anchored", options->anchored, "Begin each search of the walk-forward at the first bar")
      ->needs(walk_forward);
  CLI::Option* random_periods =
      command
          ->add_option("--random-periods", options->random_periods, "Of how many random periods to tell what they made")
          ->type_name("N")
          ->check(CLI::Range(0, optimize::ValidationOptions::kRandomPeriodsMax))
          ->capture_default_str();
  command->add_flag("--no-validation", options->no_validation, "Do not ask what the result is worth")
      ->excludes(random_periods);
  command->add_option("--json", options->json_file, "Write the result as JSON; - is standard output")
      ->type_name("FILE");
  command->add_option("--trials-csv", options->trials_file, "Write every trial as CSV")->type_name("FILE");
  options->common.add_to(*command);
  command->footer(
      "\nSamplers:\n" + summaries +
      "\nExamples:\n"
      "  tradeassist optimize MovingAverageCrossover --symbol SPY --timeframe 1d\n"
      "  tradeassist optimize my.pine --csv bars.csv --param fast=5:50:5 --param mode=long,both --objective "
      "net_profit\n"
      "  tradeassist optimize my.pine --csv bars.csv --param fast=5:50:1 --param slow=20:200:log --constraint "
      "'fast < slow'\n"
      "  tradeassist optimize my.pine --csv bars.csv --sampler nsga2 --trials 2000 --objective net_profit --objective "
      "max_drawdown_percent --require 'trades_per_year >= 12'");
  return command;
}

}  // namespace

base::Result<boost::json::object> optimize_again(const std::vector<std::string>& arguments, const CommonOptions& common,
                                                 int threads) {
  CLI::App program;
  auto options = std::make_shared<Options>();
  CLI::App* const command = add_options(program, options);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    reversed.emplace_back("optimize");
    program.parse(reversed);
  } catch (const CLI::ParseError& error) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("this version does not take its arguments: {}", error.what()));
  }
  options->common = common;
  options->threads = threads;
  TRY_ASSIGN(const PreparedSearch search, prepare_search(*options));
  const auto result = run_search(false, [&](const optimize::ProgressCallback& progress, const std::stop_token& stop) {
    return optimize::search(search.request, progress, stop);
  });
  if (!result) return std::unexpected(result.error());
  return result_json(search, *result, arguments_of(*command));
}

void add_optimize_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* const command = add_options(program, options);
  command->callback([options, command, &run] {
    options->script.require_bars();
    run = [options, arguments = arguments_of(*command)] { return run_optimize(*options, arguments); };
  });
}

}  // namespace tradeassist::app
