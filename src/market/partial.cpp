#include "market/partial.hpp"

#include <algorithm>

namespace tradeassist::market {
namespace {

bool has_trading_day(const Calendar& calendar, std::int64_t from_day, std::int64_t end_day) {
  const CivilDate first = civil_from_days(from_day);
  if (!calendar.covers(first) || !calendar.covers(civil_from_days(end_day - 1))) return true;
  const auto next = calendar.trading_day_after(civil_from_days(from_day - 1), 1);
  if (next) return days_from_civil(*next) < end_day;
  return calendar.is_trading_day(first);  // the date before is not covered, or there is no trading day any more
}

bool has_session(const Calendar& calendar, std::int64_t from, std::int64_t end, Hours hours) {
  if (!calendar.covers(base::time_from_nanoseconds(from)) || !calendar.covers(base::time_from_nanoseconds(end - 1))) {
    return true;
  }
  const SessionColumns& sessions = calendar.sessions(hours);
  const std::size_t next = sessions.seek(from);
  return next < sessions.size() && sessions.open[next] < end;
}

}  // namespace

bool is_partial(base::Time known_until, const Bucket& bucket, const TradingTime& trading) {
  const std::int64_t known = std::max(base::to_nanoseconds(known_until), bucket.start);
  if (known >= bucket.end) return false;
  if (trading.calendar == nullptr) return true;
  if (trading.times == BarTimes::kDates) {
    return has_trading_day(*trading.calendar, day_of(known), day_of(bucket.end - 1) + 1);
  }
  return has_session(*trading.calendar, known, bucket.end, trading.hours);
}

base::Result<base::Time> known_until(const Series& bars, Timeframe timeframe, const SessionAnchor& anchor) {
  if (bars.empty()) {
    return base::failure(base::ErrorCode::kInvalidArgument, "a series without bars is known until no time");
  }
  TRY_ASSIGN(const Bucket last, bucket_of(base::time_from_nanoseconds(bars.time.back()), timeframe, anchor));
  return base::time_from_nanoseconds(last.end);
}

base::Result<ResampledSeries> resample_with_state(const Series& bars, Timeframe from, Timeframe to,
                                                  const SessionAnchor& anchor, const TradingTime& trading) {
  ResampledSeries result;
  TRY_ASSIGN(result.bars, resample(bars, to, anchor));
  if (bars.empty()) return result;
  TRY_ASSIGN(result.known_until, known_until(bars, from, anchor));
  TRY_ASSIGN(const Bucket last, bucket_of(base::time_from_nanoseconds(bars.time.back()), to, anchor));
  result.last_is_partial = is_partial(result.known_until, last, trading);
  return result;
}

}  // namespace tradeassist::market
