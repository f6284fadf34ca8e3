#include "feed/providers/schwab/secret_box.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <charconv>
#include <memory>

#include "base/hexadecimal.hpp"
#include "feed/providers/schwab/private_file.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

constexpr std::string_view kMark = "TAGCM1\n";  // authenticated with the text
constexpr std::size_t kNonceBytes = 12, kTagBytes = 16;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

Cipher new_cipher() { return {EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free}; }

unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
int length(std::string_view text) { return static_cast<int>(text.size()); }

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
    TRY(create_private_file(file, base::hexadecimal({reinterpret_cast<const char*>(key.data()), key.size()}) + "\n"));
    // Another process may have been first: its key is the one.
    TRY_ASSIGN(text, read_private_file(file));
    if (!text) return failure(ErrorCode::kIo, file.string() + ": was removed just after it was made");
  }
  auto key = parse_secret_key(*text);
  if (!key) return base::in_context(file.string(), std::move(key).error());
  return key;
}

base::Result<std::string> seal(const SecretKey& key, std::string_view plain) {
  const Cipher cipher = new_cipher();
  std::string nonce(kNonceBytes, '\0'), text(plain.size(), '\0'), tag(kTagBytes, '\0');
  int size = 0;
  const bool done = cipher != nullptr && RAND_bytes(bytes(nonce), kNonceBytes) == 1 &&
                    EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), bytes(nonce)) == 1 &&
                    EVP_EncryptUpdate(cipher.get(), nullptr, &size, bytes(kMark), length(kMark)) == 1 &&
                    EVP_EncryptUpdate(cipher.get(), bytes(text), &size, bytes(plain), length(plain)) == 1 &&
                    EVP_EncryptFinal_ex(cipher.get(), bytes(text) + size, &size) == 1 &&
                    EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1;
  if (!done) return failure(ErrorCode::kInternal, "OpenSSL could not encrypt");
  return std::string(kMark) + nonce + text + tag;
}

base::Result<std::string> open_sealed(const SecretKey& key, std::string_view sealed) {
  const auto refuse = [] {
    return failure(ErrorCode::kDataLoss, "cannot be decrypted: it was damaged, or encrypted with another key");
  };
  if (!sealed.starts_with(kMark) || sealed.size() < kMark.size() + kNonceBytes + kTagBytes) return refuse();
  sealed.remove_prefix(kMark.size());
  const std::string_view nonce = sealed.substr(0, kNonceBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  const std::string_view text = sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  const Cipher cipher = new_cipher();
  std::string plain(text.size(), '\0');
  int size = 0;
  const bool done = cipher != nullptr &&
                    EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), bytes(nonce)) == 1 &&
                    EVP_DecryptUpdate(cipher.get(), nullptr, &size, bytes(kMark), length(kMark)) == 1 &&
                    EVP_DecryptUpdate(cipher.get(), bytes(plain), &size, bytes(text), length(text)) == 1 &&
                    EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
                    EVP_DecryptFinal_ex(cipher.get(), bytes(plain) + size, &size) == 1;
  if (!done) return refuse();
  return plain;
}

}  // namespace tradeassist::feed
