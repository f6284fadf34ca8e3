#include "feed/providers/check_bars.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "market/resample.hpp"
#include "market/zone_clock.hpp"

namespace tradeassist::feed {
namespace {

/// Empty for a good bar.
std::string problem_of(const market::Bar& bar) {
  if (!std::isfinite(bar.open) || !std::isfinite(bar.high) || !std::isfinite(bar.low) || !std::isfinite(bar.close))
    return "a price is not a number";
  if (bar.high < bar.low) return fmt::format("high {} is below low {}", bar.high, bar.low);
  if (bar.high < bar.open) return fmt::format("high {} is below open {}", bar.high, bar.open);
  if (bar.high < bar.close) return fmt::format("high {} is below close {}", bar.high, bar.close);
  if (bar.low > bar.open) return fmt::format("low {} is above open {}", bar.low, bar.open);
  if (bar.low > bar.close) return fmt::format("low {} is above close {}", bar.low, bar.close);
  if (bar.volume < 0 || std::isinf(bar.volume)) return fmt::format("volume is {}", bar.volume);
  return "";
}

base::Time date_of(base::Time stamp, market::ZoneClock& clock) {
  std::int64_t seconds = base::floor_divide(base::to_nanoseconds(stamp), base::kNanosecondsPerSecond);
  if (seconds % 86'400 == 0) return stamp;
  seconds += clock.offset_at(seconds);
  return base::time_from_nanoseconds(base::floor_divide(seconds, 86'400) * base::kNanosecondsPerDay);
}

/// When a bar is over. A date is over when it is over on the exchange's clock, which we take as the next midnight
/// there.
base::Result<base::Time> end_of(base::Time start, market::Timeframe timeframe, market::ZoneClock& clock) {
  if (timeframe.is_intraday()) return start + std::chrono::seconds(timeframe.nominal_seconds());
  TRY_ASSIGN(const market::Bucket bucket, market::bucket_of(start, timeframe));
  return base::time_from_nanoseconds(clock.to_utc(bucket.end / base::kNanosecondsPerSecond) *
                                     base::kNanosecondsPerSecond);
}

}  // namespace

void BarsChecked::add(const BarsChecked& other) {
  received += other.received;
  kept += other.kept;
  bad += other.bad;
  repeated += other.repeated;
  outside += other.outside;
  unfinished += other.unfinished;
  if (first_problem.empty()) first_problem = other.first_problem;
}

base::Result<market::Series> check_bars(const market::Series& bars, const BarRequest& request,
                                        const std::string& time_zone, base::Time now, BarsChecked& checked) {
  TRY_ASSIGN(market::ZoneClock clock, market::ZoneClock::find(time_zone));
  BarsChecked counts;
  counts.received = static_cast<std::int64_t>(bars.size());
  std::vector<market::Bar> good;
  good.reserve(bars.size());
  for (std::size_t i = 0; i < bars.size(); ++i) {
    market::Bar bar = bars.bar(i);
    if (std::string problem = problem_of(bar); !problem.empty()) {
      ++counts.bad;
      if (counts.first_problem.empty())
        counts.first_problem = fmt::format("the bar of {}: {}", base::format_time(bar.time), problem);
      continue;
    }
    if (!request.timeframe.is_intraday()) bar.time = date_of(bar.time, clock);
    if (bar.time < request.from || bar.time >= request.to) {
      ++counts.outside;
      continue;
    }
    TRY_ASSIGN(const base::Time end, end_of(bar.time, request.timeframe, clock));
    if (end > now) {
      ++counts.unfinished;
      continue;
    }
    good.push_back(bar);
  }
  std::ranges::stable_sort(good, {}, &market::Bar::time);
  market::Series out;
  out.reserve(good.size());
  for (std::size_t i = 0; i < good.size(); ++i) {
    if (i + 1 < good.size() && good[i + 1].time == good[i].time) {
      ++counts.repeated;
      continue;
    }
    out.push_back(good[i]);
  }
  counts.kept = static_cast<std::int64_t>(out.size());
  checked.add(counts);
  return out;
}

}  // namespace tradeassist::feed
