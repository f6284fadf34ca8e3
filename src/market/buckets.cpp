#include "market/buckets.hpp"

#include <algorithm>

namespace tradeassist::market {
namespace {

constexpr std::int64_t kSecond = base::kNanosecondsPerSecond;
constexpr std::int64_t kDaySeconds = 86'400;

using base::floor_divide;

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

base::Result<Buckets> Buckets::of(Timeframe timeframe, const SessionAnchor& anchor) {
  TRY_ASSIGN(ZoneClock clock, ZoneClock::find(anchor.time_zone));
  const std::int64_t start = std::chrono::seconds(anchor.session_start).count();
  // A session that starts after noon opens the next day.
  return Buckets(timeframe, clock, start > kDaySeconds / 2 ? start - kDaySeconds : start);
}

Bucket Buckets::holding(std::int64_t nanoseconds) {
  const std::int64_t day = trading_day(nanoseconds);
  if (timeframe_.is_intraday()) {
    const std::int64_t open = day_start(day), next_open = day_start(day + 1);
    const std::int64_t length = timeframe_.nominal_seconds(), seconds = floor_divide(nanoseconds, kSecond);
    const std::int64_t start = open + floor_divide(seconds - open, length) * length;
    return {start * kSecond, std::min(start + length, std::max(next_open, start + 1)) * kSecond};
  }
  const auto [first, last] = days_holding(day);
  return {day_start(first) * kSecond, day_start(last) * kSecond};
}

std::int64_t Buckets::trading_day(std::int64_t nanoseconds) {
  const std::int64_t seconds = floor_divide(nanoseconds, kSecond);
  const std::int64_t local = seconds + clock_.offset_at(seconds);
  return floor_divide(local - day_shift_, kDaySeconds);
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

base::Result<Bucket> bucket_of(base::Time t, Timeframe timeframe, const SessionAnchor& anchor) {
  TRY_ASSIGN(Buckets buckets, Buckets::of(timeframe, anchor));
  return buckets.holding(base::to_nanoseconds(t));
}

base::Result<std::vector<std::int64_t>> trading_days_of(std::span<const std::int64_t> times,
                                                        const SessionAnchor& anchor) {
  TRY_ASSIGN(Buckets buckets, Buckets::of({Timeframe::Unit::kDay, 1}, anchor));
  std::vector<std::int64_t> days(times.size());
  std::ranges::transform(times, days.begin(), [&](std::int64_t t) { return buckets.trading_day(t); });
  return days;
}

}  // namespace tradeassist::market
