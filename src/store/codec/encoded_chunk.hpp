#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tradeassist::store {

/// A run of rows as it is stored: what the row's columns say, and the compressed columns. `checksum` is the CRC-32C of
/// all of it, so a damaged row is found whichever of its bytes is wrong.
struct EncodedChunk {
  std::int64_t first_time = 0;
  std::int64_t last_time = 0;  // inclusive
  std::int64_t row_count = 0;
  std::int64_t codec = 0;
  std::uint32_t checksum = 0;
  std::span<const std::byte> payload;
};

/// What its checksum has to be.
std::uint32_t checksum_of(const EncodedChunk& chunk);

}  // namespace tradeassist::store
