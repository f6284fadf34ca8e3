#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <variant>

#include "access/caller.hpp"
#include "access/key_store.hpp"

namespace tradeassist::access {

enum class Refusal {
  kMalformed,    // no token
  kWrong,        // no such key, another secret, or revoked
  kExpired,      // the right secret of a key whose time is over
  kBusy,         // too many tokens at once that were not seen before
  kUnavailable,  // the keys cannot be read
};

struct AuthenticatorOptions {
  std::chrono::milliseconds look_every{1'000};         // for changes of keys by other processes
  std::chrono::milliseconds look_wait{250};            // for what that finds; then a known token is taken as it was
  std::chrono::milliseconds trusted_max{60'000};       // known tokens hold for so long while the database is away
  std::size_t known_max = 10'000, wrong_max = 10'000;  // tokens that are remembered
  int hashing_max = 2, waiting_max = 16;               // tokens that are looked up at once, and that wait for that
  std::chrono::milliseconds wait_max{5'000};
};

/// Tells whose token it is. A token that was not seen before costs a slow hash, any other a quick one; a key that was
/// changed by any process holds as it was for `look_every` at most. A database that hangs holds up new tokens alone.
/// Every method may be called from any thread.
class Authenticator {
 public:
  using Clock = std::function<base::Time()>;

  /// `keys` outlives it.
  explicit Authenticator(KeyStore& keys, AuthenticatorOptions options = {}, Clock clock = base::now);
  Authenticator(const Authenticator&) = delete;
  Authenticator& operator=(const Authenticator&) = delete;

  std::variant<Caller, Refusal> verify(std::string_view token);

  /// Whether the caller's key was neither revoked nor has expired since: for connections that last. While the keys
  /// cannot be read, it is taken to hold.
  bool still_holds(const Caller& caller);

  /// Stores when keys were last used, as far as it is not stored yet.
  base::Result<void> store_uses();

 private:
  struct Known {
    Caller caller;
    std::optional<base::Time> until;
  };

  std::optional<std::variant<Caller, Refusal>> recall(const std::string& digest);  // while mutex_ is held
  std::variant<Caller, Refusal> look_up(const Token& token, const std::string& digest);
  void look_for_changes();
  void keep_looking(const std::stop_token& stop);

  KeyStore& keys_;
  const AuthenticatorOptions options_;
  const Clock clock_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::unordered_map<std::string, Known> known_;  // by digest of the token
  std::unordered_set<std::string> wrong_;         // digests
  std::map<std::string, base::Time> used_;        // by key
  std::optional<std::int64_t> version_;           // of the keys that are known
  std::chrono::steady_clock::time_point looked_at_{}, trusted_at_{};
  bool looking_ = false;
  std::condition_variable_any wanted_;  // looking_ has become true
  std::condition_variable looked_;      // or false
  int hashing_ = 0, waiting_ = 0;
  std::jthread looker_;  // last: it uses the others
};

}  // namespace tradeassist::access
