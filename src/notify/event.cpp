#include "notify/event.hpp"

#include <algorithm>
#include <boost/json/value.hpp>

#include "base/json.hpp"

namespace tradeassist::notify {
namespace {

constexpr EventType kTypes[] = {
    {"job.completed", Severity::kInfo, false, "a job has its result",
     R"({"job_id":"0123456789abcdef0123456789abcdef","kind":"optimize","state":"completed","attempts":1,)"
     R"("dead_letter":false,"error":null,"created_at":"2026-01-05T14:30:00Z","started_at":"2026-01-05T14:30:01Z",)"
     R"("finished_at":"2026-01-05T14:31:10Z","url":"/api/v1/jobs/0123456789abcdef0123456789abcdef"})"},
    {"job.failed", Severity::kWarning, false,
     "a job failed for good; dead_letter: in all its attempts, or the server did not survive them",
     R"({"job_id":"0123456789abcdef0123456789abcdef","kind":"optimize","state":"failed","attempts":3,)"
     R"("dead_letter":true,"error":"the provider cannot be reached","created_at":"2026-01-05T14:30:00Z",)"
     R"("started_at":"2026-01-05T14:30:01Z","finished_at":"2026-01-05T14:31:10Z",)"
     R"("url":"/api/v1/jobs/0123456789abcdef0123456789abcdef"})"},
    {"job.cancelled", Severity::kInfo, false, "a job ended because somebody asked for it",
     R"({"job_id":"0123456789abcdef0123456789abcdef","kind":"optimize","state":"cancelled","attempts":1,)"
     R"("dead_letter":false,"error":null,"created_at":"2026-01-05T14:30:00Z","started_at":null,)"
     R"("finished_at":"2026-01-05T14:31:10Z","url":"/api/v1/jobs/0123456789abcdef0123456789abcdef"})"},
    {"alert.raised", Severity::kWarning, true, "something needs a look",
     R"({"alert_id":"12","alert_type":"connection_pool","severity":"warning","state":"raised","source":"readers",)"
     R"-("message":"readers: connections to the database in use: 77.5 % (warning from 75 %)",)-"
     R"("details":{"value":77.5,"actor":""}})"},
    {"alert.acknowledged", Severity::kInfo, true, "somebody looks after an alert",
     R"({"alert_id":"12","alert_type":"connection_pool","severity":"warning","state":"acknowledged",)"
     R"-("source":"readers","message":"readers: connections to the database in use: 77.5 % (warning from 75 %)",)-"
     R"("details":{"value":77.5,"actor":"ann"}})"},
    {"alert.muted", Severity::kInfo, true, "an alert is not told for a while",
     R"({"alert_id":"12","alert_type":"connection_pool","severity":"warning","state":"muted","source":"readers",)"
     R"-("message":"readers: connections to the database in use: 77.5 % (warning from 75 %)",)-"
     R"("details":{"value":77.5,"actor":"ann"}})"},
    {"alert.resolved", Severity::kInfo, true, "what an alert was about is over",
     R"({"alert_id":"12","alert_type":"connection_pool","severity":"warning","state":"resolved","source":"readers",)"
     R"-("message":"readers: connections to the database in use: 77.5 % (warning from 75 %)",)-"
     R"("details":{"value":30,"actor":""}})"},
    {"data.imported", Severity::kInfo, true, "files were imported",
     R"({"symbol":"SPY","timeframe":"1m","source":"csv","files":1,"inserted":390,"corrected":0,"unchanged":0,)"
     R"("bad_rows":0})"},
    {"data.fetched", Severity::kInfo, false, "a query in the background has ended; its symbols fail one by one",
     R"({"job_id":"0123456789abcdef0123456789abcdef","symbols":[{"symbol":"SPY","status":"ok",)"
     R"("bars":390}],"url":"/api/v1/historical-data/fetch/0123456789abcdef0123456789abcdef"})"},
    {"data.gap_found", Severity::kWarning, false,
     "bars are missing, by the instrument's calendar, in what a query in the background asked for",
     R"({"job_id":"0123456789abcdef0123456789abcdef","symbol":"SPY","bars_missing":12,)"
     R"("first_time":"2026-01-05T14:30:00Z","last_time":"2026-01-09T20:59:00Z"})"},
    {"data.archived", Severity::kInfo, true, "partitions were archived and dropped as the settings say",
     R"({"partitions":["bar 2019","bar 2020"]})"},
    {"system.started", Severity::kInfo, true, "a server has started", R"({"server":"desk-3f9c","version":"0.1.0"})"},
    {"system.stopping", Severity::kInfo, true, "a server was asked to end",
     R"({"server":"desk-3f9c","version":"0.1.0"})"},
    {"system.backup_completed", Severity::kInfo, true, "a backup was made",
     R"({"backup":"2026-01-05T02-00-00Z","message":"1,048,576 bytes in 12 s"})"},
    {"system.backup_failed", Severity::kCritical, true, "a backup could not be made, or not be restored on trial",
     R"({"backup":"2026-01-05T02-00-00Z","message":"/srv/backup: no space left on device"})"},
    {"webhook.disabled", Severity::kWarning, false, "a webhook of yours is not called any more",
     R"({"webhook_id":"wh_0123456789abcdef","reason":"its receiver answered 410 Gone"})"},
    {kTestEvent, Severity::kInfo, false, "somebody tests a webhook; needs no filter",
     R"({"webhook_id":"wh_0123456789abcdef","message":"This is a test."})"},
};

bool fits_a_type(std::string_view pattern) {
  const std::string only{pattern};
  return std::ranges::any_of(
      kTypes, [&](const EventType& each) { return each.type != kTestEvent && matches({&only, 1}, each.type); });
}

bool matches_one(std::string_view pattern, std::string_view type) {
  if (pattern == "*") return true;
  if (pattern.ends_with(".*")) return type.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == type;
}

}  // namespace

std::span<const EventType> event_types() { return kTypes; }

const EventType* find_event_type(std::string_view type) {
  const auto* const found = std::ranges::find(kTypes, type, &EventType::type);
  return found == std::end(kTypes) ? nullptr : found;
}

Severity severity_of(const Event& event) {
  if (event.severity) return *event.severity;
  const EventType* const type = find_event_type(event.type);
  return type != nullptr ? type->severity : Severity::kInfo;
}

std::string body_of(const Event& event) {
  return base::json_text(
      boost::json::object{{"type", event.type}, {"timestamp", base::format_time(event.at)}, {"data", event.data}});
}

bool matches(std::span<const std::string> patterns, std::string_view type) {
  return std::ranges::any_of(patterns, [&](const std::string& each) { return matches_one(each, type); });
}

base::Result<std::vector<std::string>> check_patterns(const std::vector<std::string>& patterns) {
  const auto refuse = [](std::string why) { return base::failure(base::ErrorCode::kInvalidArgument, std::move(why)); };
  if (patterns.empty()) return refuse("name at least one event, a group such as job.*, or * for all");
  if (patterns.size() > kPatternsMax) return refuse("at most 50 names of events");
  std::vector<std::string> checked;
  for (const std::string& each : patterns) {
    if (!fits_a_type(each)) {
      std::string names;
      for (const EventType& type : kTypes) {
        if (type.type != kTestEvent) names += (names.empty() ? "" : ", ") + std::string(type.type);
      }
      return refuse("'" + each.substr(0, 64) + "' fits no event; there are " + names + ", groups such as job.*, and *");
    }
    if (std::ranges::find(checked, each) == checked.end()) checked.push_back(each);
  }
  return checked;
}

base::Result<std::vector<std::string>> parse_patterns(std::string_view text) {
  std::vector<std::string> patterns;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" ,"), text.size());
    if (end > 0) patterns.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return check_patterns(patterns);
}

}  // namespace tradeassist::notify
