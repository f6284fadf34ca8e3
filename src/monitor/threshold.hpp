#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// What is watched about the system itself, and what becomes of it.
namespace tradeassist::monitor {

/// From when on a number is bad. Of types that are yes or no the value is 0, 1 (a warning) or 2 (critical).
struct Threshold {
  std::string type;                             // "connection_pool"
  std::string what;                             // "connections in use", for people
  std::string unit;                             // "%"; empty where the value is yes or no
  bool is_below = false;                        // bad are values below it, else above or equal
  std::optional<double> warning{}, critical{};  // none: never
  std::int64_t hold_seconds = 0;                // it counts when it was so for so long
};
BOOST_DESCRIBE_STRUCT(Threshold, (), (type, what, unit, is_below, warning, critical, hold_seconds))

/// Of every type of alert that there is.
std::vector<Threshold> default_thresholds();

/// The defaults with what `changes` says: "query_time=200/1000,slow_queries=off,memory=70/", each a warning and a
/// critical value, either of which may be left out. kInvalidArgument says what is wrong with it.
base::Result<std::vector<Threshold>> thresholds_with(std::vector<Threshold> defaults, std::string_view changes);

const Threshold* find_threshold(std::span<const Threshold> thresholds, std::string_view type);

}  // namespace tradeassist::monitor
