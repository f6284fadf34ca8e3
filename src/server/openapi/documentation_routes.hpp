#pragma once

#include <string_view>
#include <vector>

#include "server/router.hpp"

namespace tradeassist::server {

/// The routes, and those that describe them: /api/openapi.json, /api/docs and /api/redoc, which show it, and
/// /api/errors, where the types of problems point. What is not described is logged, and left out.
std::vector<Route> with_documentation(std::vector<Route> routes, std::string_view version);

}  // namespace tradeassist::server
