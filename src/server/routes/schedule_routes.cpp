// Schedules that submit jobs: /api/v1/jobs/schedules.
#include <boost/describe.hpp>
#include <boost/json.hpp>

#include "base/json.hpp"
#include "report/json_rows.hpp"
#include "server/historical/fetch.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"
#include "server/script_request.hpp"

namespace tradeassist::server {

namespace json = boost::json;

/// The body of PUT /api/v1/jobs/schedules/{name}.
struct ScheduleBody {
  std::string cron, kind;
  json::value request;  // as the route that starts one such job takes it
  std::optional<std::string> time_zone;
  std::optional<std::int64_t> priority;
  std::optional<bool> enabled;
};
BOOST_DESCRIBE_STRUCT(ScheduleBody, (), (cron, kind, request, time_zone, priority, enabled))

namespace {

constexpr const char* kSchedules = "/api/v1/jobs/schedules";

json::object schedule_json(const jobs::JobSchedule& schedule) {
  return {{"name", schedule.name},
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

Problem schedule_problem(const base::Error& error) {
  Problem problem = problem_from(error);
  if (error.code == base::ErrorCode::kNotFound) problem.code = "SCHEDULE_NOT_FOUND";
  return problem;
}

Problem in_request(std::vector<base::FieldError> errors) {
  for (base::FieldError& error : errors) error.pointer.insert(0, "/request");
  return invalid_fields(errors);
}

using JobRequest = std::variant<std::string, Problem>;

JobRequest search_request(const json::value& value, Services& services) {
  std::vector<base::FieldError> errors;
  const auto body = base::from_json<OptimizeBody>(value, errors);
  if (!body) return in_request(std::move(errors));
  if (body->priority) return invalid_fields({{"/request/priority", "has its place beside the request"}});
  auto prepared = prepare_search(*body, services.cache, services.catalogue);
  if (auto* problem = std::get_if<Problem>(&prepared)) {
    for (ProblemField& field : problem->errors) field.pointer.insert(0, "/request");
    return std::move(*problem);
  }
  return base::json_text(value);
}

JobRequest fetch_request(const json::value& value, Services& services) {
  std::vector<base::FieldError> errors;
  auto body = base::from_json<HistoricalFetchBody>(value, errors);
  if (!body) return in_request(std::move(errors));
  body->background = true;
  check_historical_request(*body, errors);
  check_historical_fetch(*body, errors);
  if (body->stream.value_or(false)) errors.push_back({"/stream", "has no listener when a schedule starts it"});
  if (body->priority) errors.push_back({"/priority", "has its place beside the request"});
  if (!errors.empty()) return in_request(std::move(errors));
  if (auto problem = provider_problem(*body, services, "/request", errors)) return *std::move(problem);
  if (!errors.empty()) return invalid_fields(errors);
  return base::json_text(base::to_json(HistoricalJobRequest{*body, std::nullopt}));
}

JobRequest job_request(const ScheduleBody& body, Services& services) {
  if (body.kind == "optimize") return search_request(body.request, services);
  if (body.kind == kHistoricalJob) return fetch_request(body.request, services);
  return invalid_fields({{"/kind", "must be optimize or historical_data"}});
}

HandlerResult list(const Request& request, Services& services) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  const auto schedules = services.queue.list_schedules();
  if (!schedules) return problem_from(schedules.error());
  json::array out;
  for (const jobs::JobSchedule& schedule : *schedules) out.push_back(schedule_json(schedule));
  return json_response(json::object{{"schedules", std::move(out)}});
}

HandlerResult show(const Request& request, Services& services) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  const auto schedule = services.queue.get_schedule(request.parameters.at("name"));
  if (!schedule) return schedule_problem(schedule.error());
  return json_response(schedule_json(*schedule));
}

HandlerResult put(const Request& request, Services& services) {
  auto read = read_body<ScheduleBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const auto& body = std::get<ScheduleBody>(read);
  if (body.priority.value_or(0) < jobs::kPriorityMin || body.priority.value_or(0) > jobs::kPriorityMax)
    return invalid_fields({{"/priority", "must be from 0 (lowest) to 3"}});
  jobs::JobSchedule schedule;
  schedule.name = request.parameters.at("name");
  schedule.cron = body.cron;
  schedule.time_zone = body.time_zone.value_or("UTC");
  schedule.kind = body.kind;
  schedule.priority = static_cast<int>(body.priority.value_or(jobs::kPriorityDefault));
  schedule.is_enabled = body.enabled.value_or(true);
  if (const auto checked = jobs::check_schedule(schedule); !checked) return problem_from(checked.error());
  auto job = job_request(body, services);
  if (auto* problem = std::get_if<Problem>(&job)) return std::move(*problem);
  schedule.request = std::get<std::string>(std::move(job));
  const auto stored = services.queue.put_schedule(schedule);
  if (!stored) return problem_from(stored.error());
  Response response = json_response(schedule_json(*stored));
  if (stored->created_at == stored->updated_at) response.status = 201;
  return response;
}

HandlerResult remove(const Request& request, Services& services) {
  const auto removed = services.queue.remove_schedule(request.parameters.at("name"));
  if (!removed) return schedule_problem(removed.error());
  return json_response(json::object{{"name", request.parameters.at("name")}, {"removed", true}});
}

}  // namespace

void add_schedule_routes(std::vector<Route>& routes, Services& services) {
  const auto add = [&](Method method, const char* path, const char* summary, auto handler) {
    routes.push_back(
        {method, std::string(kSchedules) + path, summary,
         [&services, handler](const Request& request) -> HandlerResult { return handler(request, services); }});
  };
  add(Method::kGet, "", "Schedules of jobs", list);
  add(Method::kGet, "/{name}", "One schedule", show);
  add(Method::kPut, "/{name}", "Make or replace a schedule", put);
  add(Method::kDelete, "/{name}", "Remove a schedule; its jobs stay", remove);
}

}  // namespace tradeassist::server
