#include "monitor/alert_engine.hpp"

#include <algorithm>
#include <set>

#include "base/log.hpp"

namespace tradeassist::monitor {
namespace {

constexpr std::chrono::hours kPruneEvery{1};

/// The newest of each type and source.
std::map<std::pair<std::string, std::string>, const Alert*> by_key(const std::vector<Alert>& alerts) {
  std::map<std::pair<std::string, std::string>, const Alert*> found;
  for (const Alert& alert : alerts) found[{alert.type, alert.source}] = &alert;
  return found;
}

base::Result<Alert> change_open(AlertStore& store, std::int64_t id, std::string_view actor, base::Time now,
                                const std::function<AlertChange(Alert)>& to) {
  return store.change_one(id, actor, now, [&](const Alert& before) -> base::Result<AlertChange> {
    if (!before.is_open()) {
      return base::failure(base::ErrorCode::kFailedPrecondition,
                           "alert " + std::to_string(before.id) + " is resolved already");
    }
    AlertChange change = to(before);
    change.alert.changed_at = now;
    return change;
  });
}

}  // namespace

base::Result<Alert> acknowledge(AlertStore& store, std::int64_t id, std::string_view actor, base::Time now) {
  return change_open(store, id, actor, now, [&](Alert alert) {
    const bool is_new = alert.state != AlertState::kAcknowledged;
    alert.state = AlertState::kAcknowledged;
    if (is_new) {
      alert.acknowledged_at = now;
      alert.acknowledged_by = actor;
    }
    const bool is_to_tell = is_new && !alert.is_muted(now);
    return AlertChange{std::move(alert), is_new ? std::optional(AlertEventKind::kAcknowledged) : std::nullopt,
                       is_to_tell};
  });
}

base::Result<Alert> mute(AlertStore& store, std::int64_t id, base::Time until, std::string_view actor, base::Time now) {
  if (until <= now || until > now + AlertEngine::kMuteMax) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "the end of the mute must lie in the future, within 366 days");
  }
  return change_open(store, id, actor, now, [&](Alert alert) {
    const bool is_to_tell = !alert.is_muted(now);
    alert.muted_until = until;
    alert.muted_by = actor;
    alert.is_told = false;  // when it is over, and the alert is still raised, it is told of again
    return AlertChange{std::move(alert), AlertEventKind::kMuted, is_to_tell};
  });
}

base::Result<Alert> unmute(AlertStore& store, std::int64_t id, std::string_view actor, base::Time now) {
  return change_open(store, id, actor, now, [&](Alert alert) {
    const bool was_muted = alert.is_muted(now);
    alert.muted_until.reset();
    alert.muted_by.clear();
    return AlertChange{std::move(alert), was_muted ? std::optional(AlertEventKind::kUnmuted) : std::nullopt, false};
  });
}

base::Result<std::unique_ptr<AlertEngine>> AlertEngine::create(AlertStore& store, AlertEngineOptions options) {
  const base::Time now = options.clock();
  std::unique_ptr<AlertEngine> engine(new AlertEngine(store, std::move(options), now));
  TRY_ASSIGN(engine->newest_event_, store.newest_event());
  TRY_ASSIGN(engine->last_seen_, store.current(now - engine->options_.policy.cooldown, now));
  engine->count(engine->last_seen_);
  return engine;
}

bool AlertEngine::is_seen_here(const std::string& source) const {
  const std::size_t at = source.rfind('@');
  return at == std::string::npos || source.substr(at + 1) == options_.server;
}

/// Since when each thing that is measured has been bad or good.
void AlertEngine::note_all(std::span<const Observation> observations, const std::vector<Alert>& alerts,
                           base::Time now) {
  const auto known = by_key(alerts);
  std::map<Key, Spell> kept;
  for (const Observation& observation : observations) {
    const Threshold* threshold = find_threshold(options_.thresholds, observation.type);
    if (threshold == nullptr) continue;
    const auto go_on = [&](const Key& key, std::optional<Severity> severity) {
      const auto before = spells_.find(key);
      Spell& spell = kept[key] = before != spells_.end() ? before->second : Spell();
      if (observation.is_measured) note(spell, severity, now);
    };
    std::set<std::string> sources;
    for (const Reading& reading : observation.readings) {
      const Key key{observation.type, reading.source};
      const auto alert = known.find(key);
      const bool is_open = alert != known.end() && alert->second->is_open();
      const auto open = is_open ? std::optional(alert->second->severity) : std::nullopt;
      go_on(key, severity_of(*threshold, reading.value, open, options_.policy));
      sources.insert(reading.source);
    }
    for (const auto& [key, alert] : known) {
      const bool is_gone = key.first == observation.type && alert->is_open() && !sources.contains(key.second);
      if (is_gone && is_seen_here(key.second)) go_on(key, std::nullopt);
    }
  }
  spells_ = std::move(kept);
}

std::vector<AlertChange> AlertEngine::decide_all(std::span<const Observation> observations,
                                                 const std::vector<Alert>& alerts, base::Time now) const {
  const auto known = by_key(alerts);
  std::vector<AlertChange> changes;
  std::set<Key> seen;
  const auto decide_one = [&](const Alert* before, const Threshold& threshold, const Reading* reading, const Key& key) {
    seen.insert(key);
    const auto spell = spells_.find(key);
    if (spell == spells_.end()) return;
    if (auto change = decide(before, threshold, reading, spell->second, now, options_.policy))
      changes.push_back(*std::move(change));
  };
  for (const Observation& observation : observations) {
    const Threshold* threshold = find_threshold(options_.thresholds, observation.type);
    if (threshold == nullptr || !observation.is_measured) continue;
    for (const Reading& reading : observation.readings) {
      const Key key{observation.type, reading.source};
      const auto alert = known.find(key);
      decide_one(alert != known.end() ? alert->second : nullptr, *threshold, &reading, key);
    }
    // What this server saw before and does not see any more. Of what others see alone it knows nothing.
    for (const auto& [key, alert] : known) {
      const bool is_gone = key.first == observation.type && alert->is_open() && !seen.contains(key);
      if (is_gone && is_seen_here(key.second)) decide_one(alert, *threshold, nullptr, key);
    }
  }
  // Nobody looks at it any more.
  if (now - started_at_ < options_.forgotten_after) return changes;
  for (const auto& [key, alert] : known) {
    if (!alert->is_open() || seen.contains(key) || now - alert->seen_at < options_.forgotten_after) continue;
    AlertChange change{*alert, AlertEventKind::kResolved, is_known(*alert) && !alert->is_muted(now)};
    change.alert.state = AlertState::kResolved;
    change.alert.message = alert->source + ": is not measured any more";
    change.alert.resolved_at = change.alert.changed_at = now;
    changes.push_back(std::move(change));
  }
  return changes;
}

base::Result<void> AlertEngine::observe(std::span<const Observation> observations) {
  const base::Time now = options_.clock();
  const base::Time since = now - options_.policy.cooldown;
  {
    const std::lock_guard lock(observing_);
    auto alerts = read_current(since, now);
    if (!alerts) {
      tell_without_database(observations, now);
      return std::unexpected(std::move(alerts).error());
    }
    note_all(observations, *alerts, now);
    if (!decide_all(observations, *alerts, now).empty()) {
      TRY(store_.change(since, now,
                        [&](const std::vector<Alert>& fresh) { return decide_all(observations, fresh, now); }));
      TRY_ASSIGN(*alerts, store_.current(since, now));
    }
    count(*alerts);
    last_seen_ = *std::move(alerts);
    if (now - pruned_at_ >= kPruneEvery) {
      pruned_at_ = now;
      TRY(store_.remove_resolved(now - options_.kept));
    }
  }
  return deliver();
}

/// What begins while nothing can be kept; what was open before is as it was.
void AlertEngine::tell_without_database(std::span<const Observation> observations, base::Time now) {
  std::vector<Alert> alerts = last_seen_;
  for (const auto& [key, unkept] : unkept_) alerts.push_back(unkept.alert);
  note_all(observations, alerts, now);
  for (AlertChange& change : decide_all(observations, alerts, now)) {
    if (change.event != AlertEventKind::kRaised || change.alert.id != 0) continue;
    const Key key{change.alert.type, change.alert.source};
    if (!unkept_.try_emplace(key, change).second) continue;
    alerts.push_back(change.alert);
    const Alert& alert = change.alert;
    AlertEvent event{
        0, 0, AlertEventKind::kRaised, alert.type, alert.source, alert.severity, alert.value, alert.message, "", now};
    const std::lock_guard lock(delivering_);
    if (options_.on_change) options_.on_change(event);
    if (options_.on_unkept_event && change.is_to_tell) options_.on_unkept_event(event);
  }
  count(alerts);
}

/// What began while the database was away is history, too, and now whoever needs the database for it can tell of it.
base::Result<std::vector<Alert>> AlertEngine::read_current(base::Time since, base::Time now) {
  if (unkept_.empty()) return store_.current(since, now);
  TRY(store_.change(since, now, [&](const std::vector<Alert>& fresh) {
    const auto known = by_key(fresh);
    std::vector<AlertChange> changes;
    for (const auto& [key, unkept] : unkept_) {
      const auto other = known.find(key);
      if (other == known.end() || !other->second->is_open()) changes.push_back(unkept);
    }
    return changes;
  }));
  unkept_.clear();
  return store_.current(since, now);
}

base::Result<void> AlertEngine::deliver() {
  const std::lock_guard lock(delivering_);
  TRY_ASSIGN(const std::vector<AlertEvent> happened, store_.events_after(newest_event_));
  for (const AlertEvent& event : happened) {
    newest_event_ = event.id;
    if (options_.on_change) options_.on_change(event);
  }
  if (!options_.on_event) return {};
  TRY_ASSIGN(const std::vector<AlertEvent> to_tell, store_.events_to_tell());
  for (const AlertEvent& event : to_tell) {
    TRY_ASSIGN(const bool is_mine, store_.claim(event.id));
    if (is_mine) options_.on_event(event);
  }
  return {};
}

base::Result<Alert> AlertEngine::changed(base::Result<Alert> alert) {
  if (!alert) return alert;
  // It is kept; that others hear of it later is no failure of the change.
  if (const auto told = deliver(); !told)
    base::log(base::LogLevel::kWarning, "an alert was not told of", {{"reason", told.error().message}});
  return alert;
}

base::Result<Alert> AlertEngine::acknowledge(std::int64_t id, std::string_view actor) {
  return changed(monitor::acknowledge(store_, id, actor, options_.clock()));
}

base::Result<Alert> AlertEngine::mute(std::int64_t id, base::Time until, std::string_view actor) {
  return changed(monitor::mute(store_, id, until, actor, options_.clock()));
}

base::Result<Alert> AlertEngine::unmute(std::int64_t id, std::string_view actor) {
  return changed(monitor::unmute(store_, id, actor, options_.clock()));
}

void AlertEngine::count(const std::vector<Alert>& alerts) {
  std::map<std::pair<std::string, Severity>, std::int64_t> counts;
  for (const Threshold& threshold : options_.thresholds) {
    for (const Severity severity : {Severity::kWarning, Severity::kCritical}) counts[{threshold.type, severity}] = 0;
  }
  for (const Alert& alert : alerts) {
    if (alert.is_open()) ++counts[{alert.type, alert.severity}];
  }
  const std::lock_guard lock(mutex_);
  counts_ = std::move(counts);
}

std::map<std::pair<std::string, Severity>, std::int64_t> AlertEngine::open_by_type() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

AlertCounts AlertEngine::open_counts() const {
  AlertCounts counts;
  for (const auto& [key, count] : open_by_type())
    (key.second == Severity::kCritical ? counts.critical : counts.warning) += count;
  return counts;
}

}  // namespace tradeassist::monitor
