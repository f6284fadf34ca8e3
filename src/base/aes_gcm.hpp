#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::base {

constexpr std::size_t kAesKeyBytes = 32, kAesNonceBytes = 12, kAesTagBytes = 16;

/// AES-256-GCM (NIST SP 800-38D) with a random nonce: nonce, ciphertext, tag. `associated` is authenticated with it and
/// not in it. `key` has kAesKeyBytes; what is encrypted at most 1 GiB, in at most 2^32 calls with one key. kInternal
/// where OpenSSL fails.
Result<std::string> encrypt_aes_gcm(std::string_view key, std::string_view associated, std::string_view plain);

/// kDataLoss for what was not encrypted with this key and `associated`, or was changed since: callers say what it was.
Result<std::string> decrypt_aes_gcm(std::string_view key, std::string_view associated, std::string_view encrypted);

}  // namespace tradeassist::base
