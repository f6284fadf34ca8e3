#include "optimize/search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <mutex>

#include "optimize/pareto.hpp"
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

/// The bars in sample, and the first of them, made when they are first asked for. Thread-safe.
class InSampleBars {
 public:
  explicit InSampleBars(market::Series bars) : bars_(std::move(bars)) {}

  const market::Series& all() const { return bars_; }
  const market::Series& share(double share) {
    if (share >= 1) return bars_;
    const std::lock_guard lock(mutex_);
    const auto [found, is_new] = parts_.try_emplace(share);
    if (is_new) {
      const double count = std::round(share * static_cast<double>(bars_.size()));
      found->second = bars_.slice(0, std::clamp<std::size_t>(static_cast<std::size_t>(count), 2, bars_.size()));
    }
    return found->second;
  }

 private:
  market::Series bars_;
  std::mutex mutex_;
  std::map<double, market::Series> parts_;  // their addresses last
};

/// The objectives of a request, looked up once.
struct Goal {
  std::vector<const Objective*> objectives;
  std::vector<Weight> weights;

  double value(std::size_t i, const backtest::Metrics& metrics) const {
    if (metrics.total_closed_trades == 0) return kNotANumber;
    if (objectives[i]->name == kComposite) return composite(metrics, weights);
    return or_nan(objectives[i]->value(metrics));
  }
};

base::Result<Goal> make_goal(const SearchRequest& request) {
  Goal goal;
  for (const std::string& name : request.objectives.empty() ? std::vector{request.objective} : request.objectives) {
    TRY_ASSIGN(const Objective* objective, find_objective(name));
    goal.objectives.push_back(objective);
  }
  goal.weights = request.weights.empty() ? default_weights() : request.weights;
  return goal;
}

Outcome judged(const Goal& goal, const Trial& trial) {
  Outcome outcome;
  const auto cost = [&](std::size_t i, double value) { return goal.objectives[i]->maximise ? -value : value; };
  outcome.violation = trial.violation;
  outcome.cost = cost(0, trial.objective);
  for (std::size_t i = 0; i < trial.objectives.size(); ++i) outcome.costs.push_back(cost(i, trial.objectives[i]));
  const auto undefined = [](double value) { return std::isnan(value); };
  if (std::isnan(trial.objective) || std::ranges::any_of(trial.objectives, undefined)) {
    outcome.cost = outcome.violation = std::numeric_limits<double>::infinity();
    std::ranges::fill(outcome.costs, std::numeric_limits<double>::infinity());
  }
  return outcome;
}

base::Result<Trial> evaluate(const SearchRequest& request, const pine::Program& program, const market::Series& bars,
                             const Goal& goal, Trial trial, const std::stop_token& stop) {
  TRY_ASSIGN(
      const backtest::RunResult run,
      backtest::run(run_request(request, program, bars, request.space.inputs(trial.point, request.inputs), stop)));
  const backtest::Metrics metrics = backtest::compute_metrics(run, request.settings, bars, {0, bars.size()});
  trial.objective = goal.value(0, metrics);
  if (goal.objectives.size() > 1) {
    for (std::size_t i = 0; i < goal.objectives.size(); ++i) trial.objectives.push_back(goal.value(i, metrics));
  }
  trial.violation = violation(metrics, request.requirements);
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
                         bool has_out, std::uint64_t on_part) {
  std::string text = combinations
                         ? fmt::format(
                               "{} of {} combinations were tried; {} of them traded and have a value of the "
                               "objective. ",
                               tried, *combinations, with_value)
                         : fmt::format("{} points were tried; {} of them traded and have a value of the objective. ",
                                       tried, with_value);
  if (on_part > 0) text += fmt::format("{} more ran on the first part of the bars only. ", on_part);
  text += fmt::format(
      "The in-sample figures are those of the best of {} trials: the more are tried, the better the best of them looks "
      "by luck alone.",
      tried + on_part);
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

base::Result<void> SearchRequest::choose_objectives(const std::vector<std::string>& names) {
  if (names.empty()) {
    if (!weights.empty()) objective = kComposite;
    return {};
  }
  if (!weights.empty() && std::ranges::find(names, kComposite) == names.end()) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "weights are of the objective composite; name it, or leave the objective out");
  }
  if (names.size() > kObjectivesMax) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("{} objectives are more than {}", names.size(), kObjectivesMax));
  }
  for (auto name = names.begin(); name != names.end(); ++name) {
    TRY(find_objective(*name));
    if (std::find(names.begin(), name, *name) != name) {
      return base::failure(base::ErrorCode::kInvalidArgument, "the objective " + *name + " is named twice");
    }
  }
  objective = names.front();
  objectives = names.size() > 1 ? names : std::vector<std::string>{};
  return {};
}

Outcome SearchRequest::judge(const Trial& trial) const {
  const auto goal = make_goal(*this);
  return goal ? judged(*goal, trial) : Outcome{};
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
  if (request.time_limit_seconds && !(*request.time_limit_seconds > 0)) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("the time limit must be above 0 seconds, is {}", *request.time_limit_seconds));
  }
  TRY_ASSIGN(const Goal goal, make_goal(request));
  SearchResult result;
  result.combinations = request.space.combinations();
  const std::uint64_t total = request.trial_count();
  TRY_ASSIGN(const auto sampler, make_sampler(request.sampler, request.space, {total, request.seed}));
  TRY_ASSIGN(result.split_bar, split_bar(series.size(), request.out_of_sample_share));

  // Plots cost time and change no trade: the trials run a program without them.
  pine::Program program = *request.program;
  pine::eliminate_dead_code(program, pine::Keep::kOrders);
  InSampleBars bars(series.slice(0, result.split_bar));
  const market::Series& in_sample = bars.all();
  TrialLoopSettings loop;
  loop.trials = total;
  loop.threads = request.threads;
  loop.completed = request.completed;
  loop.stop_after = request.stop_after;
  if (request.time_limit_seconds) loop.time_limit = std::chrono::duration<double>(*request.time_limit_seconds);
  const Evaluate run_one = [&](Trial trial, const std::stop_token& token) {
    const market::Series& part = bars.share(trial.bar_share);
    return evaluate(request, program, part, goal, std::move(trial), token);
  };
  const Judge judge = [&](const Trial& trial) { return judged(goal, trial); };
  TRY_ASSIGN(TrialLoopResult made, run_trials(loop, *sampler, run_one, judge, progress, stop, completed));
  result.trials = std::move(made.trials);
  result.ending = made.ending;
  if (result.trials.empty()) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         result.ending == Ending::kTimeLimit
                             ? "the time limit passed before the first trial"
                             : "no point that satisfies the constraints was found; widen the ranges or drop a "
                               "constraint");
  }

  std::uint64_t whole = 0, with_value = 0;
  std::vector<Outcome> outcomes;
  std::vector<std::size_t> candidates;  // trials on all bars, by their place in outcomes
  for (std::size_t i = 0; i < result.trials.size(); ++i) {
    const Trial& trial = result.trials[i];
    if (trial.bar_share < 1) continue;
    ++whole;
    if (!std::isnan(trial.objective)) ++with_value;
    outcomes.push_back(judge(trial));
    candidates.push_back(i);
    if (outcomes.size() == 1 || better(outcomes.back(), judge(result.trials[result.best]))) result.best = i;
  }
  if (with_value == 0) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("none of the {} trials has a value of {}: no trades, or too few for it", whole,
                                     goal.objectives[0]->name));
  }
  if (goal.objectives.size() > 1) {
    for (const std::size_t i : pareto_front(outcomes)) result.front.push_back(candidates[i]);
  }
  result.best_inputs = request.space.inputs(result.trials[result.best].point, request.inputs);

  backtest::RunRequest best = run_request(request, program, in_sample, result.best_inputs, std::move(stop));
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
  result.statement = statement_of(whole, result.combinations, with_value, result.out_of_sample.has_value(),
                                  result.trials.size() - whole);
  if (result.trials[result.best].violation > 0) {
    result.warnings.push_back("no trial satisfies what is required; the best is the one that falls least short of it");
  }
  result.data_fingerprint = data_fingerprint(series);
  return result;
}

}  // namespace tradeassist::optimize
