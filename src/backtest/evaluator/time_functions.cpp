#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "backtest/evaluator/functions.hpp"
#include "pine/versions/versions.hpp"

namespace tradeassist::backtest {

using pine::Function;

namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

/// The clock of a zone argument; the exchange's when absent.
std::optional<market::ZoneClock> clock_of(const FunctionCall& call, std::uint32_t i, FunctionContext& context) {
  if (!call.has(i) || call.argument(i) != call.argument(i)) return context.chart.clock();
  auto clock = market::ZoneClock::find(context.texts.text(call.argument(i)));
  if (clock) return *clock;
  context.fault.message = clock.error().message;
  return std::nullopt;
}

/// Components roll over: month 13 is January of the next year, day 0 the last of the month before.
double timestamp_of(double year, double month, double day, double hour, double minute, double second,
                    market::ZoneClock& clock) {
  for (const double part : {year, month, day, hour, minute, second}) {
    if (!(std::fabs(part) < 1e7)) return kNotANumber;
  }
  const double months = std::trunc(year) * 12 + std::trunc(month) - 1;
  const double whole_year = std::floor(months / 12);
  if (whole_year < -20'000 || whole_year > 20'000) return kNotANumber;
  const auto first =
      market::days_from_civil({static_cast<int>(whole_year), static_cast<unsigned>(months - whole_year * 12) + 1, 1});
  const double local = (static_cast<double>(first) + std::trunc(day) - 1) * 86'400 + std::trunc(hour) * 3600 +
                       std::trunc(minute) * 60 + std::trunc(second);
  return static_cast<double>(clock.to_utc(static_cast<std::int64_t>(local))) * 1000;
}

/// The date forms of timestamp("…"): ISO 8601, "20 Feb 2020 10:00 +0000", "Feb 20 2020", month-first numbers.
std::optional<double> parse_date_text(std::string_view text) {
  static constexpr std::array kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec"};
  std::array<int, 8> numbers{};
  std::size_t count = 0;
  int month = 0;
  std::size_t month_place = 0;
  std::int64_t zone_seconds = 0;
  bool year_first = false;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (std::isdigit(static_cast<unsigned char>(c))) {
      if (count >= numbers.size()) return std::nullopt;
      std::size_t end = i;
      while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end]))) ++end;
      if (end - i > 4) return std::nullopt;
      if (count == 0) year_first = end - i == 4;
      std::from_chars(text.data() + i, text.data() + end, numbers[count++]);
      i = end;
    } else if (std::isalpha(static_cast<unsigned char>(c))) {
      std::string word;
      while (i < text.size() && std::isalpha(static_cast<unsigned char>(text[i]))) {
        word += static_cast<char>(std::tolower(static_cast<unsigned char>(text[i++])));
      }
      for (std::size_t m = 0; m < kMonths.size() && word.size() >= 3; ++m) {
        if (word.starts_with(kMonths[m])) {
          month = static_cast<int>(m) + 1;
          month_place = count;
        }
      }
      const bool known = month != 0 || word == "t" || word == "z" || word == "utc" || word == "gmt";
      if (!known) return std::nullopt;
    } else if ((c == '+' || c == '-') && count >= 4 && i + 2 < text.size()) {
      std::string digits;
      for (std::size_t k = i + 1; k < text.size(); ++k) {
        if (std::isdigit(static_cast<unsigned char>(text[k])))
          digits += text[k];
        else if (text[k] != ':')
          return std::nullopt;
      }
      if (digits.size() != 4) return std::nullopt;
      const int all = std::stoi(digits);
      zone_seconds = (c == '-' ? -1 : 1) * ((all / 100) * 3600 + (all % 100) * 60);
      i = text.size();
    } else {
      ++i;
    }
  }
  int year = 0, day = 1;
  std::size_t clock_at = 0;
  if (month != 0) {
    if (count < 1) return std::nullopt;
    if (count == 1) {
      year = numbers[0];
      clock_at = 1;
    } else {
      const bool day_before = month_place >= 1;  // 20 Feb 2020, Feb 20 2020
      day = numbers[0];
      year = numbers[1];
      if (!day_before && year_first) std::swap(day, year);
      clock_at = 2;
    }
  } else if (year_first) {
    year = numbers[0];
    month = count > 1 ? numbers[1] : 1;
    day = count > 2 ? numbers[2] : 1;
    clock_at = std::min<std::size_t>(count, 3);
  } else {
    if (count < 3) return std::nullopt;
    month = numbers[0];
    day = numbers[1];
    year = numbers[2];
    clock_at = 3;
  }
  if (month < 1 || month > 12 || day < 1 || day > 31 || year < 1000) return std::nullopt;
  const auto clock_part = [&](std::size_t i) { return clock_at + i < count ? numbers[clock_at + i] : 0; };
  const std::int64_t days = market::days_from_civil({year, static_cast<unsigned>(month), 1}) + day - 1;
  return static_cast<double>(days * 86'400 + clock_part(0) * 3600 + clock_part(1) * 60 + clock_part(2) - zone_seconds) *
         1000;
}

/// One window of a session text: minutes of the day, end exclusive; an end at or before the start is the next day's.
struct SessionWindow {
  int start = 0, end = 24 * 60;
};

struct Session {
  std::array<SessionWindow, 8> windows{};
  std::size_t count = 0;
  std::array<bool, 8> days{};  // 1 = Sunday
};

std::optional<Session> parse_session(std::string_view text, int version) {
  Session session;
  const bool weekends = text.empty() || text == "24x7" || !pine::language_rules(version).sessions_skip_weekends;
  for (std::size_t day = 1; day <= 7; ++day) session.days[day] = weekends || (day > 1 && day < 7);
  if (text.empty() || text == "24x7") {
    session.count = 1;
    return session;
  }
  if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    session.days.fill(false);
    for (const char c : text.substr(colon + 1)) {
      if (c < '1' || c > '7') return std::nullopt;
      session.days[static_cast<std::size_t>(c - '0')] = true;
    }
    text = text.substr(0, colon);
  }
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (part.size() != 9 || part[4] != '-' || session.count == session.windows.size()) return std::nullopt;
    const auto minutes = [&](std::size_t at) {
      int value = 0;
      std::from_chars(part.data() + at, part.data() + at + 4, value);
      return value / 100 * 60 + value % 100;
    };
    SessionWindow window{minutes(0), minutes(5)};
    if (window.end <= window.start) window.end += 24 * 60;
    session.windows[session.count++] = window;
  }
  return session;
}

/// The start of the session window that holds an instant, in minutes before it; nothing when none does.
bool in_session(const Session& session, const CivilTime& time) {
  const int minute = static_cast<int>(time.hour * 60 + time.minute);
  for (std::size_t i = 0; i < session.count; ++i) {
    const SessionWindow& window = session.windows[i];
    for (const int shift : {0, 24 * 60}) {  // of today, or begun yesterday
      const int at = minute + shift;
      if (at < window.start || at >= window.end) continue;
      // The day digit names the weekday of the session's last minute.
      const int days_on = (window.end - 1) / (24 * 60) - shift / (24 * 60);
      const int weekday = (static_cast<int>(time.day_of_week) - 1 + days_on + 7) % 7 + 1;
      if (session.days[static_cast<std::size_t>(weekday)]) return true;
    }
  }
  return false;
}

double time_of(const FunctionCall& call, FunctionContext& context, bool close) {
  const auto timeframe = script_timeframe(context.texts.text(call.argument(0)), context.chart);
  if (!timeframe) {
    context.fault.message = timeframe.error().message;
    return kNotANumber;
  }
  const std::int64_t bar_time = context.chart.series().time[context.bar];
  if (call.has(1) && call.argument(1) == call.argument(1)) {
    const std::string& text = context.texts.text(call.argument(1));
    const bool is_zone = text.find('/') != std::string::npos;  // a zone in the session's place is no session
    if (!is_zone) {
      const auto session = parse_session(text, context.version);
      if (!session) {
        context.fault.message = "'" + text + "' is not a session; write 0930-1600 or 0930-1600:23456";
        return kNotANumber;
      }
      auto clock = clock_of(call, 2, context);
      if (!clock) return kNotANumber;
      if (!in_session(*session, civil_time(bar_time / 1'000'000, *clock))) return kNotANumber;
    }
  }
  const auto bucket = context.chart.bucket(bar_time, *timeframe);
  if (!bucket) {
    context.fault.message = bucket.error().message;
    return kNotANumber;
  }
  return static_cast<double>((close ? bucket->end : bucket->start) / 1'000'000);
}

}  // namespace

base::Result<market::Timeframe> script_timeframe(std::string_view text, const Chart& chart) {
  if (text.empty()) return chart.timeframe();
  return market::parse_pine_timeframe(text);
}

double time_function(const FunctionCall& call, FunctionContext& context) {
  switch (call.function) {
    case Function::kTimestamp: {
      auto clock = clock_of(call, 0, context);
      if (!clock) return kNotANumber;
      return timestamp_of(call.argument(1), call.argument(2), call.argument(3), call.argument(4), call.argument(5),
                          call.argument(6), *clock);
    }
    case Function::kTimestampText: {
      const std::string& text = context.texts.text(call.argument(0));
      if (const auto time = parse_date_text(text)) return *time;
      context.fault.message =
          "timestamp(): '" + text + "' is not a date; write 2020-02-20T10:00:00+00:00 or 20 Feb 2020 10:00 +0000";
      return kNotANumber;
    }
    case Function::kTime: return time_of(call, context, false);
    case Function::kTimeClose: return time_of(call, context, true);
    case Function::kTimeframeInSeconds: {
      const auto timeframe = script_timeframe(call.has(0) ? context.texts.text(call.argument(0)) : "", context.chart);
      if (timeframe) return static_cast<double>(timeframe->nominal_seconds());
      context.fault.message = timeframe.error().message;
      return kNotANumber;
    }
    default: break;
  }
  const double time = call.argument(0);
  if (!(std::fabs(time) < 9e15)) return kNotANumber;
  auto clock = clock_of(call, 1, context);
  if (!clock) return kNotANumber;
  const CivilTime civil = civil_time(static_cast<std::int64_t>(time), *clock);
  switch (call.function) {
    case Function::kYear: return civil.year;
    case Function::kMonth: return civil.month;
    case Function::kDayOfMonth: return civil.day;
    case Function::kDayOfWeek: return civil.day_of_week;
    case Function::kWeekOfYear: return civil.week_of_year;
    case Function::kHour: return civil.hour;
    case Function::kMinute: return civil.minute;
    case Function::kSecond: return civil.second;
    default: return kNotANumber;
  }
}

}  // namespace tradeassist::backtest
