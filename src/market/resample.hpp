#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "market/series.hpp"
#include "market/timeframe.hpp"

namespace tradeassist::market {

/// Where the buckets of a higher timeframe begin: at `session_start` after local midnight of `time_zone`.
/// A session that starts after 12:00 (17:00 New York forex, 18:00 futures) belongs to the next calendar day.
struct SessionAnchor {
  std::string time_zone = "UTC";
  std::chrono::minutes session_start{0};
};

/// The anchor of an instrument's `session` text ("0930-1600" → 09:30). Empty → midnight.
base::Result<SessionAnchor> session_anchor(std::string_view time_zone, std::string_view session);

/// Aggregates bars to a higher timeframe: open first, high max, low min, close last, volume sum (NaN volumes are
/// skipped; all NaN gives NaN; the same for prices). Intraday buckets count clock time from the session start and end
/// with it; days are trading days, named by the start of their session; weeks start on Monday, months on the 1st,
/// `nd` counts calendar days from 1970-01-01, `nw` weeks from 1970-01-05, `nM` months from January 1970. A bucket's
/// time is its own start. Deterministic: depends on the bars, the timeframe and the anchor alone.
base::Result<Series> resample(const Series& bars, Timeframe to, const SessionAnchor& anchor = {});

/// Start and end (exclusive) of the bucket that holds `t`.
struct Bucket {
  std::int64_t start = 0, end = 0;  // nanoseconds UTC
};
base::Result<Bucket> bucket_of(base::Time t, Timeframe timeframe, const SessionAnchor& anchor = {});

}  // namespace tradeassist::market
