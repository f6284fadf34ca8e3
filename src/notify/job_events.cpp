#include "notify/job_events.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <utility>

#include "base/json.hpp"
#include "jobs/stored_text.hpp"

namespace tradeassist::notify {
namespace {

namespace json = boost::json;

constexpr std::string_view kHistoricalJob = "historical_data";
constexpr std::size_t kSymbolsMax = 50;  // of one request
constexpr std::size_t kErrorBytesMax = 2'000;

json::value time_or_null(const std::optional<base::Time>& time) {
  return time ? json::value(base::format_time(*time)) : json::value(nullptr);
}

Event job_event(const jobs::Job& job) {
  Event event;
  event.type = "job." + std::string(to_string(job.state));
  event.owner = job.owner;
  event.data = {
      {"job_id", job.id},
      {"kind", job.kind},
      {"state", to_string(job.state)},
      {"attempts", job.attempts},
      {"dead_letter", job.is_dead_letter},
      {"error", job.error.empty() ? json::value(nullptr) : json::value(jobs::stored_text(job.error, kErrorBytesMax))},
      {"created_at", base::format_time(job.created_at)},
      {"started_at", time_or_null(job.started_at)},
      {"finished_at", time_or_null(job.finished_at)},
      {"url", "/api/v1/jobs/" + job.id}};
  return event;
}

/// The member of that name, null where there is none.
json::value member(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found != nullptr ? *found : json::value(nullptr);
}

/// What a query has got, from its result.
std::vector<Event> fetch_events(const jobs::Job& job, std::string_view result) {
  std::vector<Event> events;
  const auto parsed = base::parse_json(result, result.size());
  const json::object* report = parsed ? parsed->if_object() : nullptr;
  const json::value* listed = report != nullptr ? report->if_contains("symbols") : nullptr;
  if (listed == nullptr || !listed->is_array()) return events;
  json::array symbols;
  std::vector<Event> gaps;
  for (const json::value& each : listed->get_array()) {
    const json::object* symbol = each.if_object();
    if (symbol == nullptr || symbols.size() == kSymbolsMax) continue;
    symbols.push_back(json::object{{"symbol", member(*symbol, "symbol")},
                                   {"status", member(*symbol, "status")},
                                   {"bars", member(*symbol, "bars")}});
    const json::value missing = member(*symbol, "bars_missing");
    if (!missing.is_number() || missing.to_number<double>() <= 0) continue;
    Event gap;
    gap.type = "data.gap_found";
    gap.owner = job.owner;
    gap.data = {{"job_id", job.id},
                {"symbol", member(*symbol, "symbol")},
                {"bars_missing", missing},
                {"first_time", member(*symbol, "first_time")},
                {"last_time", member(*symbol, "last_time")}};
    gaps.push_back(std::move(gap));
  }
  Event fetched;
  fetched.type = "data.fetched";
  fetched.owner = job.owner;
  fetched.data = {
      {"job_id", job.id}, {"symbols", std::move(symbols)}, {"url", "/api/v1/historical-data/fetch/" + job.id}};
  events.push_back(std::move(fetched));
  for (Event& each : gaps) events.push_back(std::move(each));
  return events;
}

}  // namespace

jobs::JobEnd job_events(std::vector<ChannelRule> channels) {
  return [channels = std::move(channels)](store::Connection& connection, const jobs::Job& job, std::string_view result,
                                          base::Time now) -> base::Result<void> {
    TRY(record_event(connection, job_event(job), channels, now));
    if (job.kind != kHistoricalJob || job.state != jobs::JobState::kCompleted) return {};
    for (Event& each : fetch_events(job, result)) TRY(record_event(connection, std::move(each), channels, now));
    return {};
  };
}

}  // namespace tradeassist::notify
