#pragma once

#include <vector>

#include "server/routes/services.hpp"

namespace tradeassist::server {

/// POST /api/v1/pine/check.
void add_pine_routes(std::vector<Route>& routes, Services& services);

}  // namespace tradeassist::server
