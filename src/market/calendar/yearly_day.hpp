#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "market/zone_clock.hpp"

namespace tradeassist::market {

/// Weekdays are numbered from Monday = 0 and kept as sets of bits, Monday the lowest.
constexpr std::uint8_t kMondayToFriday = 0b0011111, kEveryWeekday = 0b1111111;

constexpr bool has_weekday(std::uint8_t weekdays, std::int64_t day) { return (weekdays >> weekday_of(day) & 1) != 0; }

/// A day that comes once a year: a date, the n-th weekday of a month, or Easter Sunday; moved by some days.
struct YearlyDay {
  enum class Kind : std::uint8_t { kDate, kWeekdayOfMonth, kEaster };
  Kind kind = Kind::kDate;
  int month = 1;    // 1 to 12
  int day = 1;      // of the month, for kDate
  int weekday = 0;  // for kWeekdayOfMonth
  int nth = 1;      // 1 to 5, or -1 for the last, for kWeekdayOfMonth
  int plus_days = 0;

  bool operator==(const YearlyDay&) const = default;
};

/// Reads `july 4`, `third monday of january`, `last monday of may`, `easter`, each followed by `+ N` or `- N` days if
/// need be (`easter - 2`, `fourth thursday of november + 1`), in lower case. kInvalidArgument says what to write.
base::Result<YearlyDay> parse_yearly_day(std::string_view text);

/// Days since 1970-01-01; none in a year that has no such day (29 February, a fifth Monday).
std::optional<std::int64_t> day_in_year(const YearlyDay& day, int year);

/// Easter Sunday of the Gregorian calendar, in days since 1970-01-01 (J. Meeus, Astronomical Algorithms, chapter 8).
std::int64_t easter_sunday(int year);

/// 0 for "monday" or "mon" … 6; none for anything else.
std::optional<int> parse_weekday(std::string_view text);
std::string_view weekday_name(int weekday);  // "Monday"

}  // namespace tradeassist::market
