#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "market/series.hpp"

namespace tradeassist::report {

/// A number, or null when it is not finite.
boost::json::value number(double value);
boost::json::array numbers(std::span<const double> values);
boost::json::array times(std::span<const std::int64_t> nanoseconds);
boost::json::string time_text(std::int64_t nanoseconds);
/// The text, or null where it is empty.
boost::json::value text_or_null(std::string_view text);
/// RFC 3339, or null.
boost::json::value time_or_null(const std::optional<base::Time>& time);

/// At most `points_max` of [0, count), evenly spread, first and last kept.
std::vector<std::size_t> thinned(std::size_t count, std::size_t points_max);

}  // namespace tradeassist::report
