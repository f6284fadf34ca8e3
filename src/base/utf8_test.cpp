#include "base/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tradeassist::base {
namespace {

std::string encoded(unsigned code) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xc0 | code >> 6), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xe0 | code >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | code >> 18), tail(12), tail(6), tail(0)};
}

TEST(Utf8, every_character_has_its_size_and_no_part_of_it_is_one) {
  for (unsigned code = 0; code <= 0x10ffff; ++code) {
    const std::string text = encoded(code);
    const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
    ASSERT_EQ(utf8_character_size(text), is_surrogate ? 0 : text.size()) << code;
    ASSERT_EQ(utf8_character_size(text + "x"), is_surrogate ? 0 : text.size()) << code;
    for (std::size_t size = 1; size < text.size(); ++size) {
      ASSERT_EQ(utf8_character_size(std::string_view(text).substr(0, size)), 0u) << code;
      ASSERT_EQ(utf8_character_size(text.substr(0, size) + "x"), 0u) << code;
    }
  }
}

TEST(Utf8, what_is_overlong_or_beyond_or_stray_is_none) {
  for (const char* text : {"", "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",
                           "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xfe"}) {
    EXPECT_EQ(utf8_character_size(text), 0u) << text;
  }
}

TEST(Utf8, the_first_byte_of_no_character_is_found) {
  EXPECT_EQ(find_invalid_utf8(""), std::string_view::npos);
  EXPECT_EQ(find_invalid_utf8("a\xc3\xa9"), std::string_view::npos);
  EXPECT_EQ(find_invalid_utf8("a\xc3\xa9\xff"), 3u);
  EXPECT_EQ(find_invalid_utf8("ab\xe2\x82"), 2u);
}

}  // namespace
}  // namespace tradeassist::base
