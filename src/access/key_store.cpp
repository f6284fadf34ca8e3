#include "access/key_store.hpp"

#include <algorithm>
#include <utility>

#include "access/secret.hpp"
#include "base/random_id.hpp"
#include "store/database/retry.hpp"
#include "store/schema/migrations.hpp"

namespace tradeassist::access {

using store::in_transaction;

namespace {

constexpr std::size_t kKeyIdBytes = kKeyIdDigits / 2, kSecretBytes = kSecretDigits / 2;
constexpr std::chrono::milliseconds kOutageTimeout = store::ConnectionOptions().outage_timeout;
constexpr const char* kSelect =
    "SELECT id, owner, name, scopes, created_at, expires_at, last_used_at, revoked_at FROM api_key ";

std::optional<base::Time> optional_time(const store::Row& row, int column) {
  const auto value = row.optional_integer(column);
  if (!value) return std::nullopt;
  return base::time_from_nanoseconds(*value);
}

ApiKey read_key(const store::Row& row) {
  ApiKey key;
  key.id = row.text(0);
  key.owner = row.text(1);
  key.name = row.text(2);
  key.scopes = parse_scopes(row.text(3)).value_or(Scopes());
  key.created_at = base::time_from_nanoseconds(row.integer(4));
  key.expires_at = optional_time(row, 5);
  key.last_used_at = optional_time(row, 6);
  key.revoked_at = optional_time(row, 7);
  return key;
}

std::optional<std::int64_t> nanoseconds(const std::optional<base::Time>& time) {
  return time ? std::optional(base::to_nanoseconds(*time)) : std::nullopt;
}

base::Result<void> check(const NewKey& wanted, base::Time now) {
  const auto refuse = [](std::string why) { return base::failure(base::ErrorCode::kInvalidArgument, std::move(why)); };
  if (!is_owner_name(wanted.owner)) return refuse("the owner must be 1 to 64 letters, digits and any of . _ - @");
  const bool is_plain = std::ranges::none_of(wanted.name, [](unsigned char c) { return c < ' ' || c == 0x7f; });
  if (wanted.name.empty() || wanted.name.size() > KeyStore::kNameBytesMax || !is_plain) {
    return refuse("the name must be 1 to 100 bytes without control characters; say what the key is for");
  }
  if (wanted.scopes.empty()) return refuse("a key needs at least one scope");
  if (wanted.expires_at && *wanted.expires_at <= now) return refuse("the time of expiry is past");
  return {};
}

}  // namespace

base::Result<std::unique_ptr<KeyStore>> KeyStore::open(const store::DatabaseAddress& address) {
  TRY_ASSIGN(auto connection, store::open_connection(address));
  TRY(store::migrate(*connection, store::app_migrations()));
  return std::unique_ptr<KeyStore>(new KeyStore(std::move(connection)));
}

base::Result<ApiKey> KeyStore::find(std::string_view id) {
  TRY_ASSIGN(auto key, connection_->query_first(std::string(kSelect) + "WHERE id = $1", {id}, read_key));
  if (key) return *std::move(key);
  return base::failure(base::ErrorCode::kNotFound, "there is no API key " + std::string(id.substr(0, 64)));
}

/// The token of a new secret of the key.
base::Result<std::string> KeyStore::add_secret(std::string_view id, base::Time now) {
  TRY_ASSIGN(const std::string secret, base::random_hex(kSecretBytes));
  TRY_ASSIGN(const std::string hash, slow_hash(secret));
  TRY(connection_->run("INSERT INTO api_key_secret (key_id, hash, created_at) VALUES ($1, $2, $3)",
                       {id, hash, base::to_nanoseconds(now)}));
  return to_text({std::string(id), secret});
}

base::Result<void> KeyStore::count_change() {
  TRY(connection_->run("UPDATE app_state SET key_version = key_version + 1", {}));
  return {};
}

base::Result<IssuedKey> KeyStore::create(const NewKey& wanted) {
  const base::Time now = base::now();
  TRY(check(wanted, now));
  TRY_ASSIGN(const std::string id, base::random_hex(kKeyIdBytes));
  const std::lock_guard lock(mutex_);
  return in_transaction(*connection_, kOutageTimeout, [&]() -> base::Result<IssuedKey> {
    TRY(connection_->run("DELETE FROM api_key WHERE revoked_at < $1", {base::to_nanoseconds(now - kRevokedKept)}));
    TRY_ASSIGN(const std::int64_t known, connection_->query_integer("SELECT count(*) FROM api_key"));
    if (known >= kKeysMax) {
      return base::failure(base::ErrorCode::kResourceExhausted,
                           "there are " + std::to_string(kKeysMax) +
                               " API keys already, revoked ones with them, which are kept for 30 days; rotate one "
                               "instead, or wait");
    }
    TRY(connection_->run(
        "INSERT INTO api_key (id, owner, name, scopes, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        {id, wanted.owner, wanted.name, wanted.scopes.to_text(), base::to_nanoseconds(now),
         nanoseconds(wanted.expires_at)}));
    TRY_ASSIGN(std::string token, add_secret(id, now));
    TRY(count_change());
    TRY_ASSIGN(ApiKey key, find(id));
    return IssuedKey{std::move(key), std::move(token)};
  });
}

base::Result<std::vector<ApiKey>> KeyStore::list(std::string_view owner) {
  const std::lock_guard lock(mutex_);
  return in_transaction(*connection_, kOutageTimeout, [&] {
    return connection_->query_all(
        std::string(kSelect) + "WHERE $1 = '' OR owner = $1 ORDER BY created_at DESC, id LIMIT $2", {owner, kKeysMax},
        read_key);
  });
}

base::Result<ApiKey> KeyStore::get(std::string_view id) {
  const std::lock_guard lock(mutex_);
  return in_transaction(*connection_, kOutageTimeout, [&] { return find(id); });
}

base::Result<IssuedKey> KeyStore::rotate(std::string_view id, std::chrono::seconds grace) {
  const base::Time now = base::now();
  const std::lock_guard lock(mutex_);
  return in_transaction(*connection_, kOutageTimeout, [&]() -> base::Result<IssuedKey> {
    TRY_ASSIGN(ApiKey key, find(id));
    if (!key.is_valid(now)) {
      return base::failure(base::ErrorCode::kFailedPrecondition,
                           "API key " + key.id + " is " + (key.revoked_at ? "revoked" : "expired") + "; make another");
    }
    const std::int64_t until = base::to_nanoseconds(now + grace);
    TRY(connection_->run("DELETE FROM api_key_secret WHERE key_id = $1 AND valid_until < $2",
                         {id, base::to_nanoseconds(now)}));
    TRY(connection_->run(
        "UPDATE api_key_secret SET valid_until = $2 WHERE key_id = $1 AND (valid_until IS NULL OR valid_until > $2)",
        {id, until}));
    TRY_ASSIGN(std::string token, add_secret(id, now));
    TRY(count_change());
    return IssuedKey{std::move(key), std::move(token)};
  });
}

base::Result<ApiKey> KeyStore::revoke(std::string_view id) {
  const std::int64_t now = base::to_nanoseconds(base::now());
  const std::lock_guard lock(mutex_);
  return in_transaction(*connection_, kOutageTimeout, [&]() -> base::Result<ApiKey> {
    TRY(find(id));
    TRY(connection_->run("UPDATE api_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", {id, now}));
    TRY(connection_->run("DELETE FROM api_key_secret WHERE key_id = $1", {id}));
    TRY(count_change());
    return find(id);
  });
}

base::Result<std::int64_t> KeyStore::version() {
  const std::lock_guard lock(mutex_);
  return connection_->query_integer("SELECT key_version FROM app_state");
}

base::Result<std::optional<KeyWithSecrets>> KeyStore::load(std::string_view id) {
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(auto key, connection_->query_first(std::string(kSelect) + "WHERE id = $1", {id}, read_key));
  if (!key) return std::nullopt;
  TRY_ASSIGN(auto secrets, connection_->query_all(
                               "SELECT hash, valid_until FROM api_key_secret WHERE key_id = $1 AND (valid_until IS "
                               "NULL OR valid_until > $2) ORDER BY id DESC LIMIT 10",
                               {id, base::to_nanoseconds(base::now())}, [](const store::Row& row) {
                                 return KeptSecret{std::string(row.text(0)), optional_time(row, 1)};
                               }));
  return KeyWithSecrets{*std::move(key), std::move(secrets)};
}

base::Result<void> KeyStore::note_use(const std::map<std::string, base::Time>& used) {
  const std::lock_guard lock(mutex_);
  return in_transaction(*connection_, kOutageTimeout, [&]() -> base::Result<void> {
    for (const auto& [id, at] : used) {
      TRY(connection_->run(
          "UPDATE api_key SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)",
          {id, base::to_nanoseconds(at)}));
    }
    return {};
  });
}

}  // namespace tradeassist::access
