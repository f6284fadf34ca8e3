#pragma once

#include <boost/json/object.hpp>
#include <stop_token>
#include <string>

#include "base/result.hpp"
#include "optimize/search.hpp"
#include "pine/catalogue.hpp"
#include "store/cache/series_cache.hpp"

namespace tradeassist::server {

/// The result of a search as its job keeps it: search_json() with what it takes to make it again in `request`, which is
/// the body that was sent, the script's SHA-256 and the version of this program.
base::Result<boost::json::object> kept_result(const std::string& name, const optimize::SearchRequest& request,
                                              const optimize::SearchResult& result, boost::json::value body,
                                              const std::string& version);

/// Makes the search of such a body again, with `threads` of them, 0: one a core. kInvalidArgument: a body that this
/// version does not take, or that asks for what is not there.
base::Result<boost::json::object> search_again(const boost::json::value& body, store::SeriesCache& cache,
                                               const pine::Catalogue& catalogue, const std::string& version,
                                               int threads, const optimize::ProgressCallback& progress,
                                               const std::stop_token& stop);

}  // namespace tradeassist::server
