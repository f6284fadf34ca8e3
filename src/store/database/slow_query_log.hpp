#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/time.hpp"

namespace tradeassist::store {

/// A statement that took long. Its text has `$n` where values were: values never come here.
struct SlowQuery {
  std::string sql;
  std::chrono::nanoseconds duration{0};
  base::Time finished_at;
};

/// Counts the statements of a database by how long they take, and keeps the newest of those that take longer than a
/// threshold. Every method may be called from any thread; a statement that is fast enough costs two readings of the
/// clock and no lock.
class SlowQueryLog {
 public:
  static constexpr std::size_t kKeptMax = 100;
  static constexpr std::size_t kTextMax = 2'000;  // bytes of a statement; what is longer is cut

  explicit SlowQueryLog(std::chrono::nanoseconds threshold) : threshold_(threshold) {}

  std::chrono::nanoseconds threshold() const { return threshold_; }
  void set_threshold(std::chrono::nanoseconds threshold) { threshold_ = threshold; }

  void record(std::string_view sql, std::chrono::nanoseconds duration) {
    durations_.observe(std::chrono::duration<double>(duration).count());
    if (duration < threshold_.load(std::memory_order_relaxed)) return;
    using Milliseconds = std::chrono::milliseconds;
    base::log(base::LogLevel::kInfo, "slow statement",
              {{"milliseconds", std::to_string(std::chrono::duration_cast<Milliseconds>(duration).count())},
               {"sql", std::string(sql.substr(0, kTextMax))}});
    const std::lock_guard lock(mutex_);
    ++count_;
    if (kept_.size() == kKeptMax) kept_.pop_front();
    kept_.push_back({std::string(sql.substr(0, kTextMax)), duration, base::now()});
  }

  /// All since the log was made, also those that are no longer kept.
  std::int64_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }

  /// Of all statements, in seconds.
  base::HistogramValues durations() const { return durations_.values(); }

  /// The newest first.
  std::vector<SlowQuery> newest() const {
    const std::lock_guard lock(mutex_);
    return {kept_.rbegin(), kept_.rend()};
  }

 private:
  std::atomic<std::chrono::nanoseconds> threshold_;
  base::Histogram durations_{base::latency_bounds()};
  mutable std::mutex mutex_;
  std::int64_t count_ = 0;
  std::deque<SlowQuery> kept_;
};

/// Adds up the time between resume() and pause(), and tells the log the sum when it goes. Without a log it does
/// nothing.
class StatementTimer {
 public:
  /// `sql` must live as long as the timer.
  StatementTimer(SlowQueryLog* log, std::string_view sql) : log_(log), sql_(sql) {}
  StatementTimer(const StatementTimer&) = delete;
  StatementTimer& operator=(const StatementTimer&) = delete;
  ~StatementTimer() {
    pause();
    if (log_ != nullptr) log_->record(sql_, spent_);
  }

  void resume() {
    if (log_ == nullptr) return;
    is_running_ = true;
    since_ = std::chrono::steady_clock::now();
  }
  void pause() {
    if (!is_running_) return;
    is_running_ = false;
    spent_ += std::chrono::steady_clock::now() - since_;
  }

 private:
  SlowQueryLog* log_;
  std::string_view sql_;
  bool is_running_ = false;
  std::chrono::steady_clock::time_point since_{};
  std::chrono::nanoseconds spent_{0};
};

}  // namespace tradeassist::store
