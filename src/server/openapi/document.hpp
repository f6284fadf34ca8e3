#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "server/router.hpp"

namespace tradeassist::server::openapi {

/// The OpenAPI 3.1 document of those routes: operations by their descriptions and the access policy, schemas by the
/// described structs. Routes without a description are left out; undescribed() names them. Throws std::logic_error
/// where descriptions contradict each other: two operations of one name, a code that is not in the table.
boost::json::object document(const std::vector<Route>& routes, std::string_view version);

/// "GET /api/v1/new" of each route that has no description, or names things that have none: tests want this to be
/// empty.
std::vector<std::string> undescribed(const std::vector<Route>& routes);

}  // namespace tradeassist::server::openapi
