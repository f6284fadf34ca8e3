#include "server/routes/started_job.hpp"

#include <algorithm>

#include "server/routes/parameters.hpp"

namespace tradeassist::server {

Problem submit_problem(const base::Error& error) {
  Problem problem = problem_from(error);
  if (error.code == base::ErrorCode::kResourceExhausted) problem.status = 503;
  if (error.code == base::ErrorCode::kAlreadyExists) {
    problem.status = 422;
    problem.code = "IDEMPOTENCY_KEY_REUSED";
  }
  return problem;
}

base::Result<std::string_view> idempotency_key(const Request& request) {
  const auto key = request.header("idempotency-key");
  if (!key) return std::string_view();
  const bool is_printable = std::ranges::all_of(*key, [](char c) { return c > ' ' && c < '\x7f'; });
  if (!key->empty() && key->size() <= jobs::JobQueue::kKeyBytesMax && is_printable) return *key;
  return base::failure(base::ErrorCode::kInvalidArgument,
                       "the header Idempotency-Key must be 1 to 255 printable ASCII characters without blanks");
}

std::variant<std::string, Problem> start_job(Services& services, std::string_view kind, const Request& request,
                                             std::string_view detail, int priority) {
  const auto key = idempotency_key(request);
  if (!key) return submit_problem(key.error());
  auto id = services.queue.submit(kind, request.body, detail,
                                  {.priority = priority, .key = *key, .owner = request.caller.owner});
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
