#include "market/resample.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "market/buckets.hpp"

namespace tradeassist::market {
namespace {

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
  TRY_ASSIGN(Buckets buckets, Buckets::create(to, anchor));
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
  TRY_ASSIGN(Buckets buckets, Buckets::create(timeframe, anchor));
  return buckets.holding(base::to_nanoseconds(t));
}

}  // namespace tradeassist::market
