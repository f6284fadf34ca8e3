#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "optimize/search.hpp"

namespace tradeassist::report {

/// What a search's validation found, by kind: assessment, stability, regimes, random_periods, cross_validation,
/// walk_forward. What was not done, or could not be, is null.
boost::json::object validation_json(const optimize::SearchRequest& request, const optimize::SearchResult& result);

/// The same for a terminal: the verdict first, then a line a test.
std::string validation_table(const optimize::SearchResult& result);

}  // namespace tradeassist::report
