#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "server/routes/services.hpp"

namespace tradeassist::server {

/// The answer where a job cannot be submitted: 503 where too many wait, 422 where its Idempotency-Key was used for
/// something else.
Problem submit_problem(const base::Error& error);

/// The request's Idempotency-Key, empty where it has none. kInvalidArgument unless it is 1 to 255 printable ASCII
/// characters without blanks.
base::Result<std::string_view> idempotency_key(const Request& request);

/// The id of a new job with the request's body, which a worker looks for at once; of the first such job where the
/// request's Idempotency-Key was seen before. `detail`: what is known of its progress before it starts.
std::variant<std::string, Problem> start_job(Services& services, std::string_view kind, const Request& request,
                                             std::string_view detail = "", int priority = jobs::kPriorityDefault);

/// 202 with the body and the place where the job's status is.
Response accepted(const boost::json::object& body, const std::string& status_url);

}  // namespace tradeassist::server
