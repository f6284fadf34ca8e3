#pragma once

#include <boost/json.hpp>
#include <optional>

#include "optimize/trial_loop.hpp"

namespace tradeassist::server {

/// A trial as a row of JSON, which gives the same trial back to the bit: numbers that JSON has not are the texts "-0",
/// "inf" and "-inf", NaN is null.
boost::json::array trial_row(const optimize::Trial& trial);

/// Nothing where the value is no such row.
std::optional<optimize::Trial> read_trial_row(const boost::json::value& value);

}  // namespace tradeassist::server
