#include "optimize/trial_loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

namespace tradeassist::optimize {
namespace {

constexpr std::chrono::milliseconds kProgressEvery{100};
constexpr std::uint64_t kAskedAtOnce = 256;  // of a sampler that learns nothing

using Clock = std::chrono::steady_clock;

/// Bit by bit, so that the NaN of a parameter that is not active equals itself.
bool same_point(const Point& a, const Point& b) {
  return std::ranges::equal(a, b, [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y) || (x != x && y != y);
  });
}

/// Workers take the next trial; the one that finds none left asks the sampler for more. The calling thread tells of the
/// progress.
class TrialLoop {
 public:
  TrialLoop(const TrialLoopSettings& settings, Sampler& sampler, const Evaluate& evaluate, const Judge& judge)
      : settings_(settings), sampler_(sampler), evaluate_(evaluate), judge_(judge), total_(settings.trials) {
    for (const Trial& trial : settings.completed) completed_.try_emplace(trial.trial, &trial);
  }

  base::Result<std::vector<Trial>> run(const ProgressCallback& progress, const std::stop_token& stop,
                                       const TrialCallback& completed) {
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    const int threads = settings_.threads > 0 ? std::min(settings_.threads, 256) : cores;
    started_ = Clock::now();
    {
      const std::stop_callback wake(stop, [this] {
        const std::lock_guard lock(mutex_);
        work_.notify_all();
      });
      std::vector<std::jthread> workers;
      running_ = threads;
      for (int i = 0; i < threads; ++i) workers.emplace_back([&] { work(stop); });
      std::unique_lock lock(mutex_);
      while (true) {
        const bool finished = ended_.wait_for(lock, kProgressEvery, [&] { return running_ == 0; });
        const std::vector<Trial> fresh = std::exchange(fresh_, {});
        const SearchProgress now = progress_now();
        lock.unlock();
        if (completed && !fresh.empty()) completed(fresh);
        if (progress) progress(now);
        if (finished) break;
        lock.lock();
      }
    }
    if (failure_) return std::unexpected(*failure_);
    if (!ended() || count_ < trials_.size()) {
      return base::failure(base::ErrorCode::kCancelled,
                           fmt::format("the search was cancelled after {} of {} trials", count_, total_));
    }
    return std::move(trials_);
  }

 private:
  void work(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!given_up_ && !stop.stop_requested()) {
      if (next_ == trials_.size()) {
        if (ended()) break;
        const bool learns = sampler_.batch() > 0;
        if (learns && count_ < trials_.size()) {
          work_.wait(lock);
        } else {
          ask();
        }
        continue;
      }
      const std::uint64_t number = next_++;
      if (done_[number] != 0) continue;
      Trial trial = trials_[number];
      lock.unlock();
      auto made = evaluate_(std::move(trial), stop);
      lock.lock();
      if (!made) {
        // A cancelled run is not a failure of the script; the first real failure ends the search.
        if (made.error().code != base::ErrorCode::kCancelled && !failure_) failure_ = made.error();
        given_up_ = true;
        break;
      }
      fresh_.push_back(*made);
      keep(number, *std::move(made));
    }
    --running_;
    work_.notify_all();
    ended_.notify_all();
  }

  /// No more trials will be asked for.
  bool ended() const { return trials_.size() == total_; }

  /// All asked trials are taken, and evaluated where the sampler learns: asks for more.
  void ask() {
    const std::uint64_t batch = sampler_.batch();
    if (batch > 0 && asked_from_ < trials_.size()) {
      std::vector<Outcome> outcomes;
      for (std::uint64_t i = asked_from_; i < trials_.size(); ++i) outcomes.push_back(judge_(trials_[i]));
      sampler_.tell(outcomes);
    }
    asked_from_ = trials_.size();
    const std::uint64_t wanted = std::min(batch > 0 ? batch : kAskedAtOnce, total_ - asked_from_);
    std::vector<Point> points = sampler_.ask(wanted);
    if (points.size() < wanted) total_ = asked_from_ + points.size();
    for (Point& point : points) {
      const std::uint64_t number = trials_.size();
      const auto known = completed_.find(number);
      const bool is_known = known != completed_.end() && same_point(known->second->point, point);
      Trial trial;
      trial.trial = number;
      trial.point = std::move(point);
      trials_.push_back(std::move(trial));
      done_.push_back(0);
      if (is_known) {
        ++resumed_;
        keep(number, *known->second);
      }
    }
    work_.notify_all();
  }

  void keep(std::uint64_t number, Trial trial) {
    trials_[number] = std::move(trial);
    done_[number] = 1;
    ++count_;
    const Outcome outcome = judge_(trials_[number]);
    if (outcome.cost < std::numeric_limits<double>::infinity()) {
      const bool first =
          !has_best_ || better(outcome, best_outcome_) || (!better(best_outcome_, outcome) && number < best_);
      if (first) {
        best_ = number;
        best_outcome_ = outcome;
        has_best_ = true;
      }
    }
    if (count_ == trials_.size()) work_.notify_all();
  }

  SearchProgress progress_now() const {
    SearchProgress now;
    now.trials_done = count_;
    now.trials_total = total_;
    now.has_best = has_best_;
    if (has_best_) now.best = trials_[best_];
    const double seconds = std::chrono::duration<double>(Clock::now() - started_).count();
    const auto fresh = static_cast<double>(count_ - resumed_);
    now.trials_per_second = seconds > 0 ? fresh / seconds : 0;
    now.seconds_left =
        fresh > 0 ? static_cast<double>(total_ - count_) * seconds / fresh : std::numeric_limits<double>::quiet_NaN();
    return now;
  }

  const TrialLoopSettings& settings_;
  Sampler& sampler_;
  const Evaluate& evaluate_;
  const Judge& judge_;
  std::unordered_map<std::uint64_t, const Trial*> completed_;
  Clock::time_point started_;

  std::mutex mutex_;  // guards the rest
  std::condition_variable work_, ended_;
  std::vector<Trial> trials_, fresh_;  // asked for; completed since the last progress
  std::vector<char> done_;
  std::uint64_t total_ = 0, next_ = 0, count_ = 0, resumed_ = 0, asked_from_ = 0;
  int running_ = 0;
  bool given_up_ = false, has_best_ = false;
  std::uint64_t best_ = 0;
  Outcome best_outcome_;
  std::optional<base::Error> failure_;
};

}  // namespace

base::Result<std::vector<Trial>> run_trials(const TrialLoopSettings& settings, Sampler& sampler,
                                            const Evaluate& evaluate, const Judge& judge,
                                            const ProgressCallback& progress, const std::stop_token& stop,
                                            const TrialCallback& completed) {
  return TrialLoop(settings, sampler, evaluate, judge).run(progress, stop, completed);
}

}  // namespace tradeassist::optimize
