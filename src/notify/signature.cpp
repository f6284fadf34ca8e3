#include "notify/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <optional>

#include "base/base64.hpp"

namespace tradeassist::notify {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::size_t kSecretBytes = 32;

std::optional<std::string> key_of(std::string_view secret) {
  if (secret.starts_with(kPrefix)) secret.remove_prefix(kPrefix.size());
  return base::from_base64(secret);
}

}  // namespace

base::Result<std::string> new_webhook_secret() {
  std::string bytes(kSecretBytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1)
    return base::failure(base::ErrorCode::kInternal, "there are no random bytes to be had");
  return std::string(kPrefix) + base::to_base64(bytes);
}

base::Result<std::string> sign(std::span<const std::string> secrets, std::string_view id, base::Time timestamp,
                               std::string_view body) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(timestamp).time_since_epoch().count();
  const std::string text = std::string(id) + "." + std::to_string(seconds) + "." + std::string(body);
  std::string header;
  for (const std::string& secret : secrets) {
    const auto key = key_of(secret);
    if (!key || key->empty()) return base::failure(base::ErrorCode::kDataLoss, "the secret of the webhook is damaged");
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (HMAC(EVP_sha256(), key->data(), static_cast<int>(key->size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size) == nullptr) {
      return base::failure(base::ErrorCode::kInternal, "OpenSSL could not sign");
    }
    if (!header.empty()) header += ' ';
    header += "v1," + base::to_base64({reinterpret_cast<const char*>(digest.data()), size});
  }
  return header;
}

}  // namespace tradeassist::notify
