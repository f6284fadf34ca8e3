#pragma once

#include <string>
#include <string_view>

namespace tradeassist::backtest {

/// Strings are kept as UTF-8. Scripts count and cut them in UTF-16 units, as Java does: a character beyond the basic
/// plane counts twice.
std::size_t length_of(std::string_view text);

/// The byte at which unit `position` begins; the size of the text where it has no more.
std::size_t byte_of(std::string_view text, std::size_t position);

/// The units before a byte.
inline std::size_t position_of(std::string_view text, std::size_t byte) { return length_of(text.substr(0, byte)); }

/// The bytes of the character that begins here, at least one.
std::size_t character_size(std::string_view text);

/// One element a character, and back. Bytes that are no UTF-8 become characters of their own.
std::wstring to_characters(std::string_view text);
std::string from_characters(std::wstring_view characters);

}  // namespace tradeassist::backtest
