#include "backtest/evaluator/time/date_format.hpp"

#include <array>

#include "backtest/evaluator/chart.hpp"
#include "base/month_names.hpp"

namespace tradeassist::backtest {
namespace {

constexpr std::array kWeekdays = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

/// What the letters of a pattern are taken from.
struct Moment {
  CivilTime civil;
  std::int64_t day_number = 0;  // since 1970-01-01, local
  unsigned day_of_year = 1, milliseconds = 0;
  std::int64_t offset = 0;  // seconds east of Greenwich
  std::string zone;
};

using base::floor_divide;

Moment moment_of(std::int64_t utc_milliseconds, market::ZoneClock& clock) {
  Moment made;
  const std::int64_t utc = floor_divide(utc_milliseconds, 1000);
  made.civil = civil_time(utc_milliseconds, clock);
  made.milliseconds = static_cast<unsigned>(utc_milliseconds - utc * 1000);
  made.day_number = market::days_from_civil({made.civil.year, made.civil.month, made.civil.day});
  made.day_of_year = static_cast<unsigned>(made.day_number - market::days_from_civil({made.civil.year, 1, 1})) + 1;
  made.offset = clock.offset_at(utc);
  made.zone = clock.abbreviation_at(utc);
  return made;
}

std::string padded(std::int64_t value, std::size_t width) {
  std::string text = std::to_string(value);
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}

std::string name_of(std::string_view whole, std::size_t count) {
  return std::string(count >= 4 ? whole : whole.substr(0, 3));
}

std::string month_name(std::size_t month, std::size_t count) {
  std::string name = name_of(base::kMonthNames[month - 1], count);
  name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

/// "+0530", "+05:30", or "Z" for Greenwich where a zero has that name.
std::string offset_text(std::int64_t offset, std::size_t digits, bool colon, bool zero_is_z) {
  if (offset == 0 && zero_is_z) return "Z";
  const std::int64_t minutes = (offset < 0 ? -offset : offset) / 60;
  std::string text = (offset < 0 ? "-" : "+") + padded(minutes / 60, 2);
  if (digits > 2) text += (colon ? ":" : "") + padded(minutes % 60, 2);
  return text;
}

/// Weeks that begin on Sunday, counted from the one that holds the first day of the year or month.
std::int64_t week_from(std::int64_t first_day, std::int64_t day) {
  const std::int64_t first_weekday = ((first_day + 4) % 7 + 7) % 7;  // 0 = Sunday
  return (day - first_day + first_weekday) / 7 + 1;
}

std::string part(const Moment& at, char letter, std::size_t count) {
  const CivilTime& civil = at.civil;
  switch (letter) {
    case 'G': return civil.year > 0 ? "AD" : "BC";
    case 'y':
    case 'Y':
    case 'u': return count == 2 ? padded(civil.year % 100, 2) : padded(civil.year, count);
    case 'M':
    case 'L': return count >= 3 ? month_name(civil.month, count) : padded(civil.month, count);
    case 'w': return padded(week_from(market::days_from_civil({civil.year, 1, 1}), at.day_number), count);
    case 'W': return padded(week_from(market::days_from_civil({civil.year, civil.month, 1}), at.day_number), count);
    case 'D': return padded(at.day_of_year, count);
    case 'd': return padded(civil.day, count);
    case 'F': return padded((civil.day - 1) / 7 + 1, count);
    case 'E': return name_of(kWeekdays[civil.day_of_week - 1], count);
    case 'e': return padded(civil.day_of_week, count);
    case 'a': return civil.hour < 12 ? "AM" : "PM";
    case 'H': return padded(civil.hour, count);
    case 'k': return padded(civil.hour == 0 ? 24 : civil.hour, count);
    case 'K': return padded(civil.hour % 12, count);
    case 'h': return padded(civil.hour % 12 == 0 ? 12 : civil.hour % 12, count);
    case 'm': return padded(civil.minute, count);
    case 's': return padded(civil.second, count);
    case 'S': return padded(at.milliseconds, count);
    case 'Z': return offset_text(at.offset, 4, false, false);
    case 'X': return offset_text(at.offset, count == 1 ? 2 : 4, count >= 3, true);
    case 'x': return offset_text(at.offset, count == 1 ? 2 : 4, count >= 3, false);
    case 'z':
    case 'v': return at.zone.empty() ? "GMT" + offset_text(at.offset, 4, true, false) : at.zone;
    default: return std::string(count, letter);
  }
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

std::string format_date(std::int64_t utc_milliseconds, std::string_view pattern, market::ZoneClock clock) {
  const Moment at = moment_of(utc_milliseconds, clock);
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < pattern.size();) {
    const char c = pattern[i];
    if (c == '\'') {
      const bool doubled = i + 1 < pattern.size() && pattern[i + 1] == '\'';
      if (doubled) out += c;
      if (!doubled) quoted = !quoted;
      i += doubled ? 2 : 1;
    } else if (quoted || !is_letter(c)) {
      out += c;
      ++i;
    } else {
      std::size_t end = i;
      while (end < pattern.size() && pattern[end] == c) ++end;
      out += part(at, c, end - i);
      i = end;
    }
  }
  return out;
}

}  // namespace tradeassist::backtest
