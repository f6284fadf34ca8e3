#pragma once

#include <cstdint>
#include <utility>

#include "base/result.hpp"
#include "market/resample.hpp"
#include "market/zone_clock.hpp"

namespace tradeassist::market {

/// Bucket boundaries of one timeframe, for those who ask for many (see resample() for the rules). Remembers the last
/// stretch between two changes of the clocks; one per thread.
class Buckets {
 public:
  static base::Result<Buckets> create(Timeframe timeframe, const SessionAnchor& anchor);

  /// The bucket that holds this instant, in nanoseconds UTC.
  Bucket holding(std::int64_t nanoseconds);

 private:
  Buckets(Timeframe timeframe, ZoneClock clock, std::int64_t session_start_seconds);

  std::int64_t day_start(std::int64_t day);
  std::pair<std::int64_t, std::int64_t> days_holding(std::int64_t day) const;

  Timeframe timeframe_;
  ZoneClock clock_;
  std::int64_t day_shift_ = 0;  // seconds from midnight of the calendar day that a trading day is named by
};

}  // namespace tradeassist::market
