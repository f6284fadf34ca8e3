#include "notify/events.hpp"

#include <boost/json/object.hpp>

#include "base/log.hpp"

namespace tradeassist::notify {
namespace {

std::string_view to_string(AlertState state) {
  switch (state) {
    case AlertState::kRaised: return "raised";
    case AlertState::kAcknowledged: return "acknowledged";
    case AlertState::kMuted: return "muted";
    case AlertState::kResolved: return "resolved";
  }
  return "raised";
}

}  // namespace

void Events::publish(const Event& event) {
  const auto recorded = outbox_.publish(event);
  if (!recorded) {
    return base::log(base::LogLevel::kError, "an event could not be recorded",
                     {{"type", event.type}, {"reason", recorded.error().message}});
  }
  if (*recorded > 0 && wake_) wake_();
}

Event event_of(const AlertNotice& alert) {
  Event event;
  event.type = "alert." + std::string(to_string(alert.state));
  event.severity = alert.severity;
  event.data = {{"alert_id", alert.alert_id},
                {"alert_type", alert.alert_type},
                {"severity", notify::to_string(alert.severity)},
                {"state", to_string(alert.state)},
                {"source", alert.source},
                {"message", alert.message},
                {"details", boost::json::object{{"value", alert.value}, {"actor", alert.actor}}}};
  return event;
}

void publish_alert(Events& events, const AlertNotice& alert) { events.publish(event_of(alert)); }

}  // namespace tradeassist::notify
