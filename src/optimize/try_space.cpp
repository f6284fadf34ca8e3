#include "optimize/try_space.hpp"

#include <cmath>

#include "optimize/pareto.hpp"
#include "optimize/searched_bars.hpp"
#include "optimize/trial_helpers.hpp"

namespace tradeassist::optimize {
namespace {

void rank(TriedSpace& tried, const Goal& goal) {
  std::vector<Outcome> outcomes;
  std::vector<std::size_t> candidates;  // on all bars: their places in `trials`
  for (std::size_t i = 0; i < tried.trials.size(); ++i) {
    if (tried.trials[i].bar_share < 1) continue;
    if (!std::isnan(tried.trials[i].objective)) ++tried.with_value;
    outcomes.push_back(goal.judge(tried.trials[i]));
    candidates.push_back(i);
  }
  tried.on_all_bars = candidates.size();
  for (const std::size_t i : best_first(outcomes)) {
    if (!std::isnan(tried.trials[candidates[i]].objective)) tried.ranked.push_back(candidates[i]);
  }
  if (!goal.has_several()) return;
  for (const std::size_t i : pareto_front(outcomes)) tried.front.push_back(candidates[i]);
}

}  // namespace

base::Result<TriedSpace> try_space(const TrialRunner& runner, backtest::BarRange range,
                                   std::span<const Trial> completed, const ProgressCallback& progress,
                                   const std::stop_token& stop, const TrialCallback& on_trials) {
  const SearchRequest& request = runner.request();
  TrialLoopSettings loop;
  loop.trials = request.trial_count();
  loop.threads = request.threads;
  loop.completed.assign(completed.begin(), completed.end());
  loop.stop_after = request.stop_after;
  loop.time_limit = runner.time_left();
  TRY_ASSIGN(const auto sampler,
             make_sampler(request.sampler, request.space, {loop.trials, request.seed, request.first_points}));

  SearchedBars bars(*request.series, range);
  const Evaluate evaluate = [&](Trial trial, const std::stop_token& token) {
    return runner.evaluate(bars.share(trial.bar_share), std::move(trial), token);
  };
  const auto helpers = request.helpers ? request.helpers(range) : nullptr;
  loop.helpers = helpers.get();
  const Judge judge = [&](const Trial& trial) { return runner.goal().judge(trial); };
  TRY_ASSIGN(TrialLoopResult made, run_trials(loop, *sampler, evaluate, judge, progress, stop, on_trials));
  TriedSpace tried;
  tried.trials = std::move(made.trials);
  tried.ending = made.ending;
  if (tried.trials.empty()) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         tried.ending == Ending::kTimeLimit
                             ? "the time limit passed before the first trial"
                             : "no point that satisfies the constraints was found; widen the ranges or drop a "
                               "constraint");
  }
  rank(tried, runner.goal());
  return tried;
}

}  // namespace tradeassist::optimize
