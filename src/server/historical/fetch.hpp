#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "server/historical/historical_job.hpp"
#include "server/router.hpp"
#include "server/routes/services.hpp"

namespace tradeassist::server {

/// Adds what the provider of a fetch does not have; pointers begin with `prefix`. Gives the problem where that provider
/// is not configured. Nothing where the fetch has no provider.
std::optional<Problem> provider_problem(const HistoricalFetchBody& body, const ProviderSource& providers, const std::string& prefix,
                                        std::vector<base::FieldError>& errors);

/// Bars of every symbol at once. `saved_query`: its answers are kept as long as those of saved queries, and it is
/// counted there.
HandlerResult answer_fetch(const HistoricalFetchBody& body, const Request& request, Services& services,
                           std::optional<std::int64_t> saved_query = {});

/// Starts the job that answers in the background: its id. The request's Idempotency-Key is honoured.
std::variant<std::string, Problem> start_fetch(const HistoricalFetchBody& body, const Request& request,
                                               Services& services,
                                               std::optional<std::int64_t> saved_query = {});

/// 202: where the job's status is, and its channel.
Response fetch_accepted(const std::string& query_id);

}  // namespace tradeassist::server
