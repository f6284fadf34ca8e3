#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "optimize/search_request.hpp"

namespace tradeassist::report {

/// A value of an input as results and requests have it: number, text, or true and false for 1 and 0.
std::optional<backtest::InputValue> input_value(const boost::json::value& value);

/// The best trials of a search whose result is read, at most `count`, as points of the space of another: what both vary
/// is taken over, the nearest value of it; the rest keeps its input. The best first, none twice. kInvalidArgument: no
/// result of a search, a value that the other search does not know.
base::Result<std::vector<optimize::Point>> best_points(const boost::json::object& result,
                                                       const optimize::SearchRequest& request, std::size_t count);

}  // namespace tradeassist::report
