#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "monitor/alert_store.hpp"

namespace tradeassist::monitor {

struct AlertEngineOptions {
  std::vector<Threshold> thresholds = default_thresholds();
  AlertPolicy policy{};
  /// Called for what is to be told to people, once among all servers of the database: raised, escalated, deescalated,
  /// acknowledged, muted, resolved, and raised again after a cool-down or a mute. From the threads that call observe()
  /// and the methods that change an alert, one at a time; must not take long nor call the engine.
  TellAlert on_event{};
  /// Called at once for an alert that begins while the database is away, with the id 0; on_event follows when it is
  /// kept.
  TellAlert on_unkept_event{};
  /// Called on every server for whatever happens to alerts, muted ones too.
  TellAlert on_change{};
  /// Which of several servers this is. Sources that end in "@name" are of that server alone; others are of all.
  std::string server{};
  std::function<base::Time()> clock = base::now;
  std::chrono::hours kept{24 * 90};          // alerts that were resolved, with their history
  std::chrono::minutes forgotten_after{15};  // an alert that nobody measures any more is resolved
};

/// Open alerts, counted.
struct AlertCounts {
  std::int64_t warning = 0, critical = 0;
};

/// Decides from what is measured which alerts are raised, get worse or better, and are resolved. What several servers
/// of one database see of the same thing is one alert. Every method may be called from any thread.
class AlertEngine {
 public:
  /// `store` outlives it.
  static base::Result<std::unique_ptr<AlertEngine>> create(AlertStore& store, AlertEngineOptions options);

  /// Takes what was measured now. While the database is away, alerts that begin are told of all the same
  /// (on_unkept_event, on_change), and kept and told of when it is back.
  base::Result<void> observe(std::span<const Observation> observations);

  // What people do, named by `actor`. kNotFound; kFailedPrecondition where the alert is resolved.

  base::Result<Alert> acknowledge(std::int64_t id, std::string_view actor);
  /// kInvalidArgument for a time that is past or more than kMuteMax away.
  base::Result<Alert> mute(std::int64_t id, base::Time until, std::string_view actor);
  base::Result<Alert> unmute(std::int64_t id, std::string_view actor);

  /// As observe() saw them last.
  AlertCounts open_counts() const;
  /// The same, by type and severity; all types are there.
  std::map<std::pair<std::string, Severity>, std::int64_t> open_by_type() const;
  const std::vector<Threshold>& thresholds() const { return options_.thresholds; }
  const AlertPolicy& policy() const { return options_.policy; }
  AlertStore& store() const { return store_; }

  static constexpr std::chrono::days kMuteMax{366};

 private:
  using Key = std::pair<std::string, std::string>;  // type and source

  AlertEngine(AlertStore& store, AlertEngineOptions options, base::Time now)
      : store_(store), options_(std::move(options)), started_at_(now) {}

  std::vector<AlertChange> decide_all(std::span<const Observation> observations, const std::vector<Alert>& alerts,
                                      base::Time now) const;
  bool is_seen_here(const std::string& source) const;
  void note_all(std::span<const Observation> observations, const std::vector<Alert>& alerts, base::Time now);
  void tell_without_database(std::span<const Observation> observations, base::Time now);
  base::Result<std::vector<Alert>> read_current(base::Time since, base::Time now);
  void count(const std::vector<Alert>& alerts);
  base::Result<void> deliver();
  base::Result<Alert> changed(base::Result<Alert> alert);

  AlertStore& store_;
  const AlertEngineOptions options_;
  const base::Time started_at_;
  std::mutex observing_;  // of the next four
  std::map<Key, Spell> spells_;
  std::map<Key, AlertChange> unkept_;  // that began while the database was away
  std::vector<Alert> last_seen_;
  base::Time pruned_at_{};
  std::mutex delivering_;
  std::int64_t newest_event_ = 0;  // that this server passed on
  mutable std::mutex mutex_;       // of counts_
  std::map<std::pair<std::string, Severity>, std::int64_t> counts_;
};

/// The change of an alert that somebody wants; kFailedPrecondition where it is resolved. For whoever changes alerts
/// without an engine, which then tells of it.
base::Result<Alert> acknowledge(AlertStore& store, std::int64_t id, std::string_view actor, base::Time now);
base::Result<Alert> mute(AlertStore& store, std::int64_t id, base::Time until, std::string_view actor, base::Time now);
base::Result<Alert> unmute(AlertStore& store, std::int64_t id, std::string_view actor, base::Time now);

}  // namespace tradeassist::monitor
