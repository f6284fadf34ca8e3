#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "feed/providers/schwab/private_file.hpp"
#include "feed/providers/schwab/secret_box.hpp"

namespace tradeassist::feed {

struct SchwabTokens {
  std::string access_token;
  base::Time access_expires;
  std::string refresh_token;
  base::Time logged_in_at;          // a refresh token lives seven days from here, however often it is used
  bool refresh_is_refused = false;  // Schwab said so: only a new login helps
};

/// Schwab's tokens in a file of a folder, encrypted (AES-256-GCM), mode 0600, replaced as a whole. Thread-safe; other
/// processes see what was saved.
class TokenStore {
 public:
  /// `secret_key`: 64 hexadecimal digits; none: those in the folder's file schwab.key, made when it is missing.
  static base::Result<TokenStore> open(const std::filesystem::path& folder,
                                       const std::optional<std::string>& secret_key);

  /// Nothing before the first login.
  base::Result<std::optional<SchwabTokens>> load() const;
  base::Result<void> save(const SchwabTokens& tokens) const;

  /// To be held while tokens are renewed: two renewals at once make each other's tokens invalid.
  base::Result<FileLock> lock(const std::stop_token& stop) const;
  /// To be held while streaming: there may be one streamer a user. kUnavailable when there is one.
  base::Result<FileLock> lock_streamer() const;

  std::filesystem::path file() const { return folder_ / "schwab.tokens"; }

 private:
  TokenStore(std::filesystem::path folder, const SecretKey& key) : folder_(std::move(folder)), key_(key) {}

  std::filesystem::path folder_;
  SecretKey key_;
};

}  // namespace tradeassist::feed
