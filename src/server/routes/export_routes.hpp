#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tradeassist::server {

/// Bytes [first, first + length) of a file.
struct ByteRange {
  std::uint64_t first = 0, length = 0;
};

/// What a Range header asks for (RFC 9110, 14.2). Nothing where it is to be ignored: another unit, several ranges, or
/// not well-formed. A length of 0 where it asks for nothing that the file has.
std::optional<ByteRange> parse_byte_range(std::string_view header, std::uint64_t size);

}  // namespace tradeassist::server
