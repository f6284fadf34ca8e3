#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "access/scope.hpp"
#include "base/time.hpp"

namespace tradeassist::access {

/// A key of the API as it is known after it was made: without its secret.
struct ApiKey {
  std::string id;     // 12 hexadecimal digits; part of the token, no secret
  std::string owner;  // whose it is: jobs, files and queries belong to owners, not to keys
  std::string name;   // what it is for
  Scopes scopes;
  base::Time created_at;
  std::optional<base::Time> expires_at, last_used_at, revoked_at;

  /// Neither revoked nor expired.
  bool is_valid(base::Time now) const { return !revoked_at && (!expires_at || now < *expires_at); }
};

/// What a client sends: "ta_<id>_<secret>".
struct Token {
  std::string id, secret;
};
/// Nothing for what cannot be one.
std::optional<Token> parse_token(std::string_view text);
std::string to_text(const Token& token);

/// A name of an owner: 1 to 64 letters, digits and any of . _ - @.
bool is_owner_name(std::string_view text);

}  // namespace tradeassist::access
