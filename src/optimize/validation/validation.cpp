#include "optimize/validation/validation.hpp"

#include <algorithm>
#include <cmath>

#include "backtest/metrics/returns.hpp"
#include "optimize/parallel.hpp"
#include "optimize/significance/bootstrap.hpp"
#include "optimize/validation/daily_returns.hpp"

namespace tradeassist::optimize {
namespace {

/// Daily returns of trials in sample.
base::Result<std::vector<std::vector<double>>> returns_of(const TrialRunner& runner, std::span<const Trial> trials,
                                                          std::span<const std::size_t> places,
                                                          const market::Series& bars, const TradingDays& days,
                                                          const std::stop_token& stop) {
  const SearchRequest& request = runner.request();
  std::vector<std::vector<double>> returns(places.size());
  TRY(parallel_for(places.size(), request.threads, stop, [&](std::size_t i) -> base::Result<void> {
    const auto inputs = request.space.inputs(trials[places[i]].point, request.inputs);
    TRY_ASSIGN(const backtest::RunResult run, runner.run(bars, inputs, 0, stop));
    returns[i] = days.returns(run.equity, 0, request.settings.initial_capital);
    return {};
  }));
  return returns;
}

/// Trading days that nine of ten trades are held at most: returns so close to each other know of each other.
std::size_t holding_days(const backtest::RunResult& run, const TradingDays& days) {
  std::vector<double> held;
  const auto day_of = [&](std::size_t bar) { return std::ranges::lower_bound(days.ends, bar) - days.ends.begin(); };
  for (std::size_t i = 0; i + run.open_trade_count < run.trades.size(); ++i)
    held.push_back(static_cast<double>(day_of(run.trades[i].exit_bar) - day_of(run.trades[i].entry_bar)));
  if (held.empty()) return 0;
  std::ranges::sort(held);
  return static_cast<std::size_t>(std::ceil(sorted_quantile(held, 0.9)));
}

std::vector<double> profits_of(const backtest::RunResult& run) {
  std::vector<double> profits;
  profits.reserve(run.trades.size());
  for (std::size_t i = 0; i + run.open_trade_count < run.trades.size(); ++i) profits.push_back(run.trades[i].profit);
  return profits;
}

struct Returns {
  std::vector<double> own, holding;
};

/// Of the best inputs and of holding, day by day over a range of bars.
Returns daily(const market::Series& series, backtest::BarRange range, const TradingDays& days,
              const backtest::RunResult& run, double capital) {
  const std::span<const double> equity = std::span(run.equity).subspan(range.first, range.end - range.first);
  Returns made{days.returns(equity, range.first, capital), {}};
  const std::vector<double> held = backtest::buy_and_hold(series, range, capital).value;
  if (!held.empty() && std::isfinite(held.front())) made.holding = days.returns(held, range.first, capital);
  return made;
}

std::vector<double> closes_of(const market::Series& series, const TradingDays& days) {
  std::vector<double> closes;
  closes.reserve(days.ends.size());
  for (const std::size_t bar : days.ends) closes.push_back(series.close[bar]);
  return closes;
}

void append(std::vector<double>& to, const std::vector<double>& from) { to.insert(to.end(), from.begin(), from.end()); }

}  // namespace

std::vector<std::size_t> sampled_trials(std::span<const Trial> trials, std::size_t best, std::size_t wanted) {
  std::vector<std::size_t> candidates;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (trials[i].bar_share >= 1 && !std::isnan(trials[i].objective)) candidates.push_back(i);
  }
  const std::size_t count = std::min(wanted, candidates.size());
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < count; ++i) places.push_back(candidates[i * candidates.size() / count]);
  if (count > 0 && !std::ranges::binary_search(places, best)) {
    *std::ranges::min_element(places, {},
                              [&](std::size_t place) { return place > best ? place - best : best - place; }) = best;
  }
  return places;
}

base::Result<Validation> validate(const TrialRunner& runner, const ValidationInput& input,
                                  const std::stop_token& stop) {
  const SearchRequest& request = runner.request();
  const market::Series& series = *request.series;
  const double capital = request.settings.initial_capital;
  const market::Series in_sample = series.slice(0, input.split.in_sample);
  const backtest::BarRange inside{0, input.split.in_sample}, between{input.split.in_sample, input.split.validation},
      outside{input.split.validation, series.size()};
  TRY_ASSIGN(const TradingDays days, TradingDays::of(series, inside, request.instrument));
  const auto places = sampled_trials(input.trials, input.best, kSampledTrialsMax);
  TRY_ASSIGN(const auto sample, returns_of(runner, input.trials, places, in_sample, days, stop));
  const Returns early = daily(series, inside, days, *input.inside, capital);
  Returns late, all = early;
  std::vector<double> closes = closes_of(series, days);
  const auto add = [&](const backtest::RunResult* run, backtest::BarRange part) -> base::Result<Returns> {
    if (run == nullptr) return Returns{};
    TRY_ASSIGN(const TradingDays own_days, TradingDays::of(series, part, request.instrument));
    Returns own = daily(series, part, own_days, *run, capital);
    append(all.own, own.own);
    append(all.holding, own.holding);
    append(closes, closes_of(series, own_days));
    return own;
  };
  TRY(add(input.between, between));
  TRY_ASSIGN(late, add(input.outside, outside));

  Validation made;
  const std::vector<double> profits = profits_of(*input.inside);
  AssessmentInput assessed;
  assessed.trials = std::max<std::uint64_t>(input.trials.size(), request.validation.trials_of_all);
  assessed.returns = early.own;
  assessed.out_of_sample = late.own;
  assessed.sample = sample;
  assessed.benchmark = early.holding;
  assessed.profits = profits;
  assessed.initial_capital = capital;
  assessed.periods_per_year = days.per_year;
  assessed.seed = request.seed;
  TRY_ASSIGN(made.assessment, assess(assessed));
  TRY_ASSIGN(made.stability, stability(runner, in_sample, input.trials, input.best, stop));

  CrossValidationOptions cross;
  cross.purged_days = holding_days(*input.inside, days);
  if (auto validated = cross_validate(sample, days.per_year, cross)) {
    made.cross_validation = std::move(*validated);
  } else {
    made.assessment.unknown.push_back("cross_validation: " + validated.error().message);
  }

  if (all.holding.size() != all.own.size()) all.holding.clear();
  if (!all.holding.empty()) made.regimes = by_regime(regimes_of(closes), all.own, all.holding, days.per_year);
  made.random_periods =
      random_periods(all.own, all.holding, static_cast<std::size_t>(request.validation.random_periods), request.seed);
  return made;
}

}  // namespace tradeassist::optimize
