#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "feed/csv/csv_format.hpp"

namespace tradeassist::feed {

/// What shows that rows are ticks and cannot be bars, for people; nothing where they may be bars. Beyond doubt are, in
/// a file with a clock and without open, high and low: columns called bid and ask; a column called by a trade's price
/// at times that no timeframe gives; and without a header a price at times of which one in twenty is within a second of
/// the one before. `format`: with the columns that find_tick_columns gave. `time`: nanoseconds, ascending.
std::optional<std::string> find_tick_signs(const CsvFormat& format, std::span<const std::int64_t> time);

}  // namespace tradeassist::feed
