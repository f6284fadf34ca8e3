#include "server/gate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace tradeassist::server {
namespace {

constexpr std::string_view kProtocolPrefix = "tradeassist.key.";

Problem refuse(access::Refusal refusal) {
  switch (refusal) {
    case access::Refusal::kExpired: return {401, "API_KEY_EXPIRED", "The time of this API key is over.", {}};
    case access::Refusal::kBusy:
      return {503, "UNAVAILABLE", "Too many API keys are looked up at the moment; try again in a second.", {}};
    case access::Refusal::kUnavailable:
      return {503, "UNAVAILABLE", "The API keys cannot be read at the moment; try again in a second.", {}};
    case access::Refusal::kMalformed:
    case access::Refusal::kWrong: break;
  }
  return {401, "API_KEY_NOT_VALID", "The API key is none of this server, or was revoked.", {}};
}

void add_status_headers(Admission& admission) {
  if (admission.refusal->status == 401)
    admission.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"tradeassist\"");
  if (admission.refusal->status == 503) admission.headers.emplace_back("Retry-After", "1");
}

}  // namespace

std::optional<std::string> token_of(const Request& request) {
  if (const auto header = request.header("authorization")) {
    const std::size_t blank = std::min(header->find(' '), header->size());
    if (base::is_same_name(header->substr(0, blank), "bearer")) return std::string(base::trim(header->substr(blank)));
    return std::string();  // another scheme: no key of ours
  }
  if (const auto header = request.header("x-api-key")) return std::string(base::trim(*header));
  if (const auto header = request.header("sec-websocket-protocol")) {
    for (std::string_view left = *header; !left.empty();) {
      const std::string_view each = base::take_until(left, ',');
      if (each.starts_with(kProtocolPrefix)) return std::string(each.substr(kProtocolPrefix.size()));
    }
  }
  return std::nullopt;
}

std::optional<Problem> missing_scope(const RouteAccess& route, const access::Caller& caller) {
  if (route.is_public || caller.scopes.allow(route.scope)) return std::nullopt;
  return Problem{
      403, kScopeMissing, fmt::format("This needs an API key with the scope {}.", access::to_string(route.scope)), {}};
}

std::variant<access::Caller, Problem> Gate::identify(const Request& request) const {
  if (authenticator_ == nullptr) return access::Caller{.key_id = "", .scopes = access::Scopes::all()};
  const auto token = token_of(request);
  if (!token) {
    return Problem{401,
                   "API_KEY_REQUIRED",
                   "This needs an API key: send `Authorization: Bearer ta_…`. `tradeassist key create` makes one.",
                   {}};
  }
  auto verified = authenticator_->verify(*token);
  if (const auto* refusal = std::get_if<access::Refusal>(&verified)) return refuse(*refusal);
  return std::get<access::Caller>(std::move(verified));
}

Admission Gate::set_caller(Request& request) const {
  Admission admission;
  auto identified = identify(request);
  if (auto* problem = std::get_if<Problem>(&identified)) {
    admission.refusal = std::move(*problem);
    add_status_headers(admission);
    return admission;
  }
  request.caller = std::get<access::Caller>(std::move(identified));
  return admission;
}

Admission Gate::check(const RouteAccess& route, Request& request) const {
  if (route.is_public) return {};
  Admission admission = set_caller(request);
  if (!admission.refusal) admission.refusal = missing_scope(route, request.caller);
  return admission;
}

Admission Gate::admit(const RouteAccess& route, Request& request) const {
  if (route.is_public) return {};
  Admission admission = set_caller(request);
  return admission.refusal ? admission : admit_known(route, request);
}

Admission Gate::admit_known(const RouteAccess& route, const Request& request) const {
  Admission admission;
  if (route.is_public) return admission;
  const access::RateLimit limit = limiter_.limit(route.limit);
  if (authenticator_ != nullptr && limit.quota > 0) {
    const access::RateDecision decision = limiter_.take(request.caller.key_id, route.limit);
    const std::string_view name = access::to_string(route.limit);
    // draft-ietf-httpapi-ratelimit-headers-09
    admission.headers.emplace_back("RateLimit-Policy",
                                   fmt::format("\"{}\";q={};w={}", name, limit.quota, limit.window.count()));
    admission.headers.emplace_back(
        "RateLimit", fmt::format("\"{}\";r={};t={}", name, decision.remaining, decision.until_more.count()));
    if (!decision.allowed) {
      admission.headers.emplace_back("Retry-After", std::to_string(decision.until_more.count()));
      admission.refusal = Problem{429,
                                  "RATE_LIMITED",
                                  fmt::format("More than {} requests of the class {} in {} seconds; try again in {} "
                                              "seconds.",
                                              limit.quota, name, limit.window.count(), decision.until_more.count()),
                                  {}};
      return admission;
    }
  }
  admission.refusal = missing_scope(route, request.caller);
  return admission;
}

}  // namespace tradeassist::server
