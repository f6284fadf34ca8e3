#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace tradeassist::base {

/// A part of every day in UTC, from `begin` (inclusive) to `end` (exclusive), both times since midnight. It may go over
/// midnight: then `end` is before `begin`, and on the next day.
struct DailyWindow {
  std::chrono::minutes begin{0}, end{0};

  bool operator==(const DailyWindow&) const = default;
};

/// Reads "02:00-04:00" or "23:30-00:30"; "24:00" is an end. kInvalidArgument for anything else, also for a window of no
/// length.
Result<DailyWindow> parse_daily_window(std::string_view text);

/// When the window began that holds `time`; none when it is outside. Two times have the same beginning when they lie
/// in the same night's window, whatever their dates.
std::optional<Time> window_begin(const DailyWindow& window, Time time);

}  // namespace tradeassist::base
