#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace tradeassist::monitor {

enum class Severity { kWarning = 1, kCritical = 2 };
std::string_view to_string(Severity severity);  // "warning"
base::Result<Severity> parse_severity(std::string_view text);

enum class AlertState { kRaised, kAcknowledged, kResolved };
std::string_view to_string(AlertState state);  // "raised"
base::Result<AlertState> parse_alert_state(std::string_view text);

/// Something that is wrong with the system, or was. While it is open there is one of a type and a source.
struct Alert {
  std::int64_t id = 0;
  std::string type, source;  // "free_disk" of "data directory"
  Severity severity = Severity::kWarning;
  AlertState state = AlertState::kRaised;
  std::string message;              // of the newest value, for people
  double value = 0, threshold = 0;  // the newest, and the bound that it broke
  std::int64_t occurrences = 1;     // how often it came back within the cool-down
  base::Time raised_at, changed_at;
  base::Time seen_at;  // when somebody measured it last
  std::optional<base::Time> acknowledged_at;
  std::string acknowledged_by;
  std::optional<base::Time> muted_until;  // nobody is told of it before
  std::string muted_by;
  std::optional<base::Time> resolved_at;
  // Whether those who are told know that it is there, and when they were told last.
  bool is_told = false;
  base::Time told_at;

  bool is_open() const { return state != AlertState::kResolved; }
  bool is_muted(base::Time now) const { return muted_until && now < *muted_until; }
};

enum class AlertEventKind { kRaised, kReopened, kEscalated, kDeescalated, kAcknowledged, kMuted, kUnmuted, kResolved };
std::string_view to_string(AlertEventKind kind);  // "escalated"

/// What happened to an alert.
struct AlertEvent {
  std::int64_t id = 0, alert_id = 0;
  AlertEventKind kind = AlertEventKind::kRaised;
  std::string type, source;  // of the alert
  Severity severity = Severity::kWarning;
  double value = 0;
  std::string message;  // as it was then
  std::string actor;    // who did it; empty: the system itself
  base::Time at;
};

using TellAlert = std::function<void(const AlertEvent&)>;

/// What was measured of one thing.
struct Reading {
  std::string source;
  double value = 0;
  std::string detail;  // for the message, after the number; empty: nothing to add
};

/// What was measured of one type; of one that could not be measured nothing is concluded.
struct Observation {
  std::string type;
  bool is_measured = true;
  std::vector<Reading> readings{};  // a source that is not among them has no trouble any more
};

/// Which alerts to list, the newest first.
struct AlertFilter {
  std::string state;  // raised, acknowledged, resolved, open (not resolved) or muted; empty: all
  std::string severity, type, source;
  std::int64_t before = INT64_MAX;  // ids below it
  std::int64_t limit = 100;         // 1 to 1,000
};

}  // namespace tradeassist::monitor
