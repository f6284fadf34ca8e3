// What Prometheus scrapes: /metrics.
#include "base/metrics_text.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"

namespace tradeassist::server {

void add_metrics_routes(std::vector<Route>& routes, Services& services) {
  if (services.metrics == nullptr) return;
  routes.push_back({Method::kGet, "/metrics", "Metrics for Prometheus", [&services](const Request& request) {
                      const base::MetricsFormat format = base::metrics_format_of(request.header("accept").value_or(""));
                      Response response;
                      response.content_type = base::content_type(format);
                      response.body = base::metrics_text(services.metrics->collect(), format);
                      return HandlerResult(std::move(response));
                    }});
}

}  // namespace tradeassist::server
