#include "notify/webhook_store.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/base64.hpp"
#include "base/random_id.hpp"
#include "jobs/stored_text.hpp"
#include "notify/address_rules.hpp"
#include "notify/event.hpp"
#include "notify/signature.hpp"
#include "notify/webhook_rows.hpp"
#include "store/database/retry.hpp"
#include "store/schema/migrations.hpp"

namespace tradeassist::notify {

using store::in_transaction;

namespace {

constexpr std::size_t kIdBytes = 8;
constexpr std::chrono::milliseconds kOutageTimeout = store::ConnectionOptions().outage_timeout;

base::Result<void> check_description(std::string_view text) {
  const bool is_plain = std::ranges::none_of(text, [](unsigned char c) { return c < ' ' || c == 0x7f; });
  if (text.size() <= WebhookStore::kDescriptionBytesMax && is_plain && jobs::stored_text(text, text.size()) == text)
    return {};
  return base::failure(base::ErrorCode::kInvalidArgument,
                       "the description must be at most 200 bytes of UTF-8 without control characters");
}

base::Result<void> too_many(const std::string& what) {
  return base::failure(base::ErrorCode::kResourceExhausted, what + "; remove one that is not needed");
}

}  // namespace

base::Result<std::unique_ptr<WebhookStore>> WebhookStore::open(const store::DatabaseAddress& address,
                                                               WebhookStoreOptions options) {
  TRY_ASSIGN(auto connection, store::open_connection(address));
  TRY(store::migrate(*connection, store::app_migrations()));
  return std::unique_ptr<WebhookStore>(new WebhookStore(std::move(connection), options));
}

/// The new secret, in the clear.
base::Result<std::string> WebhookStore::add_secret(std::string_view id, base::Time now) {
  TRY_ASSIGN(std::string secret, new_webhook_secret());
  TRY_ASSIGN(const std::string sealed, feed::seal(options_.key, secret));
  TRY(connection_->run("INSERT INTO webhook_secret (webhook_id, sealed, created_at) VALUES ($1, $2, $3)",
                       {id, base::to_base64(sealed), base::to_nanoseconds(now)}));
  return secret;
}

base::Result<IssuedWebhook> WebhookStore::create(const NewWebhook& wanted) {
  TRY_ASSIGN(const std::string url, check_url(wanted.url, options_.private_allowed));
  TRY_ASSIGN(const std::vector<std::string> events, check_patterns(wanted.events));
  TRY(check_description(wanted.description));
  TRY_ASSIGN(const std::string random, base::random_hex(kIdBytes));
  const std::string id = "wh_" + random;
  const std::lock_guard lock(mutex_);
  return in_transaction(*connection_, kOutageTimeout, [&]() -> base::Result<IssuedWebhook> {
    TRY_ASSIGN(const std::int64_t own,
               connection_->query_integer("SELECT count(*) FROM webhook WHERE owner = $1", {wanted.owner}));
    if (own >= kWebhooksOfOwnerMax) TRY(too_many("there are 50 webhooks of this owner already"));
    TRY_ASSIGN(const std::int64_t all, connection_->query_integer("SELECT count(*) FROM webhook"));
    if (all >= kWebhooksMax) TRY(too_many("this server has 2000 webhooks already"));
    TRY_ASSIGN(const base::Time now, database_clock(*connection_));
    TRY(connection_->run(
        "INSERT INTO webhook (id, owner, url, description, events, is_enabled, created_at, updated_at) "
        "VALUES ($1, $2, $3, $4, $5, 1, $6, $6)",
        {id, wanted.owner, url, wanted.description, joined(events), base::to_nanoseconds(now)}));
    TRY_ASSIGN(std::string secret, add_secret(id, now));
    TRY_ASSIGN(Webhook webhook, find_webhook(*connection_, id, ""));
    return IssuedWebhook{std::move(webhook), std::move(secret)};
  });
}

base::Result<std::vector<Webhook>> WebhookStore::list(std::string_view owner) {
  const std::lock_guard lock(mutex_);
  return store::repeated(*connection_, kOutageTimeout, [&] {
    return connection_->query_all(std::string("SELECT ") + kWebhookColumns +
                                      " FROM webhook WHERE $1 = '' OR owner = $1 ORDER BY created_at DESC, id LIMIT $2",
                                  {owner, kWebhooksMax}, read_webhook);
  });
}

base::Result<Webhook> WebhookStore::get(std::string_view id, std::string_view owner) {
  const std::lock_guard lock(mutex_);
  return store::repeated(*connection_, kOutageTimeout, [&] { return find_webhook(*connection_, id, owner); });
}

base::Result<Webhook> WebhookStore::update(std::string_view id, std::string_view owner, const WebhookChange& change) {
  std::optional<std::string> url, events;
  if (change.url) { TRY_ASSIGN(url, check_url(*change.url, options_.private_allowed)); }
  if (change.events) {
    TRY_ASSIGN(const std::vector<std::string> checked, check_patterns(*change.events));
    events = joined(checked);
  }
  if (change.description) TRY(check_description(*change.description));
  const std::lock_guard lock(mutex_);
  return in_transaction(*connection_, kOutageTimeout, [&]() -> base::Result<Webhook> {
    TRY_ASSIGN(const Webhook before, find_webhook(*connection_, id, owner));
    TRY_ASSIGN(const base::Time now, database_clock(*connection_));
    TRY(
        connection_->run("UPDATE webhook SET url = coalesce($2, url), description = coalesce($3, description), "
                         "events = coalesce($4, events), updated_at = $5 WHERE id = $1",
                         {id, url, change.description, events, base::to_nanoseconds(now)}));
    if (change.is_enabled == true && !before.is_enabled) {
      TRY(connection_->run(
          "UPDATE webhook SET is_enabled = 1, disabled_reason = '', failing_since = NULL WHERE id = $1", {id}));
    }
    if (change.is_enabled == false && before.is_enabled) TRY(disable_webhook(*connection_, id, "", now));
    return find_webhook(*connection_, id, owner);
  });
}

base::Result<void> WebhookStore::remove(std::string_view id, std::string_view owner) {
  const std::lock_guard lock(mutex_);
  return in_transaction(*connection_, kOutageTimeout, [&]() -> base::Result<void> {
    TRY(find_webhook(*connection_, id, owner));
    TRY(connection_->run("DELETE FROM delivery WHERE target = $1", {id}));
    TRY(connection_->run("DELETE FROM webhook WHERE id = $1", {id}));
    return {};
  });
}

base::Result<IssuedWebhook> WebhookStore::rotate(std::string_view id, std::string_view owner,
                                                 std::chrono::seconds grace) {
  if (grace.count() < 0 || grace > kGraceMax)
    return base::failure(base::ErrorCode::kInvalidArgument, "the secrets before may hold for 30 days at most");
  const std::lock_guard lock(mutex_);
  return in_transaction(*connection_, kOutageTimeout, [&]() -> base::Result<IssuedWebhook> {
    TRY_ASSIGN(Webhook webhook, find_webhook(*connection_, id, owner));
    TRY_ASSIGN(const base::Time now, database_clock(*connection_));
    const std::int64_t until = base::to_nanoseconds(now + grace);
    TRY(
        connection_->run("UPDATE webhook_secret SET valid_until = $2 WHERE webhook_id = $1 AND (valid_until IS NULL OR "
                         "valid_until > $2)",
                         {id, until}));
    TRY(connection_->run("DELETE FROM webhook_secret WHERE webhook_id = $1 AND valid_until <= $2",
                         {id, base::to_nanoseconds(now)}));
    TRY(
        connection_->run("DELETE FROM webhook_secret WHERE webhook_id = $1 AND id NOT IN (SELECT id FROM "
                         "webhook_secret WHERE webhook_id = $1 ORDER BY id DESC LIMIT $2)",
                         {id, kSecretsMax - 1}));
    TRY_ASSIGN(std::string secret, add_secret(id, now));
    return IssuedWebhook{std::move(webhook), std::move(secret)};
  });
}

base::Result<std::vector<std::string>> WebhookStore::secrets(std::string_view id) {
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(const auto sealed,
             store::repeated(*connection_, kOutageTimeout, [&]() -> base::Result<std::vector<std::string>> {
               TRY_ASSIGN(const base::Time now, database_clock(*connection_));
               return connection_->query_all(
                   "SELECT sealed FROM webhook_secret WHERE webhook_id = $1 AND (valid_until IS NULL OR valid_until > "
                   "$2) ORDER BY id DESC LIMIT $3",
                   {id, base::to_nanoseconds(now), kSecretsMax},
                   [](const store::Row& row) { return std::string(row.text(0)); });
             }));
  std::vector<std::string> secrets;
  for (const std::string& each : sealed) {
    auto opened = feed::open_sealed(options_.key, base::from_base64(each).value_or(""));
    if (!opened) return base::in_context("the secret of webhook " + std::string(id), std::move(opened).error());
    secrets.push_back(*std::move(opened));
  }
  return secrets;
}

}  // namespace tradeassist::notify
