#include "optimize/validation/walk_forward.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "backtest/metrics/returns.hpp"
#include "base/text.hpp"
#include "optimize/try_space.hpp"

namespace tradeassist::optimize {
namespace {

base::Result<void> check(const WalkForwardOptions& options) {
  const auto invalid = [](std::string why) { return base::failure(base::ErrorCode::kInvalidArgument, std::move(why)); };
  constexpr double kDaysMin = 0.01, kDaysMax = 10'000;  // what is longer than the history of most markets is a slip
  for (const double days : {options.train_days, options.test_days, options.step_days}) {
    if (!(days >= kDaysMin && days <= kDaysMax))
      return invalid(fmt::format("the days of a walk-forward must be from {} to {}", kDaysMin, kDaysMax));
  }
  if (options.step_days > options.test_days)
    return invalid("a walk-forward whose step is longer than its test leaves days untested");
  return {};
}

double days_of(const PeriodResult& period) {
  return static_cast<double>(period.last_time - period.first_time) / static_cast<double>(base::kNanosecondsPerDay);
}

std::int64_t nanoseconds(double days) {
  return static_cast<std::int64_t>(std::round(days * static_cast<double>(base::kNanosecondsPerDay)));
}

/// The trials of one window as its own search numbers them.
std::vector<Trial> renumbered(std::span<const Trial> trials, std::uint64_t first, std::uint64_t count) {
  std::vector<Trial> own;
  for (const Trial& trial : trials) {
    if (trial.trial < first || trial.trial >= first + count) continue;
    own.push_back(trial);
    own.back().trial -= first;
  }
  return own;
}

/// Makes the search of the request and those of the windows behind it look like one.
class OneSearch {
 public:
  OneSearch(std::uint64_t each, std::size_t windows, const ProgressCallback& progress, const TrialCallback& on_trials)
      : each_(each), total_(each * (windows + 1)), progress_(progress), on_trials_(on_trials) {}

  std::uint64_t first_trial(std::size_t window) const { return each_ * (window + 1); }

  ProgressCallback progress(std::size_t window) const {
    return [this, window](const SearchProgress& own) {
      if (!progress_) return;
      SearchProgress all = own;
      all.phase = SearchPhase::kWalkForward;
      all.trials_done = first_trial(window) + own.trials_done;
      all.trials_total = total_;
      all.seconds_left = own.trials_per_second > 0
                             ? static_cast<double>(total_ - std::min(total_, all.trials_done)) / own.trials_per_second
                             : std::nan("");
      progress_(all);
    };
  }

  TrialCallback on_trials(std::size_t window) const {
    return [this, window](const std::vector<Trial>& own) {
      if (!on_trials_) return;
      std::vector<Trial> all = own;
      for (Trial& trial : all) trial.trial += first_trial(window);
      on_trials_(all);
    };
  }

 private:
  std::uint64_t each_, total_;
  const ProgressCallback& progress_;
  const TrialCallback& on_trials_;
};

/// Runs what was best in training over the test bars, and adds to the equity what it makes of it until the next window.
base::Result<void> test_window(const TrialRunner& runner, WalkForwardWindow& window, std::size_t until,
                               const std::stop_token& stop, std::vector<double>& equity) {
  const market::Series& series = *runner.request().series;
  const double capital = runner.request().settings.initial_capital;
  const double before = equity.empty() ? capital : equity.back();
  if (!window.inputs) {
    equity.insert(equity.end(), until - window.test.first, before);
    return {};
  }
  const market::Series bars = series.slice(window.train.first, window.test.end - window.train.first);
  const std::size_t split = window.test.first - window.train.first;
  TRY_ASSIGN(const backtest::RunResult run, runner.run(bars, *window.inputs, split, stop));
  window.out_of_sample = runner.period(run, bars, {split, bars.size()});
  for (std::size_t bar = window.test.first; bar < std::min(until, window.test.end); ++bar)
    equity.push_back(before * std::max(0.0, run.equity[bar - window.train.first] / capital));
  // Behind a hole in the data no window may have bars to train on.
  if (until > window.test.end) equity.insert(equity.end(), until - window.test.end, equity.back());
  return {};
}

base::Result<void> train_window(const TrialRunner& runner, WalkForwardWindow& window, std::span<const Trial> completed,
                                const ProgressCallback& progress, const std::stop_token& stop,
                                const TrialCallback& on_trials) {
  TRY_ASSIGN(const TriedSpace tried, try_space(runner, window.train, completed, progress, stop, on_trials));
  window.trials = tried.trials.size();
  window.objective = std::nan("");
  if (tried.ranked.empty()) return {};
  const Trial& best = tried.trials[tried.ranked.front()];
  window.objective = best.objective;
  window.inputs = runner.request().space.inputs(best.point, runner.request().inputs);
  const market::Series bars = runner.request().series->slice(window.train.first, window.train.end - window.train.first);
  TRY_ASSIGN(const backtest::RunResult run, runner.run(bars, *window.inputs, 0, stop));
  window.in_sample = runner.period(run, bars, {0, bars.size()});
  return {};
}

void summarise(WalkForward& walk, const market::Series& series, double capital) {
  double peak = capital;
  for (const double value : walk.equity) {
    peak = std::max(peak, value);
    walk.max_drawdown_percent = std::max(walk.max_drawdown_percent, 100 * (peak - value) / peak);
  }
  walk.return_percent = 100 * (walk.equity.back() / capital - 1);
  const backtest::BarRange bars{walk.first_bar, walk.first_bar + walk.equity.size()};
  walk.buy_and_hold_return_percent = backtest::buy_and_hold(series, bars, capital).return_percent;

  double inside = 0, inside_days = 0, outside = 0, outside_days = 0;
  std::size_t profitable = 0;
  for (const WalkForwardWindow& window : walk.windows) {
    if (!window.in_sample || !window.out_of_sample) continue;
    inside += window.in_sample->metrics.total_profit.value_or(0);
    inside_days += days_of(*window.in_sample);
    const double made = window.out_of_sample->metrics.total_profit.value_or(0);
    outside += made;
    outside_days += days_of(*window.out_of_sample);
    if (made > 0) ++profitable;
  }
  walk.share_profitable = static_cast<double>(profitable) / static_cast<double>(walk.windows.size());
  if (inside > 0 && inside_days > 0 && outside_days > 0)
    walk.efficiency = (outside / outside_days) / (inside / inside_days);

  if (walk.left_out > 0) walk.statement = fmt::format("The time limit left out {} windows. ", walk.left_out);
  walk.statement += fmt::format("Searched anew {} times, it made {:.1f} % on bars that no search had seen",
                                walk.windows.size(), walk.return_percent);
  if (walk.buy_and_hold_return_percent)
    walk.statement += fmt::format(", holding {:.1f} %", *walk.buy_and_hold_return_percent);
  walk.statement += fmt::format("; {:.0f} % of the windows made money.", 100 * walk.share_profitable);
  if (walk.efficiency)
    walk.statement +=
        fmt::format(" A day out of sample earned {:.0f} % of what a day in sample did.", 100 * *walk.efficiency);
}

}  // namespace

base::Result<WalkForwardOptions> parse_walk_forward(std::string_view text) {
  WalkForwardOptions options;
  std::vector<double> numbers;
  for (std::string_view rest = text; numbers.size() < 4;) {
    const std::size_t slash = rest.find('/');
    const auto number = base::parse_number(base::trim(rest.substr(0, slash)));
    if (!number) break;
    numbers.push_back(*number);
    if (slash == std::string_view::npos) {
      if (numbers.size() < 2 || numbers.size() > 3) break;
      options.train_days = numbers[0];
      options.test_days = numbers[1];
      options.step_days = numbers.back();
      TRY(check(options));
      return options;
    }
    rest.remove_prefix(slash + 1);
  }
  return base::failure(
      base::ErrorCode::kInvalidArgument,
      fmt::format("walk-forward '{}': expected days to train, test and step, as in 180/90/30", text.substr(0, 64)));
}

base::Result<std::vector<WalkForwardWindow>> walk_forward_windows(const market::Series& series,
                                                                  const WalkForwardOptions& options) {
  const auto bar_at = [&](std::int64_t time) {
    return static_cast<std::size_t>(std::ranges::lower_bound(series.time, time) - series.time.begin());
  };
  TRY(check(options));
  std::vector<WalkForwardWindow> windows;
  const std::int64_t begin = !series.empty() ? series.time.front() : 0;
  for (double day = 0;; day += options.step_days) {
    const std::int64_t split = begin + nanoseconds(day + options.train_days);
    const bool is_last = series.empty() || split + nanoseconds(options.step_days / 2) > series.time.back();
    if (is_last && !windows.empty()) break;
    WalkForwardWindow window;
    window.train = {options.anchored ? 0 : bar_at(begin + nanoseconds(day)), bar_at(split)};
    window.test = {window.train.end, bar_at(split + nanoseconds(options.test_days))};
    if (window.test.first >= series.size()) break;
    // A hole in the data may leave a window without bars: nothing is to be learnt or tested there.
    if (window.train.end - window.train.first >= 2 && window.test.end > window.test.first) windows.push_back(window);
    if (windows.size() > kWalkForwardWindowsMax) break;
    if (is_last) break;
  }
  if (windows.empty()) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("no window of {} days to train and {} to test fits the bars", options.train_days,
                                     options.test_days));
  }
  if (windows.size() > kWalkForwardWindowsMax) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("steps of {} days make more than {} windows; take longer steps", options.step_days,
                                     kWalkForwardWindowsMax));
  }
  return windows;
}

base::Result<std::optional<WalkForward>> walk_forward(const TrialRunner& runner, const WalkForwardOptions& options,
                                                      std::span<const Trial> completed,
                                                      const ProgressCallback& progress, const std::stop_token& stop,
                                                      const TrialCallback& on_trials) {
  const SearchRequest& request = runner.request();
  WalkForward walk;
  TRY_ASSIGN(walk.windows, walk_forward_windows(*request.series, options));
  walk.first_bar = walk.windows.front().test.first;
  const std::uint64_t each = request.trial_count();
  const OneSearch all(each, walk.windows.size(), progress, on_trials);
  for (std::size_t i = 0; i < walk.windows.size(); ++i) {
    if (const auto left = runner.time_left(); left && left->count() <= 0) {
      walk.left_out = walk.windows.size() - i;
      walk.windows.resize(i);
      break;
    }
    WalkForwardWindow& window = walk.windows[i];
    const auto known = renumbered(completed, all.first_trial(i), each);
    TRY(train_window(runner, window, known, all.progress(i), stop, all.on_trials(i)));
    const bool is_last = i + 1 == walk.windows.size();
    const std::size_t until = is_last ? window.test.end : walk.windows[i + 1].test.first;
    TRY(test_window(runner, window, until, stop, walk.equity));
  }
  if (walk.windows.empty()) return std::nullopt;
  summarise(walk, *request.series, request.settings.initial_capital);
  return walk;
}

}  // namespace tradeassist::optimize
