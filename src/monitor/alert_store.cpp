#include "monitor/alert_store.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "store/database/retry.hpp"
#include "store/schema/migrations.hpp"

namespace tradeassist::monitor {

using store::in_transaction;

namespace {

// While the database is away alerts are told of without it: nobody waits long.
constexpr std::chrono::milliseconds kOutageTimeout{2'000}, kSilenceTimeout{10'000};
constexpr std::int64_t kPageMax = 1'000, kCurrentMax = 10'000;
constexpr const char* kSelect =
    "SELECT id, type, source, severity, state, message, value, threshold, occurrences, raised_at, changed_at, seen_at, "
    "acknowledged_at, acknowledged_by, muted_until, muted_by, resolved_at, is_told, told_at FROM alert ";
constexpr const char* kSelectEvents =
    "SELECT alert_event.id, alert_id, kind, type, source, alert_event.severity, alert_event.value, "
    "alert_event.message, actor, at FROM alert_event JOIN alert ON alert.id = alert_id ";

std::optional<base::Time> optional_time(const store::Row& row, int column) {
  const auto value = row.optional_integer(column);
  return value ? std::optional(base::time_from_nanoseconds(*value)) : std::nullopt;
}

std::optional<std::int64_t> nanoseconds(const std::optional<base::Time>& time) {
  return time ? std::optional(base::to_nanoseconds(*time)) : std::nullopt;
}

Alert read_alert(const store::Row& row) {
  Alert alert;
  alert.id = row.integer(0);
  alert.type = row.text(1);
  alert.source = row.text(2);
  alert.severity = parse_severity(row.text(3)).value_or(Severity::kWarning);
  alert.state = parse_alert_state(row.text(4)).value_or(AlertState::kRaised);
  alert.message = row.text(5);
  alert.value = row.real(6);
  alert.threshold = row.real(7);
  alert.occurrences = row.integer(8);
  alert.raised_at = base::time_from_nanoseconds(row.integer(9));
  alert.changed_at = base::time_from_nanoseconds(row.integer(10));
  alert.seen_at = base::time_from_nanoseconds(row.integer(11));
  alert.acknowledged_at = optional_time(row, 12);
  alert.acknowledged_by = row.text(13);
  alert.muted_until = optional_time(row, 14);
  alert.muted_by = row.text(15);
  alert.resolved_at = optional_time(row, 16);
  alert.is_told = row.integer(17) != 0;
  alert.told_at = base::time_from_nanoseconds(row.integer(18));
  return alert;
}

AlertEvent read_event(const store::Row& row) {
  constexpr AlertEventKind kKinds[] = {AlertEventKind::kRaised,       AlertEventKind::kReopened,
                                       AlertEventKind::kEscalated,    AlertEventKind::kDeescalated,
                                       AlertEventKind::kAcknowledged, AlertEventKind::kMuted,
                                       AlertEventKind::kUnmuted,      AlertEventKind::kResolved};
  AlertEvent event;
  event.id = row.integer(0);
  event.alert_id = row.integer(1);
  for (const AlertEventKind each : kKinds) {
    if (row.text(2) == to_string(each)) event.kind = each;
  }
  event.type = row.text(3);
  event.source = row.text(4);
  event.severity = parse_severity(row.text(5)).value_or(Severity::kWarning);
  event.value = row.real(6);
  event.message = row.text(7);
  event.actor = row.text(8);
  event.at = base::time_from_nanoseconds(row.integer(9));
  return event;
}

}  // namespace

base::Result<std::unique_ptr<AlertStore>> AlertStore::open(const store::DatabaseAddress& address) {
  TRY_ASSIGN(auto connection,
             store::open_connection(address, {.outage_timeout = kOutageTimeout, .silence_timeout = kSilenceTimeout}));
  TRY(store::migrate(*connection, store::app_migrations()));
  return std::unique_ptr<AlertStore>(new AlertStore(std::move(connection)));
}

base::Result<Alert> AlertStore::find(std::int64_t id) {
  TRY_ASSIGN(auto alert, connection_->query_first(std::string(kSelect) + "WHERE id = $1", {id}, read_alert));
  if (alert) return *std::move(alert);
  return base::failure(base::ErrorCode::kNotFound, "there is no alert " + std::to_string(id));
}

base::Result<std::vector<Alert>> AlertStore::read_current(base::Time since, base::Time now) {
  return connection_->query_all(
      std::string(kSelect) +
          "WHERE state <> 'resolved' OR resolved_at > $1 OR (resolved_at IS NOT NULL AND muted_until > $2) "
          "ORDER BY id LIMIT $3",
      {base::to_nanoseconds(since), base::to_nanoseconds(now), kCurrentMax}, read_alert);
}

/// Others wait here, so that events have their numbers in the order in which they can be seen.
base::Result<void> AlertStore::lock_changes() {
  TRY(connection_->query_integer(std::string("SELECT id FROM app_state") + store::row_lock(*connection_)));
  return {};
}

base::Result<std::int64_t> AlertStore::keep(const AlertChange& change, std::string_view actor, base::Time now) {
  const Alert& alert = change.alert;
  std::int64_t id = alert.id;
  const std::string_view severity = to_string(alert.severity), state = to_string(alert.state);
  if (id == 0) {
    TRY_ASSIGN(id,
               connection_->query_integer(
                   "INSERT INTO alert (type, source, severity, state, message, value, threshold, occurrences, "
                   "raised_at, changed_at, seen_at, is_told, told_at, muted_until, muted_by) VALUES ($1, $2, $3, "
                   "$4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING id",
                   {alert.type, alert.source, severity, state, alert.message, alert.value, alert.threshold,
                    alert.occurrences, base::to_nanoseconds(alert.raised_at), base::to_nanoseconds(alert.changed_at),
                    base::to_nanoseconds(alert.seen_at), alert.is_told ? 1 : 0, base::to_nanoseconds(alert.told_at),
                    nanoseconds(alert.muted_until), alert.muted_by}));
  } else {
    TRY(connection_->run(
        "UPDATE alert SET severity = $2, state = $3, message = $4, value = $5, threshold = $6, occurrences = $7, "
        "changed_at = $8, seen_at = $9, is_told = $10, told_at = $11, acknowledged_at = $12, acknowledged_by = $13, "
        "muted_until = $14, muted_by = $15, resolved_at = $16 WHERE id = $1",
        {id, severity, state, alert.message, alert.value, alert.threshold, alert.occurrences,
         base::to_nanoseconds(alert.changed_at), base::to_nanoseconds(alert.seen_at), alert.is_told ? 1 : 0,
         base::to_nanoseconds(alert.told_at), nanoseconds(alert.acknowledged_at), alert.acknowledged_by,
         nanoseconds(alert.muted_until), alert.muted_by, nanoseconds(alert.resolved_at)}));
  }
  if (!change.event) return id;
  TRY(connection_->run(
      "INSERT INTO alert_event (alert_id, at, kind, severity, value, message, actor, is_told) VALUES ($1, $2, $3, $4, "
      "$5, $6, $7, $8)",
      {id, base::to_nanoseconds(now), to_string(*change.event), severity, alert.value, alert.message, actor,
       change.is_to_tell ? 0 : 1}));
  return id;
}

base::Result<Alert> AlertStore::get(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  return in_transaction(*connection_, kOutageTimeout, [&] { return find(id); });
}

base::Result<std::vector<Alert>> AlertStore::list(const AlertFilter& filter) {
  const std::int64_t now = base::to_nanoseconds(base::now());
  const std::lock_guard lock(mutex_);
  return in_transaction(*connection_, kOutageTimeout, [&] {
    return connection_->query_all(
        std::string(kSelect) +
            "WHERE ($1 = '' OR state = $1 OR ($1 = 'open' AND state <> 'resolved') OR ($1 = 'muted' AND state <> "
            "'resolved' AND muted_until > $2)) AND ($3 = '' OR severity = $3) AND ($4 = '' OR type = $4) AND ($5 = '' "
            "OR source = $5) AND id < $6 ORDER BY id DESC LIMIT $7",
        {filter.state, now, filter.severity, filter.type, filter.source, filter.before,
         std::clamp<std::int64_t>(filter.limit, 1, kPageMax)},
        read_alert);
  });
}

base::Result<std::vector<AlertEvent>> AlertStore::history(std::int64_t alert_id, std::int64_t before,
                                                          std::int64_t limit) {
  const std::lock_guard lock(mutex_);
  return in_transaction(*connection_, kOutageTimeout, [&]() -> base::Result<std::vector<AlertEvent>> {
    if (alert_id != 0) TRY(find(alert_id));
    return connection_->query_all(
        std::string(kSelectEvents) +
            "WHERE ($1 = 0 OR alert_id = $1) AND alert_event.id < $2 ORDER BY alert_event.id DESC LIMIT $3",
        {alert_id, before, std::clamp<std::int64_t>(limit, 1, kPageMax)}, read_event);
  });
}

base::Result<std::vector<Alert>> AlertStore::current(base::Time since, base::Time now) {
  const std::lock_guard lock(mutex_);
  return store::repeated(*connection_, kOutageTimeout, [&] { return read_current(since, now); });
}

base::Result<void> AlertStore::change(
    base::Time since, base::Time now,
    const std::function<std::vector<AlertChange>(const std::vector<Alert>&)>& decide) {
  const std::lock_guard lock(mutex_);
  return in_transaction(*connection_, kOutageTimeout, [&]() -> base::Result<void> {
    TRY(lock_changes());
    TRY_ASSIGN(const std::vector<Alert> alerts, read_current(since, now));
    for (const AlertChange& each : decide(alerts)) TRY(keep(each, "", now));
    return {};
  });
}

base::Result<Alert> AlertStore::change_one(std::int64_t id, std::string_view actor, base::Time now,
                                           const std::function<base::Result<AlertChange>(const Alert&)>& decide) {
  const std::lock_guard lock(mutex_);
  return in_transaction(*connection_, kOutageTimeout, [&]() -> base::Result<Alert> {
    TRY(lock_changes());
    TRY_ASSIGN(const Alert before, find(id));
    TRY_ASSIGN(const AlertChange wanted, decide(before));
    TRY(keep(wanted, actor, now));
    return find(id);
  });
}

base::Result<std::int64_t> AlertStore::newest_event() {
  const std::lock_guard lock(mutex_);
  return connection_->query_integer("SELECT coalesce(max(id), 0) FROM alert_event");
}

base::Result<std::vector<AlertEvent>> AlertStore::events_after(std::int64_t after) {
  const std::lock_guard lock(mutex_);
  return connection_->query_all(
      std::string(kSelectEvents) + "WHERE alert_event.id > $1 ORDER BY alert_event.id LIMIT $2", {after, kPageMax},
      read_event);
}

base::Result<std::vector<AlertEvent>> AlertStore::events_to_tell() {
  const std::lock_guard lock(mutex_);
  return connection_->query_all(
      std::string(kSelectEvents) + "WHERE alert_event.is_told = 0 ORDER BY alert_event.id LIMIT 100", {}, read_event);
}

base::Result<bool> AlertStore::claim(std::int64_t event_id) {
  const std::lock_guard lock(mutex_);
  return in_transaction(*connection_, kOutageTimeout, [&]() -> base::Result<bool> {
    TRY_ASSIGN(const std::int64_t changed,
               connection_->run("UPDATE alert_event SET is_told = 1 WHERE id = $1 AND is_told = 0", {event_id}));
    return changed == 1;
  });
}

base::Result<std::int64_t> AlertStore::remove_resolved(base::Time time) {
  const std::lock_guard lock(mutex_);
  return in_transaction(*connection_, kOutageTimeout, [&] {
    return connection_->run(
        "DELETE FROM alert WHERE id IN (SELECT id FROM alert WHERE resolved_at < $1 ORDER BY resolved_at LIMIT $2)",
        {base::to_nanoseconds(time), kPageMax});
  });
}

}  // namespace tradeassist::monitor
