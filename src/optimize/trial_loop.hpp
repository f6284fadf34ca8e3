#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "base/result.hpp"
#include "optimize/sampler.hpp"

namespace tradeassist::optimize {

/// One trial as it is kept: where it stands, and the figures people sort by. NaN where undefined.
struct Trial {
  std::uint64_t trial = 0;
  Point point;
  double objective = 0;
  double net_profit = 0, net_profit_percent = 0, max_drawdown_percent = 0, sharpe_ratio = 0, profit_factor = 0,
         percent_profitable = 0;
  std::int64_t total_closed_trades = 0;
  std::vector<double> objectives;  // of several, all of them, `objective` the first; else empty
  double violation = 0;            // by how much the result breaks what is required of it
  double bar_share = 1;            // of the bars in sample, from the first on, that it ran on
};

/// Whether all entries are the same, those of parameters that are not active too.
bool same_point(const Point& a, const Point& b);

enum class SearchPhase : std::uint8_t { kSearch, kWalkForward };

struct SearchProgress {
  SearchPhase phase = SearchPhase::kSearch;
  std::uint64_t trials_done = 0, trials_total = 0;
  double trials_per_second = 0;
  double seconds_left = 0;  // NaN until it can be told
  bool has_best = false;
  Trial best;
};

/// Fills in the figures of a trial whose number, point and bar_share are set. Called from many threads at once.
using Evaluate = std::function<base::Result<Trial>(Trial trial, const std::stop_token& stop)>;
/// What a sampler is told of a trial; no value of the objective is an infinite cost. Called from one thread at a time.
using Judge = std::function<Outcome(const Trial&)>;
/// Called from one thread, a few times a second.
using ProgressCallback = std::function<void(const SearchProgress&)>;
/// Called with trials as they complete, in batches, from one thread: what a checkpoint keeps.
using TrialCallback = std::function<void(const std::vector<Trial>&)>;

class TrialHelpers;

struct TrialLoopSettings {
  std::uint64_t trials = 0;      // at most
  int threads = 0;               // 0 = all cores
  std::vector<Trial> completed;  // of an earlier run; those whose point is asked for again are not evaluated again
  std::uint64_t stop_after = 0;  // trials without a better one; 0 = never. Counts trials on all bars, in their order
  std::optional<std::chrono::duration<double>> time_limit;  // no trial is begun after it
  TrialHelpers* helpers = nullptr;                          // who evaluates trials beside the threads; may be none
};

enum class Ending : std::uint8_t { kAllTried, kNoBetter, kTimeLimit };

struct TrialLoopResult {
  std::vector<Trial> trials;  // by number
  Ending ending = Ending::kAllTried;
};

/// Asks the sampler for trials, evaluates them on all threads, tells it their outcomes, until there are enough or it
/// knows no more, or none was better for long. Helpers are asked from a tenth of a second on, for what these threads
/// would not begin soon. The trials are the same with any number of threads and helpers; where the time limit
/// ends them, they are as many of the first as there was time for. kCancelled when stopped, or the first failure of
/// `evaluate`.
base::Result<TrialLoopResult> run_trials(const TrialLoopSettings& settings, Sampler& sampler, const Evaluate& evaluate,
                                         const Judge& judge, const ProgressCallback& progress,
                                         const std::stop_token& stop, const TrialCallback& completed);

}  // namespace tradeassist::optimize
