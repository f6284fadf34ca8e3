#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::access {

constexpr std::size_t kKeyIdDigits = 12;   // 48 bits: never two alike by chance
constexpr std::size_t kSecretDigits = 48;  // 192 bits of the system's randomness

/// What is kept of a secret: its scrypt hash (RFC 7914; N = 2^14, r = 8, p = 1: 16 MiB and some 50 ms) with a salt of
/// its own, as "scrypt$14$8$1$<salt>$<hash>". kInternal.
base::Result<std::string> slow_hash(std::string_view secret);

/// Whether the secret has this hash; takes as long for a wrong one as for the right one. kDataLoss: the text is no
/// hash.
base::Result<bool> has_hash(std::string_view secret, std::string_view hash);

/// SHA-256 in binary, by which secrets that were seen before are known again.
base::Result<std::string> quick_hash(std::string_view text);

}  // namespace tradeassist::access
