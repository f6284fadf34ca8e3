#include "server/openapi/descriptions.hpp"
#include "server/routes/webhook_models.hpp"

namespace tradeassist::server {

void describe_webhook_routes(Descriptions& all) {
  const std::string list = "/api/v1/webhooks", one = list + "/{id}";
  const std::string deliveries = one + "/deliveries", delivery = deliveries + "/{delivery_id}";
  all.add(Method::kGet, list + "/event-types", describe("list_event_types", "Webhooks").answers<EventTypeListModel>());
  all.add(Method::kGet, list, describe("list_webhooks", "Webhooks").answers<WebhookListModel>());
  all.add(Method::kPost, list,
          describe("create_webhook", "Webhooks")
              .say("How a receiver checks the signature: docs/webhooks.md.")
              .takes<NewWebhookBody>(R"({"url": "https://hooks.example.com/trade", "events": ["job.completed"]})")
              .answers<IssuedWebhookModel>(201, {"Location"})
              .codes({"WEBHOOK_LIMIT_REACHED"}));
  all.add(Method::kGet, one, describe("get_webhook", "Webhooks").answers<WebhookModel>().codes({"WEBHOOK_NOT_FOUND"}));
  all.add(Method::kPatch, one,
          describe("update_webhook", "Webhooks")
              .takes<WebhookPatchBody>(R"({"enabled": true})")
              .answers<WebhookModel>()
              .codes({"WEBHOOK_NOT_FOUND"}));
  all.add(Method::kDelete, one,
          describe("delete_webhook", "Webhooks").answers<RemovedWebhookModel>().codes({"WEBHOOK_NOT_FOUND"}));
  all.add(Method::kPost, one + "/rotate",
          describe("rotate_webhook_secret", "Webhooks")
              .takes<WebhookRotationBody>(R"({"grace_seconds": 86400})")
              .or_nothing()
              .answers<IssuedWebhookModel>()
              .codes({"WEBHOOK_NOT_FOUND"}));
  all.add(Method::kPost, one + "/test",
          describe("test_webhook", "Webhooks")
              .answers<DeliveryModel>(202, {"Location"})
              .codes({"WEBHOOK_NOT_FOUND", "WEBHOOK_DISABLED", "WEBHOOK_LIMIT_REACHED"}));
  all.add(Method::kPost, one + "/replay",
          describe("replay_webhook", "Webhooks")
              .takes<WebhookReplayBody>(R"({"from": "2026-03-02T00:00:00Z", "to": "2026-03-03T00:00:00Z"})")
              .answers<ReplayedModel>(202)
              .codes({"WEBHOOK_NOT_FOUND", "WEBHOOK_DISABLED", "REPLAY_NOT_ALLOWED", "WEBHOOK_LIMIT_REACHED"}));
  all.add(Method::kGet, deliveries,
          describe("list_deliveries", "Webhooks")
              .choice("state", {"pending", "delivering", "delivered", "failed", "cancelled"})
              .text("event_type")
              .integer("limit", 1, 1'000, 100)
              .text("cursor")
              .answers<DeliveryPageModel>()
              .codes({"WEBHOOK_NOT_FOUND", "INVALID_ARGUMENT"}));
  all.add(Method::kGet, delivery,
          describe("get_delivery", "Webhooks")
              .answers<DeliveryDetailModel>()
              .codes({"WEBHOOK_NOT_FOUND", "DELIVERY_NOT_FOUND"}));
  all.add(Method::kPost, delivery + "/replay",
          describe("replay_delivery", "Webhooks")
              .answers<DeliveryModel>(202, {"Location"})
              .codes({"WEBHOOK_NOT_FOUND", "DELIVERY_NOT_FOUND", "WEBHOOK_DISABLED", "REPLAY_NOT_ALLOWED",
                      "WEBHOOK_LIMIT_REACHED"}));
}

}  // namespace tradeassist::server
