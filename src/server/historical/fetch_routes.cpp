// POST, GET and DELETE /api/v1/historical-data/fetch.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>

#include "report/json_rows.hpp"
#include "server/historical/historical_job.hpp"
#include "server/historical/symbol_answer.hpp"
#include "server/routes/bar_parameters.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"
#include "server/routes/started_job.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

constexpr const char* kFetch = "/api/v1/historical-data/fetch";

std::variant<HistoricalFetchBody, Problem> read_fetch(const Request& request, Services& services) {
  auto read = read_body<HistoricalFetchBody>(request);
  auto* body = std::get_if<HistoricalFetchBody>(&read);
  if (body == nullptr) return read;
  std::vector<base::FieldError> errors;
  check_historical_request(*body, errors);
  check_historical_fetch(*body, errors);
  if (errors.empty() && body->provider) {
    const auto access = services.providers(*body->provider);
    if (!access && access.error().code == base::ErrorCode::kFailedPrecondition)
      return Problem{422, "PROVIDER_NOT_CONFIGURED", access.error().message, {}};
    if (!access) {
      errors.push_back({"/provider", access.error().message});
    } else if (const auto timeframe = provider_timeframe(*access->provider, body->frequency); !timeframe) {
      errors.push_back({"/frequency", timeframe.error().message});
    }
  }
  if (!errors.empty()) return invalid_fields(errors);
  return read;
}

HandlerResult answer_now(const HistoricalFetchBody& body, const Request& request, Services& services) {
  const auto start = std::chrono::steady_clock::now();
  const std::int64_t bars_max = std::min(body.max_bars.value_or(kBarsMax), kBarsMax);
  std::int64_t bars = 0;
  std::string results;
  for (const SymbolQuery& query : queries_of(body, base::now(), services.market)) {
    if (request.deadline.stop_requested()) return problem_from({base::ErrorCode::kCancelled, ""});
    SymbolAnswer answer = read_symbol(services.cache, query, bars_max);
    refuse_beyond(answer, bars);
    bars += answer.bar_count();
    (results += results.empty() ? "{\"symbol\":" : ",{\"symbol\":") += base::json_text(json::value(query.symbol));
    results += ',';
    append_symbol_answer(results, answer, wants_columns(body));
    results += '}';
  }
  const auto took = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start);
  return Response{200,
                  "application/json",
                  fmt::format(R"({{"query_id":{},"execution_time_ms":{:.3f},"bar_count":{},"results":[{}]}})",
                              base::json_text(json::value(request.request_id)), took.count(), bars, results),
                  {}};
}

HandlerResult start_query(const HistoricalFetchBody& body, const Request& request, Services& services) {
  HistoricalJobReport waiting;
  for (const std::string& symbol : body.symbols) waiting.symbols.push_back({.symbol = symbol});
  auto started = start_job(services, kHistoricalJob, request, base::json_text(base::to_json(waiting)));
  if (auto* problem = std::get_if<Problem>(&started)) return std::move(*problem);
  const auto& id = std::get<std::string>(started);
  const std::string status = std::string(kFetch) + "/" + id;
  return accepted({{"query_id", id}, {"status_url", status}, {"channel", historical_channel(id)}}, status);
}

HandlerResult fetch(const Request& request, Services& services) {
  auto read = read_fetch(request, services);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const auto& body = std::get<HistoricalFetchBody>(read);
  return body.in_background() ? start_query(body, request, services) : answer_now(body, request, services);
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
  const auto job = find_historical_query(services.queue, request.parameters.at("query_id"));
  return job ? HandlerResult(json_response(status_json(*job))) : HandlerResult(query_problem(job.error()));
}

HandlerResult cancel(const Request& request, Services& services) {
  const auto job =
      cancel_historical_query(services.queue, services.runner, services.publisher, request.parameters.at("query_id"));
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
