#include "server/schedule_request.hpp"

#include <utility>

#include "base/json.hpp"
#include "report/json_rows.hpp"
#include "server/historical/fetch.hpp"
#include "server/routes/parameters.hpp"
#include "server/script_request.hpp"

namespace tradeassist::server {

namespace json = boost::json;

namespace {

Problem in_request(std::vector<base::FieldError> errors) {
  for (base::FieldError& error : errors) error.pointer.insert(0, "/request");
  return invalid_fields(errors);
}

using JobRequest = std::variant<std::string, Problem>;

JobRequest search_request(const json::value& value, const ScheduleParts& parts) {
  std::vector<base::FieldError> errors;
  const auto body = base::from_json<OptimizeBody>(value, errors);
  if (!body) return in_request(std::move(errors));
  if (body->priority) return invalid_fields({{"/request/priority", "has its place beside the request"}});
  auto prepared = prepare_search(*body, parts.cache, parts.catalogue);
  if (auto* problem = std::get_if<Problem>(&prepared)) {
    for (ProblemField& field : problem->errors) field.pointer.insert(0, "/request");
    return std::move(*problem);
  }
  return base::json_text(value);
}

JobRequest fetch_request(const json::value& value, const ScheduleParts& parts) {
  std::vector<base::FieldError> errors;
  auto body = base::from_json<HistoricalFetchBody>(value, errors);
  if (!body) return in_request(std::move(errors));
  body->background = true;
  check_historical_request(*body, errors);
  check_historical_fetch(*body, errors);
  if (body->stream.value_or(false)) errors.push_back({"/stream", "has no listener when a schedule starts it"});
  if (body->priority) errors.push_back({"/priority", "has its place beside the request"});
  if (!errors.empty()) return in_request(std::move(errors));
  if (auto problem = provider_problem(*body, parts.providers, "/request", errors)) return *std::move(problem);
  if (!errors.empty()) return invalid_fields(errors);
  return base::json_text(base::to_json(HistoricalJobRequest{*body, std::nullopt}));
}

JobRequest job_request(const ScheduleBody& body, const ScheduleParts& parts) {
  if (body.kind == "optimize") return search_request(body.request, parts);
  if (body.kind == kHistoricalJob) return fetch_request(body.request, parts);
  return invalid_fields({{"/kind", "must be optimize or historical_data"}});
}

}  // namespace

std::variant<jobs::JobSchedule, Problem> read_schedule(std::string name, const ScheduleBody& body,
                                                       const ScheduleParts& parts) {
  if (body.priority.value_or(0) < jobs::kPriorityMin || body.priority.value_or(0) > jobs::kPriorityMax)
    return invalid_fields({{"/priority", "must be from 0 (lowest) to 3"}});
  jobs::JobSchedule schedule;
  schedule.name = std::move(name);
  schedule.cron = body.cron;
  schedule.time_zone = body.time_zone.value_or("UTC");
  schedule.kind = body.kind;
  schedule.priority = static_cast<int>(body.priority.value_or(jobs::kPriorityDefault));
  schedule.is_enabled = body.enabled.value_or(true);
  if (const auto checked = jobs::check_schedule(schedule); !checked) return problem_from(checked.error());
  auto job = job_request(body, parts);
  if (auto* problem = std::get_if<Problem>(&job)) return std::move(*problem);
  schedule.request = std::get<std::string>(std::move(job));
  return schedule;
}

json::object schedule_json(const jobs::JobSchedule& schedule) {
  return {{"name", schedule.name},
          {"owner", schedule.owner},
          {"cron", schedule.cron},
          {"time_zone", schedule.time_zone},
          {"kind", schedule.kind},
          {"request", base::parse_json(schedule.request, schedule.request.size()).value_or(json::value())},
          {"priority", schedule.priority},
          {"enabled", schedule.is_enabled},
          {"next_at", report::time_or_null(schedule.next_at)},
          {"last_at", report::time_or_null(schedule.last_at)},
          {"last_job_id", report::text_or_null(schedule.last_job_id)},
          {"created_at", base::format_time(schedule.created_at)},
          {"updated_at", base::format_time(schedule.updated_at)}};
}

json::object schedules_json(const std::vector<jobs::JobSchedule>& schedules) {
  json::array out;
  for (const jobs::JobSchedule& schedule : schedules) out.push_back(schedule_json(schedule));
  return {{"schedules", std::move(out)}};
}

}  // namespace tradeassist::server
