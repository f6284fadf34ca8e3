#pragma once

#include <mutex>
#include <stop_token>

#include "base/result.hpp"
#include "feed/providers/clock.hpp"

namespace tradeassist::feed {

/// Lets through `burst` calls at once and `per_minute` in the long run: in any stretch of t minutes at most
/// per_minute * t + burst. Thread-safe; waiting calls are let through in the order they came.
class TokenBucket {
 public:
  /// Both at least 1.
  TokenBucket(Clock& clock, int per_minute, int burst);

  /// Takes a token, waiting until there is one. kCancelled when stopped meanwhile; the token is then given back.
  base::Result<void> take(const std::stop_token& stop);

  /// Takes a token if there is one now.
  bool try_take();

  /// How many there are now.
  int available() const;

 private:
  base::Nanoseconds reserve();

  Clock& clock_;
  const base::Nanoseconds interval_;   // between two tokens
  const base::Nanoseconds tolerance_;  // how far ahead of time a burst may run
  mutable std::mutex mutex_;
  base::Nanoseconds next_{0};  // when the bucket would be full again but for one token
};

}  // namespace tradeassist::feed
