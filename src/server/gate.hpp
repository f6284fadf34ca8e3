#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "access/authenticator.hpp"
#include "access/rate_limiter.hpp"
#include "server/access_policy.hpp"
#include "server/http_message.hpp"
#include "server/problem.hpp"

namespace tradeassist::server {

/// What becomes of a request at the gate.
struct Admission {
  std::optional<Problem> refusal;
  std::vector<std::pair<std::string, std::string>> headers;  // for the answer, whatever it is
};

/// Stands before the routes: tells who calls, whether that is allowed, and whether it is not too often. Every method
/// may be called from any thread; a key that was not seen before blocks for a slow hash.
class Gate {
 public:
  /// `authenticator`: none on a server without authentication, where everybody is its local user and may do everything.
  /// Both outlive it.
  Gate(access::Authenticator* authenticator, access::RateLimiter& limiter)
      : authenticator_(authenticator), limiter_(limiter) {}

  /// Sets the request's caller.
  Admission admit(const RouteAccess& route, Request& request) const;
  /// Whether its caller may use the route, for what is done before the request is there as a whole and then admitted:
  /// it counts for no limit.
  Admission check(const RouteAccess& route, Request& request) const;
  /// Of a request whose caller is known: whether that is allowed, and not too often.
  Admission admit_known(const RouteAccess& route, const Request& request) const;

 private:
  std::variant<access::Caller, Problem> identify(const Request& request) const;
  Admission set_caller(Request& request) const;

  access::Authenticator* const authenticator_;
  access::RateLimiter& limiter_;
};

constexpr const char* kScopeMissing = "SCOPE_MISSING";
/// The problem of a caller whose key does not allow what the route does, with this code.
std::optional<Problem> missing_scope(const RouteAccess& route, const access::Caller& caller);

/// The token that a request brings: in `Authorization: Bearer`, `X-API-Key`, or, for browsers, which cannot set these
/// for a WebSocket, as `tradeassist.key.<token>` among the values of Sec-WebSocket-Protocol.
std::optional<std::string> token_of(const Request& request);

}  // namespace tradeassist::server
