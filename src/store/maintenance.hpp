#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/daily_window.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/database/database_address.hpp"

namespace tradeassist::store {

/// One thing that maintenance does: partitions ahead, retention, statistics. `run` may take minutes, may be repeated
/// at any time, and says in a few words what it did.
struct MaintenanceStep {
  std::string name;
  std::function<base::Result<std::string>()> run;
};

struct MaintenanceOutcome {
  std::string name;
  base::Result<std::string> done;  // what it did, or why it could not
  std::chrono::nanoseconds took{0};
};

/// Runs the steps in order, and logs of each what it did and how long that took. A step that fails does not keep the
/// others from running. `goes_on`, where given, is asked before each: false leaves the rest for another time.
std::vector<MaintenanceOutcome> run_maintenance(std::span<const MaintenanceStep> steps,
                                                const std::function<bool()>& goes_on = {});

/// What the database itself needs: the planner's statistics made anew and, of a SQLite file, its write-ahead log
/// written back and emptied. `name` ("market") tells the steps of several databases apart.
std::vector<MaintenanceStep> database_steps(const std::string& name, const DatabaseAddress& address);

/// Runs maintenance once in each day's window. Used by one thread.
class MaintenanceSchedule {
 public:
  MaintenanceSchedule(base::DailyWindow window, std::vector<MaintenanceStep> steps)
      : window_(window), steps_(std::move(steps)) {}

  /// To be called every minute or so: runs the steps when now() lies in a window in which they did not run yet. No step
  /// begins after the window's end, or once `goes_on` is false. What was run is not remembered across restarts.
  std::vector<MaintenanceOutcome> tick(const std::function<base::Time()>& now,
                                       const std::function<bool()>& goes_on = {});

 private:
  base::DailyWindow window_;
  std::vector<MaintenanceStep> steps_;
  std::optional<base::Time> last_begin_;  // of the window in which they ran last
};

}  // namespace tradeassist::store
