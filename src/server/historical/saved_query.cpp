#include "server/historical/saved_query.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <string_view>
#include <utility>

#include "report/json_rows.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

constexpr std::size_t kNameBytesMax = 100, kDescriptionBytesMax = 2'000, kTagBytesMax = 40, kTagsMax = 20;
constexpr std::size_t kRequestBytesMax = 64 << 10;

/// What is wrong with a text of one line; empty when nothing is.
std::string line_problem(std::string_view text, std::size_t bytes_max) {
  if (text.empty() || text.size() > bytes_max) return "must have 1 to " + std::to_string(bytes_max) + " bytes";
  if (text.front() == ' ' || text.back() == ' ') return "must not begin or end with a space";
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return std::ranges::any_of(text, is_control) ? "must not have control characters" : "";
}

base::Result<json::value> stored_json(const store::SavedQuery& query, const char* field, std::string_view text) {
  auto value = base::parse_json(text, kRequestBytesMax);
  if (value) return value;
  return base::failure(base::ErrorCode::kDataLoss, "saved query " + std::to_string(query.id) + ": its " + field +
                                                       " cannot be read: " + value.error().message);
}

}  // namespace

void check_saved_query(const SavedQueryBody& body, std::vector<base::FieldError>& errors) {
  if (auto problem = line_problem(body.name, kNameBytesMax); !problem.empty())
    errors.push_back({"/name", std::move(problem)});
  if (body.description && body.description->size() > kDescriptionBytesMax)
    errors.push_back({"/description", "must have at most " + std::to_string(kDescriptionBytesMax) + " bytes"});
  if (base::json_text(body.request).size() > kRequestBytesMax)
    errors.push_back({"/request", "must have at most " + std::to_string(kRequestBytesMax) + " bytes of JSON"});
  if (body.tags) {
    if (body.tags->size() > kTagsMax) errors.push_back({"/tags", "must be at most " + std::to_string(kTagsMax)});
    for (std::size_t i = 0; i < body.tags->size(); ++i) {
      const std::string& tag = (*body.tags)[i];
      const std::string pointer = "/tags/" + std::to_string(i);
      if (auto problem = line_problem(tag, kTagBytesMax); !problem.empty())
        errors.push_back({pointer, std::move(problem)});
      const auto end = body.tags->begin() + static_cast<std::ptrdiff_t>(i);
      if (std::find(body.tags->begin(), end, tag) != end) errors.push_back({pointer, "is there twice"});
    }
  }
  if (body.schedule) {
    std::vector<base::FieldError> inner;
    check_schedule(*body.schedule, inner);
    for (base::FieldError& error : inner) errors.push_back({"/schedule" + error.pointer, std::move(error.message)});
  }
}

std::optional<HistoricalFetchBody> fetch_of(const SavedQueryBody& body, std::vector<base::FieldError>& errors) {
  std::vector<base::FieldError> inner;
  auto fetch = base::from_json<HistoricalFetchBody>(body.request, inner);
  if (fetch) {
    check_historical_request(*fetch, inner);
    check_historical_fetch(*fetch, inner);
  }
  for (base::FieldError& error : inner) errors.push_back({"/request" + error.pointer, std::move(error.message)});
  return inner.empty() ? std::move(fetch) : std::nullopt;
}

base::Result<HistoricalFetchBody> fetch_of(const store::SavedQuery& query) {
  TRY_ASSIGN(const json::value request, stored_json(query, "request", query.request));
  auto fetch = base::from_json<HistoricalFetchBody>(request);
  if (fetch) return fetch;
  return base::failure(base::ErrorCode::kInvalidArgument, "this program cannot read the request of the saved query '" +
                                                              query.name + "': " + fetch.error().message +
                                                              "; save it again");
}

store::SavedQueryFields fields_of(const SavedQueryBody& body, base::Time now, const store::SavedQuery* before) {
  store::SavedQueryFields fields;
  fields.name = body.name;
  fields.description = body.description.value_or("");
  fields.request = base::json_text(body.request);
  fields.is_favourite = body.favourite.value_or(false);
  fields.tags = body.tags.value_or(std::vector<std::string>{});
  if (!body.schedule) return fields;
  fields.schedule = base::json_text(base::to_json(*body.schedule));
  const bool is_same = before != nullptr && before->schedule == fields.schedule;
  fields.next_run_at = is_same ? before->next_run_at : next_run(*body.schedule, now);
  return fields;
}

base::Result<SavedQueryBody> body_of(const store::SavedQuery& query) {
  SavedQueryBody body{query.name, query.description, {}, query.is_favourite, query.tags, {}};
  TRY_ASSIGN(body.request, stored_json(query, "request", query.request));
  if (query.schedule.empty()) return body;
  TRY_ASSIGN(const json::value schedule, stored_json(query, "schedule", query.schedule));
  TRY_ASSIGN(body.schedule, base::from_json<QuerySchedule>(schedule));
  return body;
}

base::Result<json::object> saved_query_json(const store::SavedQuery& query) {
  TRY_ASSIGN(const SavedQueryBody body, body_of(query));
  json::object out{{"id", query.id}};
  const json::value said = base::to_json(body);
  for (const auto& entry : said.get_object()) out[entry.key()] = entry.value();
  const auto average = query.average_time_ms();
  out["next_run_at"] = report::time_or_null(query.next_run_at);
  out["execute_count"] = query.execute_count;
  out["average_time_ms"] = average ? json::value(*average) : json::value(nullptr);
  out["last_executed_at"] = report::time_or_null(query.last_executed_at);
  out["last_query_id"] = report::text_or_null(query.last_job_id);
  out["created_at"] = report::time_or_null(query.created_at);
  out["updated_at"] = report::time_or_null(query.updated_at);
  out["deleted_at"] = report::time_or_null(query.deleted_at);
  return out;
}

}  // namespace tradeassist::server
