// Schedules that submit jobs: /api/v1/jobs/schedules.
#include <boost/json.hpp>
#include <utility>
#include <variant>

#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"
#include "server/schedule_request.hpp"

namespace tradeassist::server {

namespace json = boost::json;

namespace {

constexpr const char* kSchedules = "/api/v1/jobs/schedules";

Problem schedule_problem(const base::Error& error) {
  Problem problem = problem_from(error);
  if (error.code == base::ErrorCode::kNotFound) problem.code = "SCHEDULE_NOT_FOUND";
  return problem;
}

HandlerResult list(const Request& request, Services& services) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  const auto schedules = services.queue.list_schedules(request.caller.owner);
  if (!schedules) return problem_from(schedules.error());
  return json_response(schedules_json(*schedules));
}

HandlerResult show(const Request& request, Services& services) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  const auto schedule = services.queue.get_schedule(request.parameters.at("name"), request.caller.owner);
  if (!schedule) return schedule_problem(schedule.error());
  return json_response(schedule_json(*schedule));
}

HandlerResult put(const Request& request, Services& services) {
  auto read = read_body<ScheduleBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  // A schedule does what its owner may do at once.
  const auto& body = std::get<ScheduleBody>(read);
  const access::Scope needed = body.kind == "optimize" ? access::Scope::kTradeResearch : access::Scope::kWrite;
  if (auto problem = missing_scope({.scope = needed}, request.caller)) return *std::move(problem);
  const auto schedule =
      read_schedule(request.parameters.at("name"), body, {services.cache, services.catalogue, services.providers});
  if (const auto* problem = std::get_if<Problem>(&schedule)) return *problem;
  jobs::JobSchedule wanted = std::get<jobs::JobSchedule>(schedule);
  wanted.owner = request.caller.owner;
  const auto stored = services.queue.put_schedule(wanted);
  if (!stored) return problem_from(stored.error());
  Response response = json_response(schedule_json(*stored));
  if (stored->created_at == stored->updated_at) response.status = 201;
  return response;
}

HandlerResult remove(const Request& request, Services& services) {
  const auto removed = services.queue.remove_schedule(request.parameters.at("name"), request.caller.owner);
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
