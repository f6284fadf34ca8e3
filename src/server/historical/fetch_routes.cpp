// POST, GET and DELETE /api/v1/historical-data/fetch.
#include <boost/json.hpp>

#include "report/json_rows.hpp"
#include "server/historical/fetch.hpp"
#include "server/routes/parameters.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

constexpr const char* kFetch = "/api/v1/historical-data/fetch";

HandlerResult fetch(const Request& request, Services& services) {
  auto read = read_body<HistoricalFetchBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const auto& body = std::get<HistoricalFetchBody>(read);
  std::vector<base::FieldError> errors;
  check_historical_request(body, errors);
  check_historical_fetch(body, errors);
  if (errors.empty()) {
    if (auto problem = provider_problem(body, services.providers, "", errors)) return *std::move(problem);
  }
  if (!errors.empty()) return invalid_fields(errors);
  if (!body.in_background()) return answer_fetch(body, request, services);
  auto started = start_fetch(body, request, services);
  if (auto* problem = std::get_if<Problem>(&started)) return std::move(*problem);
  return fetch_accepted(std::get<std::string>(started));
}

Problem query_problem(const base::Error& error) {
  Problem problem = problem_from(error);
  if (error.code == base::ErrorCode::kNotFound) problem.code = "JOB_NOT_FOUND";
  if (error.code == base::ErrorCode::kFailedPrecondition) problem.code = "CANCELLATION_NOT_ALLOWED";
  return problem;
}

json::object status_json(const jobs::Job& job) {
  const auto detail = base::parse_json(job.detail, job.detail.size());
  const json::value* symbols = detail && detail->is_object() ? detail->get_object().if_contains("symbols") : nullptr;
  return {{"query_id", job.id},
          {"status", jobs::to_string(job.state)},
          {"phase", job.phase},
          {"progress", job.progress},
          {"symbols", symbols != nullptr ? *symbols : json::value(json::array())},
          {"channel", historical_channel(job.id)},
          {"note", report::text_or_null(job.note)},
          {"error", report::text_or_null(job.error)},
          {"created_at", base::format_time(job.created_at)},
          {"started_at", report::time_or_null(job.started_at)},
          {"finished_at", report::time_or_null(job.finished_at)}};
}

HandlerResult status(const Request& request, Services& services) {
  const auto job = find_historical_query(services.queue, request.parameters.at("query_id"), request.caller.owner);
  return job ? HandlerResult(json_response(status_json(*job))) : HandlerResult(query_problem(job.error()));
}

HandlerResult cancel(const Request& request, Services& services) {
  const auto job = cancel_historical_query(services.queue, services.runner, services.publisher,
                                           request.parameters.at("query_id"), request.caller.owner);
  return job ? HandlerResult(json_response(status_json(*job))) : HandlerResult(query_problem(job.error()));
}

}  // namespace

void add_historical_fetch_routes(std::vector<Route>& routes, Services& services) {
  const auto add = [&](Method method, const std::string& path, const char* summary, auto handler) {
    routes.push_back({method, path, summary, [&services, handler](const Request& request) -> HandlerResult {
                        return handler(request, services);
                      }});
  };
  add(Method::kPost, kFetch, "Bars of many instruments, at once or in the background", fetch);
  add(Method::kGet, std::string(kFetch) + "/{query_id}", "How far a query in the background is", status);
  add(Method::kDelete, std::string(kFetch) + "/{query_id}", "Cancel a query in the background", cancel);
}

}  // namespace tradeassist::server
