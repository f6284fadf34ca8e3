#include "backtest/evaluator/session_text.hpp"

#include <algorithm>
#include <string>

namespace tradeassist::backtest {
namespace {

constexpr int kDayMinutes = 24 * 60;

/// "0930" → 570; hours above 24 are later days.
std::optional<int> minutes_of(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  if (value % 100 >= 60) return std::nullopt;
  return value / 100 * 60 + value % 100;
}

std::optional<Session::Window> parse_window(std::string_view text) {
  if (text.size() != 9 || text[4] != '-') return std::nullopt;
  const auto start = minutes_of(text.substr(0, 4)), end = minutes_of(text.substr(5));
  if (!start || !end) return std::nullopt;
  Session::Window window{*start % kDayMinutes, *end};
  if (window.end <= window.start) window.end += kDayMinutes;
  if (window.end <= window.start || window.end - window.start > kDayMinutes) return std::nullopt;
  return window;
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && a < 0 ? 1 : 0); }

}  // namespace

std::optional<Session> parse_session(std::string_view text, bool skips_weekends) {
  Session session;
  const std::size_t colon = text.find(':');
  std::string windows(text.substr(0, colon));
  std::erase(windows, ' ');
  const bool always = windows.empty() || windows == "24x7";
  if (colon == std::string_view::npos) {
    for (std::size_t day = 1; day <= 7; ++day) session.days[day] = always || !skips_weekends || (day > 1 && day < 7);
  } else {
    for (const char c : text.substr(colon + 1)) {
      if (c == ' ') continue;
      if (c < '1' || c > '7') return std::nullopt;
      session.days[static_cast<std::size_t>(c - '0')] = true;
    }
  }
  if (always) {
    session.count = 1;
    return session;
  }
  for (std::string_view rest = windows; !rest.empty();) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    const auto window = parse_window(rest.substr(0, end));
    if (!window || session.count == session.windows.size()) return std::nullopt;
    session.windows[session.count++] = *window;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return session;
}

std::optional<SessionSpan> session_holding(const Session& session, std::int64_t utc_seconds, market::ZoneClock& clock) {
  constexpr std::int64_t kDaySeconds = 86'400;
  const std::int64_t local = utc_seconds + clock.offset_at(utc_seconds);
  const std::int64_t today = floor_divide(local, kDaySeconds);
  for (std::size_t i = 0; i < session.count; ++i) {
    const Session::Window& window = session.windows[i];
    for (const std::int64_t day : {today, today - 1}) {
      const std::int64_t start = day * kDaySeconds + window.start * 60, end = day * kDaySeconds + window.end * 60;
      if (local < start || local >= end) continue;
      const std::int64_t last_day = floor_divide(end - 60, kDaySeconds);
      const auto weekday = static_cast<std::size_t>(((last_day + 4) % 7 + 7) % 7) + 1;
      if (session.days[weekday]) return SessionSpan{clock.to_utc(start), clock.to_utc(end)};
    }
  }
  return std::nullopt;
}

}  // namespace tradeassist::backtest
