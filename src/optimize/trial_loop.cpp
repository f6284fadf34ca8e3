#include "optimize/trial_loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <deque>
#include <iterator>
#include <limits>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "optimize/parallel.hpp"
#include "optimize/trial_helpers.hpp"

namespace tradeassist::optimize {
namespace {

constexpr std::chrono::milliseconds kProgressEvery{100};
constexpr std::uint64_t kAskedAtOnce = 256;  // of a sampler that learns nothing
constexpr std::chrono::milliseconds kLookForHelpersEvery{100};
constexpr std::chrono::milliseconds kCollectEvery{20};  // while others help
constexpr double kKeptSeconds = 0.1;                    // what the threads here begin so soon is not handed out

using Clock = std::chrono::steady_clock;

/// Workers take the next trial; the one that finds none left asks the sampler for more. One more thread hands trials to
/// helpers and takes them back. The calling thread tells of the progress.
class TrialLoop {
 public:
  TrialLoop(const TrialLoopSettings& settings, Sampler& sampler, const Evaluate& evaluate, const Judge& judge)
      : settings_(settings),
        threads_(thread_count(settings.threads)),
        sampler_(sampler),
        evaluate_(evaluate),
        judge_(judge),
        total_(settings.trials) {
    for (const Trial& trial : settings.completed) completed_.try_emplace(trial.trial, &trial);
  }

  base::Result<TrialLoopResult> run(const ProgressCallback& progress, const std::stop_token& stop,
                                    const TrialCallback& completed) {
    started_ = Clock::now();
    {
      const std::stop_callback wake(stop, [this] {
        const std::lock_guard lock(mutex_);
        work_.notify_all();
      });
      std::vector<std::jthread> workers;
      workers.reserve(static_cast<std::size_t>(threads_) + 1);
      running_ = threads_;
      for (int i = 0; i < threads_; ++i) workers.emplace_back([&] { work(stop); });
      if (settings_.helpers != nullptr) workers.emplace_back([&] { share(*settings_.helpers); });
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
    if (!all_done()) {
      return base::failure(base::ErrorCode::kCancelled,
                           fmt::format("the search was cancelled after {} of {} trials", count_, total_));
    }
    trials_.resize(total_);
    return TrialLoopResult{std::move(trials_), ending_};
  }

 private:
  void work(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!given_up_ && ending_ != Ending::kNoBetter && !stop.stop_requested()) {
      if (ending_ == Ending::kAllTried && settings_.time_limit && Clock::now() - started_ > *settings_.time_limit) {
        // What was begun is finished: then the first next_ trials are there.
        ending_ = Ending::kTimeLimit;
        total_ = next_;
        work_.notify_all();
      }
      if (const auto number = next_here()) {
        if (!evaluate(lock, *number, stop)) break;
      } else if (has_to_wait()) {
        ++idle_;
        work_.wait(lock);
        --idle_;
      } else if (ending_ != Ending::kAllTried || trials_.size() == total_) {
        break;
      } else {
        ask();
      }
    }
    --running_;
    work_.notify_all();
    ended_.notify_all();
  }

  /// False when that ends the search.
  bool evaluate(std::unique_lock<std::mutex>& lock, std::uint64_t number, const std::stop_token& stop) {
    Trial trial = trials_[number];
    lock.unlock();
    const Clock::time_point begun = Clock::now();
    auto made = evaluate_(std::move(trial), stop);
    const std::chrono::duration<double> took = Clock::now() - begun;
    lock.lock();
    if (!made) {
      // A cancelled run is not a failure of the script; the first real failure ends the search.
      if (made.error().code != base::ErrorCode::kCancelled && !failure_) failure_ = made.error();
      given_up_ = true;
      return false;
    }
    if (!known_) known_ = *made;
    ++evaluated_here_;
    seconds_here_ += took.count();
    fresh_.push_back(*made);
    keep(number, *std::move(made));
    return true;
  }

  /// The next trial for a thread of this process: those that came back from helpers first.
  std::optional<std::uint64_t> next_here() {
    if (back_.empty()) return next_asked();
    const std::uint64_t number = back_.front();
    back_.pop_front();
    return number;
  }

  std::optional<std::uint64_t> next_asked() {
    if (ending_ != Ending::kAllTried) return std::nullopt;
    while (next_ < trials_.size()) {
      const std::uint64_t number = next_++;
      if (done_[number] == 0) return number;
    }
    return std::nullopt;
  }

  /// A thread that finds no trial may get one later: when the sampler has learnt the outcomes of those in work, or of
  /// those that helpers have.
  bool has_to_wait() const {
    if (ending_ == Ending::kAllTried && sampler_.batch() > 0 && count_ < trials_.size()) return true;
    return !out_.empty() && (ending_ != Ending::kAllTried || trials_.size() == total_);
  }

  /// Hands trials to the helpers and takes in what comes back, until the threads of this process have ended; they wait
  /// for what is out.
  void share(TrialHelpers& helpers) {
    std::chrono::milliseconds pause = kLookForHelpersEvery;
    std::unique_lock lock(mutex_);
    while (!ended_.wait_for(lock, pause, [&] { return running_ == 0; })) {
      if (!known_) continue;
      const double seconds = seconds_here_ / static_cast<double>(evaluated_here_);
      const bool is_idle = idle_ > 0, has_out = !out_.empty();
      lock.unlock();
      TrialHelpers::Returned returned;
      if (has_out) returned = helpers.collect();
      if (has_out && is_idle) {
        std::vector<Trial> unbegun = helpers.take_back();
        std::ranges::move(unbegun, std::back_inserter(returned.not_evaluated));
      }
      const std::size_t room = helpers.room(seconds);
      lock.lock();
      take_in(std::move(returned));
      std::vector<Trial> trials = is_idle ? std::vector<Trial>{} : take_out(room, seconds);
      if (!trials.empty()) {
        const Trial known = *known_;
        lock.unlock();
        helpers.hand_out(std::move(trials), known);
        lock.lock();
      }
      pause = room > 0 || !out_.empty() ? kCollectEvery : kLookForHelpersEvery;
    }
  }

  void take_in(TrialHelpers::Returned returned) {
    for (Trial& trial : returned.evaluated) {
      const std::uint64_t number = trial.trial;
      if (out_.erase(number) == 0) continue;
      fresh_.push_back(trial);
      keep(number, std::move(trial));
    }
    for (const Trial& trial : returned.not_evaluated) {
      if (out_.erase(trial.trial) > 0) back_.push_back(trial.trial);
    }
    if (!back_.empty() || out_.empty()) work_.notify_all();
  }

  /// At most so many of the trials behind those that the threads here begin soon.
  std::vector<Trial> take_out(std::size_t count, double seconds) {
    std::vector<Trial> trials;
    if (count == 0 || given_up_ || ending_ != Ending::kAllTried || !back_.empty()) return trials;
    const double soon = static_cast<double>(threads_) * kKeptSeconds / std::max(seconds, 1e-9);
    const auto kept = static_cast<std::size_t>(std::min(soon, 1e6));
    while (sampler_.batch() == 0 && trials_.size() < total_ && trials_.size() - next_ < kept + count) ask();
    const std::size_t open = trials_.size() - next_;
    for (std::size_t i = kept; i < open && trials.size() < count; ++i) {
      const auto number = next_asked();
      if (!number) break;
      out_.insert(*number);
      trials.push_back(trials_[*number]);
    }
    return trials;
  }

  /// Asks for more trials; where the sampler learns, all before them are evaluated.
  void ask() {
    if (sampler_.batch() > 0 && asked_from_ < trials_.size()) {
      std::vector<Outcome> outcomes;
      outcomes.reserve(trials_.size() - asked_from_);
      for (std::uint64_t i = asked_from_; i < trials_.size(); ++i) outcomes.push_back(judge_(trials_[i]));
      sampler_.tell(outcomes);
    }
    // What it was told may change how many it wants to try next.
    const std::uint64_t batch = sampler_.batch();
    const double bar_share = sampler_.bar_share();
    asked_from_ = trials_.size();
    const std::uint64_t wanted = std::min(batch > 0 ? batch : kAskedAtOnce, total_ - asked_from_);
    std::vector<Point> points = sampler_.ask(wanted);
    if (points.size() < wanted) total_ = asked_from_ + points.size();
    for (Point& point : points) {
      const std::uint64_t number = trials_.size();
      const auto known = completed_.find(number);
      const bool is_known =
          known != completed_.end() && known->second->bar_share == bar_share && same_point(known->second->point, point);
      Trial trial;
      trial.trial = number;
      trial.point = std::move(point);
      trial.bar_share = bar_share;
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
    if (is_better_than(trials_[number], best_)) best_ = number;
    in_order();
    if (count_ == trials_.size()) work_.notify_all();
  }

  /// Whether a trial is better than the best of those on all bars; of equals the earlier one.
  bool is_better_than(const Trial& trial, const std::optional<std::uint64_t>& best) const {
    if (trial.bar_share < 1) return false;
    const Outcome outcome = judge_(trial);
    if (!(outcome.cost < std::numeric_limits<double>::infinity())) return false;
    if (!best) return true;
    const Outcome before = judge_(trials_[*best]);
    return better(outcome, before) || (!better(before, outcome) && trial.trial < *best);
  }

  /// Looks at the trials that are done in their order, whatever order they were done in, and ends the search after the
  /// one that makes it long enough that none was better.
  void in_order() {
    if (settings_.stop_after == 0 || ending_ != Ending::kAllTried) return;
    for (; looked_at_ < trials_.size() && done_[looked_at_] != 0; ++looked_at_) {
      const Trial& trial = trials_[looked_at_];
      if (trial.bar_share < 1) continue;
      if (is_better_than(trial, best_in_order_)) {
        best_in_order_ = looked_at_;
        without_better_ = 0;
      } else if (best_in_order_ && ++without_better_ >= settings_.stop_after) {
        ending_ = Ending::kNoBetter;
        total_ = looked_at_ + 1;
        work_.notify_all();
        return;
      }
    }
  }

  bool all_done() const {
    return trials_.size() >= total_ && std::all_of(done_.begin(), done_.begin() + static_cast<std::ptrdiff_t>(total_),
                                                   [](char d) { return d != 0; });
  }

  SearchProgress progress_now() const {
    SearchProgress now;
    now.trials_done = std::min(count_, total_);
    now.trials_total = total_;
    now.has_best = best_.has_value();
    if (best_) now.best = trials_[*best_];
    const double seconds = std::chrono::duration<double>(Clock::now() - started_).count();
    const auto fresh = static_cast<double>(count_ - resumed_);
    now.trials_per_second = seconds > 0 ? fresh / seconds : 0;
    now.seconds_left = fresh > 0 ? static_cast<double>(total_ - std::min(count_, total_)) * seconds / fresh
                                 : std::numeric_limits<double>::quiet_NaN();
    return now;
  }

  const TrialLoopSettings& settings_;
  const int threads_;
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
  int running_ = 0, idle_ = 0;             // threads: all that have not ended; of these, those that wait
  std::unordered_set<std::uint64_t> out_;  // trials that helpers have
  std::deque<std::uint64_t> back_;         // those that came back as they were
  std::optional<Trial> known_;             // the first that was evaluated here
  std::uint64_t evaluated_here_ = 0;
  double seconds_here_ = 0;  // that their evaluations took, added up
  bool given_up_ = false;
  Ending ending_ = Ending::kAllTried;
  std::optional<std::uint64_t> best_, best_in_order_;  // of the trials that are done; of those before looked_at_
  std::uint64_t looked_at_ = 0, without_better_ = 0;
  std::optional<base::Error> failure_;
};

}  // namespace

bool same_point(const Point& a, const Point& b) {
  return std::ranges::equal(a, b, [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y) || (x != x && y != y);
  });
}

base::Result<TrialLoopResult> run_trials(const TrialLoopSettings& settings, Sampler& sampler, const Evaluate& evaluate,
                                         const Judge& judge, const ProgressCallback& progress,
                                         const std::stop_token& stop, const TrialCallback& completed) {
  return TrialLoop(settings, sampler, evaluate, judge).run(progress, stop, completed);
}

}  // namespace tradeassist::optimize
