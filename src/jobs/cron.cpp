#include "jobs/cron.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cctype>
#include <span>
#include <string>
#include <vector>

namespace tradeassist::jobs {
namespace {

constexpr std::int64_t kMinute = 60, kDay = 86'400;
constexpr std::int64_t kDaysMax = 9 * 366;  // 29 February may be eight years away

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

struct Field {
  const char* name;
  int minimum, maximum;
  std::span<const std::string_view> names = {};  // of minimum, minimum + 1, …
};

constexpr std::array<Field, 5> kFields = {{{"minute", 0, 59},
                                           {"hour", 0, 23},
                                           {"day of the month", 1, 31},
                                           {"month", 1, 12, kMonths},
                                           {"day of the week", 0, 7, kWeekdays}}};

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find_first_of(separators);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<int> number_of(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<int> value_of(std::string_view text, const Field& field) {
  const auto equals = [&](std::string_view name) {
    return std::ranges::equal(text, name, {}, [](unsigned char c) { return std::tolower(c); });
  };
  const auto named = std::ranges::find_if(field.names, equals);
  if (named != field.names.end()) return field.minimum + static_cast<int>(named - field.names.begin());
  const auto value = number_of(text);
  if (!value || *value < field.minimum || *value > field.maximum) return std::nullopt;
  return value;
}

base::Error refuse(const Field& field, std::string_view part, const std::string& why) {
  return {base::ErrorCode::kInvalidArgument, std::string("the ") + field.name + " '" +
                                                 std::string(part.substr(0, 40)) + "' " + why};
}

/// The values of "1-10/3", "*/5", "MON".
base::Result<std::vector<int>> values_of(std::string_view part, const Field& field) {
  const std::vector<std::string_view> stepped = split(part, "/");
  const std::vector<std::string_view> range = split(stepped[0], "-");
  const bool is_any = stepped[0] == "*";
  const auto first = is_any ? std::optional(field.minimum) : value_of(range[0], field);
  auto last = range.size() == 2 ? value_of(range[1], field)
              : is_any || stepped.size() == 2 ? std::optional(field.maximum)
                                              : first;
  if (!first || !last || range.size() > 2) {
    return std::unexpected(refuse(field, part, "must be from " + std::to_string(field.minimum) + " to " +
                                                   std::to_string(field.maximum) + ", *, a range a-b or a step */n"));
  }
  if (*last < *first) return std::unexpected(refuse(field, part, "goes backwards; write the smaller end first"));
  const auto step = stepped.size() == 2 ? number_of(stepped[1]) : std::optional(1);
  if (!step || *step == 0 || stepped.size() > 2) {
    return std::unexpected(refuse(field, part, "must have a whole number above 0 as its step"));
  }
  std::vector<int> values;
  for (int value = *first; value <= *last; value += *step) values.push_back(value);
  return values;
}

template <std::size_t kSize>
base::Result<void> read(std::string_view text, const Field& field, std::bitset<kSize>& set) {
  for (const std::string_view part : split(text, ",")) {
    TRY_ASSIGN(const std::vector<int> values, values_of(part, field));
    for (const int value : values) set.set(static_cast<std::size_t>(value) % kSize);  // 7 is Sunday, as 0
  }
  return {};
}

}  // namespace

base::Result<CronExpression> CronExpression::parse(std::string_view text) {
  std::vector<std::string_view> parts = split(text, " \t");
  std::erase(parts, "");
  if (parts.size() != kFields.size()) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "a cron expression has five fields: minute, hour, day of the month, month and day of the "
                         "week; '30 17 * * mon-fri' is half past five on weekdays");
  }
  CronExpression made;
  TRY(read(parts[0], kFields[0], made.minutes_));
  TRY(read(parts[1], kFields[1], made.hours_));
  TRY(read(parts[2], kFields[2], made.days_));
  TRY(read(parts[3], kFields[3], made.months_));
  TRY(read(parts[4], kFields[4], made.weekdays_));
  made.any_day_ = parts[2].starts_with('*');
  made.any_weekday_ = parts[4].starts_with('*');
  return made;
}

/// `day`: counted from 1970-01-01.
bool CronExpression::fits_day(std::int64_t day) const {
  const market::CivilDate date = market::civil_from_days(day);
  if (!months_[date.month]) return false;
  const bool by_date = days_[date.day];
  const bool by_weekday = weekdays_[static_cast<std::size_t>((market::weekday_of(day) + 1) % 7)];
  return any_day_ || any_weekday_ ? by_date && by_weekday : by_date || by_weekday;
}

std::optional<base::Time> CronExpression::next(base::Time after, market::ZoneClock& zone) const {
  const std::int64_t seconds = base::floor_divide(base::to_nanoseconds(after), base::kNanosecondsPerSecond);
  const auto at = hours_.all() ? next_in_any_hour(seconds, zone) : next_at_hours(seconds, zone);
  if (!at) return std::nullopt;
  return base::time_from_nanoseconds(*at * base::kNanosecondsPerSecond);
}

/// Minute by minute of the time that passes. Seconds since 1970, as below.
std::optional<std::int64_t> CronExpression::next_in_any_hour(std::int64_t after, market::ZoneClock& zone) const {
  const std::int64_t end = after + kDaysMax * kDay;
  for (std::int64_t at = (base::floor_divide(after, kMinute) + 1) * kMinute; at < end;) {
    const std::int64_t local = at + zone.offset_at(at);
    const std::int64_t day = base::floor_divide(local, kDay);
    if (!fits_day(day)) {
      // To the next midnight, which may come an hour or two sooner than it seems now.
      const std::int64_t left = (day + 1) * kDay - local;
      at += left > 3 * 3'600 ? left - 2 * 3'600 : kMinute;
      continue;
    }
    const std::int64_t minute = base::floor_divide(local - day * kDay, kMinute) % 60;
    if (minutes_[static_cast<std::size_t>(minute)]) return at;
    at += kMinute;
  }
  return std::nullopt;
}

/// Day by day of the zone's calendar.
std::optional<std::int64_t> CronExpression::next_at_hours(std::int64_t after, market::ZoneClock& zone) const {
  const std::int64_t today = base::floor_divide(after + zone.offset_at(after), kDay);
  for (std::int64_t day = today; day < today + kDaysMax; ++day) {
    if (!fits_day(day)) continue;
    std::optional<std::int64_t> first;  // a skipped time may come after a later one
    for (std::size_t minute = 0; minute < 24 * 60; ++minute) {
      if (!hours_[minute / 60] || !minutes_[minute % 60]) continue;
      const std::int64_t at = zone.to_utc(day * kDay + static_cast<std::int64_t>(minute) * kMinute);
      if (at > after && (!first || at < *first)) first = at;
    }
    if (first) return first;
  }
  return std::nullopt;
}

}  // namespace tradeassist::jobs
