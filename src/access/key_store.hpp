#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/api_key.hpp"
#include "base/local_owner.hpp"
#include "base/result.hpp"
#include "store/database/database_address.hpp"

namespace tradeassist::access {

struct NewKey {
  std::string owner{base::kLocalOwner};
  std::string name;  // 1 to 100 bytes, no control characters
  Scopes scopes;
  std::optional<base::Time> expires_at;
};

/// A key whose token is told this once.
struct IssuedKey {
  ApiKey key;
  std::string token;
};

/// What is kept of a secret of a key; while a key is rotated there are several.
struct KeptSecret {
  std::string hash;
  std::optional<base::Time> valid_until;
};
struct KeyWithSecrets {
  ApiKey key;
  std::vector<KeptSecret> secrets;
};

/// The keys in the app database, SQLite or PostgreSQL: durable when a call returns. Secrets are kept as slow hashes
/// alone. Any number of processes may have it open; every method may be called from any thread.
class KeyStore {
 public:
  static constexpr std::int64_t kKeysMax = 2'000;  // revoked ones with them
  static constexpr std::chrono::days kRevokedKept{30};
  static constexpr std::size_t kNameBytesMax = 100;

  /// Opens the keys, the app schema brought to the newest version.
  static base::Result<std::unique_ptr<KeyStore>> open(const store::DatabaseAddress& address);

  /// kInvalidArgument names what is wrong; kResourceExhausted beyond kKeysMax.
  base::Result<IssuedKey> create(const NewKey& wanted);
  /// Of this owner, of all where it is empty, the newest first; those that were revoked too.
  base::Result<std::vector<ApiKey>> list(std::string_view owner = "");
  /// kNotFound when there is none.
  base::Result<ApiKey> get(std::string_view id);
  /// A new secret; the ones before it hold for `grace` from now on. kFailedPrecondition for a key that is not valid.
  base::Result<IssuedKey> rotate(std::string_view id, std::chrono::seconds grace);
  /// From now on it is refused. A key that is revoked already stays so.
  base::Result<ApiKey> revoke(std::string_view id);

  // For whoever verifies.

  /// Grows with every change of a key by any process.
  base::Result<std::int64_t> version();
  /// Nothing when there is none. Secrets whose time is over are left out.
  base::Result<std::optional<KeyWithSecrets>> load(std::string_view id);
  /// Notes when keys were last used.
  base::Result<void> note_use(const std::map<std::string, base::Time>& used);

 private:
  explicit KeyStore(std::unique_ptr<store::Connection> connection) : connection_(std::move(connection)) {}

  // These are called while mutex_ is held.
  base::Result<ApiKey> find(std::string_view id);
  base::Result<std::string> add_secret(std::string_view id, base::Time now);
  base::Result<void> count_change();

  std::mutex mutex_;  // one connection, one user at a time
  std::unique_ptr<store::Connection> connection_;
};

}  // namespace tradeassist::access
