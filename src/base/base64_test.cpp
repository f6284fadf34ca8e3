#include "base/base64.hpp"

#include <gtest/gtest.h>

namespace tradeassist::base {
namespace {

TEST(Base64, gives_the_values_of_rfc_4648) {
  const std::pair<std::string_view, std::string_view> vectors[] = {{"", ""},
                                                                   {"f", "Zg=="},
                                                                   {"fo", "Zm8="},
                                                                   {"foo", "Zm9v"},
                                                                   {"foob", "Zm9vYg=="},
                                                                   {"fooba", "Zm9vYmE="},
                                                                   {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
}

TEST(Base64, every_byte_comes_back) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes) << i;
    bytes.push_back(static_cast<char>(i * 7));
  }
}

TEST(Base64, of_urls_has_two_other_letters_and_no_padding) {
  EXPECT_EQ(to_base64("\xfb\xff\xfe~"), "+//+fg==");
  EXPECT_EQ(to_base64url("\xfb\xff\xfe~"), "-__-fg");
  EXPECT_EQ(to_base64url(""), "");
}

TEST(Base64, what_is_none_gives_nothing) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg==Zg==", "====", "=Zg=", "Z===", "Zm9v\n", "    Zm9v", "Zm9v    ",
                           "Zm 9vYg=", "Zm-_", "Zm9\xe2"}) {
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace tradeassist::base
