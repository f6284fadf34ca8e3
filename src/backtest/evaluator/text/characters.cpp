#include "backtest/evaluator/text/characters.hpp"

#include <algorithm>
#include <cstdint>

namespace tradeassist::backtest {
namespace {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::size_t units_of(std::size_t bytes) { return bytes == 4 ? 2 : 1; }

}  // namespace

std::size_t character_size(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  return std::min(size, text.size());
}

std::size_t length_of(std::string_view text) {
  if (is_ascii(text)) return text.size();
  std::size_t length = 0;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    length += units_of(size);
    text.remove_prefix(size);
  }
  return length;
}

std::size_t byte_of(std::string_view text, std::size_t position) {
  if (is_ascii(text)) return std::min(position, text.size());
  std::size_t byte = 0;
  for (std::size_t unit = 0; unit < position && byte < text.size();) {
    const std::size_t size = character_size(text.substr(byte));
    unit += units_of(size);
    byte += size;
  }
  return byte;
}

std::wstring to_characters(std::string_view text) {
  std::wstring made;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    auto code = static_cast<std::uint32_t>(static_cast<unsigned char>(text.front()));
    if (size > 1) code &= 0x7Fu >> size;
    for (std::size_t i = 1; i < size; ++i) code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
    made += static_cast<wchar_t>(code);
    text.remove_prefix(size);
  }
  return made;
}

std::string from_characters(std::wstring_view characters) {
  std::string made;
  for (const wchar_t character : characters) {
    const auto code = static_cast<std::uint32_t>(character);
    const auto byte = [&](std::uint32_t bits) { made += static_cast<char>(bits); };
    if (code < 0x80) {
      byte(code);
    } else if (code < 0x800) {
      byte(0xC0 | code >> 6);
      byte(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
      byte(0xE0 | code >> 12);
      byte(0x80 | (code >> 6 & 0x3F));
      byte(0x80 | (code & 0x3F));
    } else {
      byte(0xF0 | (code >> 18 & 0x07));
      byte(0x80 | (code >> 12 & 0x3F));
      byte(0x80 | (code >> 6 & 0x3F));
      byte(0x80 | (code & 0x3F));
    }
  }
  return made;
}

}  // namespace tradeassist::backtest
