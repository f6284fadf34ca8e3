#pragma once

#include <string>
#include <vector>

#include "server/routes/services.hpp"

namespace tradeassist::research {

/// /api/v1/research. `model`: who is asked by the jobs of research_handlers(); empty: nobody is configured.
void add_research_routes(std::vector<server::Route>& routes, server::Services& services, std::string model);

}  // namespace tradeassist::research
