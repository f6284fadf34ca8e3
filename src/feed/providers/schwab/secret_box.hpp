#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::feed {

using SecretKey = std::array<std::uint8_t, 32>;

/// 64 hexadecimal digits. kInvalidArgument says how to make them.
base::Result<SecretKey> parse_secret_key(std::string_view text);

/// The key in `file`, which is made with a random one, mode 0600, when it is not there. kFailedPrecondition when others
/// than its owner may read it.
base::Result<SecretKey> read_or_make_key_file(const std::filesystem::path& file);

/// AES-256-GCM with a random nonce: a mark of the format, nonce, ciphertext, tag.
base::Result<std::string> seal(const SecretKey& key, std::string_view plain);
/// kDataLoss for what was not sealed with this key, or was changed since.
base::Result<std::string> open_sealed(const SecretKey& key, std::string_view sealed);

}  // namespace tradeassist::feed
