#include "app/access_parts.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "access/redis_buckets.hpp"
#include "app/command.hpp"
#include "base/hidden_text.hpp"
#include "base/local_owner.hpp"
#include "base/log.hpp"

namespace tradeassist::app {
namespace {

/// On its first start the server makes a key that may do everything, and says it once.
base::Result<void> make_first_key(access::KeyStore& keys) {
  TRY_ASSIGN(const std::vector<access::ApiKey> known, keys.list());
  if (!known.empty()) return {};
  TRY_ASSIGN(const access::IssuedKey first,
             keys.create({std::string(base::kLocalOwner), "first start", {access::Scope::kAdmin}, {}}));
  fmt::print("The first API key may do everything, and is shown this once:\n{}\n", first.token);
  std::fflush(stdout);
  return {};
}

access::RateLimits rate_limits(const base::Config& config) {
  access::RateLimits limits;
  const auto set = [&](access::LimitClass limit_class, std::int64_t quota) {
    limits[static_cast<std::size_t>(limit_class)].quota = quota;
  };
  set(access::LimitClass::kGeneral, config.rate_limit_general);
  set(access::LimitClass::kData, config.rate_limit_data);
  set(access::LimitClass::kOptimisation, config.rate_limit_optimisation);
  set(access::LimitClass::kExport, config.rate_limit_export);
  return limits;
}

/// What was done cannot be taken back where it cannot be noted: the entry waits, and the log of the server says so.
void note_change(access::AuditLog& log, const server::Route& route, const server::Request& request,
                 const server::Response& response) {
  const access::Caller& caller = request.caller;
  access::AuditEntry entry;
  entry.actor = caller.key_id.empty() ? "without a key" : "key " + caller.key_id + " (" + caller.owner + ")";
  entry.action = std::string(server::to_string(route.method)) + " " + route.pattern;
  entry.target = request.path;
  entry.outcome = std::to_string(response.status);
  entry.request_id = request.request_id.empty() ? base::thread_log_context().request_id : request.request_id;
  entry.address = request.remote_address;
  if (const auto kept = log.append(entry); !kept) {
    base::log(base::LogLevel::kError, "the audit log could not be written",
              {{"request_id", request.request_id},
               {"actor", entry.actor},
               {"action", entry.action},
               {"target", entry.target},
               {"outcome", entry.outcome},
               {"reason", kept.error().message}});
  }
}

}  // namespace

base::Result<std::unique_ptr<AccessParts>> AccessParts::make(const base::Config& config) {
  TRY_ASSIGN(auto keys, access::KeyStore::open(app_address(config)));
  TRY_ASSIGN(auto audit_log, access::AuditLog::open(app_address(config)));
  std::unique_ptr<store::RedisClient> redis;
  if (!config.redis.empty()) { TRY_ASSIGN(redis, store::RedisClient::create({.url = config.redis})); }
  auto parts = std::make_unique<AccessParts>(config, std::move(keys), std::move(audit_log), std::move(redis));
  if (parts->needs_keys) TRY(make_first_key(*parts->keys));
  return parts;
}

AccessParts::AccessParts(const base::Config& config, std::unique_ptr<access::KeyStore> keys_,
                         std::unique_ptr<access::AuditLog> audit_log_, std::unique_ptr<store::RedisClient> redis_)
    : needs_keys(config.authentication != "none"),
      metrics_public(config.metrics_public == "yes"),
      keys(std::move(keys_)),
      audit_log(std::move(audit_log_)),
      authenticator(*keys),
      redis(std::move(redis_)),
      limiter(rate_limits(config), redis ? access::redis_buckets(*redis) : access::SharedBuckets()),
      gate(needs_keys ? &authenticator : nullptr, limiter) {}

server::Admit AccessParts::admit() const {
  return [this](const server::RouteAccess& route, server::Request& request) {
    if (metrics_public && request.path == "/metrics") return server::Admission();
    return gate.admit(route, request);
  };
}

server::Admit AccessParts::admit_known() const {
  return
      [this](const server::RouteAccess& route, server::Request& request) { return gate.admit_known(route, request); };
}

server::Audit AccessParts::audit() {
  server::Audit audit;
  audit.before = [this]() -> std::optional<server::Problem> {
    const auto ready = audit_log->prepare();
    if (ready) return std::nullopt;
    base::log(base::LogLevel::kError, "a change was refused since it could not be noted in the audit log",
              {{"reason", ready.error().message}});
    return server::Problem{503,
                           "AUDIT_LOG_NOT_WRITABLE",
                           "The change was not made, since the audit log cannot be written now: " +
                               base::without_secrets(ready.error().message),
                           {}};
  };
  audit.after = [this](const server::Route& route, const server::Request& request, const server::Response& response) {
    note_change(*audit_log, route, request, response);
  };
  return audit;
}

std::optional<server::Response> AccessParts::refusal(server::Request request) const {
  const server::Admission checked = gate.check(server::access_of(request.method, request.path), request);
  if (!checked.refusal) return std::nullopt;
  server::Response response = server::to_response(*checked.refusal, request.path);
  response.headers.insert(response.headers.end(), checked.headers.begin(), checked.headers.end());
  return response;
}

void AccessParts::reload(const base::Config& config) { limiter.set_limits(rate_limits(config)); }

void AccessParts::store_uses() {
  if (const auto stored = authenticator.store_uses(); !stored)
    base::log(base::LogLevel::kWarning, "uses of API keys were not stored", {{"reason", stored.error().message}});
}

}  // namespace tradeassist::app
