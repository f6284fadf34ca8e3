#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tradeassist::feed {

/// How the three numbers of a date such as 01/02/2020 are to be read. A four-digit year in front or a month written as
/// a word needs no order.
enum class DateOrder : std::uint8_t { kYearMonthDay, kMonthDayYear, kDayMonthYear };

enum class ZoneMark : std::uint8_t { kNone, kOffset, kName };

/// What a stamp's text says, before any zone is applied.
struct Stamp {
  bool has_date = false;
  bool has_clock = false;
  std::int64_t day = 0;    // days since 1970-01-01
  std::int64_t clock = 0;  // nanoseconds since midnight; 24:00 is a whole day
  ZoneMark zone = ZoneMark::kNone;
  std::int32_t offset_seconds = 0;  // east of Greenwich, for kOffset
  std::string_view zone_name;       // for kName, a view into the text
};

/// How a clock written as bare digits is to be read: 930 is half past nine as kHourMinute, 93000 as kHourMinuteSecond.
enum class ClockDigits : std::uint8_t { kHourMinute, kHourMinuteSecond };

/// Reads a date, or a date and a clock, in any of the forms that data vendors write:
///   2020-01-02, 2020/1/2, 2020.01.02, 20200102, 01/02/2020, 1/2/20, 2.1.2020, 1-Jan-2000, Jan 1, 2000, Mon 3 Jan 2000
///   followed by nothing or by `T`, spaces, `,`, `-`, `_`, `:` or `;` and 14:30, 14:30:05.123, 143005, 2:30 PM
///   followed by nothing or by Z, +02:00, -0500, UTC, GMT+0100 or a zone's name
/// and 202001021430, 20200102143005, 20200102143005123 in one piece. A two-digit year below 70 is 20xx. nullopt when it
/// is not such a text, or not a day of the calendar, or outside the years 1678 to 2261.
std::optional<Stamp> read_stamp(std::string_view text, DateOrder order);

/// Reads a clock alone (has_date is false), for files that keep date and clock in two columns.
std::optional<Stamp> read_clock(std::string_view text, ClockDigits digits);

/// The three numbers of a date whose order the text itself does not settle: `01/02/2020`, `1-2-20`. nullopt for every
/// other form.
struct UnorderedDate {
  std::array<int, 3> numbers{};
  bool two_digit_year = false;  // then any of the three may be the year
  char separator = '/';
};
std::optional<UnorderedDate> read_unordered_date(std::string_view text);

}  // namespace tradeassist::feed
