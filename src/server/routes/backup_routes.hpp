#pragma once

#include <boost/describe.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "server/router.hpp"

namespace tradeassist::server {

/// How backups are, as GET /api/v1/health/backups tells.
struct BackupHealth {
  std::string status = "unconfigured";  // none are configured; or healthy; none_yet; failed: the last one, or its drill
  std::string schedule;                 // cron, UTC; empty: none are made by the server
  std::optional<std::string> newest;    // id of the newest backup
  std::optional<base::Time> made_at;
  std::optional<base::Time> failed_at;  // of the last scheduled one, where it failed
  std::optional<std::string> failure;
  std::optional<base::Time> drilled_at;  // when one was restored on trial
  std::optional<bool> drill_succeeded;
};
BOOST_DESCRIBE_STRUCT(BackupHealth, (),
                      (status, schedule, newest, made_at, failed_at, failure, drilled_at, drill_succeeded))

/// `health` is called from any thread and answers from memory.
void add_backup_routes(std::vector<Route>& routes, std::function<BackupHealth()> health);

}  // namespace tradeassist::server
