#include "server/routes/started_job.hpp"

#include "server/routes/parameters.hpp"

namespace tradeassist::server {

Problem submit_problem(const base::Error& error) {
  Problem problem = problem_from(error);
  if (error.code == base::ErrorCode::kResourceExhausted) problem.status = 503;
  return problem;
}

std::variant<std::string, Problem> start_job(Services& services, std::string_view kind, const Request& request,
                                             std::string_view detail) {
  auto id = services.queue.submit(kind, request.body, detail);
  if (!id) return submit_problem(id.error());
  services.runner.wake();
  return *std::move(id);
}

Response accepted(const boost::json::object& body, const std::string& status_url) {
  Response response = json_response(body);
  response.status = 202;
  response.headers.emplace_back("Location", status_url);
  return response;
}

}  // namespace tradeassist::server
