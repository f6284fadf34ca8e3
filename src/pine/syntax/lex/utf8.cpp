#include "pine/syntax/lex/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "base/utf8.hpp"

namespace tradeassist::pine {
namespace {

std::uint8_t byte(std::string_view text, std::size_t i) { return static_cast<std::uint8_t>(text[i]); }

std::uint32_t code_point(std::string_view text, std::size_t length) {
  if (length == 1) return byte(text, 0);
  std::uint32_t value = byte(text, 0) & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) value = value << 6 | (byte(text, i) & 0x3fu);
  return value;
}

}  // namespace

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) {
    i += std::max<std::size_t>(1, base::utf8_character_size(text.substr(i, 4)));
  }
  return count;
}

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = base::utf8_character_size(text.substr(i, 4));
    if (length == 0) {
      shown += "\xef\xbf\xbd";
    } else if (length == 1) {
      shown += byte(text, i) < 0x20 || text[i] == 0x7f ? ' ' : text[i];
    } else {
      shown += text.substr(i, length);
    }
    i += std::max<std::size_t>(1, length);
  }
  return shown;
}

std::string code_point_name(std::string_view text) {
  const std::size_t length = std::max<std::size_t>(1, base::utf8_character_size(text.substr(0, 4)));
  char name[16];
  std::snprintf(name, sizeof name, "U+%04X", static_cast<unsigned>(code_point(text, length)));
  return name;
}

}  // namespace tradeassist::pine
