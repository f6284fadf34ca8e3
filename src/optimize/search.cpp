#include "optimize/search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace tradeassist::optimize {
namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

backtest::RunRequest run_request(const SearchRequest& request, const pine::Program& program,
                                 const market::Series& series, backtest::InputVector inputs, std::stop_token stop) {
  backtest::RunRequest run;
  run.program = &program;
  run.inputs = std::move(inputs);
  run.settings = request.settings;
  run.series = &series;
  run.instrument = request.instrument;
  run.timeframe = request.timeframe;
  run.source = request.source;
  run.missing_bars_are_na = true;
  run.record_equity = false;
  run.stop = std::move(stop);
  return run;
}

double or_nan(const std::optional<double>& value) { return value ? *value : kNotANumber; }

base::Result<Trial> evaluate(const SearchRequest& request, const pine::Program& program,
                             const market::Series& in_sample, const Objective& objective, Trial trial,
                             const std::stop_token& stop) {
  TRY_ASSIGN(
      const backtest::RunResult run,
      backtest::run(run_request(request, program, in_sample, request.space.inputs(trial.point, request.inputs), stop)));
  const backtest::Metrics metrics = backtest::compute_metrics(run, request.settings, in_sample, {0, in_sample.size()});
  trial.objective = metrics.total_closed_trades > 0 ? or_nan(objective.value(metrics)) : kNotANumber;
  trial.net_profit = metrics.net_profit;
  trial.net_profit_percent = metrics.net_profit_percent;
  trial.max_drawdown_percent = metrics.max_drawdown_percent;
  trial.sharpe_ratio = or_nan(metrics.sharpe_ratio);
  trial.profit_factor = or_nan(metrics.profit_factor);
  trial.percent_profitable = or_nan(metrics.percent_profitable);
  trial.total_closed_trades = metrics.total_closed_trades;
  return trial;
}

PeriodResult period(const SearchRequest& request, const backtest::RunResult& run, backtest::BarRange bars,
                    const market::Series& series) {
  PeriodResult made;
  made.first_time = series.time[bars.first];
  made.last_time = series.time[bars.end - 1];
  made.metrics = backtest::compute_metrics(run, request.settings, series, bars);
  const auto held = backtest::buy_and_hold(series, bars, request.settings.initial_capital);
  made.buy_and_hold_return_percent = held.return_percent;
  made.buy_and_hold_max_drawdown_percent = held.max_drawdown_percent;
  return made;
}

std::string statement_of(std::uint64_t tried, std::optional<std::uint64_t> combinations, std::uint64_t with_value,
                         bool has_out) {
  std::string text = combinations
                         ? fmt::format(
                               "{} of {} combinations were tried; {} of them traded and have a value of the "
                               "objective. ",
                               tried, *combinations, with_value)
                         : fmt::format("{} points were tried; {} of them traded and have a value of the objective. ",
                                       tried, with_value);
  text += fmt::format(
      "The in-sample figures are those of the best of {} trials: the more are tried, the better the best of them looks "
      "by luck alone.",
      tried);
  text += has_out
              ? " The out-of-sample figures come from bars that the search did not see; they are the ones to judge by."
              : " No bars were kept out of sample, so nothing here says how the result does on bars it has not seen.";
  return text;
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

void SearchRequest::choose_trials(const std::optional<std::string>& given_sampler,
                                  const std::optional<std::uint64_t>& given_trials) {
  const auto combinations = space.combinations();
  const bool small = combinations && *combinations <= kWholeSpaceMax;
  sampler = given_sampler.value_or(small ? "grid" : "random");
  trials = given_trials.value_or(small ? *combinations : kWholeSpaceMax);
}

Outcome SearchRequest::judge(const Trial& trial) const {
  Outcome outcome;
  if (std::isnan(trial.objective)) {
    outcome.violation = std::numeric_limits<double>::infinity();
    return outcome;
  }
  const auto found = find_objective(objective);
  outcome.cost = found && !(*found)->maximise ? trial.objective : -trial.objective;
  return outcome;
}

base::Result<SearchResult> search(const SearchRequest& request, const ProgressCallback& progress, std::stop_token stop,
                                  const TrialCallback& completed) {
  const market::Series& series = *request.series;
  if (request.program->kind != pine::ScriptKind::kStrategy) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "an indicator has no trades to optimise; declare a strategy()");
  }
  if (request.trials == 0 || request.trials > SearchRequest::kTrialsMax) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("trials must be from 1 to {}, is {}", SearchRequest::kTrialsMax, request.trials));
  }
  TRY_ASSIGN(const Objective* objective, find_objective(request.objective));
  SearchResult result;
  result.combinations = request.space.combinations();
  const std::uint64_t total = request.trial_count();
  TRY_ASSIGN(const auto sampler, make_sampler(request.sampler, request.space, {total, request.seed}));
  TRY_ASSIGN(result.split_bar, split_bar(series.size(), request.out_of_sample_share));

  // Plots cost time and change no trade: the trials run a program without them.
  pine::Program program = *request.program;
  pine::eliminate_dead_code(program, pine::Keep::kOrders);
  const market::Series in_sample = series.slice(0, result.split_bar);
  TrialLoopSettings loop;
  loop.trials = total;
  loop.threads = request.threads;
  loop.completed = request.completed;
  TRY_ASSIGN(result.trials, run_trials(
                                loop, *sampler,
                                [&](Trial trial, const std::stop_token& token) {
                                  return evaluate(request, program, in_sample, *objective, std::move(trial), token);
                                },
                                [&](const Trial& trial) { return request.judge(trial); }, progress, stop, completed));
  if (result.trials.empty()) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "no point that satisfies the constraints was found; widen the ranges or drop a constraint");
  }

  std::uint64_t with_value = 0;
  Outcome best_outcome;
  for (std::size_t i = 0; i < result.trials.size(); ++i) {
    if (!std::isnan(result.trials[i].objective)) ++with_value;
    const Outcome outcome = request.judge(result.trials[i]);
    if (i > 0 && !better(outcome, best_outcome)) continue;
    best_outcome = outcome;
    result.best = i;
  }
  if (with_value == 0) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("none of the {} trials has a value of {}: no trades, or too few for it",
                                     result.trials.size(), objective->name));
  }
  result.best_inputs = request.space.inputs(result.trials[result.best].point, request.inputs);

  backtest::RunRequest best = run_request(request, program, in_sample, result.best_inputs, stop);
  best.record_equity = true;
  TRY_ASSIGN(const backtest::RunResult inside, backtest::run(best));
  result.in_sample = period(request, inside, {0, result.split_bar}, in_sample);
  result.equity = inside.equity;
  result.warnings = inside.warnings;
  if (result.split_bar < series.size()) {
    // Earlier bars warm the indicators up; orders before the split are ignored.
    best.series = &series;
    best.trade_from_bar = result.split_bar;
    TRY_ASSIGN(const backtest::RunResult outside, backtest::run(best));
    result.out_of_sample = period(request, outside, {result.split_bar, series.size()}, series);
    result.equity.insert(result.equity.end(), outside.equity.begin() + static_cast<std::ptrdiff_t>(result.split_bar),
                         outside.equity.end());
    for (const std::string& warning : outside.warnings) {
      if (std::ranges::find(result.warnings, warning) == result.warnings.end()) result.warnings.push_back(warning);
    }
  }
  result.statement =
      statement_of(result.trials.size(), result.combinations, with_value, result.out_of_sample.has_value());
  result.data_fingerprint = data_fingerprint(series);
  return result;
}

}  // namespace tradeassist::optimize
