#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::server {

/// How a body is written on the wire (RFC 9110, section 8.4.1).
enum class ContentCoding { kIdentity, kGzip, kZstd };

std::string_view to_string(ContentCoding coding);  // "gzip"

/// The one that Accept-Encoding likes best; of equals zstd, which costs less.
ContentCoding choose_coding(std::string_view accept_encoding);

/// The one that Content-Encoding names; nothing where it is unknown, or more than one.
std::optional<ContentCoding> coding_named(std::string_view content_encoding);

/// Whether bodies of this type become smaller.
bool is_compressible(std::string_view content_type);

/// Never fails but for want of memory.
std::string encode(ContentCoding coding, std::string_view body);

/// kResourceExhausted as soon as it is longer than `bytes_max`, kInvalidArgument where it is damaged or cut off.
base::Result<std::string> decode(ContentCoding coding, std::string_view body, std::size_t bytes_max);

}  // namespace tradeassist::server
