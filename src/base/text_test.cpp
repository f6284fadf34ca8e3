#include "base/text.hpp"

#include <gtest/gtest.h>

namespace tradeassist::base {
namespace {

TEST(Text, is_trimmed_at_its_ends_only) {
  EXPECT_EQ(trim("  a b\t\r"), "a b");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("a"), "a");
}

TEST(Text, is_a_number_as_a_whole_or_not_at_all) {
  EXPECT_EQ(parse_number("0.5"), 0.5);
  EXPECT_EQ(parse_number("-1e3"), -1000);
  for (const char* bad : {"", " 1", "1 ", "1x", "nan", "inf", "1e999", "0x10", "+1"})
    EXPECT_EQ(parse_number(bad), std::nullopt) << bad;
}

TEST(Text, parts_are_taken_one_by_one) {
  std::string_view left = " a, b,,c ";
  EXPECT_EQ(take_until(left, ','), "a");
  EXPECT_EQ(take_until(left, ','), "b");
  EXPECT_EQ(take_until(left, ','), "");
  EXPECT_EQ(take_until(left, ','), "c");
  EXPECT_TRUE(left.empty());
  EXPECT_EQ(take_until(left, ','), "");
}

TEST(Text, names_are_the_same_whatever_their_capitals) {
  EXPECT_TRUE(is_same_name("GZip", "gzip"));
  EXPECT_FALSE(is_same_name("gzip", "gzi"));
  EXPECT_FALSE(is_same_name("[", "{"));
}

}  // namespace
}  // namespace tradeassist::base
