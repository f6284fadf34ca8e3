#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::base {

/// An instant: nanoseconds since 1970-01-01T00:00:00Z, leap seconds ignored (POSIX). Covers 1677-09-21 to 2262-04-11.
using Time = std::chrono::sys_time<std::chrono::nanoseconds>;
using Nanoseconds = std::chrono::nanoseconds;

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr std::int64_t kNanosecondsPerDay = 86'400 * kNanosecondsPerSecond;

constexpr Time time_from_nanoseconds(std::int64_t nanoseconds) { return Time(Nanoseconds(nanoseconds)); }
constexpr std::int64_t to_nanoseconds(Time time) { return time.time_since_epoch().count(); }
constexpr std::int64_t to_milliseconds(Time time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

/// The quotient rounded down, also of instants before 1970; `b` above 0.
constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

/// The wall clock.
Time now();

/// RFC 3339 in UTC with the fewest fraction digits that are exact: `2020-01-02T14:30:00Z`, `…:00.5Z`.
std::string format_time(Time time);

/// Reads RFC 3339 (`2020-01-02T14:30:00.123Z`, `…+02:00`) and the plain forms `2020-01-02`, `2020-01-02 14:30[:00[.f]]`
/// which are taken as UTC. Anything else is kInvalidArgument, with the text and the accepted forms.
Result<Time> parse_time(std::string_view text);

}  // namespace tradeassist::base
