#include "base/hidden_text.hpp"

#include <gtest/gtest.h>

namespace tradeassist::base {
namespace {

TEST(HiddenText, what_was_hidden_is_replaced_wherever_it_stands) {
  hide_text("correct-horse");
  hide_text("correct-horse-battery");
  hide_text(url_password("postgresql://me:p4ssw0rd@db/name"));
  EXPECT_EQ(without_secrets("a correct-horse-battery, and correct-horse."), "a ***, and ***.");
  EXPECT_EQ(without_secrets("FATAL: p4ssw0rd is wrong"), "FATAL: *** is wrong");
  EXPECT_EQ(without_secrets("db/name"), "db/name");
}

TEST(HiddenText, what_looks_like_a_secret_is_replaced_too) {
  EXPECT_EQ(without_secrets("key ta_0123456789ab_0123456789abcdef0123456789abcdef0123456789abcdef!"),
            "key ta_0123456789ab_***!");
  EXPECT_EQ(without_secrets("Authorization: Bearer ya29.A0ARrdaM-abcdefgh"), "Authorization: Bearer ***");
  EXPECT_EQ(without_secrets("use Bearer token"), "use Bearer token");
  EXPECT_EQ(without_secrets("at redis://:hunter22@host:6379/0 and http://me:x@h"),
            "at redis://:***@host:6379/0 and http://me:***@h");
  EXPECT_EQ(without_secrets("see https://example.com/a:b@c"), "see https://example.com/a:b@c");
  EXPECT_EQ(without_secrets("data_x ta_ beta_"), "data_x ta_ beta_");
}

TEST(HiddenText, texts_that_stand_in_everything_are_left) {
  hide_text("abc");
  hide_text(url_password("postgresql://me@host:5432/x"));
  EXPECT_EQ(without_secrets("abc postgresql://me@host:5432/x"), "abc postgresql://me@host:5432/x");
}

}  // namespace
}  // namespace tradeassist::base
