#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/timeframe.hpp"
#include "market/zone_clock.hpp"

namespace tradeassist::market {

/// Where the buckets of a higher timeframe begin: at `session_start` after local midnight of `time_zone`.
/// A session that starts after 12:00 (17:00 New York forex, 18:00 futures) belongs to the next calendar day.
struct SessionAnchor {
  std::string time_zone = "UTC";
  std::chrono::minutes session_start{0};
};

/// The anchor of an instrument's `session` text ("0930-1600" → 09:30). Empty → midnight.
base::Result<SessionAnchor> session_anchor(std::string_view time_zone, std::string_view session);

/// Start and end (exclusive) of a bucket.
struct Bucket {
  std::int64_t start = 0, end = 0;  // nanoseconds UTC
};

/// The boundaries of one timeframe, for many instants. Intraday buckets count clock time from the session start and
/// end with it; days are trading days, named by the start of their session; weeks start on Monday, months on the 1st,
/// `nd` counts calendar days from 1970-01-01, `nw` weeks from 1970-01-05, `nM` months from January 1970.
/// Not thread-safe, as its ZoneClock; cheap to copy.
class Buckets {
 public:
  /// kInvalidArgument for an unknown time zone.
  static base::Result<Buckets> of(Timeframe timeframe, const SessionAnchor& anchor);

  /// The bucket that holds an instant.
  Bucket holding(std::int64_t nanoseconds);

  /// The trading day, since 1970-01-01, that an instant belongs to by the anchor.
  std::int64_t trading_day(std::int64_t nanoseconds);

 private:
  Buckets(Timeframe timeframe, ZoneClock clock, std::int64_t day_shift)
      : timeframe_(timeframe), clock_(clock), day_shift_(day_shift) {}

  std::int64_t day_start(std::int64_t day);
  std::pair<std::int64_t, std::int64_t> days_holding(std::int64_t day) const;

  Timeframe timeframe_;
  ZoneClock clock_;
  std::int64_t day_shift_;  // seconds from local midnight to the start of a trading day; negative the evening before
};

/// The bucket that holds `t`; for one question.
base::Result<Bucket> bucket_of(base::Time t, Timeframe timeframe, const SessionAnchor& anchor = {});

/// The trading day, since 1970-01-01, of each of the times (nanoseconds UTC), by an anchor: without a calendar.
base::Result<std::vector<std::int64_t>> trading_days_of(std::span<const std::int64_t> times,
                                                        const SessionAnchor& anchor);

}  // namespace tradeassist::market
