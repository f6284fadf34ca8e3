#pragma once

#include <string_view>

#include "access/rate_limiter.hpp"
#include "access/scope.hpp"
#include "server/http_message.hpp"

namespace tradeassist::server {

/// What a route asks of who calls it.
struct RouteAccess {
  bool is_public = false;  // needs no key and has no limit
  access::Scope scope = access::Scope::kAdmin;
  access::LimitClass limit = access::LimitClass::kGeneral;
  /// Whether it is in the audit log: what changes data, keys or the server for all. Jobs and files have owners and
  /// logs.
  bool is_audited = false;
};

/// The whole policy, in one place: of the pattern of a route, "/api/v1/jobs/{id}/cancel". What no rule names reads with
/// GET and writes with everything else.
RouteAccess access_of(Method method, std::string_view pattern);

}  // namespace tradeassist::server
