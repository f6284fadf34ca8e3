#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "market/zone_clock.hpp"

namespace tradeassist::backtest {

/// A session as scripts write it: "0930-1600", "0930-1200,1300-1600:23456", "24x7".
struct Session {
  /// Minutes of the day, end exclusive; an end at or before the start is the next day's.
  struct Window {
    int start = 0, end = 24 * 60;
  };
  std::array<Window, 8> windows{};
  std::size_t count = 0;
  std::array<bool, 8> days{};  // 1 = Sunday
};

/// Without days it is of every day, or with `skips_weekends` of Monday to Friday. Nothing when the text is no session.
std::optional<Session> parse_session(std::string_view text, bool skips_weekends);

/// Seconds UTC, end exclusive.
struct SessionSpan {
  std::int64_t start = 0, end = 0;
};

/// The first window that ends after an instant, and the last one that starts before it. Nothing without days.
std::optional<SessionSpan> session_after(const Session& session, std::int64_t utc_seconds, market::ZoneClock& clock);
std::optional<SessionSpan> session_before(const Session& session, std::int64_t utc_seconds, market::ZoneClock& clock);

/// The window that holds an instant. A day's digit names the weekday of the window's last minute.
std::optional<SessionSpan> session_holding(const Session& session, std::int64_t utc_seconds, market::ZoneClock& clock);

}  // namespace tradeassist::backtest
