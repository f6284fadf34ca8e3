#include "feed/detect/session_edges.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/time.hpp"

namespace tradeassist::feed {
namespace {

using base::kNanosecondsPerDay;
using base::kNanosecondsPerSecond;

constexpr std::int64_t kHalfHour = 1800 * kNanosecondsPerSecond;

std::string clock_text(std::int64_t time) {
  const std::int64_t of_day = ((time % kNanosecondsPerDay) + kNanosecondsPerDay) % kNanosecondsPerDay;
  const std::int64_t minutes = of_day / (60 * kNanosecondsPerSecond);
  return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

}  // namespace

std::optional<std::string> looks_like_bar_end(std::span<const std::int64_t> time, market::Timeframe timeframe) {
  const std::int64_t bar = timeframe.nominal_seconds() * kNanosecondsPerSecond;
  if (!timeframe.is_intraday() || bar >= kHalfHour) return std::nullopt;
  const std::int64_t pause = std::max<std::int64_t>(4 * bar, 2 * kHalfHour);
  std::size_t pauses = 0;
  std::size_t like_end = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;
  for (std::size_t i = 1; i < time.size(); ++i) {
    if (time[i] - time[i - 1] < pause) continue;
    ++pauses;
    if (time[i] % kHalfHour != bar || time[i - 1] % kHalfHour != 0) continue;
    ++like_end;
    first = time[i];
    last = time[i - 1];
  }
  if (like_end < 2 || like_end * 10 < pauses * 8) return std::nullopt;
  return fmt::format(
      "the stamps look like bar ends: {} of {} sessions begin like {} and end like {}; --bar-time end moves "
      "each bar {} earlier, --bar-time start takes the stamps as they are",
      like_end, pauses, clock_text(first), clock_text(last), market::to_string(timeframe));
}

}  // namespace tradeassist::feed
