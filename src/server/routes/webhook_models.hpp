#pragma once

#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "notify/delivery.hpp"
#include "notify/event.hpp"
#include "notify/webhook.hpp"

namespace tradeassist::server {

/// What the routes of webhooks take and give.

struct NewWebhookBody {
  std::string url;
  std::vector<std::string> events;  // names, groups such as job.*, or *
  std::optional<std::string> description;
};
BOOST_DESCRIBE_STRUCT(NewWebhookBody, (), (url, events, description))

struct WebhookPatchBody {
  std::optional<std::string> url;
  std::optional<std::vector<std::string>> events;
  std::optional<std::string> description;
  std::optional<bool> enabled;
};
BOOST_DESCRIBE_STRUCT(WebhookPatchBody, (), (url, events, description, enabled))

struct WebhookRotationBody {
  std::optional<std::int64_t> grace_seconds;  // for which the secrets before still sign; a day where it is left out
};
BOOST_DESCRIBE_STRUCT(WebhookRotationBody, (), (grace_seconds))

struct WebhookReplayBody {
  base::Time from, to;  // from <= time of the event < to
  std::optional<bool> delivered_too;
};
BOOST_DESCRIBE_STRUCT(WebhookReplayBody, (), (from, to, delivered_too))

struct WebhookModel {
  std::string id, owner, url, description;
  std::vector<std::string> events;
  bool enabled = true;
  std::optional<std::string> disabled_reason;
  std::optional<base::Time> failing_since;
  base::Time created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(WebhookModel, (),
                      (id, owner, url, description, events, enabled, disabled_reason, failing_since, created_at,
                       updated_at))

struct IssuedWebhookModel : WebhookModel {
  std::string secret;  // whsec_…; told this once
};
BOOST_DESCRIBE_STRUCT(IssuedWebhookModel, (WebhookModel), (secret))

struct WebhookListModel {
  std::vector<WebhookModel> webhooks;
};
BOOST_DESCRIBE_STRUCT(WebhookListModel, (), (webhooks))

struct RemovedWebhookModel {
  std::string id;
  bool removed = true;
};
BOOST_DESCRIBE_STRUCT(RemovedWebhookModel, (), (id, removed))

struct DeliveryModel {
  std::string delivery_id, webhook_id, event_id, event_type, state;
  bool replay = false;
  std::int64_t attempts = 0;
  std::optional<base::Time> next_attempt_at;
  std::optional<std::int64_t> last_status;
  std::optional<std::string> last_error;
  base::Time created_at;
  std::optional<base::Time> finished_at;
};
BOOST_DESCRIBE_STRUCT(DeliveryModel, (),
                      (delivery_id, webhook_id, event_id, event_type, state, replay, attempts, next_attempt_at,
                       last_status, last_error, created_at, finished_at))

struct DeliveryAttemptModel {
  std::int64_t number = 0;
  base::Time at;
  std::int64_t took_ms = 0;
  std::optional<std::int64_t> status;  // null: no answer
  std::optional<std::string> error;
  std::string request_headers, response_headers, response_body;
  bool response_is_cut = false;
};
BOOST_DESCRIBE_STRUCT(DeliveryAttemptModel, (),
                      (number, at, took_ms, status, error, request_headers, response_headers, response_body,
                       response_is_cut))

struct DeliveryDetailModel : DeliveryModel {
  std::string request_body;  // to the byte
  std::vector<DeliveryAttemptModel> log;
};
BOOST_DESCRIBE_STRUCT(DeliveryDetailModel, (DeliveryModel), (request_body, log))

struct DeliveryPageModel {
  std::vector<DeliveryModel> deliveries;
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(DeliveryPageModel, (), (deliveries, next_cursor))

struct ReplayedModel {
  std::int64_t replayed = 0;
};
BOOST_DESCRIBE_STRUCT(ReplayedModel, (), (replayed))

struct EventTypeModel {
  std::string type, severity, of, summary;  // of: "owner" or "system"
  boost::json::value example;               // of `data`
};
BOOST_DESCRIBE_STRUCT(EventTypeModel, (), (type, severity, of, summary, example))

struct EventTypeListModel {
  std::vector<EventTypeModel> event_types;
};
BOOST_DESCRIBE_STRUCT(EventTypeListModel, (), (event_types))

WebhookModel webhook_model(const notify::Webhook& webhook);
IssuedWebhookModel issued_webhook_model(const notify::IssuedWebhook& issued);
WebhookListModel webhook_list_model(const std::vector<notify::Webhook>& webhooks);
DeliveryModel delivery_model(const notify::Delivery& delivery);
DeliveryDetailModel delivery_detail_model(const notify::Delivery& delivery, const std::vector<notify::Attempt>& log);
DeliveryPageModel delivery_page_model(const notify::DeliveryPage& page);
EventTypeListModel event_type_list_model();

}  // namespace tradeassist::server
