#include "access/authenticator.hpp"

#include <algorithm>
#include <utility>

#include "access/secret.hpp"

namespace tradeassist::access {
namespace {

std::optional<base::Time> earlier(const std::optional<base::Time>& a, const std::optional<base::Time>& b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

Authenticator::Authenticator(KeyStore& keys, AuthenticatorOptions options, Clock clock)
    : keys_(keys),
      options_(options),
      clock_(std::move(clock)),
      looker_([this](const std::stop_token& stop) { keep_looking(stop); }) {}

std::variant<Caller, Refusal> Authenticator::verify(std::string_view text) {
  const std::optional<Token> token = parse_token(text);
  if (!token) return Refusal::kMalformed;
  const auto digest = quick_hash(text);
  if (!digest) return Refusal::kUnavailable;
  look_for_changes();
  std::unique_lock lock(mutex_);
  if (const auto seen = recall(*digest)) return *seen;
  if (hashing_ >= options_.hashing_max) {
    if (waiting_ >= options_.waiting_max) return Refusal::kBusy;
    ++waiting_;
    const bool is_free = free_.wait_for(lock, options_.wait_max, [&] { return hashing_ < options_.hashing_max; });
    --waiting_;
    if (const auto seen = recall(*digest)) return *seen;  // another asked for the same
    if (!is_free) return Refusal::kBusy;
  }
  ++hashing_;
  lock.unlock();
  auto result = look_up(*token, *digest);
  lock.lock();
  --hashing_;
  lock.unlock();
  free_.notify_all();
  return result;
}

std::optional<std::variant<Caller, Refusal>> Authenticator::recall(const std::string& digest) {
  const auto found = known_.find(digest);
  if (found != known_.end()) {
    const base::Time now = clock_();
    if (found->second.until && *found->second.until <= now) {
      known_.erase(found);  // the secret's time is over, or the key's: the store tells which
      return std::nullopt;
    }
    if (std::chrono::steady_clock::now() - trusted_at_ > options_.trusted_max) return Refusal::kUnavailable;
    used_[found->second.caller.key_id] = now;
    return found->second.caller;
  }
  if (wrong_.contains(digest)) return Refusal::kWrong;
  return std::nullopt;
}

std::variant<Caller, Refusal> Authenticator::look_up(const Token& token, const std::string& digest) {
  const auto stored = keys_.load(token.id);
  if (!stored) return Refusal::kUnavailable;
  const auto wrong = [&] {
    const std::lock_guard lock(mutex_);
    if (wrong_.size() >= options_.wrong_max) wrong_.clear();
    wrong_.insert(digest);
    return Refusal::kWrong;
  };
  if (!*stored || (*stored)->key.revoked_at) return wrong();
  const ApiKey& key = (*stored)->key;
  for (const KeptSecret& secret : (*stored)->secrets) {
    const auto fits = has_hash(token.secret, secret.hash);
    if (!fits) return Refusal::kUnavailable;
    if (!*fits) continue;
    const base::Time now = clock_();
    if (!key.is_valid(now)) return Refusal::kExpired;
    const std::lock_guard lock(mutex_);
    trusted_at_ = std::chrono::steady_clock::now();
    if (known_.size() >= options_.known_max) known_.clear();
    Known& known = known_[digest];
    known = {{key.id, key.owner, key.scopes}, earlier(key.expires_at, secret.valid_until)};
    used_[key.id] = now;
    return known.caller;
  }
  return wrong();
}

/// Lets the database be asked whether keys have changed, and waits for that, but not for a database that hangs.
void Authenticator::look_for_changes() {
  std::unique_lock lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (looking_ || (version_ && now - looked_at_ < options_.look_every)) return;
  looking_ = true;
  looked_at_ = now;
  wanted_.notify_one();
  looked_.wait_for(lock, options_.look_wait, [&] { return !looking_; });
}

/// Forgets what it knew when a key has changed.
void Authenticator::keep_looking(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (wanted_.wait(lock, stop, [&] { return looking_; })) {
    lock.unlock();
    const auto version = keys_.version();
    lock.lock();
    looking_ = false;
    looked_.notify_all();
    if (!version) continue;
    trusted_at_ = std::chrono::steady_clock::now();
    if (version_ == *version) continue;
    version_ = *version;
    known_.clear();
    wrong_.clear();
  }
}

bool Authenticator::still_holds(const Caller& caller) {
  const auto key = keys_.get(caller.key_id);
  if (!key) return key.error().code != base::ErrorCode::kNotFound;
  return key->is_valid(clock_());
}

base::Result<void> Authenticator::store_uses() {
  std::map<std::string, base::Time> used;
  {
    const std::lock_guard lock(mutex_);
    used.swap(used_);
  }
  if (used.empty()) return {};
  const auto noted = keys_.note_use(used);
  if (noted) return {};
  const std::lock_guard lock(mutex_);
  used_.merge(used);  // what came meanwhile is newer
  return std::unexpected(noted.error());
}

}  // namespace tradeassist::access
