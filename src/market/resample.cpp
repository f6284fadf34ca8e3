#include "market/resample.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "market/zone_clock.hpp"

namespace tradeassist::market {
namespace {

constexpr std::int64_t kSecond = base::kNanosecondsPerSecond;
constexpr std::int64_t kDaySeconds = 86'400;

using base::floor_divide;

/// Bucket boundaries of one timeframe. Trading days are numbered by the calendar day they belong to.
class Buckets {
 public:
  Buckets(Timeframe timeframe, ZoneClock clock, std::int64_t session_start_seconds)
      : timeframe_(timeframe), clock_(clock) {
    // A session that starts after noon opens the next day.
    day_shift_ = session_start_seconds > kDaySeconds / 2 ? session_start_seconds - kDaySeconds : session_start_seconds;
  }

  Bucket holding(std::int64_t nanoseconds) {
    const std::int64_t seconds = floor_divide(nanoseconds, kSecond);
    const std::int64_t local = seconds + clock_.offset_at(seconds);
    const std::int64_t day = floor_divide(local - day_shift_, kDaySeconds);
    if (timeframe_.is_intraday()) {
      const std::int64_t open = day_start(day), next_open = day_start(day + 1);
      const std::int64_t length = timeframe_.nominal_seconds();
      const std::int64_t start = open + floor_divide(seconds - open, length) * length;
      return {start * kSecond, std::min(start + length, std::max(next_open, start + 1)) * kSecond};
    }
    const auto [first, last] = days_holding(day);
    return {day_start(first) * kSecond, day_start(last) * kSecond};
  }

 private:
  std::int64_t day_start(std::int64_t day) { return clock_.to_utc(day * kDaySeconds + day_shift_); }

  /// First trading day of the bucket, and the first of the next.
  std::pair<std::int64_t, std::int64_t> days_holding(std::int64_t day) const {
    const std::int64_t count = timeframe_.count;
    switch (timeframe_.unit) {
      case Timeframe::Unit::kWeek: {
        constexpr std::int64_t kFirstMonday = 4;  // 1970-01-05
        const std::int64_t first = kFirstMonday + floor_divide(day - kFirstMonday, 7 * count) * 7 * count;
        return {first, first + 7 * count};
      }
      case Timeframe::Unit::kMonth: {
        const CivilDate date = civil_from_days(day);
        const std::int64_t month = (date.year - 1970) * 12 + static_cast<std::int64_t>(date.month) - 1;
        const auto start_of = [](std::int64_t m) {
          const std::int64_t year = floor_divide(m, 12);
          return days_from_civil({static_cast<int>(1970 + year), static_cast<unsigned>(m - year * 12 + 1), 1});
        };
        const std::int64_t first = floor_divide(month, count) * count;
        return {start_of(first), start_of(first + count)};
      }
      default: {
        const std::int64_t first = floor_divide(day, count) * count;
        return {first, first + count};
      }
    }
  }

  Timeframe timeframe_;
  ZoneClock clock_;
  std::int64_t day_shift_ = 0;
};

base::Result<Buckets> buckets_of(Timeframe timeframe, const SessionAnchor& anchor) {
  TRY_ASSIGN(ZoneClock clock, ZoneClock::find(anchor.time_zone));
  return Buckets(timeframe, clock, std::chrono::seconds(anchor.session_start).count());
}

/// The price of a bar that has one: na prices take no part.
void take_max(double& into, double x) {
  if (x == x && !(into >= x)) into = x;
}
void take_min(double& into, double x) {
  if (x == x && !(into <= x)) into = x;
}

}  // namespace

base::Result<SessionAnchor> session_anchor(std::string_view time_zone, std::string_view session) {
  SessionAnchor anchor{std::string(time_zone), std::chrono::minutes(0)};
  if (session.empty() || session == "24x7") return anchor;
  const auto digit = [&](std::size_t i) { return i < session.size() && session[i] >= '0' && session[i] <= '9'; };
  if (!digit(0) || !digit(1) || !digit(2) || !digit(3)) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "'" + std::string(session) + "' is not a session; write 0930-1600");
  }
  const int hours = (session[0] - '0') * 10 + (session[1] - '0');
  const int minutes = (session[2] - '0') * 10 + (session[3] - '0');
  if (hours > 23 || minutes > 59) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "the session '" + std::string(session) + "' starts at no time of day");
  }
  anchor.session_start = std::chrono::minutes(hours * 60 + minutes);
  return anchor;
}

base::Result<Series> resample(const Series& bars, Timeframe to, const SessionAnchor& anchor) {
  TRY_ASSIGN(Buckets buckets, buckets_of(to, anchor));
  constexpr double kNa = std::numeric_limits<double>::quiet_NaN();
  Series result;
  std::int64_t end = std::numeric_limits<std::int64_t>::min();
  std::size_t at = 0;  // the bucket being filled
  for (std::size_t i = 0; i < bars.size(); ++i) {
    if (bars.time[i] >= end) {
      const Bucket bucket = buckets.holding(bars.time[i]);
      end = bucket.end;
      at = result.size();
      result.push_back({base::time_from_nanoseconds(bucket.start), kNa, kNa, kNa, kNa, kNa});
    }
    if (result.open[at] != result.open[at]) result.open[at] = bars.open[i];
    take_max(result.high[at], bars.high[i]);
    take_min(result.low[at], bars.low[i]);
    if (bars.close[i] == bars.close[i]) result.close[at] = bars.close[i];
    if (bars.volume[i] == bars.volume[i]) {
      result.volume[at] = result.volume[at] == result.volume[at] ? result.volume[at] + bars.volume[i] : bars.volume[i];
    }
  }
  return result;
}

base::Result<Bucket> bucket_of(base::Time t, Timeframe timeframe, const SessionAnchor& anchor) {
  TRY_ASSIGN(Buckets buckets, buckets_of(timeframe, anchor));
  return buckets.holding(base::to_nanoseconds(t));
}

}  // namespace tradeassist::market
