#include <limits>

#include "server/openapi/descriptions.hpp"
#include "server/routes/alert_json.hpp"

namespace tradeassist::server {

void describe_alert_routes(Descriptions& all) {
  constexpr std::int64_t kAny = std::numeric_limits<std::int64_t>::max();
  const std::string list = "/api/v1/alerts", one = list + "/{id}";
  all.add(Method::kGet, list,
          describe("list_alerts", "Alerts")
              .choice("state", {"open", "raised", "acknowledged", "muted", "resolved"})
              .choice("severity", {"warning", "critical"})
              .text("type")
              .text("source")
              .integer("limit", 1, 1'000, 100)
              .integer("cursor", 1, kAny)
              .answers<AlertPage>());
  all.add(Method::kGet, list + "/thresholds", describe("list_thresholds", "Alerts").answers<ThresholdsAnswer>());
  all.add(Method::kGet, list + "/history",
          describe("list_alert_history", "Alerts")
              .integer("limit", 1, 1'000, 100)
              .integer("cursor", 1, kAny)
              .answers<AlertHistoryPage>());
  all.add(Method::kGet, one, describe("get_alert", "Alerts").answers<AlertModel>().codes({"ALERT_NOT_FOUND"}));
  all.add(Method::kGet, one + "/history",
          describe("get_alert_history", "Alerts")
              .integer("limit", 1, 1'000, 100)
              .integer("cursor", 1, kAny)
              .answers<AlertHistoryPage>()
              .codes({"ALERT_NOT_FOUND"}));
  for (const char* verb : {"acknowledge", "unmute"}) {
    all.add(Method::kPost, one + "/" + verb,
            describe(std::string(verb) + "_alert", "Alerts")
                .answers<AlertModel>()
                .codes({"ALERT_NOT_FOUND", "ALERT_RESOLVED"}));
  }
  all.add(Method::kPost, one + "/mute",
          describe("mute_alert", "Alerts")
              .say("Until a time, or for so many minutes: one of the two.")
              .takes<MuteBody>(R"({"minutes": 60})")
              .answers<AlertModel>()
              .codes({"ALERT_NOT_FOUND", "ALERT_RESOLVED"}));
}

}  // namespace tradeassist::server
