#pragma once

#include <memory>

#include "access/audit_log.hpp"
#include "access/authenticator.hpp"
#include "access/rate_limiter.hpp"
#include "base/config.hpp"
#include "base/result.hpp"
#include "server/gate.hpp"
#include "server/router.hpp"
#include "store/cache/redis_client.hpp"

namespace tradeassist::app {

/// Who may use the server, as configured: keys, limits, the gate, and the log of what was changed.
struct AccessParts {
  bool needs_keys;
  bool metrics_public;  // whoever reaches the server may see its metrics
  std::unique_ptr<access::KeyStore> keys;
  std::unique_ptr<access::AuditLog> audit_log;
  access::Authenticator authenticator;
  std::unique_ptr<store::RedisClient> redis;  // of the limits; none where servers count by themselves
  access::RateLimiter limiter;
  server::Gate gate;

  /// Makes and prints the first key where keys are needed and there are none.
  static base::Result<std::unique_ptr<AccessParts>> make(const base::Config& config);

  AccessParts(const base::Config& config, std::unique_ptr<access::KeyStore> keys_,
              std::unique_ptr<access::AuditLog> audit_log_, std::unique_ptr<store::RedisClient> redis_);
  AccessParts(const AccessParts&) = delete;
  AccessParts& operator=(const AccessParts&) = delete;

  // For routers, which it outlives.
  server::Admit admit() const;
  server::Admit admit_known() const;  // of requests whose caller is known
  server::Audit audit();
  /// The answer to a client that may not send this request, of which the body is not there yet.
  std::optional<server::Response> refusal(server::Request request) const;

  /// Limits as they are configured now.
  void reload(const base::Config& config);

  /// Stores when keys were last used; says in the log when that fails.
  void store_uses();
};

}  // namespace tradeassist::app
