#include "base/aes_gcm.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>

namespace tradeassist::base {
namespace {

constexpr std::size_t kBytesMax = (std::size_t{1} << 30) + kAesNonceBytes + kAesTagBytes + 4'096;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

Cipher new_cipher() { return {EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free}; }

unsigned char* raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
int length(std::string_view text) { return static_cast<int>(text.size()); }

bool is_usable(std::string_view key, std::string_view associated, std::string_view text) {
  return key.size() == kAesKeyBytes && associated.size() <= kBytesMax && text.size() <= kBytesMax;
}

}  // namespace

Result<std::string> encrypt_aes_gcm(std::string_view key, std::string_view associated, std::string_view plain) {
  std::string out(kAesNonceBytes + plain.size() + kAesTagBytes, '\0');
  unsigned char* const body = raw(out) + kAesNonceBytes;
  const Cipher cipher = new_cipher();
  int size = 0;
  const bool done = is_usable(key, associated, plain) && cipher != nullptr &&
                    RAND_bytes(raw(out), kAesNonceBytes) == 1 &&
                    EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, raw(key), raw(out)) == 1 &&
                    EVP_EncryptUpdate(cipher.get(), nullptr, &size, raw(associated), length(associated)) == 1 &&
                    EVP_EncryptUpdate(cipher.get(), body, &size, raw(plain), length(plain)) == 1 &&
                    EVP_EncryptFinal_ex(cipher.get(), body + size, &size) == 1 &&
                    EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kAesTagBytes, body + plain.size()) == 1;
  if (!done) return failure(ErrorCode::kInternal, "OpenSSL could not encrypt with AES-256-GCM");
  return out;
}

Result<std::string> decrypt_aes_gcm(std::string_view key, std::string_view associated, std::string_view encrypted) {
  const auto refuse = [] {
    return failure(ErrorCode::kDataLoss, "cannot be decrypted: it was damaged, or encrypted with another key");
  };
  if (encrypted.size() < kAesNonceBytes + kAesTagBytes) return refuse();
  const std::string_view text = encrypted.substr(kAesNonceBytes, encrypted.size() - kAesNonceBytes - kAesTagBytes);
  std::string tag(encrypted.substr(encrypted.size() - kAesTagBytes));
  std::string plain(text.size(), '\0');
  const Cipher cipher = new_cipher();
  int size = 0;
  const bool is_ready = is_usable(key, associated, text) && cipher != nullptr &&
                        EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, raw(key), raw(encrypted)) == 1 &&
                        EVP_DecryptUpdate(cipher.get(), nullptr, &size, raw(associated), length(associated)) == 1 &&
                        EVP_DecryptUpdate(cipher.get(), raw(plain), &size, raw(text), length(text)) == 1 &&
                        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kAesTagBytes, tag.data()) == 1;
  if (!is_ready) return failure(ErrorCode::kInternal, "OpenSSL could not decrypt with AES-256-GCM");
  if (EVP_DecryptFinal_ex(cipher.get(), raw(plain) + size, &size) != 1) return refuse();
  return plain;
}

}  // namespace tradeassist::base
