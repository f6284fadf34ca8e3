#include "feed/providers/schwab/token_store.hpp"

#include <boost/describe.hpp>

#include "base/json.hpp"

namespace tradeassist::feed {

BOOST_DESCRIBE_STRUCT(SchwabTokens, (), (access_token, access_expires, refresh_token, logged_in_at, refresh_is_refused))

base::Result<TokenStore> TokenStore::open(const std::filesystem::path& folder,
                                          const std::optional<std::string>& secret_key) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return base::failure(base::ErrorCode::kIo, folder.string() + ": cannot be made: " + error.message());
  if (secret_key) {
    auto key = parse_secret_key(*secret_key);
    if (!key) return base::in_context("TRADEASSIST_SECRET_KEY", std::move(key).error());
    return TokenStore(folder, *key);
  }
  TRY_ASSIGN(const SecretKey key, read_or_make_key_file(folder / "schwab.key"));
  return TokenStore(folder, key);
}

base::Result<std::optional<SchwabTokens>> TokenStore::load() const {
  TRY_ASSIGN(const std::optional<std::string> sealed, read_private_file(file()));
  if (!sealed) return std::optional<SchwabTokens>();
  const auto damaged = [this](base::Error error) {
    error.code = base::ErrorCode::kDataLoss;
    error.message += "; use the key of then, or log in again: tradeassist schwab login";
    return base::in_context(file().string(), std::move(error));
  };
  auto text = open_sealed(key_, *sealed);
  if (!text) return damaged(std::move(text).error());
  auto json = base::parse_json(*text);
  if (!json) return damaged(std::move(json).error());
  auto tokens = base::from_json<SchwabTokens>(*json);
  if (!tokens) return damaged(std::move(tokens).error());
  return std::optional(std::move(*tokens));
}

base::Result<void> TokenStore::save(const SchwabTokens& tokens) const {
  TRY_ASSIGN(const std::string sealed, seal(key_, base::json_text(base::to_json(tokens))));
  return replace_private_file(file(), sealed);
}

base::Result<FileLock> TokenStore::lock(const std::stop_token& stop) const {
  return FileLock::take(folder_ / "schwab.lock", std::chrono::minutes(2), stop);
}

base::Result<FileLock> TokenStore::lock_streamer() const {
  auto lock = FileLock::take(folder_ / "schwab.streamer.lock", base::Nanoseconds(0), {});
  if (!lock) return base::in_context("Schwab allows one streamer a user, and one runs", std::move(lock).error());
  return lock;
}

}  // namespace tradeassist::feed
