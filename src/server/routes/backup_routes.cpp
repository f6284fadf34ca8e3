#include "server/routes/backup_routes.hpp"

#include <utility>

#include "base/json.hpp"
#include "server/routes/parameters.hpp"

namespace tradeassist::server {

void add_backup_routes(std::vector<Route>& routes, std::function<BackupHealth()> health) {
  routes.push_back({Method::kGet, "/api/v1/health/backups", "The newest backup, and how the last ones went",
                    [health = std::move(health)](const Request& request) -> HandlerResult {
                      QueryReader query(request, {});
                      if (query.failed()) return query.problem();
                      return json_response(base::to_json(health()).as_object());
                    },
                    describe("get_backup_health", "Health").answers<BackupHealth>()});
}

}  // namespace tradeassist::server
