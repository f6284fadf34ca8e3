#include "access/api_key.hpp"

#include <algorithm>

#include "access/secret.hpp"

namespace tradeassist::access {
namespace {

constexpr std::string_view kPrefix = "ta_";
constexpr std::size_t kOwnerBytesMax = 64;

bool is_hexadecimal(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

std::optional<Token> parse_token(std::string_view text) {
  if (text.size() != kPrefix.size() + kKeyIdDigits + 1 + kSecretDigits || !text.starts_with(kPrefix)) {
    return std::nullopt;
  }
  text.remove_prefix(kPrefix.size());
  const std::string_view id = text.substr(0, kKeyIdDigits), secret = text.substr(kKeyIdDigits + 1);
  if (text[kKeyIdDigits] != '_' || !is_hexadecimal(id) || !is_hexadecimal(secret)) return std::nullopt;
  return Token{std::string(id), std::string(secret)};
}

std::string to_text(const Token& token) { return std::string(kPrefix) + token.id + "_" + token.secret; }

bool is_owner_name(std::string_view text) {
  if (text.empty() || text.size() > kOwnerBytesMax) return false;
  return std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
           c == '-' || c == '@';
  });
}

}  // namespace tradeassist::access
