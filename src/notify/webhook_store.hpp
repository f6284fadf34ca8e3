#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "feed/providers/schwab/secret_box.hpp"
#include "notify/webhook.hpp"
#include "store/database/database_address.hpp"

namespace tradeassist::notify {

struct WebhookStoreOptions {
  feed::SecretKey key{};         // that secrets are encrypted with, of all servers of one database
  bool private_allowed = false;  // addresses that are not public may be called
};

/// The webhooks in the app database, SQLite or PostgreSQL: durable when a call returns. Any number of processes may
/// have it open; every method may be called from any thread. `owner` leaves out what is another's, as if it were not
/// there; empty: whoever's it is.
class WebhookStore {
 public:
  static constexpr std::int64_t kWebhooksOfOwnerMax = 50, kWebhooksMax = 2'000;
  static constexpr std::size_t kDescriptionBytesMax = 200;
  static constexpr std::chrono::seconds kGraceMax = std::chrono::days(30);
  static constexpr int kSecretsMax = 5;  // of one webhook that sign at the same time

  /// Opens them, the app schema brought to the newest version.
  static base::Result<std::unique_ptr<WebhookStore>> open(const store::DatabaseAddress& address,
                                                          WebhookStoreOptions options);

  bool private_allowed() const { return options_.private_allowed; }

  /// kInvalidArgument for what check_url() and check_patterns() refuse and for a description out of bounds;
  /// kResourceExhausted beyond the most.
  base::Result<IssuedWebhook> create(const NewWebhook& wanted);
  /// The newest first.
  base::Result<std::vector<Webhook>> list(std::string_view owner);
  /// kNotFound when there is none; so below.
  base::Result<Webhook> get(std::string_view id, std::string_view owner);
  base::Result<Webhook> update(std::string_view id, std::string_view owner, const WebhookChange& change);
  /// With its deliveries.
  base::Result<void> remove(std::string_view id, std::string_view owner);
  /// A new secret; those before it sign beside it for `grace` from now on, at most kGraceMax.
  base::Result<IssuedWebhook> rotate(std::string_view id, std::string_view owner, std::chrono::seconds grace);

  /// The secrets that sign now, the newest first. kDataLoss where they were encrypted with another key.
  base::Result<std::vector<std::string>> secrets(std::string_view id);

 private:
  WebhookStore(std::unique_ptr<store::Connection> connection, WebhookStoreOptions options)
      : connection_(std::move(connection)), options_(options) {}

  base::Result<std::string> add_secret(std::string_view id, base::Time now);  // while mutex_ is held

  std::mutex mutex_;  // one connection, one user at a time
  std::unique_ptr<store::Connection> connection_;
  const WebhookStoreOptions options_;
};

}  // namespace tradeassist::notify
