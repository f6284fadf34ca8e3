#include "server/openapi/descriptions.hpp"

#include <algorithm>

#include "server/router.hpp"

namespace tradeassist::server {

void Descriptions::attach(std::vector<Route>& routes) const {
  for (const Entry& entry : all_) {
    const auto route = std::ranges::find_if(
        routes, [&](const Route& each) { return each.method == entry.method && each.pattern == entry.pattern; });
    if (route != routes.end()) route->description = entry.description;
  }
}

Descriptions describe_routes() {
  Descriptions all;
  describe_server_routes(all);
  describe_market_routes(all);
  describe_historical_routes(all);
  describe_import_routes(all);
  describe_strategy_routes(all);
  describe_job_routes(all);
  describe_access_routes(all);
  describe_webhook_routes(all);
  describe_alert_routes(all);
  return all;
}

}  // namespace tradeassist::server
