#include "feed/providers/schwab/secret_box.hpp"

#include <openssl/rand.h>

#include <charconv>

#include "base/aes_gcm.hpp"
#include "base/hexadecimal.hpp"
#include "feed/providers/schwab/private_file.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

constexpr std::string_view kMark = "TAGCM1\n";  // authenticated with the text

std::string_view text_of(const SecretKey& key) { return {reinterpret_cast<const char*>(key.data()), key.size()}; }

}  // namespace

base::Result<SecretKey> parse_secret_key(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  SecretKey key{};
  bool good = text.size() == 2 * key.size();
  for (std::size_t i = 0; good && i < key.size(); ++i) {
    const char* const at = text.data() + 2 * i;
    good = std::from_chars(at, at + 2, key[i], 16).ptr == at + 2;
  }
  if (good) return key;
  return failure(ErrorCode::kInvalidArgument,
                 "a secret key is 64 hexadecimal digits; `openssl rand -hex 32` makes one");
}

base::Result<SecretKey> read_or_make_key_file(const std::filesystem::path& file) {
  TRY_ASSIGN(std::optional<std::string> text, read_private_file(file));
  if (!text) {
    SecretKey key{};
    if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1)
      return failure(ErrorCode::kInternal, "there are no random bytes to be had");
    TRY(create_private_file(file, base::hexadecimal(text_of(key)) + "\n"));
    // Another process may have been first: its key is the one.
    TRY_ASSIGN(text, read_private_file(file));
    if (!text) return failure(ErrorCode::kIo, file.string() + ": was removed just after it was made");
  }
  auto key = parse_secret_key(*text);
  if (!key) return base::in_context(file.string(), std::move(key).error());
  return key;
}

base::Result<std::string> seal(const SecretKey& key, std::string_view plain) {
  TRY_ASSIGN(const std::string encrypted, base::encrypt_aes_gcm(text_of(key), kMark, plain));
  return std::string(kMark) + encrypted;
}

base::Result<std::string> open_sealed(const SecretKey& key, std::string_view sealed) {
  const bool is_marked = sealed.starts_with(kMark);
  return base::decrypt_aes_gcm(text_of(key), kMark, is_marked ? sealed.substr(kMark.size()) : std::string_view());
}

}  // namespace tradeassist::feed
