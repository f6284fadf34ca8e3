#include "feed/text/local_time.hpp"

#include <date/tz.h>

#include <algorithm>
#include <exception>

#include "base/time.hpp"
#include "feed/text/stamp.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::kNanosecondsPerSecond;

/// Zones reach back to year -32767 in seconds, which nanoseconds cannot hold.
std::int64_t clamped_nanoseconds(std::int64_t seconds) {
  constexpr std::int64_t kLimit = std::numeric_limits<std::int64_t>::max() / kNanosecondsPerSecond;
  return std::clamp(seconds, -kLimit, kLimit) * kNanosecondsPerSecond;
}

}  // namespace

base::Result<LocalTime> LocalTime::open(std::string_view name) {
  LocalTime clock;
  clock.name_ = name;
  // The stamp reader knows every way to write an offset: "UTC-5" behind some clock is the same text.
  if (const auto stamp = read_clock("00:00 " + clock.name_, ClockDigits::kHourMinute);
      stamp && stamp->zone == ZoneMark::kOffset) {
    clock.offset_ = stamp->offset_seconds * kNanosecondsPerSecond;
    clock.stretch_first_ = std::numeric_limits<std::int64_t>::min();
    clock.stretch_last_ = std::numeric_limits<std::int64_t>::max();
    return clock;
  }
  try {
    clock.zone_ = date::locate_zone(clock.name_);
  } catch (const std::exception&) {
    return base::failure(ErrorCode::kInvalidArgument,
                         "'" + clock.name_.substr(0, 64) +
                             "' is not a known time zone; use an IANA name such as America/New_York or Europe/Berlin, "
                             "UTC, or an offset such as +02:00");
  }
  return clock;
}

LocalTime::Answer LocalTime::look_up(std::int64_t local) {
  if (zone_ == nullptr) return {Kind::kUnique, local - offset_, 0};
  using std::chrono::seconds;
  const auto whole = std::chrono::floor<seconds>(std::chrono::nanoseconds(local));
  const std::int64_t rest = local - whole.count() * kNanosecondsPerSecond;
  const date::local_info info = zone_->get_info(date::local_time<seconds>(whole));
  const std::int64_t first_offset = info.first.offset.count();
  switch (info.result) {
    case date::local_info::nonexistent:
      return {Kind::kSkipped, info.first.end.time_since_epoch().count() * kNanosecondsPerSecond, 0};
    case date::local_info::ambiguous:
      return {Kind::kRepeated, (whole.count() - first_offset) * kNanosecondsPerSecond + rest,
              (first_offset - info.second.offset.count()) * kNanosecondsPerSecond};
    default: break;
  }
  // A day's margin at both ends: no change of the clocks reaches further.
  constexpr std::int64_t kMargin = 86'400;
  offset_ = first_offset * kNanosecondsPerSecond;
  stretch_first_ = clamped_nanoseconds(info.first.begin.time_since_epoch().count() + first_offset + kMargin);
  stretch_last_ = clamped_nanoseconds(info.first.end.time_since_epoch().count() + first_offset - kMargin);
  return {Kind::kUnique, local - offset_, 0};
}

}  // namespace tradeassist::feed
