#include "feed/providers/circuit_breaker.hpp"

#include <algorithm>

namespace tradeassist::feed {

std::string_view to_string(BreakerState state) {
  switch (state) {
    case BreakerState::kClosed: return "closed";
    case BreakerState::kOpen: return "open";
    case BreakerState::kHalfOpen: return "half_open";
  }
  return "";
}

CircuitBreaker::CircuitBreaker(Clock& clock, int failures_max, base::Nanoseconds pause)
    : clock_(clock), failures_max_(std::max(failures_max, 1)), pause_(pause) {}

std::optional<base::Nanoseconds> CircuitBreaker::ask() {
  const std::lock_guard lock(mutex_);
  if (!is_open_) return std::nullopt;
  // Somebody else's probe is on its way: its outcome is soon known.
  if (is_probing_) return std::min<base::Nanoseconds>(pause_, std::chrono::seconds(1));
  const base::Nanoseconds left = opened_at_ + pause_ - clock_.elapsed();
  if (left.count() > 0) return left;
  is_probing_ = true;
  return std::nullopt;
}

void CircuitBreaker::succeeded() {
  const std::lock_guard lock(mutex_);
  failures_ = 0;
  is_open_ = is_probing_ = false;
}

void CircuitBreaker::failed() {
  const std::lock_guard lock(mutex_);
  ++failures_;
  is_probing_ = false;
  if (failures_ < failures_max_) return;
  is_open_ = true;
  opened_at_ = clock_.elapsed();
}

void CircuitBreaker::abandoned() {
  const std::lock_guard lock(mutex_);
  is_probing_ = false;
}

BreakerState CircuitBreaker::state() const {
  const std::lock_guard lock(mutex_);
  if (!is_open_) return BreakerState::kClosed;
  const bool probes = is_probing_ || clock_.elapsed() - opened_at_ >= pause_;
  return probes ? BreakerState::kHalfOpen : BreakerState::kOpen;
}

int CircuitBreaker::failures_in_a_row() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

}  // namespace tradeassist::feed
