#include "access/secret.hpp"

#include <gtest/gtest.h>

#include "access/api_key.hpp"

namespace tradeassist::access {
namespace {

TEST(Secret, a_slow_hash_knows_its_secret_and_no_other) {
  const std::string hash = slow_hash("open sesame").value();
  EXPECT_TRUE(hash.starts_with("scrypt$14$8$1$")) << hash;
  EXPECT_EQ(hash.find("sesame"), std::string::npos);
  EXPECT_TRUE(has_hash("open sesame", hash).value());
  EXPECT_FALSE(has_hash("open sesamf", hash).value());
  EXPECT_FALSE(has_hash("", hash).value());
  EXPECT_NE(slow_hash("open sesame").value(), hash);  // another salt
}

// RFC 7914, section 12; its salt "SodiumChloride", its first 32 bytes.
TEST(Secret, scrypt_gives_the_published_value) {
  EXPECT_TRUE(has_hash("pleaseletmein",
                       "scrypt$14$8$1$SodiumChloride$"
                       "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")
                  .value());
}

TEST(Secret, a_damaged_hash_is_told_apart_from_a_wrong_secret) {
  for (const char* hash : {"", "scrypt", "md5$1$2$3$4$5", "scrypt$14$8$1$salt$short", "scrypt$x$8$1$salt$00",
                           "scrypt$31$8$1$salt$00", "scrypt$0$8$1$salt$00"}) {
    const auto known = has_hash("x", hash);
    ASSERT_FALSE(known) << hash;
    EXPECT_TRUE(known.error().code == base::ErrorCode::kDataLoss) << hash;
  }
}

TEST(Token, is_read_back_and_nothing_else_is_one) {
  const Token token{"0123456789ab", std::string(48, 'f')};
  const std::string text = to_text(token);
  EXPECT_EQ(text, "ta_0123456789ab_" + std::string(48, 'f'));
  const auto parsed = parse_token(text);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->id, token.id);
  EXPECT_EQ(parsed->secret, token.secret);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = 'Z';
    EXPECT_FALSE(parse_token(changed)) << changed;
    EXPECT_FALSE(parse_token(text.substr(0, i)));
  }
  EXPECT_FALSE(parse_token(text + "0"));
  EXPECT_FALSE(parse_token(""));
}

TEST(Scopes, admin_may_do_everything_and_others_what_they_say) {
  const Scopes both = parse_scopes("trade-research, read").value();
  EXPECT_EQ(both.to_text(), "read trade-research");
  EXPECT_TRUE(both.allow(Scope::kRead) && both.allow(Scope::kTradeResearch));
  EXPECT_FALSE(both.allow(Scope::kWrite) || both.allow(Scope::kAdmin));
  for (const Scope scope : kScopes) EXPECT_TRUE(Scopes::all().allow(scope));
  EXPECT_FALSE(parse_scopes(""));
  EXPECT_FALSE(parse_scopes(" ,"));
  EXPECT_NE(parse_scopes("read root").error().message.find("'root' is no scope"), std::string::npos);
}

TEST(OwnerName, is_plain) {
  for (const char* name : {"ann", "Ann.B-2_c@desk", "x"}) EXPECT_TRUE(is_owner_name(name)) << name;
  for (const char* name : {"", "a b", "a/b", "a\nb", "é"}) EXPECT_FALSE(is_owner_name(name)) << name;
  EXPECT_FALSE(is_owner_name(std::string(65, 'a')));
}

}  // namespace
}  // namespace tradeassist::access
