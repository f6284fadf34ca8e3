#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::market {

/// A bar period: `count` units. `90m` and `3d` are as good as `1h`; `1M` is a calendar month, `1m` a minute.
struct Timeframe {
  enum class Unit { kSecond, kMinute, kHour, kDay, kWeek, kMonth, kTick };
  Unit unit = Unit::kDay;
  int count = 1;

  bool operator==(const Timeframe&) const = default;

  /// True for seconds, minutes and hours: periods counted in clock time from the session's start.
  bool is_intraday() const { return unit <= Unit::kHour; }

  /// Length in seconds for ordering and estimates; a month counts 2,628,003 s as in Pine.
  std::int64_t nominal_seconds() const;
};

/// Not a period, but what a series of ticks has in the place of one. It prints as `tick`, and nothing reads it: bars of
/// ticks are tick_bars.hpp's.
constexpr Timeframe kTickTimeframe{Timeframe::Unit::kTick, 1};

/// Reads `1m 5m 90m 1h 4h 1d 2d 1w 1M 30s` (unit letter required; only `M` is case sensitive against `m`).
base::Result<Timeframe> parse_timeframe(std::string_view text);

/// The canonical text: the largest unit that divides (`60m` prints `1h`, `7d` stays `7d`).
std::string to_string(Timeframe timeframe);

/// Pine's notation: `5`, `60`, `1D`, `1W`, `1M`, `30S`. parse accepts `D`, `W`, `M` without a number too.
std::string to_pine(Timeframe timeframe);
base::Result<Timeframe> parse_pine_timeframe(std::string_view text);

}  // namespace tradeassist::market
