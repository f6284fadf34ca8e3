#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <random>

#include "base/result.hpp"
#include "feed/providers/circuit_breaker.hpp"
#include "feed/providers/clock.hpp"
#include "feed/providers/provider.hpp"
#include "feed/providers/token_bucket.hpp"

namespace tradeassist::feed {

struct RetryPolicy {
  int attempts_max = 5;
  base::Nanoseconds first_delay = std::chrono::milliseconds(500);
  base::Nanoseconds delay_max = std::chrono::seconds(30);
  /// A source that asks for a longer pause than this is not waited for: the call fails and says so.
  base::Nanoseconds retry_after_max = std::chrono::minutes(5);
  std::uint64_t seed = 1;
};

/// Delays that double from attempt to attempt, each drawn evenly from zero up to that ("full jitter": clients that
/// failed together do not come back together; M. Brooker, "Exponential Backoff And Jitter", 2015). Thread-safe.
class Backoff {
 public:
  explicit Backoff(const RetryPolicy& policy) : policy_(policy), random_(policy.seed) {}
  /// The pause after the `failures`-th failure in a row, from 1.
  base::Nanoseconds delay(int failures);

 private:
  const RetryPolicy policy_;
  std::mutex mutex_;
  std::mt19937_64 random_;
};

struct SourceLimits {
  int requests_per_minute = 120;
  int burst = 10;
  int failures_max = 5;
  base::Nanoseconds pause = std::chrono::seconds(30);
  RetryPolicy retry{};
};

/// Stands between callers and one source: each attempt passes the breaker and the rate limit, and what is worth it
/// (kUnavailable) is tried again. Thread-safe.
class SourceGuard {
 public:
  explicit SourceGuard(Clock& clock, const SourceLimits& limits = {});

  /// What is told before the pauses: why and for how long.
  using WaitHook = std::function<void(std::string_view why, base::Nanoseconds pause)>;

  /// The last error, which says how often it was tried; kCancelled when stopped.
  base::Result<void> run(const std::function<base::Result<void>(Attempt&)>& call, const std::stop_token& stop,
                         const WaitHook& waits = {});

  CircuitBreaker& breaker() { return breaker_; }
  /// How many calls its rate limit lets through without waiting.
  int calls_now() const { return bucket_.available(); }
  /// Attempts since it was made, and those that failed.
  std::int64_t attempts() const { return attempts_; }
  std::int64_t failures() const { return failures_; }

 private:
  base::Result<void> pass_breaker(const std::stop_token& stop, const WaitHook& waits);

  Clock& clock_;
  const SourceLimits limits_;
  TokenBucket bucket_;
  CircuitBreaker breaker_;
  Backoff backoff_;
  std::atomic<std::int64_t> attempts_ = 0, failures_ = 0;
};

}  // namespace tradeassist::feed
