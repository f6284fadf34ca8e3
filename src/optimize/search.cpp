#include "optimize/search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "optimize/parallel.hpp"
#include "optimize/try_space.hpp"

namespace tradeassist::optimize {
namespace {

std::string statement_of(const TriedSpace& tried, std::optional<std::uint64_t> combinations, const Split& split) {
  const std::uint64_t on_part = tried.trials.size() - tried.on_all_bars;
  std::string text = combinations
                         ? fmt::format(
                               "{} of {} combinations were tried; {} of them traded and have a value of the "
                               "objective. ",
                               tried.on_all_bars, *combinations, tried.with_value)
                         : fmt::format("{} points were tried; {} of them traded and have a value of the objective. ",
                                       tried.on_all_bars, tried.with_value);
  if (on_part > 0) text += fmt::format("{} more ran on the first part of the bars only. ", on_part);
  text += fmt::format(
      "The in-sample figures are those of the best of {} trials: the more are tried, the better the best of them looks "
      "by luck alone.",
      tried.trials.size());
  if (split.has_validation())
    text += " The best was chosen among the best in sample on the bars of the validation sample.";
  text += split.has_out_of_sample()
              ? " The out-of-sample figures come from bars that the search did not see; they are the ones to judge by."
              : " No bars were kept out of sample, so nothing here says how the result does on bars it has not seen.";
  return text;
}

/// The walk-forward goes on where the search ends, as one long search.
ProgressCallback with_total(const ProgressCallback& progress, std::uint64_t more) {
  if (!progress || more == 0) return progress;
  return [&progress, more](const SearchProgress& own) {
    SearchProgress all = own;
    all.trials_total += more;
    if (own.trials_per_second > 0) all.seconds_left += static_cast<double>(more) / own.trials_per_second;
    progress(all);
  };
}

base::Result<void> check(const SearchRequest& request) {
  const auto invalid = [](std::string why) { return base::failure(base::ErrorCode::kInvalidArgument, std::move(why)); };
  if (request.trials == 0 || request.trials > SearchRequest::kTrialsMax)
    return invalid(fmt::format("trials must be from 1 to {}, is {}", SearchRequest::kTrialsMax, request.trials));
  if (request.time_limit_seconds && !(*request.time_limit_seconds > 0))
    return invalid(fmt::format("the time limit must be above 0 seconds, is {}", *request.time_limit_seconds));
  if (request.other_instruments.size() > SearchRequest::kOtherInstrumentsMax)
    return invalid(fmt::format("more than {} other instruments", SearchRequest::kOtherInstrumentsMax));
  const int periods = request.validation.random_periods;
  if (periods < 0 || periods > ValidationOptions::kRandomPeriodsMax) {
    return invalid(
        fmt::format("random periods must be from 0 to {}, are {}", ValidationOptions::kRandomPeriodsMax, periods));
  }
  return {};
}

/// The runs of the best inputs, in and out of sample.
struct BestRuns {
  backtest::RunResult inside;
  std::optional<backtest::RunResult> between, outside;
};

void keep_warnings(SearchResult& result, const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) {
    if (std::ranges::find(result.warnings, warning) == result.warnings.end()) result.warnings.push_back(warning);
  }
}

/// The best inputs over the bars [first, end) as someone would trade them who begins there.
base::Result<backtest::RunResult> run_part(const TrialRunner& runner, backtest::BarRange part, SearchResult& result,
                                           std::optional<PeriodResult>& period, const std::stop_token& stop) {
  const market::Series bars = runner.request().series->slice(0, part.end);
  TRY_ASSIGN(backtest::RunResult run, runner.run(bars, result.best_inputs, part.first, stop));
  period = runner.period(run, bars, part);
  result.equity.insert(result.equity.end(), run.equity.begin() + static_cast<std::ptrdiff_t>(part.first),
                       run.equity.end());
  keep_warnings(result, run.warnings);
  return run;
}

base::Result<BestRuns> run_best(const TrialRunner& runner, SearchResult& result, const std::stop_token& stop) {
  const Split& split = result.split;
  BestRuns runs;
  std::optional<PeriodResult> in_sample;
  TRY_ASSIGN(runs.inside, run_part(runner, {0, split.in_sample}, result, in_sample, stop));
  result.in_sample = *in_sample;
  if (split.has_validation()) {
    TRY_ASSIGN(runs.between,
               run_part(runner, {split.in_sample, split.validation}, result, result.validation_sample, stop));
  }
  if (split.has_out_of_sample()) {
    TRY_ASSIGN(runs.outside, run_part(runner, {split.validation, split.bars}, result, result.out_of_sample, stop));
  }
  return runs;
}

/// A script that fails on another instrument fails there only.
base::Result<void> run_elsewhere(const TrialRunner& runner, SearchResult& result, const std::stop_token& stop) {
  const std::vector<OtherInstrument>& others = runner.request().other_instruments;
  result.elsewhere.resize(others.size());
  TRY(parallel_for(others.size(), runner.request().threads, stop, [&](std::size_t i) -> base::Result<void> {
    Elsewhere& elsewhere = result.elsewhere[i];
    elsewhere.symbol = others[i].instrument.symbol;
    const auto run = runner.run_on(others[i], result.best_inputs, stop);
    if (run) {
      elsewhere.result = *run;
    } else {
      elsewhere.failure = run.error().message;
    }
    return {};
  }));
  std::size_t ran = 0, profitable = 0, better = 0;
  for (const Elsewhere& elsewhere : result.elsewhere) {
    if (!elsewhere.result) continue;
    const double made =
        elsewhere.result->metrics.total_profit.value_or(0) / runner.request().settings.initial_capital * 100;
    ++ran;
    if (made > 0) ++profitable;
    if (made > elsewhere.result->buy_and_hold_return_percent.value_or(made)) ++better;
  }
  if (ran > 0) {
    result.elsewhere_statement = fmt::format(
        "Of {} other instruments it made money on {}, and more than holding on {}.", ran, profitable, better);
  }
  return {};
}

/// Measures the trials that are best in sample on the bars that the best is chosen on; the best there first.
base::Result<std::vector<Finalist>> measure_finalists(const TrialRunner& runner, const TriedSpace& tried,
                                                      const Split& split, const std::stop_token& stop) {
  const SearchRequest& request = runner.request();
  const market::Series bars = request.series->slice(0, split.validation);
  std::vector<Finalist> finalists(std::min(kFinalistsMax, tried.ranked.size()));
  TRY(parallel_for(finalists.size(), request.threads, stop, [&](std::size_t i) -> base::Result<void> {
    Finalist& finalist = finalists[i];
    finalist.place = tried.ranked[i];
    finalist.measured = tried.trials[finalist.place];
    const auto inputs = request.space.inputs(finalist.measured.point, request.inputs);
    TRY_ASSIGN(const backtest::RunResult run, runner.run(bars, inputs, split.in_sample, stop));
    runner.goal().measure(finalist.measured,
                          backtest::compute_metrics(run, request.settings, bars, {split.in_sample, split.validation}));
    return {};
  }));
  std::ranges::stable_sort(finalists, [&](const Finalist& a, const Finalist& b) {
    return better(runner.goal().judge(a.measured), runner.goal().judge(b.measured));
  });
  return finalists;
}

}  // namespace

/// FNV-1a over the bars' bytes, eight at a time: two searches on the same data can be told from two on other data.
std::string data_fingerprint(const market::Series& series) {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  const auto add = [&](const auto& column) {
    for (const auto& value : column) {
      std::uint64_t word = 0;
      std::memcpy(&word, &value, sizeof word);
      hash = (hash ^ word) * 0x100000001b3ull;
      hash ^= hash >> 32;
    }
  };
  add(series.time);
  for (const auto* column : {&series.open, &series.high, &series.low, &series.close, &series.volume}) add(*column);
  return fmt::format("{:016x}-{}", hash, series.size());
}

base::Result<Split> split_bars(std::size_t bars, double validation_share, double out_of_sample_share) {
  const auto invalid = [](std::string why) { return base::failure(base::ErrorCode::kInvalidArgument, std::move(why)); };
  const double kept = validation_share + out_of_sample_share;
  // A hair more than 0.9, which 0.7 + 0.2 is.
  if (!(validation_share >= 0 && out_of_sample_share >= 0 && kept <= 0.9 + 1e-9)) {
    return invalid(fmt::format("the shares kept out of sample must be from 0 to 0.9 together, are {} and {}",
                               validation_share, out_of_sample_share));
  }
  const auto first = [&](double share) {
    return static_cast<std::size_t>(std::round(static_cast<double>(bars) * (1 - share)));
  };
  const Split split{validation_share > 0 ? first(kept) : first(out_of_sample_share), first(out_of_sample_share), bars};
  const auto too_small = [](std::size_t part, double share) { return share > 0 && part < 2; };
  if (split.in_sample < 2 || too_small(split.validation - split.in_sample, validation_share) ||
      too_small(split.bars - split.validation, out_of_sample_share)) {
    return invalid(fmt::format("{} bars are too few to keep {} of them out of sample", bars, kept));
  }
  return split;
}

base::Result<SearchResult> search(const SearchRequest& request, const ProgressCallback& progress,
                                  const std::stop_token& stop, const TrialCallback& on_trials) {
  TRY(check(request));
  TRY_ASSIGN(const TrialRunner runner, TrialRunner::make(request));
  const market::Series& series = *request.series;
  SearchResult result;
  result.combinations = request.space.combinations();
  TRY_ASSIGN(result.split, split_bars(series.size(), request.validation_share, request.out_of_sample_share));
  std::uint64_t walked = 0;  // trials of the walk-forward
  if (request.validation.walk_forward) {
    TRY_ASSIGN(const auto windows, walk_forward_windows(series, *request.validation.walk_forward));
    walked = windows.size() * request.trial_count();
  }

  TRY_ASSIGN(TriedSpace tried, try_space(runner, {0, result.split.in_sample}, request.completed,
                                         with_total(progress, walked), stop, on_trials));
  if (tried.ranked.empty()) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("none of the {} trials has a value of {}: no trades, or too few for it",
                                     tried.on_all_bars, runner.goal().first().name));
  }
  result.best = tried.ranked.front();
  if (result.split.has_validation()) {
    TRY_ASSIGN(result.finalists, measure_finalists(runner, tried, result.split, stop));
    result.best = result.finalists.front().place;
  }
  result.statement = statement_of(tried, result.combinations, result.split);
  result.trials = std::move(tried.trials);
  result.ending = tried.ending;
  result.front = std::move(tried.front);
  result.best_inputs = request.space.inputs(result.trials[result.best].point, request.inputs);

  TRY_ASSIGN(const BestRuns runs, run_best(runner, result, stop));
  if (result.trials[result.best].violation > 0) {
    result.warnings.push_back("no trial satisfies what is required; the best is the one that falls least short of it");
  }
  if (!request.validation.none) {
    const auto or_null = [](const std::optional<backtest::RunResult>& run) { return run ? &*run : nullptr; };
    const ValidationInput found{result.trials, result.best,           result.split,
                                &runs.inside,  or_null(runs.between), or_null(runs.outside)};
    TRY_ASSIGN(result.validation, validate(runner, found, stop));
  }
  TRY(run_elsewhere(runner, result, stop));
  if (request.validation.walk_forward) {
    TRY_ASSIGN(result.walk_forward,
               walk_forward(runner, *request.validation.walk_forward, request.completed, progress, stop, on_trials));
    if (!result.walk_forward) result.warnings.push_back("the time limit left no time for the walk-forward");
  }
  result.data_fingerprint = data_fingerprint(series);
  return result;
}

}  // namespace tradeassist::optimize
