#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/config.hpp"
#include "base/periodic_task.hpp"
#include "base/result.hpp"
#include "jobs/job_schedule.hpp"
#include "server/routes/backup_routes.hpp"

namespace tradeassist::app {

/// What became of a scheduled backup or trial restore, for those who tell people.
struct BackupEvent {
  bool is_drill = false, succeeded = false;
  std::string backup;   // its id, where there is one
  std::string message;  // what was done, or why it failed
};
using OnBackup = std::function<void(const BackupEvent&)>;

/// Five fields of cron, in UTC, as what jobs::next_due() takes. kInvalidArgument.
base::Result<jobs::JobSchedule> utc_schedule(const std::string& cron);

/// Makes backups, prunes them and tries them out when the settings say so, while it lives. A backup that was due while
/// no server ran is made at once; servers that share a folder make one between them. How the last ones went is in the
/// log and in the folder's status.json, where doctor looks.
class BackupSchedule {
 public:
  /// `on_event` is called from a thread of its own. kInvalidArgument for a schedule that cannot be read; what
  /// make_backups() refuses is refused here too.
  static base::Result<std::unique_ptr<BackupSchedule>> start(const base::Config& config, OnBackup on_event = {});
  ~BackupSchedule();

  /// As it was some seconds ago at most; from any thread.
  server::BackupHealth health() const;

 private:
  class Keeper;
  explicit BackupSchedule(std::shared_ptr<Keeper> keeper);
  std::shared_ptr<Keeper> keeper_;
  base::PeriodicTask task_;
};

}  // namespace tradeassist::app
