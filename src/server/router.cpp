#include "server/router.hpp"

#include <algorithm>
#include <exception>
#include <optional>

#include "base/log.hpp"
#include "base/log_context.hpp"

namespace tradeassist::server {
namespace {

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> segments;
  for (std::size_t begin = 1; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    segments.emplace_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

bool is_parameter(const std::string& segment) { return segment.size() > 2 && segment.front() == '{'; }

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  return std::ranges::equal(pattern, path, [](const std::string& expected, const std::string& actual) {
    return is_parameter(expected) ? !actual.empty() : expected == actual;
  });
}

/// A route that takes no parameters is given none; others look at theirs themselves.
std::optional<Problem> unknown_parameters(const Route& route, const RouteAccess& access, const Request& request) {
  const RouteDescription& said = route.description;
  if (said.is_empty() || access.is_public || !said.parameters.empty() || said.takes_other_parameters)
    return std::nullopt;
  std::vector<ProblemField> errors;
  errors.reserve(request.query.size());
  for (const auto& [name, value] : request.query)
    errors.push_back({name, "this request takes no parameters", "", 0, 0});
  if (errors.empty()) return std::nullopt;
  return invalid_request(std::move(errors));
}

Response run(const Handler& handler, const Request& request) {
  try {
    HandlerResult result = handler(request);
    if (auto* problem = std::get_if<Problem>(&result)) return to_response(*problem, request.path);
    return std::get<Response>(std::move(result));
  } catch (const std::exception& exception) {
    base::log(base::LogLevel::kError, "handler failed",
              {{"request_id", request.request_id}, {"path", request.path}, {"reason", exception.what()}});
    return to_response({500,
                        "INTERNAL",
                        "The server could not complete the request; the reason is in its log under this "
                        "request id.",
                        {}},
                       request.path);
  }
}

}  // namespace

Router::Router(std::vector<Route> routes, Admit admit, Audit audit, Observe observe)
    : routes_(std::move(routes)), admit_(std::move(admit)), audit_(std::move(audit)), observe_(std::move(observe)) {
  for (const Route& route : routes_) {
    segments_.push_back(split(route.pattern));
    access_.push_back(access_of(route.method, route.pattern));
  }
}

Response Router::answer(Request request, Answered& answered) const {
  const std::size_t route = answered.route;
  using Clock = std::chrono::steady_clock;
  const Route& to = routes_[route];
  base::LogContext context = base::thread_log_context();
  if (context.request_id.empty()) context.request_id = request.request_id;
  context.route = to.pattern;
  const auto begun_at = Clock::now();
  Admission admission;
  if (admit_) admission = admit_(access_[route], request);
  context.key_id = request.caller.key_id;
  const base::LogScope scope(std::move(context));
  if (!admission.refusal && access_[route].is_audited && audit_.before) admission.refusal = audit_.before();
  std::optional<Problem> refusal = admission.refusal;
  if (!refusal) refusal = unknown_parameters(to, access_[route], request);
  if (refusal) answered.refusal = refusal->code;
  const auto admitted_at = Clock::now();
  Response response = refusal ? to_response(*refusal, request.path) : run(to.handler, request);
  if (request.phases) {
    (*request.phases)[static_cast<std::size_t>(diagnostics::Phase::kGate)] = admitted_at - begun_at;
    (*request.phases)[static_cast<std::size_t>(diagnostics::Phase::kHandler)] = Clock::now() - admitted_at;
  }
  response.route = to.pattern;
  response.key_id = request.caller.key_id;
  response.headers.insert(response.headers.end(), admission.headers.begin(), admission.headers.end());
  // A refusal is noted where it is for want of a scope: others come as often as anybody likes, or from nobody known.
  const bool is_noted = !admission.refusal || admission.refusal->code == kScopeMissing;
  if (audit_.after && access_[route].is_audited && is_noted) audit_.after(to, request, response);
  return response;
}

Response Router::dispatch(Request request) const {
  const auto began = std::chrono::steady_clock::now();
  Answered answered{.route = routes_.size(), .refusal = {}};
  Response response = find_and_answer(std::move(request), answered);
  if (observe_) {
    answered.status = response.status;
    answered.tells_of_trouble = response.tells_of_trouble;
    answered.took = std::chrono::steady_clock::now() - began;
    observe_(answered);
  }
  return response;
}

Response Router::find_and_answer(Request request, Answered& answered) const {
  const Method wanted = request.method == Method::kHead ? Method::kGet : request.method;
  const std::vector<std::string> path = split(request.path);
  std::string allowed;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    if (!matches(segments_[i], path)) continue;
    if (routes_[i].method != wanted) {
      allowed += (allowed.empty() ? "" : ", ") + std::string(to_string(routes_[i].method));
      continue;
    }
    for (std::size_t k = 0; k < path.size(); ++k) {
      const std::string& segment = segments_[i][k];
      if (is_parameter(segment)) request.parameters[segment.substr(1, segment.size() - 2)] = path[k];
    }
    answered.route = i;
    return answer(std::move(request), answered);
  }
  if (allowed.empty()) {
    return to_response({404, "NOT_FOUND", "There is nothing at " + request.path + ".", {}}, request.path);
  }
  Response response =
      to_response({405, "METHOD_NOT_ALLOWED", request.path + " answers to " + allowed + ".", {}}, request.path);
  response.headers.emplace_back("Allow", allowed);
  return response;
}

}  // namespace tradeassist::server
