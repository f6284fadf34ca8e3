#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/gate.hpp"
#include "server/http_message.hpp"
#include "server/openapi/route_description.hpp"
#include "server/problem.hpp"

namespace tradeassist::server {

/// A handler answers with a response, or with the problem that kept it from one. It runs on a compute thread and may
/// block; several run at once.
using HandlerResult = std::variant<Response, Problem>;
using Handler = std::function<HandlerResult(const Request&)>;

/// One line of the route table. Segments in braces match one path segment each: "/api/v1/strategies/{name}".
struct Route {
  Method method = Method::kGet;
  std::string pattern;
  std::string summary;
  Handler handler;
  RouteDescription description = {};  // for the API document; tests want every route to have one
};

/// Decides whether a request may go on to its route; sets its caller.
using Admit = std::function<Admission(const RouteAccess&, Request&)>;
/// Of requests for routes that are audited.
struct Audit {
  /// Asked before the route: whether what it does can be noted. What cannot is not done.
  std::function<std::optional<Problem>()> before = {};
  /// Told after the answer, also where the scope was lacking.
  std::function<void(const Route&, const Request&, const Response&)> after = {};
};

/// A request that was answered: by which route, counted from 0 (as many as there are: none fitted), with which status,
/// and the code of the problem where it was not let through to its route.
struct Answered {
  std::size_t route = 0;
  unsigned status = 0;
  std::string refusal;
  std::chrono::nanoseconds took{0};
  bool tells_of_trouble = false;  // Response::tells_of_trouble
};
/// Is told of each; called from any thread, and must be quick.
using Observe = std::function<void(const Answered&)>;

/// Finds the route of a request. Immutable after construction, so any thread may ask.
class Router {
 public:
  /// `admit` is asked for each request that has a route; none: all go on.
  explicit Router(std::vector<Route> routes, Admit admit = {}, Audit audit = {}, Observe observe = {});

  /// Runs the matching handler. No pattern: 404. Pattern but not the method: 405 with Allow. HEAD answers as GET
  /// (the connection drops the body). Exceptions of a handler become a 500 that says nothing internal.
  Response dispatch(Request request) const;

  const std::vector<Route>& routes() const { return routes_; }

 private:
  Response find_and_answer(Request request, Answered& answered) const;
  Response answer(Request request, Answered& answered) const;

  std::vector<Route> routes_;
  std::vector<std::vector<std::string>> segments_;  // of each route's pattern
  std::vector<RouteAccess> access_;                 // of each route
  Admit admit_;
  Audit audit_;
  Observe observe_;
};

}  // namespace tradeassist::server
