#pragma once

#include <cstddef>
#include <string_view>

namespace tradeassist::base {

/// Bytes of the well-formed character of UTF-8 that `text` begins with; 0 when it begins with none, or is empty
/// (Unicode, table 3-7: no overlong forms, no surrogates, nothing beyond U+10FFFF). NUL is a character of one byte.
std::size_t utf8_character_size(std::string_view text);

/// Offset of the first byte that belongs to no well-formed character; npos when all do.
std::size_t find_invalid_utf8(std::string_view text);

}  // namespace tradeassist::base
