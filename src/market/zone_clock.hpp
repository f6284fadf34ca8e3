#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace date {
class time_zone;
}

namespace tradeassist::market {

/// A date of the proleptic Gregorian calendar.
struct CivilDate {
  int year = 1970;
  unsigned month = 1, day = 1;

  auto operator<=>(const CivilDate&) const = default;
};

/// Days since 1970-01-01, and back.
std::int64_t days_from_civil(CivilDate date);
CivilDate civil_from_days(std::int64_t days);

/// The day, counted from 1970-01-01, of an instant in nanoseconds: of UTC, or of the zone whose local time it is.
constexpr std::int64_t day_of(std::int64_t nanoseconds) {
  return base::floor_divide(nanoseconds, base::kNanosecondsPerDay);
}

/// 0 for Monday … 6 for Sunday, of a day counted from 1970-01-01.
constexpr int weekday_of(std::int64_t day) { return static_cast<int>(((day + 3) % 7 + 7) % 7); }

/// "2024-06-18".
std::string to_string(CivilDate date);

/// Local time of one zone, for many instants in a row: the offset is looked up once per daylight-saving period.
/// Not thread-safe (it remembers the period); cheap to copy.
class ZoneClock {
 public:
  /// An IANA name ("America/New_York"), "UTC", or "UTC±H[:MM]" / "GMT±H[:MM]". kInvalidArgument when unknown.
  static base::Result<ZoneClock> find(std::string_view name);

  /// Seconds east of Greenwich at an instant (seconds since 1970 UTC).
  std::int64_t offset_at(std::int64_t utc_seconds);

  /// What the zone calls itself at an instant ("EST"); empty when it has no name but an offset.
  std::string abbreviation_at(std::int64_t utc_seconds) const;

  /// The instant of a local clock time (seconds since 1970-01-01 local). A time that a change of clocks skipped is
  /// taken with the offset before the change; one that came twice, as the first.
  std::int64_t to_utc(std::int64_t local_seconds);

 private:
  const date::time_zone* zone_ = nullptr;  // null: a fixed offset
  bool is_utc_ = false;
  std::int64_t offset_ = 0;
  std::int64_t valid_from_ = 1, valid_until_ = 0;  // of offset_, UTC seconds; empty at first
};

}  // namespace tradeassist::market
