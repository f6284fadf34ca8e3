#include <fmt/format.h>

#include <boost/json/object.hpp>

#include "app/script_options.hpp"
#include "app/search_progress.hpp"
#include "base/json.hpp"
#include "optimize/tournament.hpp"
#include "pine/catalogue.hpp"
#include "report/tournament_report.hpp"

namespace tradeassist::app {
namespace {

struct Options {
  CommonOptions common;
  ScriptOptions bars;
  std::vector<std::string> strategies;
  std::optional<std::string> category;
  std::string stages = "50/20,200/5,500", sampler = "random", objective{optimize::kComposite};
  std::vector<std::string> requirements;
  std::uint64_t seed = 1;
  int threads = 0;
  std::optional<double> out_of_sample_share, validation_share;
  std::optional<std::string> json_file;
};

/// The strategies that take part: those that were named, or all of a category, or all.
base::Result<std::vector<const pine::CatalogueEntry*>> chosen(const Options& options,
                                                              const pine::Catalogue& catalogue) {
  std::vector<const pine::CatalogueEntry*> entries;
  for (const std::string& name : options.strategies) {
    const pine::CatalogueEntry* entry = catalogue.find(name);
    if (entry == nullptr) {
      return base::failure(base::ErrorCode::kNotFound,
                           "there is no strategy '" + name + "' in the catalogue; `tradeassist strategies` lists them");
    }
    entries.push_back(entry);
  }
  if (entries.empty()) entries = catalogue.select({options.category, {}, {}, {}});
  if (entries.empty())
    return base::failure(base::ErrorCode::kNotFound, "there is no category '" + options.category.value_or("") + "'");
  return entries;
}

/// What cannot be searched takes part with the reason.
optimize::Entrant entrant_of(const pine::CatalogueEntry& entry, const Options& options, const Script& bars,
                             const std::vector<optimize::Requirement>& requirements, int threads) {
  optimize::Entrant entrant{entry.header.name, {}, {}};
  const auto made = [&]() -> base::Result<optimize::SearchRequest> {
    optimize::SearchRequest request;
    request.program = entry.program;
    TRY_ASSIGN(request.inputs, backtest::bind_inputs(*entry.program, {}));
    request.settings = entry.program->settings;
    TRY(set_properties(request.settings, options.bars.properties));
    request.series = bars.series;
    request.instrument = bars.instrument;
    request.timeframe = bars.timeframe;
    request.source = bars.source;
    TRY_ASSIGN(request.space, optimize::make_search_space(*entry.program, {}));
    request.sampler = options.sampler;
    TRY(request.choose_objectives({options.objective}));
    request.requirements = requirements;
    request.seed = options.seed;
    request.threads = threads;
    request.choose_shares(options.out_of_sample_share, options.validation_share);
    return request;
  }();
  if (made) {
    entrant.request = *made;
  } else {
    entrant.failure = made.error().message;
  }
  return entrant;
}

base::Result<int> run_tournament(const Options& options) {
  TRY_ASSIGN(const base::LoadedConfig loaded, options.common.load());
  optimize::TournamentRequest request;
  TRY_ASSIGN(request.stages, optimize::parse_stages(options.stages));
  TRY(optimize::find_objective(options.objective));
  TRY(optimize::find_sampler(options.sampler));
  pine::StrategySettings unused;  // a wrong property is wrong for all of them
  TRY(set_properties(unused, options.bars.properties));
  std::vector<optimize::Requirement> requirements;
  for (const std::string& text : options.requirements) {
    TRY_ASSIGN(const optimize::ConstraintRequest comparison, optimize::parse_constraint(text));
    TRY_ASSIGN(optimize::Requirement requirement, optimize::make_requirement(comparison));
    requirements.push_back(std::move(requirement));
  }
  TRY_ASSIGN(const pine::Catalogue catalogue,
             pine::Catalogue::load(resource_directory(loaded.config.strategies_directory, "strategies"),
                                   configured_libraries(loaded.config)));
  TRY_ASSIGN(const auto entries, chosen(options, catalogue));
  TRY_ASSIGN(const Script bars, load_bars(options.bars, loaded.config));
  optimize::SearchRequest shares;
  shares.choose_shares(options.out_of_sample_share, options.validation_share);
  TRY(optimize::split_bars(bars.series->size(), shares.validation_share, shares.out_of_sample_share));
  const int threads = options.threads > 0 ? options.threads : static_cast<int>(loaded.config.threads);
  for (const pine::CatalogueEntry* entry : entries)
    request.entrants.push_back(entrant_of(*entry, options, bars, requirements, threads));

  const bool quiet = options.json_file == "-";
  if (!quiet) {
    fmt::print("{} strategies on {} {}: stages {}, {} sampler, objective {}, seed {}\n", request.entrants.size(),
               bars.instrument.symbol, market::to_string(bars.timeframe), options.stages, options.sampler,
               options.objective, options.seed);
    std::fflush(stdout);
  }
  const auto result = run_search(quiet, [&](const optimize::ProgressCallback& progress, const std::stop_token& stop) {
    return optimize::tournament(request, progress, stop);
  });
  if (!result) return std::unexpected(result.error());
  if (options.json_file)
    TRY(write_file(*options.json_file, base::json_text(report::tournament_json(request, *result)) + "\n"));
  if (!quiet) fmt::print("\n{}", report::tournament_table(request, *result));
  return kDone;
}

}  // namespace

void add_tournament_command(CLI::App& program, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("tournament", "Search many strategies, those that do best longer, and rank them");
  options->bars.add_bars_to(*command);
  auto* names = command
                    ->add_option("--strategy", options->strategies,
                                 "A strategy of the catalogue that takes part; default: all of them")
                    ->type_name("NAME")
                    ->allow_extra_args(false);
  command->add_option("--category", options->category, "All strategies of this category, e.g. trend")
      ->type_name("NAME")
      ->excludes(names);
  command
      ->add_option("--stages", options->stages,
                   "TRIALS/KEEP a stage: every entrant makes so many trials in all, the best KEEP go on; the last "
                   "without KEEP")
      ->type_name("STAGES")
      ->capture_default_str();
  command
      ->add_option("--property", options->bars.properties, "A property of all strategies, as in initial_capital=50000")
      ->type_name("NAME=VALUE")
      ->check(is_assignment())
      ->allow_extra_args(false);
  command->add_option("--sampler", options->sampler, "How trials are chosen; `optimize --help` lists samplers")
      ->type_name("NAME")
      ->capture_default_str();
  command->add_option("--objective", options->objective, "What entrants are ranked by, in sample")
      ->type_name("NAME")
      ->capture_default_str();
  command
      ->add_option("--require", options->requirements,
                   "What a result has to satisfy, as in 'trades_per_year >= 12'; trials that do not rank last")
      ->type_name("A<B")
      ->allow_extra_args(false);
  command->add_option("--seed", options->seed, "Seed of the sampler")->type_name("N")->capture_default_str();
  command->add_option("--threads", options->threads, "0: one per core")->type_name("N")->check(CLI::Range(0, 256));
  command
      ->add_option("--out-of-sample", options->out_of_sample_share,
                   "Share of the bars, at the end, that nothing is chosen on (default 0.15)")
      ->type_name("SHARE")
      ->check(CLI::Range(0.0, 0.9));
  command
      ->add_option("--validation", options->validation_share,
                   "Share of the bars, before those, on which the best ten trials of the last stage are measured to "
                   "choose the best (default 0.15, or none where only --out-of-sample is given)")
      ->type_name("SHARE")
      ->check(CLI::Range(0.0, 0.9));
  command->add_option("--json", options->json_file, "Write the leaderboard as JSON; - is standard output")
      ->type_name("FILE");
  options->common.add_to(*command);
  command->footer(
      "\nExamples:\n"
      "  tradeassist tournament --symbol SPY --timeframe 1d\n"
      "  tradeassist tournament --csv bars.csv --category momentum --require 'trades_per_year >= 12' --json "
      "board.json\n"
      "  tradeassist tournament --csv bars.csv --strategy RSIStrategy --strategy MACDStrategy --stages 100/1,400");
  command->callback([options, &run] {
    options->bars.require_bars();
    run = [options] { return run_tournament(*options); };
  });
}

}  // namespace tradeassist::app
