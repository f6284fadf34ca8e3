#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "server/routes/services.hpp"

namespace tradeassist::server {

/// The answer where a job cannot be submitted: 503 where too many wait.
Problem submit_problem(const base::Error& error);

/// The id of a new job with the request's body, which a worker looks for at once. `detail`:
/// what is known of its progress before it starts.
std::variant<std::string, Problem> start_job(Services& services, std::string_view kind, const Request& request,
                                             std::string_view detail = "");

/// 202 with the body and the place where the job's status is.
Response accepted(const boost::json::object& body, const std::string& status_url);

}  // namespace tradeassist::server
