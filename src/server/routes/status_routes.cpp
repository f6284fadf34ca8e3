#include <boost/json/object.hpp>

#include "base/json.hpp"
#include "server/openapi/answers/server_answers.hpp"
#include "server/openapi/descriptions.hpp"
#include "server/routes/health_overview.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/pine_routes.hpp"
#include "server/routes/services.hpp"

namespace tradeassist::server {

namespace json = boost::json;

void add_status_routes(std::vector<Route>& routes, Services& services) {
  routes.push_back({Method::kGet, "/livez", "The process runs", [](const Request&) -> HandlerResult {
                      return json_response(base::to_json(openapi::ProcessStatus{"ok"}));
                    }});
  routes.push_back({Method::kGet, "/readyz", "The server can answer", [&services](const Request&) -> HandlerResult {
                      const ReadinessAnswer answer = readiness(services);
                      return health_response(base::to_json(answer), answer.status == "ok");
                    }});
  routes.push_back({Method::kGet, "/startupz", "The server has started", [&services](const Request&) -> HandlerResult {
                      const bool is_started = phase_of(services) != ServerPhase::kStarting;
                      return health_response(base::to_json(openapi::ProcessStatus{is_started ? "ok" : "starting"}),
                                             is_started);
                    }});
  routes.push_back(
      {Method::kGet, "/api/v1/version", "The program's version", [&services](const Request&) -> HandlerResult {
         return json_response(base::to_json(openapi::Version{services.version, services.release}));
       }});
  // The connection is handed over where this is the answer.
  routes.push_back({Method::kGet, "/ws/realtime", "A WebSocket with what happens as it happens",
                    [](const Request& request) -> HandlerResult {
                      Response response;
                      response.status = 101;
                      response.upgraded = request.caller;
                      return response;
                    }});
}

std::vector<Route> make_routes(Services& services) {
  std::vector<Route> routes;
  add_status_routes(routes, services);
  add_health_routes(routes, services);
  add_market_routes(routes, services);
  add_instrument_routes(routes, services);
  add_corporate_action_routes(routes, services);
  add_import_routes(routes, services);
  add_quality_routes(routes, services);
  add_indicator_routes(routes, services);
  add_pine_routes(routes, services);
  add_strategy_routes(routes, services);
  add_backtest_routes(routes, services);
  add_optimize_routes(routes, services);
  add_schedule_routes(routes, services);  // before the jobs, whose ids its path would be
  add_job_routes(routes, services);
  add_historical_fetch_routes(routes, services);
  add_historical_aggregate_routes(routes, services);
  add_historical_compare_routes(routes, services);
  add_historical_data_routes(routes, services);
  add_historical_study_routes(routes, services);
  add_saved_query_routes(routes, services);
  add_export_routes(routes, services);
  add_key_routes(routes, services);
  add_audit_routes(routes, services);
  add_error_routes(routes, services);
  add_profile_routes(routes, services);
  add_webhook_routes(routes, services);
  add_metrics_routes(routes, services);
  add_alert_routes(routes, services);
  describe_routes().attach(routes);
  return routes;
}

}  // namespace tradeassist::server
