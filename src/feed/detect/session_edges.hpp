#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "market/timeframe.hpp"

namespace tradeassist::feed {

/// What a file's stamps show about naming the bars' end rather than their start.
struct BarEndSigns {
  // Beyond doubt: every stamp is the last moment of a minute, or nine in ten sessions begin one bar after a half or
  // full hour and end on one.
  bool clear = false;
  std::string text;  // the sign, with the stamps that show it
};

/// Nothing when there is no sign. `time`: nanoseconds on the file's own clock, ascending. Weeks named by Fridays and
/// months by their last days are a sign, but not beyond doubt: they may be meant so.
std::optional<BarEndSigns> find_bar_end_signs(std::span<const std::int64_t> time, market::Timeframe timeframe);

}  // namespace tradeassist::feed
