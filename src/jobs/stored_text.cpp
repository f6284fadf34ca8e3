#include "jobs/stored_text.hpp"

#include "base/utf8.hpp"

namespace tradeassist::jobs {
namespace {

constexpr std::string_view kCut = "…";

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// Of a character that databases take; 0 when `text` begins with none. PostgreSQL keeps no NUL.
std::size_t character_size(std::string_view text) { return text[0] == '\0' ? 0 : base::utf8_character_size(text); }

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
