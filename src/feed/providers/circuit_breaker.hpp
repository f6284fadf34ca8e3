#pragma once

#include <mutex>
#include <optional>
#include <string_view>

#include "feed/providers/clock.hpp"

namespace tradeassist::feed {

enum class BreakerState { kClosed, kOpen, kHalfOpen };
std::string_view to_string(BreakerState state);

/// Stops calls to a source that keeps failing: after `failures_max` in a row it is open, and calls wait until `pause`
/// is over; then one call is let through as a probe (half-open), which closes it or opens it again. Thread-safe.
class CircuitBreaker {
 public:
  explicit CircuitBreaker(Clock& clock, int failures_max = 5, base::Nanoseconds pause = std::chrono::seconds(30));

  /// Nothing: go ahead, and tell the outcome with succeeded(), failed() or abandoned(). Else how long to wait before
  /// asking again.
  std::optional<base::Nanoseconds> ask();
  void succeeded();
  void failed();
  /// The call ended without saying anything about the source.
  void abandoned();

  BreakerState state() const;
  int failures_in_a_row() const;

 private:
  Clock& clock_;
  const int failures_max_;
  const base::Nanoseconds pause_;
  mutable std::mutex mutex_;
  int failures_ = 0;
  bool is_open_ = false, is_probing_ = false;
  base::Nanoseconds opened_at_{0};
};

}  // namespace tradeassist::feed
