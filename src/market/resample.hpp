#pragma once

#include "base/result.hpp"
#include "market/buckets.hpp"
#include "market/series.hpp"
#include "market/timeframe.hpp"

namespace tradeassist::market {

/// Aggregates bars to a higher timeframe, in buckets as Buckets says: open first, high max, low min, close last, volume
/// sum (NaN volumes are skipped; all NaN gives NaN; the same for prices). A bucket's time is its own start.
///
/// Of the optional columns that are present: open interest last known, trade count sum, and VWAP by volume,
/// Σ(price × volume) / Σ volume, where a bar's price is its VWAP or, where that is not known, (high + low + close) / 3.
/// Bars whose volume is not known or not above 0, or that have no such price, take no part in it; none left gives NaN.
///
/// Deterministic: depends on the bars, the timeframe and the anchor alone. kInvalidArgument for an unknown time zone.
base::Result<Series> resample(const Series& bars, Timeframe to, const SessionAnchor& anchor = {});

}  // namespace tradeassist::market
