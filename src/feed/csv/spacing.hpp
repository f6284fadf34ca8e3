#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "feed/csv/csv_format.hpp"
#include "market/series.hpp"
#include "market/timeframe.hpp"

namespace tradeassist::feed {

/// The timeframe at which neighbouring bars stand: the shortest distance that a fifth of them has. `time`: nanoseconds,
/// ascending. Nothing when there are fewer than two bars or no distance is that common.
std::optional<market::Timeframe> infer_timeframe(std::span<const std::int64_t> time);

/// Refuses times that do not fit the format's timeframe: more than one step in a hundred shorter than it (beside a
/// session's pause aside), or, of eight steps or more, none shorter than two of it. Adds a note about the odd short
/// step. `time` as above.
base::Result<void> check_spacing(const CsvFormat& format, std::span<const std::int64_t> time,
                                 std::vector<std::string>& notes);

}  // namespace tradeassist::feed
