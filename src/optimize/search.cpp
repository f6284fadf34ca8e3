#include "optimize/search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "optimize/try_space.hpp"

namespace tradeassist::optimize {
namespace {

std::string statement_of(const TriedSpace& tried, std::optional<std::uint64_t> combinations, bool has_out) {
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
  text += has_out
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
  std::optional<backtest::RunResult> outside;
};

base::Result<BestRuns> run_best(const TrialRunner& runner, const market::Series& in_sample, SearchResult& result,
                                const std::stop_token& stop) {
  const market::Series& series = *runner.request().series;
  BestRuns runs;
  TRY_ASSIGN(runs.inside, runner.run(in_sample, result.best_inputs, 0, stop));
  result.in_sample = runner.period(runs.inside, in_sample, {0, result.split_bar});
  result.equity = runs.inside.equity;
  result.warnings = runs.inside.warnings;
  if (result.split_bar == series.size()) return runs;
  TRY_ASSIGN(runs.outside, runner.run(series, result.best_inputs, result.split_bar, stop));
  const backtest::RunResult& outside = *runs.outside;
  result.out_of_sample = runner.period(outside, series, {result.split_bar, series.size()});
  result.equity.insert(result.equity.end(), outside.equity.begin() + static_cast<std::ptrdiff_t>(result.split_bar),
                       outside.equity.end());
  for (const std::string& warning : outside.warnings) {
    if (std::ranges::find(result.warnings, warning) == result.warnings.end()) result.warnings.push_back(warning);
  }
  return runs;
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

base::Result<std::size_t> split_bar(std::size_t bars, double share) {
  if (!(share >= 0 && share <= 0.9)) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("the out-of-sample share must be from 0 to 0.9, is {}", share));
  }
  if (share == 0) return bars;
  const auto split = static_cast<std::size_t>(std::round(static_cast<double>(bars) * (1 - share)));
  if (split < 2 || split + 2 > bars) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("{} bars are too few to keep {} of them out of sample", bars, share));
  }
  return split;
}

base::Result<SearchResult> search(const SearchRequest& request, const ProgressCallback& progress, std::stop_token stop,
                                  const TrialCallback& on_trials) {
  TRY(check(request));
  TRY_ASSIGN(const TrialRunner runner, TrialRunner::make(request));
  const market::Series& series = *request.series;
  SearchResult result;
  result.combinations = request.space.combinations();
  TRY_ASSIGN(result.split_bar, split_bar(series.size(), request.out_of_sample_share));
  std::uint64_t walked = 0;  // trials of the walk-forward
  if (request.validation.walk_forward) {
    TRY_ASSIGN(const auto windows, walk_forward_windows(series, *request.validation.walk_forward));
    walked = windows.size() * request.trial_count();
  }

  const market::Series in_sample = series.slice(0, result.split_bar);
  TRY_ASSIGN(TriedSpace tried,
             try_space(runner, in_sample, request.completed, with_total(progress, walked), stop, on_trials));
  if (tried.ranked.empty()) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("none of the {} trials has a value of {}: no trades, or too few for it",
                                     tried.on_all_bars, runner.goal().first().name));
  }
  result.statement = statement_of(tried, result.combinations, result.split_bar < series.size());
  result.trials = std::move(tried.trials);
  result.ending = tried.ending;
  result.best = tried.ranked.front();
  result.front = std::move(tried.front);
  result.best_inputs = request.space.inputs(result.trials[result.best].point, request.inputs);

  TRY_ASSIGN(const BestRuns runs, run_best(runner, in_sample, result, stop));
  if (result.trials[result.best].violation > 0) {
    result.warnings.push_back("no trial satisfies what is required; the best is the one that falls least short of it");
  }
  if (!request.validation.none) {
    const ValidationInput found{result.trials, result.best, result.split_bar, &runs.inside,
                                runs.outside ? &*runs.outside : nullptr};
    TRY_ASSIGN(result.validation, validate(runner, found, stop));
  }
  if (request.validation.walk_forward) {
    TRY_ASSIGN(result.walk_forward,
               walk_forward(runner, *request.validation.walk_forward, request.completed, progress, stop, on_trials));
    if (!result.walk_forward) result.warnings.push_back("the time limit left no time for the walk-forward");
  }
  result.data_fingerprint = data_fingerprint(series);
  return result;
}

}  // namespace tradeassist::optimize
