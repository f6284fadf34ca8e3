#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "server/http_message.hpp"
#include "server/openapi/route_description.hpp"

namespace tradeassist::server {

struct Route;

/// Descriptions of routes, by method and pattern, until they meet their routes.
class Descriptions {
 public:
  void add(Method method, std::string_view pattern, RouteDescription description) {
    all_.push_back({method, std::string(pattern), std::move(description)});
  }

  /// Gives each route its description. What is described and not there is left out: some routes exist only where a
  /// server keeps keys.
  void attach(std::vector<Route>& routes) const;

 private:
  struct Entry {
    Method method;
    std::string pattern;
    RouteDescription description;
  };
  std::vector<Entry> all_;
};

/// Those of the routes of make_routes().
Descriptions describe_routes();

// By topic, a file each.
void describe_server_routes(Descriptions& all);
void describe_market_routes(Descriptions& all);
void describe_historical_routes(Descriptions& all);
void describe_import_routes(Descriptions& all);
void describe_strategy_routes(Descriptions& all);
void describe_job_routes(Descriptions& all);
void describe_access_routes(Descriptions& all);
void describe_webhook_routes(Descriptions& all);
void describe_alert_routes(Descriptions& all);

}  // namespace tradeassist::server
