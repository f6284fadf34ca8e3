#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "monitor/alert_engine.hpp"

/// Bodies and answers of the routes of alerts.
namespace tradeassist::server {

struct AlertModel {
  std::int64_t id = 0;
  std::string type, source;
  std::string severity;  // "warning" or "critical"
  std::string state;     // "raised", "acknowledged", "resolved", or "muted" while it is open and nobody is told
  std::string message;
  double value = 0, threshold = 0;
  std::int64_t occurrences = 1;
  base::Time raised_at, changed_at, seen_at;
  std::optional<base::Time> acknowledged_at;
  std::optional<std::string> acknowledged_by;
  std::optional<base::Time> muted_until;
  std::optional<std::string> muted_by;
  std::optional<base::Time> resolved_at;
  std::string runbook;  // a heading in docs/runbooks.md
};
BOOST_DESCRIBE_STRUCT(AlertModel, (),
                      (id, type, source, severity, state, message, value, threshold, occurrences, raised_at, changed_at,
                       seen_at, acknowledged_at, acknowledged_by, muted_until, muted_by, resolved_at, runbook))

struct AlertPage {
  std::vector<AlertModel> alerts;
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(AlertPage, (), (alerts, next_cursor))

struct AlertEventModel {
  std::int64_t id = 0, alert_id = 0;
  std::string
      event;  // "raised", "reopened", "escalated", "deescalated", "acknowledged", "muted", "unmuted", "resolved"
  std::string type, source, severity;
  double value = 0;
  std::string message;
  std::optional<std::string> actor;  // null: the server
  base::Time at;
};
BOOST_DESCRIBE_STRUCT(AlertEventModel, (), (id, alert_id, event, type, source, severity, value, message, actor, at))

struct AlertHistoryPage {
  std::vector<AlertEventModel> events;
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(AlertHistoryPage, (), (events, next_cursor))

struct ThresholdModel {
  std::string type, what, unit;
  std::string bad;  // "above" or "below" its bounds
  std::optional<double> warning, critical;
  std::int64_t hold_seconds = 0;
  std::string runbook;
};
BOOST_DESCRIBE_STRUCT(ThresholdModel, (), (type, what, unit, bad, warning, critical, hold_seconds, runbook))

struct ThresholdsAnswer {
  std::int64_t cooldown_seconds = 0, clear_seconds = 0;
  double margin = 0;
  std::vector<ThresholdModel> thresholds;
};
BOOST_DESCRIBE_STRUCT(ThresholdsAnswer, (), (cooldown_seconds, clear_seconds, margin, thresholds))

/// The body of a mute: until a time, or for so long.
struct MuteBody {
  std::optional<base::Time> until;
  std::optional<std::int64_t> minutes;
};
BOOST_DESCRIBE_STRUCT(MuteBody, (), (until, minutes))

AlertModel alert_model(const monitor::Alert& alert, base::Time now);
AlertEventModel event_model(const monitor::AlertEvent& event);
/// A page has a cursor where it is full.
AlertPage alert_page(const std::vector<monitor::Alert>& alerts, std::int64_t limit, base::Time now);
AlertHistoryPage history_page(const std::vector<monitor::AlertEvent>& events, std::int64_t limit);

/// The message performance_alert: what somebody who watches is told.
struct PerformanceAlert {
  std::string alert_type, message, severity, source;
  std::int64_t alert_id = 0;
  std::string event;
  double value = 0;
  base::Time at;
};
BOOST_DESCRIBE_STRUCT(PerformanceAlert, (), (alert_type, message, severity, source, alert_id, event, value, at))
PerformanceAlert performance_alert(const monitor::AlertEvent& event);

}  // namespace tradeassist::server
