#include "server/routes/webhook_models.hpp"

#include <utility>

#include "base/json.hpp"

namespace tradeassist::server {
namespace {

std::optional<std::string> text_or_none(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::optional<std::int64_t> status_or_none(int status) {
  return status == 0 ? std::nullopt : std::optional<std::int64_t>(status);
}

}  // namespace

WebhookModel webhook_model(const notify::Webhook& webhook) {
  WebhookModel model;
  model.id = webhook.id;
  model.owner = webhook.owner;
  model.url = webhook.url;
  model.description = webhook.description;
  model.events = webhook.events;
  model.enabled = webhook.is_enabled;
  model.disabled_reason = text_or_none(webhook.disabled_reason);
  model.failing_since = webhook.failing_since;
  model.created_at = webhook.created_at;
  model.updated_at = webhook.updated_at;
  return model;
}

IssuedWebhookModel issued_webhook_model(const notify::IssuedWebhook& issued) {
  IssuedWebhookModel model;
  static_cast<WebhookModel&>(model) = webhook_model(issued.webhook);
  model.secret = issued.secret;
  return model;
}

WebhookListModel webhook_list_model(const std::vector<notify::Webhook>& webhooks) {
  WebhookListModel model;
  for (const notify::Webhook& each : webhooks) model.webhooks.push_back(webhook_model(each));
  return model;
}

DeliveryModel delivery_model(const notify::Delivery& delivery) {
  DeliveryModel model;
  model.delivery_id = delivery.id;
  model.webhook_id = delivery.target;
  model.event_id = delivery.event_id;
  model.event_type = delivery.event_type;
  model.state = notify::to_string(delivery.state);
  model.replay = delivery.is_replay;
  model.attempts = delivery.attempts;
  if (delivery.state == notify::DeliveryState::kPending) model.next_attempt_at = delivery.next_at;
  model.last_status = status_or_none(delivery.last_status);
  model.last_error = text_or_none(delivery.last_error);
  model.created_at = delivery.created_at;
  model.finished_at = delivery.finished_at;
  return model;
}

DeliveryDetailModel delivery_detail_model(const notify::Delivery& delivery, const std::vector<notify::Attempt>& log) {
  DeliveryDetailModel model;
  static_cast<DeliveryModel&>(model) = delivery_model(delivery);
  model.request_body = delivery.body;
  for (const notify::Attempt& each : log) {
    DeliveryAttemptModel attempt;
    attempt.number = each.number;
    attempt.at = each.at;
    attempt.took_ms = each.took.count();
    attempt.status = status_or_none(each.status);
    attempt.error = text_or_none(each.error);
    attempt.request_headers = each.sent_headers;
    attempt.response_headers = each.received_headers;
    attempt.response_body = each.received_body;
    attempt.response_is_cut = each.is_cut;
    model.log.push_back(std::move(attempt));
  }
  return model;
}

DeliveryPageModel delivery_page_model(const notify::DeliveryPage& page) {
  DeliveryPageModel model;
  for (const notify::Delivery& each : page.deliveries) model.deliveries.push_back(delivery_model(each));
  model.next_cursor = text_or_none(page.next_cursor);
  return model;
}

EventTypeListModel event_type_list_model() {
  EventTypeListModel model;
  for (const notify::EventType& each : notify::event_types()) {
    model.event_types.push_back({std::string(each.type), std::string(notify::to_string(each.severity)),
                                 each.is_of_system ? "system" : "owner", std::string(each.summary),
                                 base::parse_json(each.example).value_or(nullptr)});
  }
  return model;
}

}  // namespace tradeassist::server
