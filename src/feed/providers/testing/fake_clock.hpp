#pragma once

#include <mutex>
#include <vector>

#include "feed/providers/clock.hpp"

namespace tradeassist::feed {

/// For tests: time passes only by sleeping and by advance().
class FakeClock : public Clock {
 public:
  explicit FakeClock(base::Time start = base::parse_time("2025-06-02T15:00:00Z").value()) : start_(start) {}

  base::Time now() override {
    const std::lock_guard lock(mutex_);
    return start_ + passed_;
  }
  base::Nanoseconds elapsed() override {
    const std::lock_guard lock(mutex_);
    return passed_;
  }
  bool sleep(base::Nanoseconds duration, const std::stop_token& stop) override {
    if (stop.stop_requested()) return false;
    const std::lock_guard lock(mutex_);
    passed_ += duration;
    sleeps_.push_back(duration);
    return true;
  }
  void advance(base::Nanoseconds duration) {
    const std::lock_guard lock(mutex_);
    passed_ += duration;
  }
  std::vector<base::Nanoseconds> sleeps() const {
    const std::lock_guard lock(mutex_);
    return sleeps_;
  }

 private:
  mutable std::mutex mutex_;
  base::Time start_;
  base::Nanoseconds passed_{0};
  std::vector<base::Nanoseconds> sleeps_;
};

}  // namespace tradeassist::feed
