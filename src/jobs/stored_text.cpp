#include "jobs/stored_text.hpp"

namespace tradeassist::jobs {
namespace {

constexpr std::string_view kCut = "…";

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// Bytes of the character that `text` begins with; 0 when it is none (RFC 3629: no overlong forms, no surrogates).
std::size_t character_size(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first == 0) return 0;
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3
                           : first >= 0xF0 && first < 0xF5                                     ? 4
                                                                                               : 0;
  if (size == 0 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_continuation(text[i])) return 0;
  }
  const auto second = static_cast<unsigned char>(text[1]);
  const bool is_overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool is_beyond = (first == 0xED && second >= 0xA0) || (first == 0xF4 && second >= 0x90);
  return is_overlong || is_beyond ? 0 : size;
}

}  // namespace

std::string stored_text(std::string_view text, std::size_t bytes_max) {
  std::string stored;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    const std::string_view character = size == 0 ? std::string_view("?") : text.substr(0, size);
    if (stored.size() + character.size() > bytes_max) {
      while (!stored.empty() && stored.size() + kCut.size() > bytes_max) {
        while (is_continuation(stored.back())) stored.pop_back();
        stored.pop_back();
      }
      return stored.append(kCut.substr(0, bytes_max >= kCut.size() ? kCut.size() : 0));
    }
    stored += character;
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return stored;
}

}  // namespace tradeassist::jobs
