#pragma once

#include <chrono>
#include <optional>
#include <utility>

#include "base/time.hpp"

namespace tradeassist::base {

/// Notices that a wall clock was set back while the process ran, which the steady clock tells. What waits until a time
/// would otherwise wait that much longer. Not thread-safe.
class ClockWatch {
 public:
  /// Less than this is how a clock is kept right, or a thread that had to wait between two readings.
  static constexpr std::chrono::seconds kMin{5};

  /// How far the clock was set back since the last call; zero at the first one, and where it was by less than kMin.
  /// `now`: what the clock says; `steady`: when it did.
  Nanoseconds set_back(Time now, std::chrono::steady_clock::time_point steady = std::chrono::steady_clock::now()) {
    const auto last = std::exchange(last_, std::pair(now, steady));
    if (!last) return Nanoseconds(0);
    const Nanoseconds behind = Nanoseconds(steady - last->second) - (now - last->first);
    return behind >= kMin ? behind : Nanoseconds(0);
  }

 private:
  std::optional<std::pair<Time, std::chrono::steady_clock::time_point>> last_;
};

}  // namespace tradeassist::base
