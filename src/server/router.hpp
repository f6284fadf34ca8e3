#pragma once

#include <functional>
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
/// Is told of each request for a route that is audited, after it was answered, also where it lacked the scope.
using Audit = std::function<void(const Route&, const Request&, const Response&)>;

/// Finds the route of a request. Immutable after construction, so any thread may ask.
class Router {
 public:
  /// `admit` is asked for each request that has a route; none: all go on.
  explicit Router(std::vector<Route> routes, Admit admit = {}, Audit audit = {});

  /// Runs the matching handler. No pattern: 404. Pattern but not the method: 405 with Allow. HEAD answers as GET
  /// (the connection drops the body). Exceptions of a handler become a 500 that says nothing internal.
  Response dispatch(Request request) const;

  const std::vector<Route>& routes() const { return routes_; }

 private:
  Response answer(std::size_t route, Request request) const;

  std::vector<Route> routes_;
  std::vector<std::vector<std::string>> segments_;  // of each route's pattern
  std::vector<RouteAccess> access_;                 // of each route
  Admit admit_;
  Audit audit_;
};

}  // namespace tradeassist::server
