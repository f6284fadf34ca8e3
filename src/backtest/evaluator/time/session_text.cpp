#include "backtest/evaluator/time/session_text.hpp"

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

constexpr std::int64_t kDaySeconds = 86'400;

using base::floor_divide;

/// A window that starts on that day (since 1970), in local seconds; nothing when the days leave it out.
std::optional<SessionSpan> window_of(const Session& session, std::size_t window, std::int64_t day) {
  const SessionSpan span = {day * kDaySeconds + session.windows[window].start * 60,
                            day * kDaySeconds + session.windows[window].end * 60};
  const std::int64_t last_day = floor_divide(span.end - 60, kDaySeconds);
  const auto weekday = static_cast<std::size_t>(((last_day + 4) % 7 + 7) % 7) + 1;
  return session.days[weekday] ? std::optional(span) : std::nullopt;
}

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

std::optional<SessionSpan> session_after(const Session& session, std::int64_t utc_seconds, market::ZoneClock& clock) {
  const std::int64_t local = utc_seconds + clock.offset_at(utc_seconds);
  const std::int64_t today = floor_divide(local, kDaySeconds);
  for (std::int64_t day = today - 1; day <= today + 7; ++day) {
    std::optional<SessionSpan> first;
    for (std::size_t i = 0; i < session.count; ++i) {
      const auto span = window_of(session, i, day);
      if (span && span->end > local && !(first && first->start <= span->start)) first = span;
    }
    if (first) return SessionSpan{clock.to_utc(first->start), clock.to_utc(first->end)};
  }
  return std::nullopt;
}

std::optional<SessionSpan> session_before(const Session& session, std::int64_t utc_seconds, market::ZoneClock& clock) {
  const std::int64_t local = utc_seconds + clock.offset_at(utc_seconds);
  const std::int64_t today = floor_divide(local, kDaySeconds);
  for (std::int64_t day = today; day >= today - 8; --day) {
    std::optional<SessionSpan> last;
    for (std::size_t i = 0; i < session.count; ++i) {
      const auto span = window_of(session, i, day);
      if (span && span->start < local && !(last && last->start >= span->start)) last = span;
    }
    if (last) return SessionSpan{clock.to_utc(last->start), clock.to_utc(last->end)};
  }
  return std::nullopt;
}

std::optional<SessionSpan> session_holding(const Session& session, std::int64_t utc_seconds, market::ZoneClock& clock) {
  const auto span = session_after(session, utc_seconds, clock);
  return span && span->start <= utc_seconds ? span : std::nullopt;
}

}  // namespace tradeassist::backtest
