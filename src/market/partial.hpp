#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/calendar/calendar.hpp"
#include "market/futures/trade_days.hpp"
#include "market/resample.hpp"
#include "market/series.hpp"

namespace tradeassist::market {

/// By which time a bucket can still change. Without a calendar only clock time counts: a trading day is whole when the
/// next one begins. With one, time in which the market is closed adds nothing: a day that closed at 13:00 is whole
/// then.
struct TradingTime {
  CalendarPtr calendar{};                // null: clock time
  Hours hours = Hours::kAll;             // of the series: one of regular hours is whole at the regular close
  BarTimes times = BarTimes::kInstants;  // kDates: times are dates at midnight UTC, and whole trading days count
};

/// True when what is known ends at `known_until` and trading between that and the end of the bucket may still change
/// its bar. Of time that the calendar does not cover, it may. Logarithmic in sessions.
bool is_partial(base::Time known_until, const Bucket& bucket, const TradingTime& trading);

/// The end of the last bar of a series of that timeframe: until then its prices are known, as far as stored bars can
/// tell. kInvalidArgument of an empty series and of an unknown time zone.
base::Result<base::Time> known_until(const Series& bars, Timeframe timeframe, const SessionAnchor& anchor);

/// Bars of a higher timeframe and how complete the last one is. Earlier ones are complete or have gaps (gaps.hpp).
struct ResampledSeries {
  Series bars;
  bool last_is_partial = false;  // of an empty series too
  base::Time known_until{};      // the end of the last base bar; 1970 of an empty series
};

/// `resample` of bars of the timeframe `from`, with what is_partial says of the last bucket.
base::Result<ResampledSeries> resample_with_state(const Series& bars, Timeframe from, Timeframe to,
                                                  const SessionAnchor& anchor, const TradingTime& trading);

}  // namespace tradeassist::market
