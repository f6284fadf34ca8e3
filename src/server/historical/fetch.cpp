#include "server/historical/fetch.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>

#include "server/historical/symbol_answer.hpp"
#include "server/routes/bar_parameters.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/started_job.hpp"

namespace tradeassist::server {

namespace json = boost::json;

std::optional<Problem> provider_problem(const HistoricalFetchBody& body, const ProviderSource& providers,
                                        const std::string& prefix, std::vector<base::FieldError>& errors) {
  if (!body.provider) return std::nullopt;
  const auto access = providers(*body.provider);
  if (!access && access.error().code == base::ErrorCode::kFailedPrecondition)
    return Problem{422, "PROVIDER_NOT_CONFIGURED", access.error().message, {}};
  if (!access) {
    errors.push_back({prefix + "/provider", access.error().message});
  } else if (const auto timeframe = provider_timeframe(*access->provider, body.frequency); !timeframe) {
    errors.push_back({prefix + "/frequency", timeframe.error().message});
  }
  return std::nullopt;
}

HandlerResult answer_fetch(const HistoricalFetchBody& body, const Request& request, Services& services,
                           std::optional<std::int64_t> saved_query) {
  const auto start = std::chrono::steady_clock::now();
  const std::int64_t bars_max = std::min(body.max_bars.value_or(kBarsMax), kBarsMax);
  const auto kind = saved_query ? std::optional(store::CacheClass::kSavedQuery) : std::nullopt;
  std::int64_t bars = 0;
  std::string results;
  for (const SymbolQuery& query : queries_of(body, base::now(), services.market)) {
    if (request.deadline.stop_requested()) return problem_from({base::ErrorCode::kCancelled, ""});
    SymbolAnswer answer = read_symbol(services.cache, query, bars_max, kind);
    refuse_beyond(answer, bars);
    bars += answer.bar_count();
    (results += results.empty() ? "{\"symbol\":" : ",{\"symbol\":") += base::json_text(json::value(query.symbol));
    results += ',';
    append_symbol_answer(results, answer, wants_columns(body));
    results += '}';
  }
  const auto took = std::chrono::steady_clock::now() - start;
  if (saved_query) count_execution(services.market, *saved_query, took);
  return Response{200,
                  "application/json",
                  fmt::format(R"({{"query_id":{},"execution_time_ms":{:.3f},"bar_count":{},"results":[{}]}})",
                              base::json_text(json::value(request.request_id)),
                              std::chrono::duration<double, std::milli>(took).count(), bars, results),
                  {}};
}

std::variant<std::string, Problem> start_fetch(const HistoricalFetchBody& body, const Request& request,
                                               Services& services, std::optional<std::int64_t> saved_query) {
  // What a provider gives is stored.
  if (body.provider) {
    if (auto problem = missing_scope({.scope = access::Scope::kWrite}, request.caller)) return *std::move(problem);
  }
  const auto key = idempotency_key(request);
  if (!key) return submit_problem(key.error());
  auto id = submit_fetch(services.queue, services.runner, body, saved_query, *key, request.caller.owner);
  if (!id) return submit_problem(id.error());
  return *std::move(id);
}

Response fetch_accepted(const std::string& query_id) {
  const std::string status = "/api/v1/historical-data/fetch/" + query_id;
  return accepted({{"query_id", query_id}, {"status_url", status}, {"channel", historical_channel(query_id)}}, status);
}

}  // namespace tradeassist::server
