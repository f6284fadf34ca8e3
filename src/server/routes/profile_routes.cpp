// Where the server spends its time: /api/v1/admin/profile.
#include <boost/json.hpp>

#include "base/json.hpp"
#include "diagnostics/sampling_profiler.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/profile_models.hpp"
#include "server/routes/services.hpp"

namespace tradeassist::server {
namespace {

constexpr std::int64_t kSecondsMax = 30, kHertzMax = 500;
constexpr std::size_t kStacksMax = 1'000;

HandlerResult profile(const Request& request, Services&) {
  QueryReader query(request, {"seconds", "hertz", "format"});
  const std::int64_t seconds = query.integer("seconds", 1, kSecondsMax).value_or(5);
  const std::int64_t hertz = query.integer("hertz", 1, kHertzMax).value_or(99);
  const std::string format = query.text("format").value_or("collapsed");
  if (format != "collapsed" && format != "json") query.fail("format", "must be collapsed or json");
  if (query.failed()) return query.problem();
  const auto made = diagnostics::profile_process(
      {.duration = std::chrono::seconds(seconds), .hertz = static_cast<int>(hertz)}, request.deadline);
  if (!made) {
    Problem problem = problem_from(made.error());
    if (made.error().code == base::ErrorCode::kAlreadyExists) problem.code = "PROFILE_RUNNING";
    return problem;
  }
  if (format == "collapsed") return Response{200, "text/plain; charset=utf-8", collapsed_stacks(*made), {}};
  ProfileAnswer answer;
  answer.seconds = std::chrono::duration<double>(made->duration).count();
  answer.hertz = hertz;
  answer.threads = static_cast<std::int64_t>(made->threads);
  answer.samples = made->samples;
  answer.dropped = made->dropped;
  for (const diagnostics::ProfiledStack& stack : made->stacks) {
    if (answer.stacks.size() < kStacksMax) answer.stacks.push_back({stack.functions, stack.samples});
  }
  return json_response(base::to_json(answer));
}

HandlerResult timings(const Request& request, Services& services) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  using Milliseconds = std::chrono::duration<double, std::milli>;
  RequestTimingsAnswer answer;
  if (services.timings == nullptr) return json_response(base::to_json(answer));
  answer.timing_percent = services.timings->percent();
  for (const diagnostics::RouteTimings& route : services.timings->routes()) {
    RouteTimingsAnswer& one = answer.routes.emplace_back();
    one.route = route.route;
    one.requests = route.requests;
    for (std::size_t i = 0; i < diagnostics::kPhaseCount; ++i) {
      const auto& phase = route.phases[i];
      one.phases[std::string(to_string(static_cast<diagnostics::Phase>(i)))] = {
          Milliseconds(phase.sum).count() / static_cast<double>(route.requests), Milliseconds(phase.max).count()};
    }
  }
  return json_response(base::to_json(answer));
}

}  // namespace

void add_profile_routes(std::vector<Route>& routes, Services& services) {
  const auto add = [&](const char* path, const char* summary, auto handler) {
    routes.push_back({Method::kGet, path, summary, [&services, handler](const Request& request) -> HandlerResult {
                        return handler(request, services);
                      }});
  };
  add("/api/v1/admin/profile", "What the processor is busy with, for some seconds", profile);
  add("/api/v1/admin/profile/requests", "How long requests spend in which phase, by route", timings);
}

}  // namespace tradeassist::server
