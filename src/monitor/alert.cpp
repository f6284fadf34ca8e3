#include "monitor/alert.hpp"

namespace tradeassist::monitor {

std::string_view to_string(Severity severity) { return severity == Severity::kWarning ? "warning" : "critical"; }

base::Result<Severity> parse_severity(std::string_view text) {
  for (const Severity each : {Severity::kWarning, Severity::kCritical}) {
    if (text == to_string(each)) return each;
  }
  return base::failure(base::ErrorCode::kInvalidArgument,
                       "'" + std::string(text.substr(0, 40)) + "' is no severity; there are warning, critical");
}

std::string_view to_string(AlertState state) {
  switch (state) {
    case AlertState::kRaised: return "raised";
    case AlertState::kAcknowledged: return "acknowledged";
    case AlertState::kResolved: return "resolved";
  }
  return "";
}

base::Result<AlertState> parse_alert_state(std::string_view text) {
  for (const AlertState each : {AlertState::kRaised, AlertState::kAcknowledged, AlertState::kResolved}) {
    if (text == to_string(each)) return each;
  }
  return base::failure(
      base::ErrorCode::kInvalidArgument,
      "'" + std::string(text.substr(0, 40)) + "' is no state; there are raised, acknowledged, resolved");
}

std::string_view to_string(AlertEventKind kind) {
  switch (kind) {
    case AlertEventKind::kRaised: return "raised";
    case AlertEventKind::kReopened: return "reopened";
    case AlertEventKind::kEscalated: return "escalated";
    case AlertEventKind::kDeescalated: return "deescalated";
    case AlertEventKind::kAcknowledged: return "acknowledged";
    case AlertEventKind::kMuted: return "muted";
    case AlertEventKind::kUnmuted: return "unmuted";
    case AlertEventKind::kResolved: return "resolved";
  }
  return "";
}

}  // namespace tradeassist::monitor
