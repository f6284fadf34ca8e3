// The server's own alerts: /api/v1/alerts.
#include <algorithm>
#include <charconv>
#include <utility>
#include <variant>

#include "server/routes/alert_json.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"

namespace tradeassist::server {

namespace {

constexpr const char* kAlerts = "/api/v1/alerts";
constexpr std::int64_t kMinutesMax = 366 * 24 * 60;

std::string runbook_of(const std::string& type) { return "docs/runbooks.md#" + type; }

std::optional<std::string> text_or_nothing(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

Problem alert_problem(const base::Error& error) {
  Problem problem = problem_from(error);
  if (error.code == base::ErrorCode::kNotFound) problem.code = "ALERT_NOT_FOUND";
  if (error.code == base::ErrorCode::kFailedPrecondition) problem.code = "ALERT_RESOLVED";
  return problem;
}

Problem no_such_alert(const std::string& id) {
  return {404, "ALERT_NOT_FOUND", "there is no alert " + id.substr(0, 40), {}};
}

std::variant<std::int64_t, Problem> id_of(const Request& request) {
  const std::string& text = request.parameters.at("id");
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id < 1) return no_such_alert(text);
  return id;
}

std::string actor_of(const access::Caller& caller) {
  return caller.key_id.empty() ? caller.owner : "key " + caller.key_id + " (" + caller.owner + ")";
}

/// One of the words, where the parameter is given.
std::string word(QueryReader& query, const std::string& name, const std::vector<std::string_view>& words) {
  const std::string value = query.text(name).value_or("");
  if (value.empty() || std::ranges::find(words, value) != words.end()) return value;
  std::string all;
  for (const std::string_view each : words) all += (all.empty() ? "" : ", ") + std::string(each);
  query.fail(name, "must be one of " + all);
  return "";
}

HandlerResult list(const Request& request, Services& services) {
  QueryReader query(request, {"state", "severity", "type", "source", "limit", "cursor"});
  monitor::AlertFilter filter;
  filter.state = word(query, "state", {"open", "raised", "acknowledged", "muted", "resolved"});
  filter.severity = word(query, "severity", {"warning", "critical"});
  std::vector<std::string_view> types;
  for (const monitor::Threshold& each : services.alerts->thresholds()) types.emplace_back(each.type);
  filter.type = word(query, "type", types);
  filter.source = query.text("source").value_or("");
  filter.limit = query.integer("limit", 1, 1'000).value_or(100);
  filter.before = query.integer("cursor", 1, INT64_MAX).value_or(INT64_MAX);
  if (query.failed()) return query.problem();
  const auto alerts = services.alerts->store().list(filter);
  if (!alerts) return alert_problem(alerts.error());
  return json_response(base::to_json(alert_page(*alerts, filter.limit, base::now())));
}

HandlerResult show(const Request& request, Services& services) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  const auto id = id_of(request);
  if (const auto* problem = std::get_if<Problem>(&id)) return *problem;
  const auto alert = services.alerts->store().get(std::get<std::int64_t>(id));
  if (!alert) return alert_problem(alert.error());
  return json_response(base::to_json(alert_model(*alert, base::now())));
}

HandlerResult history_of(const Request& request, Services& services, std::int64_t id) {
  QueryReader query(request, {"limit", "cursor"});
  const std::int64_t limit = query.integer("limit", 1, 1'000).value_or(100);
  const std::int64_t before = query.integer("cursor", 1, INT64_MAX).value_or(INT64_MAX);
  if (query.failed()) return query.problem();
  const auto events = services.alerts->store().history(id, before, limit);
  if (!events) return alert_problem(events.error());
  return json_response(base::to_json(history_page(*events, limit)));
}

HandlerResult history(const Request& request, Services& services) { return history_of(request, services, 0); }

HandlerResult history_of_one(const Request& request, Services& services) {
  const auto id = id_of(request);
  if (const auto* problem = std::get_if<Problem>(&id)) return *problem;
  return history_of(request, services, std::get<std::int64_t>(id));
}

HandlerResult thresholds(const Request& request, Services& services) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  const monitor::AlertPolicy& policy = services.alerts->policy();
  ThresholdsAnswer answer{policy.cooldown.count(), policy.clear_for.count(), policy.margin, {}};
  for (const monitor::Threshold& each : services.alerts->thresholds()) {
    answer.thresholds.push_back({each.type, each.what, each.unit, each.is_below ? "below" : "above", each.warning,
                                 each.critical, each.hold_seconds, runbook_of(each.type)});
  }
  return json_response(base::to_json(answer));
}

/// The alert as it is after a change.
HandlerResult changed(const base::Result<monitor::Alert>& alert) {
  if (!alert) return alert_problem(alert.error());
  return json_response(base::to_json(alert_model(*alert, base::now())));
}

HandlerResult acknowledge(const Request& request, Services& services) {
  const auto id = id_of(request);
  if (const auto* problem = std::get_if<Problem>(&id)) return *problem;
  return changed(services.alerts->acknowledge(std::get<std::int64_t>(id), actor_of(request.caller)));
}

HandlerResult mute(const Request& request, Services& services) {
  const auto id = id_of(request);
  if (const auto* problem = std::get_if<Problem>(&id)) return *problem;
  auto read = read_body<MuteBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const auto& body = std::get<MuteBody>(read);
  if (body.until.has_value() == body.minutes.has_value())
    return invalid_fields({{"/until", "give either until (a time) or minutes"}});
  if (body.minutes && (*body.minutes < 1 || *body.minutes > kMinutesMax))
    return invalid_fields({{"/minutes", "must be from 1 to " + std::to_string(kMinutesMax)}});
  const base::Time until = body.until ? *body.until : base::now() + std::chrono::minutes(*body.minutes);
  const auto muted = services.alerts->mute(std::get<std::int64_t>(id), until, actor_of(request.caller));
  if (!muted && muted.error().code == base::ErrorCode::kInvalidArgument)
    return invalid_fields({{"/until", muted.error().message}});
  return changed(muted);
}

HandlerResult unmute(const Request& request, Services& services) {
  const auto id = id_of(request);
  if (const auto* problem = std::get_if<Problem>(&id)) return *problem;
  return changed(services.alerts->unmute(std::get<std::int64_t>(id), actor_of(request.caller)));
}

}  // namespace

AlertModel alert_model(const monitor::Alert& alert, base::Time now) {
  AlertModel model;
  model.id = alert.id;
  model.type = alert.type;
  model.source = alert.source;
  model.severity = monitor::to_string(alert.severity);
  model.state = alert.is_open() && alert.is_muted(now) ? "muted" : monitor::to_string(alert.state);
  model.message = alert.message;
  model.value = alert.value;
  model.threshold = alert.threshold;
  model.occurrences = alert.occurrences;
  model.raised_at = alert.raised_at;
  model.changed_at = alert.changed_at;
  model.seen_at = alert.seen_at;
  model.acknowledged_at = alert.acknowledged_at;
  model.acknowledged_by = text_or_nothing(alert.acknowledged_by);
  model.muted_until = alert.muted_until;
  model.muted_by = text_or_nothing(alert.muted_by);
  model.resolved_at = alert.resolved_at;
  model.runbook = runbook_of(alert.type);
  return model;
}

AlertEventModel event_model(const monitor::AlertEvent& event) {
  return {event.id,    event.alert_id, std::string(monitor::to_string(event.kind)),
          event.type,  event.source,   std::string(monitor::to_string(event.severity)),
          event.value, event.message,  text_or_nothing(event.actor),
          event.at};
}

AlertPage alert_page(const std::vector<monitor::Alert>& alerts, std::int64_t limit, base::Time now) {
  AlertPage page;
  for (const monitor::Alert& alert : alerts) page.alerts.push_back(alert_model(alert, now));
  if (static_cast<std::int64_t>(alerts.size()) == limit) page.next_cursor = std::to_string(alerts.back().id);
  return page;
}

AlertHistoryPage history_page(const std::vector<monitor::AlertEvent>& events, std::int64_t limit) {
  AlertHistoryPage page;
  for (const monitor::AlertEvent& event : events) page.events.push_back(event_model(event));
  if (static_cast<std::int64_t>(events.size()) == limit) page.next_cursor = std::to_string(events.back().id);
  return page;
}

PerformanceAlert performance_alert(const monitor::AlertEvent& event) {
  return {event.type,   event.message,  std::string(monitor::to_string(event.severity)),
          event.source, event.alert_id, std::string(monitor::to_string(event.kind)),
          event.value,  event.at};
}

void add_alert_routes(std::vector<Route>& routes, Services& services) {
  if (services.alerts == nullptr) return;
  const auto add = [&](Method method, const char* path, const char* summary, auto handler) {
    routes.push_back(
        {method, std::string(kAlerts) + path, summary,
         [&services, handler](const Request& request) -> HandlerResult { return handler(request, services); }});
  };
  add(Method::kGet, "", "The server's own alerts, the newest first", list);
  add(Method::kGet, "/thresholds", "From when on what is an alert", thresholds);
  add(Method::kGet, "/history", "What happened to alerts, the newest first", history);
  add(Method::kGet, "/{id}", "One alert", show);
  add(Method::kGet, "/{id}/history", "What happened to one alert", history_of_one);
  add(Method::kPost, "/{id}/acknowledge", "Say that somebody knows of an alert", acknowledge);
  add(Method::kPost, "/{id}/mute", "Tell nobody of an alert for a while", mute);
  add(Method::kPost, "/{id}/unmute", "End the mute of an alert", unmute);
}

}  // namespace tradeassist::server
