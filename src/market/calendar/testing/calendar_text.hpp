#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "market/calendar/calendar.hpp"

/// For tests only: calendars, dates and sessions as the short texts that tests compare.
namespace tradeassist::market::testing {

inline CalendarPtr calendar_named(std::string_view name) {
  auto found = find_calendar(name);
  if (!found) {
    ADD_FAILURE() << found.error().message;
    std::abort();
  }
  return *found;
}

inline CalendarPtr calendar_from(std::string_view toml) {
  auto parsed = parse_calendar(toml);
  if (!parsed) {
    ADD_FAILURE() << parsed.error().message;
    std::abort();
  }
  return *parsed;
}

inline base::Time at(std::string_view text) { return base::parse_time(text).value(); }

inline CivilDate date(std::string_view text) {
  return civil_from_days(base::to_nanoseconds(at(text)) / base::kNanosecondsPerDay);
}

/// "03-10 22:00" in the calendar's zone, without the year.
inline std::string local_text(const Calendar& calendar, base::Time t) {
  ZoneClock clock = ZoneClock::find(calendar.time_zone()).value();
  const std::int64_t utc = base::to_nanoseconds(t) / base::kNanosecondsPerSecond;
  const std::int64_t local = utc + clock.offset_at(utc);
  const std::string text = base::format_time(base::time_from_nanoseconds(local * base::kNanosecondsPerSecond));
  return text.substr(5, 5) + " " + text.substr(11, 5);
}

/// The sessions of a trade date on the exchange's clock: "01-14 17:00 - 01-15 08:30 extended".
inline std::vector<std::string> sessions_text(const Calendar& calendar, std::string_view trade_date) {
  std::vector<std::string> texts;
  for (const Session& session : calendar.sessions_of(date(trade_date))) {
    texts.push_back(local_text(calendar, session.open) + " - " + local_text(calendar, session.close) +
                    (session.kind == SessionKind::kExtended ? " extended" : ""));
  }
  return texts;
}

/// The days from Monday to Friday of a year that are of a kind, "01-15 Martin Luther King Jr. Day".
inline std::vector<std::string> weekdays_of_kind(const Calendar& calendar, int year, DayKind kind) {
  std::vector<std::string> days;
  const std::int64_t first = days_from_civil({year, 1, 1}), last = days_from_civil({year, 12, 31});
  for (std::int64_t day = first; day <= last; ++day) {
    const DayStatus status = calendar.day_status(civil_from_days(day));
    if (status.kind == kind && weekday_of(day) < 5)
      days.push_back(to_string(civil_from_days(day)).substr(5) + " " + status.reason);
  }
  return days;
}

}  // namespace tradeassist::market::testing
