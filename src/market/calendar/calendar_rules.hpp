#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "market/calendar/sessions.hpp"
#include "market/calendar/yearly_day.hpp"
#include "market/zone_clock.hpp"

namespace tradeassist::market {

/// A time of day as a rule gives it: seconds after midnight of the date that the rule is about, negative for the day
/// before, beyond 86,400 for the day after. On the exchange's clock, or on UTC's.
struct ClockTime {
  std::int32_t seconds = 0;
  bool utc = false;

  bool operator==(const ClockTime&) const = default;
};

/// One interval of trading of each trade date whose weekday is in `weekdays`.
struct SessionRule {
  ClockTime open, close;
  SessionKind kind = SessionKind::kRegular;
  std::uint8_t weekdays = kEveryWeekday;
};

/// The sessions of every trade date from `from` on, until the next rule's `from`.
struct HoursRule {
  CivilDate from;
  std::vector<SessionRule> sessions;  // in time order
};

enum class DayKind : std::uint8_t {
  kNormal,
  kShortened,       // opens late or closes early
  kHolidaySession,  // trades for some hours, which count for the next trading day
  kClosed,
};

/// Where a holiday goes that falls on a weekend.
enum class Observed : std::uint8_t {
  kNever,           // nowhere
  kNearestWeekday,  // from Saturday to Friday, from Sunday to Monday
  kSundayToMonday,  // from Sunday to Monday; on a Saturday nowhere
  kMonday,          // from Saturday and Sunday to Monday
};

/// Days on which the usual hours do not hold.
struct SpecialDayRule {
  std::string name;
  DayKind kind = DayKind::kClosed;
  std::variant<YearlyDay, std::vector<CivilDate>> day;
  Observed observed = Observed::kNever;
  std::uint8_t weekdays = kEveryWeekday;  // days of other weekdays are left as they are
  int from_year = -9999, until_year = 9999;
  std::vector<int> only_years, except_years;  // empty only_years: all
  std::optional<ClockTime> opens, closes;     // what is before and after is cut off
  std::optional<ClockTime> extended_until;    // extended hours that would follow `closes` run from it to here
  std::optional<ClockTime> reopens;           // sessions of later trade dates begin here at the earliest
};

/// A calendar as its table says it.
struct CalendarRules {
  std::string name, description;
  std::string time_zone = "UTC";
  std::uint8_t weekdays = kMondayToFriday;  // days that can be trade dates
  int first_year = 1998, last_year = 2030;
  std::vector<HoursRule> hours;  // ascending by `from`
  std::vector<SpecialDayRule> special_days;
};

/// Bounds of what a user may define.
constexpr std::size_t kCalendarBytesMax = 1 << 20;
constexpr std::size_t kCalendarRulesMax = 1'000;   // hours and special days each
constexpr std::size_t kCalendarDatesMax = 10'000;  // of one rule
constexpr std::size_t kSessionsPerDayMax = 24;
constexpr int kCalendarYearMin = 1900, kCalendarYearMax = 2100;

}  // namespace tradeassist::market
