#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tradeassist::store {

/// Byte planes: all lowest bytes of a column, then all second bytes, and so on. Small numbers leave the upper planes
/// out, and bytes of one plane resemble each other, which is what a general compressor is good at.

/// Bytes that hold every number up to `max`: 0 (only zeros) to 8.
int bytes_needed(std::uint64_t max);

/// Writes `width` planes of values.size() bytes each to `planes`. The values' upper bytes must be zero.
void split_planes(std::span<const std::uint64_t> values, int width, std::byte* planes);

/// The inverse: reads width * values.size() bytes.
void join_planes(const std::byte* planes, int width, std::span<std::uint64_t> values);

/// Maps small numbers of either sign to small unsigned ones: 0, -1, 1, -2 → 0, 1, 2, 3. Wraps; exact for every input.
constexpr std::uint64_t zigzag(std::uint64_t value) { return (value << 1) ^ (0 - (value >> 63)); }
constexpr std::uint64_t unzigzag(std::uint64_t value) { return (value >> 1) ^ (0 - (value & 1)); }

}  // namespace tradeassist::store
