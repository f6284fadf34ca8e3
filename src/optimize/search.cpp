#include "optimize/search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstring>
#include <limits>
#include <mutex>
#include <thread>

#include "optimize/sampler.hpp"

namespace tradeassist::optimize {
namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
constexpr std::chrono::milliseconds kProgressEvery{100};

/// True when `a` is better than `b`; of equals the earlier trial.
bool is_better(const Trial& a, const Trial& b, bool maximise) {
  if (a.objective != a.objective) return false;
  if (b.objective != b.objective) return true;
  if (a.objective != b.objective) return maximise ? a.objective > b.objective : a.objective < b.objective;
  return a.trial < b.trial;
}

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

/// The trials of one search: workers take the next number, the calling thread tells of the progress.
class TrialLoop {
 public:
  TrialLoop(const SearchRequest& request, const pine::Program& program, const market::Series& in_sample,
            const Sampler& sampler, const Objective& objective, std::uint64_t total)
      : request_(request),
        program_(program),
        in_sample_(in_sample),
        sampler_(sampler),
        objective_(objective),
        trials_(total),
        done_(total, 0) {
    for (const Trial& trial : request.completed) {
      if (trial.trial >= total || done_[trial.trial] != 0) continue;
      trials_[trial.trial] = trial;
      done_[trial.trial] = 1;
      ++resumed_;
      consider(trial);
    }
    count_ = resumed_;
  }

  base::Result<std::vector<Trial>> run(const ProgressCallback& progress, const std::stop_token& stop,
                                       const TrialCallback& completed) {
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    const int threads = request_.threads > 0 ? std::min(request_.threads, 256) : cores;
    const auto started = std::chrono::steady_clock::now();
    {
      std::vector<std::jthread> workers;
      running_ = threads;
      for (int i = 0; i < threads; ++i) workers.emplace_back([&] { work(stop); });
      std::unique_lock lock(mutex_);
      while (true) {
        const bool finished = changed_.wait_for(lock, kProgressEvery, [&] { return running_ == 0; });
        std::vector<Trial> batch = std::exchange(fresh_, {});
        const SearchProgress now = progress_now(started);
        lock.unlock();
        if (completed && !batch.empty()) completed(batch);
        if (progress) progress(now);
        if (finished) break;
        lock.lock();
      }
    }
    if (failure_) return std::unexpected(*failure_);
    if (count_ < trials_.size()) {
      return base::failure(base::ErrorCode::kCancelled,
                           fmt::format("the search was cancelled after {} of {} trials", count_, trials_.size()));
    }
    return std::move(trials_);
  }

 private:
  void work(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const std::uint64_t trial = next_.fetch_add(1);
      if (trial >= trials_.size()) break;
      if (done_[trial] != 0) continue;
      auto made = evaluate(trial, stop);
      const std::lock_guard lock(mutex_);
      if (!made) {
        // A cancelled run is not a failure of the script; the first real failure ends the search.
        if (made.error().code != base::ErrorCode::kCancelled && !failure_) failure_ = made.error();
        next_ = trials_.size();
        break;
      }
      trials_[trial] = *made;
      ++count_;
      fresh_.push_back(*made);
      consider(*made);
    }
    const std::lock_guard lock(mutex_);
    --running_;
    changed_.notify_all();
  }

  base::Result<Trial> evaluate(std::uint64_t number, const std::stop_token& stop) const {
    Trial trial;
    trial.trial = number;
    trial.combination = sampler_.combination(number);
    TRY_ASSIGN(const backtest::RunResult run,
               backtest::run(run_request(request_, program_, in_sample_,
                                         request_.space.inputs(trial.combination, request_.inputs), stop)));
    const backtest::Metrics metrics =
        backtest::compute_metrics(run, request_.settings, in_sample_, {0, in_sample_.size()});
    trial.objective = metrics.total_closed_trades > 0 ? or_nan(objective_.value(metrics)) : kNotANumber;
    trial.net_profit = metrics.net_profit;
    trial.net_profit_percent = metrics.net_profit_percent;
    trial.max_drawdown_percent = metrics.max_drawdown_percent;
    trial.sharpe_ratio = or_nan(metrics.sharpe_ratio);
    trial.profit_factor = or_nan(metrics.profit_factor);
    trial.percent_profitable = or_nan(metrics.percent_profitable);
    trial.total_closed_trades = metrics.total_closed_trades;
    return trial;
  }

  void consider(const Trial& trial) {
    if (trial.objective != trial.objective) return;
    if (has_best_ && !is_better(trial, best_, objective_.maximise)) return;
    best_ = trial;
    has_best_ = true;
  }

  SearchProgress progress_now(std::chrono::steady_clock::time_point started) const {
    SearchProgress now;
    now.trials_done = count_;
    now.trials_total = trials_.size();
    now.has_best = has_best_;
    now.best = best_;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    const auto fresh = static_cast<double>(count_ - resumed_);
    now.trials_per_second = seconds > 0 ? fresh / seconds : 0;
    now.seconds_left =
        fresh > 0 ? static_cast<double>(now.trials_total - now.trials_done) / now.trials_per_second : kNotANumber;
    return now;
  }

  const SearchRequest& request_;
  const pine::Program& program_;
  const market::Series& in_sample_;
  const Sampler& sampler_;
  const Objective& objective_;

  std::atomic<std::uint64_t> next_ = 0;
  std::mutex mutex_;  // guards the rest
  std::condition_variable changed_;
  std::vector<Trial> trials_, fresh_;
  std::vector<char> done_;  // from an earlier search; not written after construction
  std::uint64_t count_ = 0, resumed_ = 0;
  int running_ = 0;
  bool has_best_ = false;
  Trial best_;
  std::optional<base::Error> failure_;
};

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

std::string statement_of(std::uint64_t tried, std::uint64_t combinations, std::uint64_t with_value, bool has_out) {
  std::string text =
      fmt::format("{} of {} combinations were tried; {} of them traded and have a value of the objective. ", tried,
                  combinations, with_value);
  text += fmt::format(
      "The in-sample figures are those of the best of {} trials: the more are tried, the better the best of them looks "
      "by "
      "luck alone.",
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
  const std::uint64_t combinations = space.combinations();
  sampler = given_sampler.value_or(combinations <= kWholeSpaceMax ? "grid" : "random");
  trials = given_trials.value_or(std::min(combinations, kWholeSpaceMax));
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
  TRY_ASSIGN(const auto sampler, make_sampler(request.sampler, result.combinations, total, request.seed));
  TRY_ASSIGN(result.split_bar, split_bar(series.size(), request.out_of_sample_share));

  // Plots cost time and change no trade: the trials run a program without them.
  pine::Program program = *request.program;
  pine::eliminate_dead_code(program, pine::Keep::kOrders);
  const market::Series in_sample = series.slice(0, result.split_bar);
  TrialLoop loop(request, program, in_sample, *sampler, *objective, total);
  TRY_ASSIGN(result.trials, loop.run(progress, stop, completed));

  std::uint64_t with_value = 0;
  for (std::size_t i = 0; i < result.trials.size(); ++i) {
    if (result.trials[i].objective == result.trials[i].objective) ++with_value;
    if (is_better(result.trials[i], result.trials[result.best], objective->maximise)) result.best = i;
  }
  if (with_value == 0) {
    return base::failure(
        base::ErrorCode::kInvalidArgument,
        fmt::format("none of the {} trials has a value of {}: no trades, or too few for it", total, objective->name));
  }
  result.best_inputs = request.space.inputs(result.trials[result.best].combination, request.inputs);

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
  result.statement = statement_of(total, result.combinations, with_value, result.out_of_sample.has_value());
  result.data_fingerprint = data_fingerprint(series);
  return result;
}

}  // namespace tradeassist::optimize
