#pragma once

#include <functional>
#include <string>
#include <utility>

#include "notify/event.hpp"
#include "notify/outbox.hpp"

namespace tradeassist::notify {

/// Where parts of the server say what happened. Every method may be called from any thread; what cannot be recorded is
/// said in the log, since whoever publishes has no better answer.
class Events {
 public:
  /// `outbox` outlives it. `wake`, where it is given, is called after each event that somebody wants.
  explicit Events(Outbox& outbox, std::function<void()> wake = {}) : outbox_(outbox), wake_(std::move(wake)) {}

  /// Durable when it returns; delivered soon after.
  void publish(const Event& event);

 private:
  Outbox& outbox_;
  std::function<void()> wake_;
};

enum class AlertState { kRaised, kAcknowledged, kMuted, kResolved };

/// What an alert engine tells of one of its alerts, which are all of the system.
struct AlertNotice {
  std::string alert_id;
  std::string alert_type;  // of the engine: "connection_pool"
  Severity severity = Severity::kWarning;
  AlertState state = AlertState::kRaised;
  std::string source;   // what it is about
  std::string message;  // for people
  double value = 0;     // that was measured last
  std::string actor{};  // who did it; empty: the system itself
};

/// alert.raised, alert.acknowledged, alert.muted or alert.resolved.
Event event_of(const AlertNotice& alert);
void publish_alert(Events& events, const AlertNotice& alert);

}  // namespace tradeassist::notify
