#include "feed/csv/bar_end.hpp"

#include <chrono>

#include "base/time.hpp"

namespace tradeassist::feed {
namespace {

using base::kNanosecondsPerDay;
using base::kNanosecondsPerSecond;
using Unit = market::Timeframe::Unit;

constexpr std::int64_t kMinute = 60 * kNanosecondsPerSecond;

std::int64_t whole_minute(std::int64_t time) {
  constexpr std::int64_t kMillisecond = 1'000'000;
  if ((time + kMillisecond) % kMinute == 0) return time + kMillisecond;
  if ((time + kNanosecondsPerSecond) % kMinute == 0) return time + kNanosecondsPerSecond;
  return time;
}

std::int64_t first_day(std::int64_t last_day, market::Timeframe timeframe) {
  using std::chrono::days;
  const std::chrono::sys_days last{days(last_day)};
  switch (timeframe.unit) {
    case Unit::kMonth: {
      const std::chrono::year_month_day date(last);
      const std::chrono::year_month first = date.year() / date.month() - std::chrono::months(timeframe.count - 1);
      return std::chrono::sys_days(first / 1).time_since_epoch().count();
    }
    case Unit::kWeek: {
      const auto since_monday = (std::chrono::weekday(last) - std::chrono::Monday).count();
      return last_day - since_monday - 7 * std::int64_t{timeframe.count - 1};
    }
    default: return last_day - (timeframe.count - 1);
  }
}

}  // namespace

std::int64_t start_of_bar_ending_at(std::int64_t time, market::Timeframe timeframe) {
  if (timeframe.unit != Unit::kSecond) time = whole_minute(time);
  if (timeframe.unit != Unit::kMonth) return time - timeframe.nominal_seconds() * kNanosecondsPerSecond;
  const auto day = std::chrono::floor<std::chrono::days>(std::chrono::nanoseconds(time - 1)).count();
  return first_day(day, timeframe) * kNanosecondsPerDay;
}

std::int64_t first_day_of_bar_ending_on(std::int64_t day, std::int64_t clock, bool has_clock,
                                        market::Timeframe timeframe) {
  if (has_clock && clock == 0) --day;
  return first_day(day, timeframe);
}

}  // namespace tradeassist::feed
