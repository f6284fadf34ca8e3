#include "feed/providers/token_bucket.hpp"

#include <algorithm>

namespace tradeassist::feed {
namespace {

constexpr base::Nanoseconds kMinute{60 * base::kNanosecondsPerSecond};

}  // namespace

// The generic cell rate algorithm (ITU-T I.371): one number instead of a count and a time, and no timer. The interval
// is rounded up, so that rounding never lets more through.
TokenBucket::TokenBucket(Clock& clock, int per_minute, int burst)
    : clock_(clock),
      interval_((kMinute + base::Nanoseconds(std::max(per_minute, 1) - 1)) / std::max(per_minute, 1)),
      tolerance_(interval_ * (std::max(burst, 1) - 1)),
      next_(clock.elapsed()) {}

base::Nanoseconds TokenBucket::reserve() {
  const std::lock_guard lock(mutex_);
  const base::Nanoseconds now = clock_.elapsed();
  const base::Nanoseconds at = std::max(next_, now);
  next_ = at + interval_;
  return std::max(at - tolerance_ - now, base::Nanoseconds(0));
}

base::Result<void> TokenBucket::take(const std::stop_token& stop) {
  const base::Nanoseconds wait = reserve();
  if (wait.count() == 0 || clock_.sleep(wait, stop)) return {};
  const std::lock_guard lock(mutex_);
  next_ -= interval_;
  return base::failure(base::ErrorCode::kCancelled, "stopped while waiting for the rate limit");
}

bool TokenBucket::try_take() {
  const std::lock_guard lock(mutex_);
  const base::Nanoseconds now = clock_.elapsed();
  const base::Nanoseconds at = std::max(next_, now);
  if (at - tolerance_ > now) return false;
  next_ = at + interval_;
  return true;
}

int TokenBucket::available() const {
  const std::lock_guard lock(mutex_);
  const base::Nanoseconds now = clock_.elapsed();
  const base::Nanoseconds left = now + tolerance_ - std::max(next_, now);
  return left.count() < 0 ? 0 : static_cast<int>(left / interval_) + 1;
}

}  // namespace tradeassist::feed
