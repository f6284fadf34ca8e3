#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "monitor/alert.hpp"
#include "monitor/alert_decision.hpp"
#include "store/database/database_address.hpp"

namespace tradeassist::monitor {

/// Alerts and what happened to them, in the app database, SQLite or PostgreSQL: durable when a call returns. Any number
/// of processes may have it open, whose changes come one after the other; every method may be called from any thread.
class AlertStore {
 public:
  /// Opens it, the app schema brought to the newest version.
  static base::Result<std::unique_ptr<AlertStore>> open(const store::DatabaseAddress& address);

  /// kNotFound when there is none.
  base::Result<Alert> get(std::int64_t id);
  base::Result<std::vector<Alert>> list(const AlertFilter& filter);
  /// Of one alert, of all where it is 0; the newest before the event `before`, newest first.
  base::Result<std::vector<AlertEvent>> history(std::int64_t alert_id, std::int64_t before, std::int64_t limit);

  /// Those that are open, were resolved after `since`, or are muted at `now`; of a type and source the newest last.
  base::Result<std::vector<Alert>> current(base::Time since, base::Time now);
  /// Keeps what `decide` makes of the alerts that current() gives; nobody else changes any meanwhile.
  base::Result<void> change(base::Time since, base::Time now,
                            const std::function<std::vector<AlertChange>(const std::vector<Alert>&)>& decide);
  /// Keeps what `decide` makes of one alert, by `actor`, and gives it as it is then.
  base::Result<Alert> change_one(std::int64_t id, std::string_view actor, base::Time now,
                                 const std::function<base::Result<AlertChange>(const Alert&)>& decide);

  // For whoever tells of events.

  base::Result<std::int64_t> newest_event();
  /// After the event `after`, oldest first, at most 1,000.
  base::Result<std::vector<AlertEvent>> events_after(std::int64_t after);
  /// Those of which nobody was told yet, oldest first, at most 100.
  base::Result<std::vector<AlertEvent>> events_to_tell();
  /// True for the first of those who ask.
  base::Result<bool> claim(std::int64_t event_id);

  /// Removes alerts that were resolved before `time`, with their history; at most 1,000.
  base::Result<std::int64_t> remove_resolved(base::Time time);

 private:
  explicit AlertStore(std::unique_ptr<store::Connection> connection) : connection_(std::move(connection)) {}

  // These are called while mutex_ is held.
  base::Result<Alert> find(std::int64_t id);
  base::Result<std::vector<Alert>> read_current(base::Time since, base::Time now);
  base::Result<void> lock_changes();
  base::Result<std::int64_t> keep(const AlertChange& change, std::string_view actor, base::Time now);

  std::mutex mutex_;  // one connection, one user at a time
  std::unique_ptr<store::Connection> connection_;
};

}  // namespace tradeassist::monitor
