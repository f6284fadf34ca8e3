#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "app/command.hpp"

namespace tradeassist::app {

/// The result of `tradeassist optimize` with these arguments, as its --json writes it; where things lie is said by
/// `common`. kInvalidArgument: arguments that this version does not take.
base::Result<boost::json::object> optimize_again(const std::vector<std::string>& arguments, const CommonOptions& common,
                                                 int threads);

}  // namespace tradeassist::app
