#pragma once

#include <openssl/evp.h>

#include <optional>
#include <string>
#include <string_view>

namespace tradeassist::notify {

/// RFC 4648, with padding, in one line.
inline std::string to_base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

/// Nothing for what is none.
inline std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes(3 * (text.size() / 4), '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  for (; text.ends_with('='); text.remove_suffix(1)) bytes.pop_back();  // it decodes padding as zeros
  return bytes;
}

}  // namespace tradeassist::notify
