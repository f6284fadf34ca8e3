#include "feed/csv/spacing.hpp"

#include <fmt/format.h>

#include <map>

#include "base/time.hpp"

namespace tradeassist::feed {
namespace {

using base::kNanosecondsPerSecond;
using market::Timeframe;
using Unit = market::Timeframe::Unit;

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDay = 24 * kHour;

/// The timeframe whose bars stand this far apart. Days that end early or change their clocks are 18 to 30 hours from
/// the next; months are 26 to 35 days (first or last trading day to the next).
std::optional<Timeframe> timeframe_of_step(std::int64_t seconds) {
  if (seconds <= 0) return std::nullopt;
  if (seconds < 18 * kHour) {
    if (seconds % kHour == 0) return Timeframe{Unit::kHour, static_cast<int>(seconds / kHour)};
    if (seconds % 60 == 0) return Timeframe{Unit::kMinute, static_cast<int>(seconds / 60)};
    return Timeframe{Unit::kSecond, static_cast<int>(seconds)};
  }
  const std::int64_t days = (seconds + 12 * kHour) / kDay;
  const std::int64_t off = seconds - days * kDay;
  if (off > 6 * kHour || off < -6 * kHour) return std::nullopt;
  if (days == 7 || days == 14) return Timeframe{Unit::kWeek, static_cast<int>(days / 7)};
  if (days >= 26 && days <= 35) return Timeframe{Unit::kMonth, 1};
  if (days >= 86 && days <= 96) return Timeframe{Unit::kMonth, 3};
  if (days >= 178 && days <= 188) return Timeframe{Unit::kMonth, 6};
  if (days >= 358 && days <= 372) return Timeframe{Unit::kMonth, 12};
  return days < 100 ? std::optional(Timeframe{Unit::kDay, static_cast<int>(days)}) : std::nullopt;
}

/// The shortest distance of two bars of this timeframe, in seconds: a day may end early, and holidays move the first
/// day of a week or month.
std::int64_t shortest_step(Timeframe timeframe) {
  switch (timeframe.unit) {
    case Unit::kDay: return timeframe.count * kDay - 11 * kHour;
    case Unit::kWeek: return timeframe.count * 7 * kDay - 4 * kDay;
    case Unit::kMonth: return timeframe.count * 28 * kDay - 4 * kDay;
    default: return timeframe.nominal_seconds();
  }
}

}  // namespace

std::optional<Timeframe> infer_timeframe(std::span<const std::int64_t> time) {
  struct Seen {
    Timeframe timeframe;
    std::size_t count = 0;
  };
  std::map<std::int64_t, Seen> steps;  // by nominal length, shortest first
  std::size_t total = 0;
  for (std::size_t i = 1; i < time.size(); ++i) {
    const std::int64_t step = time[i] - time[i - 1];
    if (step <= 0) continue;
    ++total;
    if (step % kNanosecondsPerSecond != 0) continue;
    const auto timeframe = timeframe_of_step(step / kNanosecondsPerSecond);
    if (!timeframe) continue;
    Seen& seen = steps[timeframe->nominal_seconds()];
    seen.timeframe = *timeframe;
    ++seen.count;
  }
  // The shortest that is common: holes make long steps, nothing makes short ones.
  for (const auto& [length, seen] : steps) {
    if (seen.count * 5 >= total) return seen.timeframe;
  }
  return std::nullopt;
}

base::Result<void> check_spacing(const CsvFormat& format, std::span<const std::int64_t> time,
                                 std::vector<std::string>& notes) {
  const std::int64_t shortest = shortest_step(format.timeframe) * kNanosecondsPerSecond;
  const std::int64_t wide = 2 * format.timeframe.nominal_seconds() * kNanosecondsPerSecond;
  std::size_t steps = 0;
  std::size_t below = 0;
  std::size_t near = 0;
  for (std::size_t i = 1; i < time.size(); ++i) {
    const std::int64_t step = time[i] - time[i - 1];
    if (step <= 0) continue;
    ++steps;
    near += step < wide;
    if (step >= shortest) continue;
    // A session may cut its first or last bar short: 09:30, 10:00, 11:00.
    const bool after_pause = i == 1 || time[i - 1] - time[i - 2] >= wide;
    const bool before_pause = i + 1 == time.size() || time[i + 1] - time[i] >= wide;
    below += !after_pause && !before_pause;
  }
  const bool too_close = below * 100 > steps;
  const bool too_wide = steps >= 8 && near == 0;
  if (too_close || too_wide) {
    const auto seen = infer_timeframe(time);
    return base::failure(
        base::ErrorCode::kInvalidArgument,
        fmt::format("{}: the bars stand {} {} apart ({} of {} steps); {}", format.path,
                    too_close ? "less than" : "never less than two times", market::to_string(format.timeframe),
                    too_close ? below : steps, steps,
                    seen && *seen != format.timeframe
                        ? fmt::format("give --timeframe {}", market::to_string(*seen))
                        : std::string("give the timeframe the bars have, or split the file where it changes")));
  }
  if (below > 0) {
    notes.push_back(fmt::format("{} of {} bars stand less than {} behind the one before", below, steps,
                                market::to_string(format.timeframe)));
  }
  return {};
}

}  // namespace tradeassist::feed
