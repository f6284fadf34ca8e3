#include "server/http_target.hpp"

#include <gtest/gtest.h>

namespace tradeassist::server {
namespace {

TEST(Target, is_taken_apart_and_decoded) {
  const auto target = parse_target("/api/v1/bars?symbol=ES%2B1!&name=two+words&empty=&flag");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/api/v1/bars");
  EXPECT_EQ(target->query.at("symbol"), "ES+1!");
  EXPECT_EQ(target->query.at("name"), "two words");
  EXPECT_EQ(target->query.at("empty"), "");
  EXPECT_EQ(target->query.at("flag"), "");
}

TEST(Target, that_could_leave_the_tree_or_confuse_a_reader_is_refused) {
  for (const char* text : {"", "api", "http://other/", "/a/../b", "/a/%2e%2e/b", "/a/..", "/./a", "/a%00b", "/a%0d%0ab",
                           "/a%zz", "/a%1", "/a%c3", "/a?x=%ff", "/a?x=1&x=2", "/a\\..\\b"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
}

TEST(Target, has_a_bound_on_query_names) {
  std::string text = "/a?";
  for (int i = 0; i < 65; ++i) text += "n" + std::to_string(i) + "=1&";
  EXPECT_FALSE(parse_target(text));
}

}  // namespace
}  // namespace tradeassist::server
