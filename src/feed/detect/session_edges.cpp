#include "feed/detect/session_edges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

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

/// Stamps such as 09:30:59 or 09:30:59.999: the last moment of a bar, and never the first.
std::optional<BarEndSigns> find_in_last_moments(std::span<const std::int64_t> time) {
  constexpr std::int64_t kMinute = 60 * kNanosecondsPerSecond;
  constexpr std::int64_t kMillisecond = 1'000'000;
  for (const std::int64_t before_minute : {kMillisecond, kNanosecondsPerSecond}) {
    const bool all = std::ranges::all_of(time, [&](std::int64_t at) { return (at + before_minute) % kMinute == 0; });
    if (time.size() < 2 || !all) continue;
    return BarEndSigns{.clear = true,
                       .text = fmt::format("stamps such as {} are the last moment of a bar",
                                           base::format_time(base::time_from_nanoseconds(time.front())))};
  }
  return std::nullopt;
}

std::optional<BarEndSigns> find_in_sessions(std::span<const std::int64_t> time, market::Timeframe timeframe) {
  const std::int64_t bar = timeframe.nominal_seconds() * kNanosecondsPerSecond;
  if (bar >= kHalfHour) return std::nullopt;
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
  if (like_end < 2 || like_end * 10 < pauses * 9) return std::nullopt;
  return BarEndSigns{
      .clear = like_end >= 3,
      .text = fmt::format("{} of {} sessions begin like {} and the one before ends like {}, as stamps of bar "
                          "ends do",
                          like_end, pauses, clock_text(first), clock_text(last))};
}

std::optional<BarEndSigns> find_in_dates(std::span<const std::int64_t> time, market::Timeframe timeframe) {
  using std::chrono::days;
  const bool weeks = timeframe.unit == market::Timeframe::Unit::kWeek;
  std::size_t late = 0;
  for (const std::int64_t at : time) {
    const auto day = std::chrono::floor<days>(base::time_from_nanoseconds(at));
    late += weeks ? std::chrono::weekday(day) == std::chrono::Friday
                  : static_cast<unsigned>(std::chrono::year_month_day(day).day()) >= 26;
  }
  if (time.size() < 3 || late * 10 < time.size() * 8) return std::nullopt;
  return BarEndSigns{
      .clear = false,
      .text = weeks ? fmt::format("{} of {} weeks are named by their Friday; --bar-time end names them by "
                                  "their Monday",
                                  late, time.size())
                    : fmt::format("{} of {} months are named by one of their last days; --bar-time end names "
                                  "them by their first",
                                  late, time.size())};
}

}  // namespace

std::optional<BarEndSigns> find_bar_end_signs(std::span<const std::int64_t> time, market::Timeframe timeframe) {
  if (timeframe.unit != market::Timeframe::Unit::kSecond) {
    if (auto signs = find_in_last_moments(time)) return signs;
  }
  if (timeframe.is_intraday()) return find_in_sessions(time, timeframe);
  if (timeframe.unit == market::Timeframe::Unit::kDay) return std::nullopt;
  return find_in_dates(time, timeframe);
}

}  // namespace tradeassist::feed
