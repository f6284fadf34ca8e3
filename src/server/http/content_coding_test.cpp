#include "server/http/content_coding.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tradeassist::server {
namespace {

TEST(ContentCoding, what_is_encoded_is_decoded) {
  std::mt19937_64 random(1);
  for (const std::size_t size : {0, 1, 100, 16'384, 16'385, 1'000'000}) {
    std::string body(size, '\0');
    for (char& c : body) c = static_cast<char>(random() % 7);
    for (const ContentCoding coding : {ContentCoding::kIdentity, ContentCoding::kGzip, ContentCoding::kZstd}) {
      const auto back = decode(coding, encode(coding, body), size);
      ASSERT_TRUE(back) << back.error().message;
      EXPECT_EQ(*back, body);
    }
  }
}

TEST(ContentCoding, a_bomb_is_left_when_the_bound_is_reached) {
  const std::string bomb(100'000'000, '0');
  for (const ContentCoding coding : {ContentCoding::kGzip, ContentCoding::kZstd}) {
    const auto refused = decode(coding, encode(coding, bomb), 1'000'000);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, base::ErrorCode::kResourceExhausted);
  }
}

TEST(ContentCoding, what_is_damaged_cut_off_or_followed_by_something_is_refused) {
  const std::string body(10'000, 'x');
  for (const ContentCoding coding : {ContentCoding::kGzip, ContentCoding::kZstd}) {
    const std::string good = encode(coding, body);
    std::string damaged = good;
    damaged[good.size() / 2] = static_cast<char>(damaged[good.size() / 2] ^ 0x55);
    for (const std::string& bad : {good.substr(0, good.size() - 1), good + "x", std::string(), std::string("nonsense")})
      EXPECT_FALSE(decode(coding, bad, 1'000'000));
    EXPECT_NE(decode(coding, damaged, 1'000'000).value_or(""), body);
  }
}

TEST(ContentCoding, the_client_chooses) {
  EXPECT_EQ(choose_coding(""), ContentCoding::kIdentity);
  EXPECT_EQ(choose_coding("gzip, deflate, br"), ContentCoding::kGzip);
  EXPECT_EQ(choose_coding("gzip, deflate, br, zstd"), ContentCoding::kZstd);
  EXPECT_EQ(choose_coding("GZIP;q=1.0, zstd;q=0.5"), ContentCoding::kGzip);
  EXPECT_EQ(choose_coding("gzip;q=0, zstd;q=0"), ContentCoding::kIdentity);
  EXPECT_EQ(choose_coding("gzip;q=nonsense"), ContentCoding::kIdentity);
}

TEST(ContentCoding, one_coding_may_be_named) {
  EXPECT_EQ(coding_named(" gzip "), ContentCoding::kGzip);
  EXPECT_EQ(coding_named("identity"), ContentCoding::kIdentity);
  EXPECT_EQ(coding_named("br"), std::nullopt);
  EXPECT_EQ(coding_named("gzip, gzip"), std::nullopt);
}

TEST(ContentCoding, types_that_are_compressed_already_are_left_alone) {
  EXPECT_TRUE(is_compressible("application/json"));
  EXPECT_TRUE(is_compressible("text/html; charset=utf-8"));
  EXPECT_FALSE(is_compressible("text/event-stream"));
  EXPECT_FALSE(is_compressible("application/pdf"));
  EXPECT_FALSE(is_compressible("application/vnd.apache.parquet"));
}

}  // namespace
}  // namespace tradeassist::server
