#pragma once

#include <stop_token>

#include "base/time.hpp"

namespace tradeassist::feed {

/// Time for everything that waits, so that tests need not. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// The wall clock: for stamps and expiries.
  virtual base::Time now() = 0;
  /// Time since some start, which never jumps: for rates and pauses.
  virtual base::Nanoseconds elapsed() = 0;
  /// False when it was stopped before `duration` was over.
  virtual bool sleep(base::Nanoseconds duration, const std::stop_token& stop) = 0;
};

/// The machine's clocks.
class SystemClock : public Clock {
 public:
  base::Time now() override;
  base::Nanoseconds elapsed() override;
  bool sleep(base::Nanoseconds duration, const std::stop_token& stop) override;
};

}  // namespace tradeassist::feed
