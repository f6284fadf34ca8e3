// Webhooks and what they were sent: /api/v1/webhooks.
#include <utility>
#include <variant>

#include "base/json.hpp"
#include "notify/address_rules.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"
#include "server/routes/webhook_models.hpp"

namespace tradeassist::server {
namespace {

constexpr const char* kWebhooks = "/api/v1/webhooks";
constexpr std::int64_t kGraceDefault = 86'400;

using notify::Webhook;

template <class T>
Response answer(const T& model) {
  return json_response(base::to_json(model));
}

/// As problem_from(), but for bounds that others than this request fill.
Problem problem_of(const base::Error& error) {
  Problem problem = problem_from(error);
  if (error.code == base::ErrorCode::kResourceExhausted) {
    problem.status = 409;
    problem.code = "WEBHOOK_LIMIT_REACHED";
  }
  return problem;
}

Problem webhook_problem(const base::Error& error) {
  Problem problem = problem_of(error);
  if (error.code == base::ErrorCode::kNotFound) problem.code = "WEBHOOK_NOT_FOUND";
  return problem;
}

Problem delivery_problem(const base::Error& error) {
  Problem problem = problem_of(error);
  if (error.code == base::ErrorCode::kNotFound) problem.code = "DELIVERY_NOT_FOUND";
  if (error.code == base::ErrorCode::kFailedPrecondition) problem.code = "REPLAY_NOT_ALLOWED";
  return problem;
}

/// What is wrong with the fields that have rules of their own.
std::vector<base::FieldError> wrong_fields(const Services& services, const std::optional<std::string>& url,
                                           const std::optional<std::vector<std::string>>& events) {
  std::vector<base::FieldError> errors;
  if (url) {
    const auto checked = notify::check_url(*url, services.webhooks->private_allowed());
    if (!checked) errors.push_back({"/url", checked.error().message});
  }
  if (events) {
    const auto checked = notify::check_patterns(*events);
    if (!checked) errors.push_back({"/events", checked.error().message});
  }
  return errors;
}

void wake(const Services& services) {
  if (services.wake_deliverer) services.wake_deliverer();
}

Response issued(const notify::IssuedWebhook& webhook) {
  Response response = answer(issued_webhook_model(webhook));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

HandlerResult event_types(const Request& request, Services&) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  return answer(event_type_list_model());
}

HandlerResult list(const Request& request, Services& services) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  const auto webhooks = services.webhooks->list(request.caller.owner);
  if (!webhooks) return webhook_problem(webhooks.error());
  return answer(webhook_list_model(*webhooks));
}

HandlerResult create(const Request& request, Services& services) {
  auto read = read_body<NewWebhookBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  auto& body = std::get<NewWebhookBody>(read);
  if (const auto errors = wrong_fields(services, body.url, body.events); !errors.empty()) return invalid_fields(errors);
  const auto made =
      services.webhooks->create({request.caller.owner, body.url, body.description.value_or(""), body.events});
  if (!made) return webhook_problem(made.error());
  Response response = issued(*made);
  response.status = 201;
  response.headers.emplace_back("Location", std::string(kWebhooks) + "/" + made->webhook.id);
  return response;
}

/// Calls `work` with the caller's webhook that the path names.
template <class Work>
HandlerResult with_webhook(const Request& request, Services& services, Work work) {
  const auto webhook = services.webhooks->get(request.parameters.at("id"), request.caller.owner);
  if (!webhook) return webhook_problem(webhook.error());
  return work(*webhook);
}

/// The same where the webhook must be enabled.
template <class Work>
HandlerResult with_enabled(const Request& request, Services& services, Work work) {
  return with_webhook(request, services, [&](const Webhook& webhook) -> HandlerResult {
    if (webhook.is_enabled) return work(webhook);
    return Problem{409, "WEBHOOK_DISABLED", "Webhook " + webhook.id + " is disabled; enable it first.", {}};
  });
}

HandlerResult show(const Request& request, Services& services) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  return with_webhook(request, services,
                      [](const Webhook& webhook) -> HandlerResult { return answer(webhook_model(webhook)); });
}

HandlerResult update(const Request& request, Services& services) {
  auto read = read_body<WebhookPatchBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const auto& body = std::get<WebhookPatchBody>(read);
  if (const auto errors = wrong_fields(services, body.url, body.events); !errors.empty()) return invalid_fields(errors);
  const auto changed = services.webhooks->update(request.parameters.at("id"), request.caller.owner,
                                                 {body.url, body.description, body.events, body.enabled});
  if (!changed) return webhook_problem(changed.error());
  return answer(webhook_model(*changed));
}

HandlerResult remove(const Request& request, Services& services) {
  const std::string& id = request.parameters.at("id");
  const auto removed = services.webhooks->remove(id, request.caller.owner);
  if (!removed) return webhook_problem(removed.error());
  return answer(RemovedWebhookModel{.id = id});
}

HandlerResult rotate(const Request& request, Services& services) {
  WebhookRotationBody body;
  if (!request.body.empty()) {
    auto read = read_body<WebhookRotationBody>(request);
    if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
    body = std::get<WebhookRotationBody>(read);
  }
  const std::int64_t grace = body.grace_seconds.value_or(kGraceDefault);
  constexpr std::int64_t kGraceMax = notify::WebhookStore::kGraceMax.count();
  if (grace < 0 || grace > kGraceMax)
    return invalid_fields({{"/grace_seconds", "must be from 0 to " + std::to_string(kGraceMax)}});
  const auto rotated =
      services.webhooks->rotate(request.parameters.at("id"), request.caller.owner, std::chrono::seconds(grace));
  if (!rotated) return webhook_problem(rotated.error());
  return issued(*rotated);
}

/// 202: it is on its way, and can be looked at.
HandlerResult on_its_way(Services& services, const base::Result<notify::Delivery>& delivery) {
  if (!delivery) return delivery_problem(delivery.error());
  wake(services);
  Response response = answer(delivery_model(*delivery));
  response.status = 202;
  response.headers.emplace_back("Location",
                                std::string(kWebhooks) + "/" + delivery->target + "/deliveries/" + delivery->id);
  return response;
}

HandlerResult test(const Request& request, Services& services) {
  return with_enabled(request, services,
                      [&](const Webhook& webhook) { return on_its_way(services, services.outbox->test(webhook)); });
}

HandlerResult deliveries(const Request& request, Services& services) {
  QueryReader query(request, {"state", "event_type", "limit", "cursor"});
  notify::DeliveryFilter filter;
  if (const auto state = query.text("state")) {
    const auto parsed = notify::parse_delivery_state(*state);
    if (parsed) {
      filter.state = *parsed;
    } else {
      query.fail("state", parsed.error().message);
    }
  }
  filter.event_type = query.text("event_type").value_or("");
  if (!filter.event_type.empty() && notify::find_event_type(filter.event_type) == nullptr)
    query.fail("event_type", "is none of GET /api/v1/webhooks/event-types");
  filter.limit = static_cast<int>(query.integer("limit", 1, 1'000).value_or(100));
  filter.cursor = query.text("cursor").value_or("");
  if (query.failed()) return query.problem();
  return with_webhook(request, services, [&](const Webhook& webhook) -> HandlerResult {
    filter.target = webhook.id;
    const auto page = services.outbox->list(filter);
    if (!page) return delivery_problem(page.error());
    return answer(delivery_page_model(*page));
  });
}

HandlerResult show_delivery(const Request& request, Services& services) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  return with_webhook(request, services, [&](const Webhook& webhook) -> HandlerResult {
    const auto delivery = services.outbox->get(webhook.id, request.parameters.at("delivery_id"));
    if (!delivery) return delivery_problem(delivery.error());
    const auto log = services.outbox->attempts(delivery->number);
    if (!log) return delivery_problem(log.error());
    return answer(delivery_detail_model(*delivery, *log));
  });
}

HandlerResult replay_one(const Request& request, Services& services) {
  return with_enabled(request, services, [&](const Webhook& webhook) {
    return on_its_way(services, services.outbox->replay(webhook, request.parameters.at("delivery_id")));
  });
}

HandlerResult replay_range(const Request& request, Services& services) {
  auto read = read_body<WebhookReplayBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const auto& body = std::get<WebhookReplayBody>(read);
  if (body.to <= body.from) return invalid_fields({{"/to", "must be after from"}});
  return with_enabled(request, services, [&](const Webhook& webhook) -> HandlerResult {
    const auto made = services.outbox->replay(webhook, body.from, body.to, body.delivered_too.value_or(false));
    if (!made) return delivery_problem(made.error());
    wake(services);
    Response response = answer(ReplayedModel{*made});
    response.status = 202;
    return response;
  });
}

}  // namespace

void add_webhook_routes(std::vector<Route>& routes, Services& services) {
  if (services.webhooks == nullptr || services.outbox == nullptr) return;
  const auto add = [&](Method method, const char* path, const char* summary, auto handler) {
    routes.push_back(
        {method, std::string(kWebhooks) + path, summary,
         [&services, handler](const Request& request) -> HandlerResult { return handler(request, services); }});
  };
  add(Method::kGet, "/event-types", "Events that webhooks may ask for", event_types);
  add(Method::kGet, "", "Webhooks, the newest first", list);
  add(Method::kPost, "", "Make a webhook; its secret is told this once", create);
  add(Method::kGet, "/{id}", "One webhook", show);
  add(Method::kPatch, "/{id}", "Change, disable or enable a webhook", update);
  add(Method::kDelete, "/{id}", "Remove a webhook with its deliveries", remove);
  add(Method::kPost, "/{id}/rotate", "Give a webhook another secret", rotate);
  add(Method::kPost, "/{id}/test", "Send a webhook a test", test);
  add(Method::kPost, "/{id}/replay", "Send the events of a range of time again", replay_range);
  add(Method::kGet, "/{id}/deliveries", "What a webhook was sent, the newest first", deliveries);
  add(Method::kGet, "/{id}/deliveries/{delivery_id}", "One delivery with each of its tries", show_delivery);
  add(Method::kPost, "/{id}/deliveries/{delivery_id}/replay", "Send one event again", replay_one);
}

}  // namespace tradeassist::server
