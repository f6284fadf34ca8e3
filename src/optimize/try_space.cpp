#include "optimize/try_space.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <tuple>

#include "optimize/pareto.hpp"

namespace tradeassist::optimize {
namespace {

/// Bars, and the first of them, made when they are first asked for, with the columns that trials on them share.
/// Thread-safe.
class SharesOfBars {
 public:
  explicit SharesOfBars(market::Series bars) : all_(std::move(bars)) {}

  TrialBars share(double share) {
    if (share >= 1) return {all_.bars, &all_.columns};
    const std::lock_guard lock(mutex_);
    auto found = parts_.find(share);
    if (found == parts_.end()) {
      const std::size_t bars = all_.bars.size();
      const double count = std::round(share * static_cast<double>(bars));
      found = parts_
                  .emplace(std::piecewise_construct, std::forward_as_tuple(share),
                           std::forward_as_tuple(
                               all_.bars.slice(0, std::clamp<std::size_t>(static_cast<std::size_t>(count), 2, bars))))
                  .first;
    }
    return {found->second.bars, &found->second.columns};
  }

 private:
  struct Part {
    explicit Part(market::Series series) : bars(std::move(series)), columns(bars) {}
    Part(const Part&) = delete;
    market::Series bars;
    backtest::SharedColumns columns;
  };

  Part all_;
  std::mutex mutex_;
  std::map<double, Part> parts_;  // their addresses last
};

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

base::Result<TriedSpace> try_space(const TrialRunner& runner, market::Series bars, std::span<const Trial> completed,
                                   const ProgressCallback& progress, const std::stop_token& stop,
                                   const TrialCallback& on_trials) {
  const SearchRequest& request = runner.request();
  TrialLoopSettings loop;
  loop.trials = request.trial_count();
  loop.threads = request.threads;
  loop.completed.assign(completed.begin(), completed.end());
  loop.stop_after = request.stop_after;
  loop.time_limit = runner.time_left();
  TRY_ASSIGN(const auto sampler,
             make_sampler(request.sampler, request.space, {loop.trials, request.seed, request.first_points}));

  SharesOfBars shares(std::move(bars));
  const Evaluate evaluate = [&](Trial trial, const std::stop_token& token) {
    return runner.evaluate(shares.share(trial.bar_share), std::move(trial), token);
  };
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
