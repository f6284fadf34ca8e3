#pragma once

#include <boost/json/object.hpp>

#include "store/cache/series_cache.hpp"

namespace tradeassist::report {

/// How much the cache was used since it was made. What was not measured, such as the hit rate while nothing was asked,
/// is null.
boost::json::object cache_json(const store::SeriesCacheMetrics& metrics);

}  // namespace tradeassist::report
