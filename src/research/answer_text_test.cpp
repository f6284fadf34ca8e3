#include "research/answer_text.hpp"

#include <gtest/gtest.h>

namespace tradeassist::research {
namespace {

TEST(OnlyBlock, is_what_stands_between_two_fences_or_all_where_there_is_none) {
  EXPECT_EQ(only_block("Here:\n```pine\nplot(close)\n```\nDone."), "plot(close)\n");
  EXPECT_EQ(only_block("```\n{}\n```"), "{}\n");
  EXPECT_EQ(only_block("{\"a\": 1}"), "{\"a\": 1}\n");
  EXPECT_EQ(only_block(""), "");
}

TEST(OnlyBlock, is_nothing_where_it_is_not_clear_which) {
  EXPECT_EQ(only_block("```\na\n```\n```\nb\n```"), std::nullopt);
  EXPECT_EQ(only_block("```pine\nplot(close)\n"), std::nullopt);
}

TEST(Beginning, ends_between_two_characters) {
  EXPECT_EQ(beginning("a\xC3\xA4z", 2), "a");
  EXPECT_EQ(beginning("a\xC3\xA4z", 3), "a\xC3\xA4");
  EXPECT_EQ(beginning("abc", 9), "abc");
}

}  // namespace
}  // namespace tradeassist::research
