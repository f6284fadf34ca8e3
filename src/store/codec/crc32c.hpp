#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tradeassist::store {

/// CRC-32C (Castagnoli), as in RFC 3720: finds every damage of up to 32 consecutive bits. Give the result of one call
/// as `crc` of the next to go on. About 8 bytes in 3 cycles where the processor has the instruction.
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t crc = 0);

/// The same, by table: for other processors, and to test the fast one against.
std::uint32_t crc32c_portable(std::span<const std::byte> bytes, std::uint32_t crc = 0);

}  // namespace tradeassist::store
