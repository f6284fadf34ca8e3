#include "market/buckets.hpp"

#include <algorithm>

namespace tradeassist::market {
namespace {

constexpr std::int64_t kSecond = base::kNanosecondsPerSecond;
constexpr std::int64_t kDaySeconds = 86'400;

using base::floor_divide;

}  // namespace

base::Result<Buckets> Buckets::create(Timeframe timeframe, const SessionAnchor& anchor) {
  TRY_ASSIGN(ZoneClock clock, ZoneClock::find(anchor.time_zone));
  return Buckets(timeframe, clock, std::chrono::seconds(anchor.session_start).count());
}

Buckets::Buckets(Timeframe timeframe, ZoneClock clock, std::int64_t session_start_seconds)
    : timeframe_(timeframe),
      clock_(clock),
      // A session that starts after noon opens the next day.
      day_shift_(session_start_seconds > kDaySeconds / 2 ? session_start_seconds - kDaySeconds
                                                         : session_start_seconds) {}

Bucket Buckets::holding(std::int64_t nanoseconds) {
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

std::int64_t Buckets::day_start(std::int64_t day) { return clock_.to_utc(day * kDaySeconds + day_shift_); }

/// First trading day of the bucket, and the first of the next.
std::pair<std::int64_t, std::int64_t> Buckets::days_holding(std::int64_t day) const {
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

}  // namespace tradeassist::market
