#include "base/hidden_text.hpp"

#include <gtest/gtest.h>

namespace tradeassist::base {
namespace {

TEST(HiddenText, what_was_hidden_is_replaced_wherever_it_stands) {
  hide_text("correct-horse");
  hide_text("correct-horse-battery");
  for (const auto password : url_passwords("postgresql://me:p4ssw0rd@db/name?sslmode=require&password=0ther-one"))
    hide_text(password);
  EXPECT_EQ(without_secrets("a correct-horse-battery, and correct-horse."), "a ***, and ***.");
  EXPECT_EQ(without_secrets("FATAL: p4ssw0rd is wrong"), "FATAL: *** is wrong");
  EXPECT_EQ(without_secrets("0ther-one is wrong, too"), "*** is wrong, too");
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

TEST(HiddenText, of_a_url_the_passwords_alone_are_replaced) {
  const std::pair<const char*, const char*> urls[] = {
      {"postgresql://me:a:b@host:5432/x?sslmode=require", "postgresql://me:***@host:5432/x?sslmode=require"},
      {"postgresql://me@host/x?password=a/b@c&a=b", "postgresql://me@host/x?password=***&a=b"},
      {"postgresql://me:1@host/x?a=b&password=2 3&sslpassword=4#5",
       "postgresql://me:***@host/x?a=b&password=***&sslpassword=***#5"},
      {"postgresql://?host=/run&password=x", "postgresql://?host=/run&password=***"},
      {"postgresql://host/x?password=", "postgresql://host/x?password="},
      {"postgresql://me:@host/password=x?nopassword=y", "postgresql://me:@host/password=x?nopassword=y"},
      {"redis://:x@host", "redis://:***@host"},
      {"password=x", "password=x"},
      {"", ""}};
  for (const auto& [url, shown] : urls) EXPECT_EQ(without_url_passwords(url), shown);
  EXPECT_EQ(without_secrets("open \"postgresql://h/x?password=1\" or postgresql://me:2@h, then http://a/?b=c"),
            "open \"postgresql://h/x?password=***\" or postgresql://me:***@h, then http://a/?b=c");
}

TEST(HiddenText, texts_that_stand_in_everything_are_left) {
  hide_text("abc");
  for (const auto password : url_passwords("postgresql://me@host:5432/x")) hide_text(password);
  EXPECT_EQ(without_secrets("abc postgresql://me@host:5432/x"), "abc postgresql://me@host:5432/x");
}

}  // namespace
}  // namespace tradeassist::base
