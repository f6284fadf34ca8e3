#include "notify/signature.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "base/base64.hpp"

namespace tradeassist::notify {
namespace {

const base::Time kAt{std::chrono::seconds(1'614'265'330)};
constexpr const char* kId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr const char* kBody = "{\"test\": 2432232314}";
constexpr const char* kSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

TEST(Signature, is_the_known_answer_of_standard_webhooks) {
  for (const char* secret : {"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}) {
    const std::vector<std::string> secrets{secret};
    EXPECT_EQ(sign(secrets, kId, kAt, kBody), kSignature);
    EXPECT_EQ(sign(secrets, kId, kAt + std::chrono::milliseconds(999), kBody), kSignature);  // whole seconds
  }
}

TEST(Signature, each_secret_signs_while_one_is_rotated) {
  const auto fresh = new_webhook_secret();
  ASSERT_TRUE(fresh);
  const std::vector<std::string> both{*fresh, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
  const std::string signature = sign(both, kId, kAt, kBody).value();
  EXPECT_TRUE(signature.ends_with(std::string(" ") + kSignature));
  EXPECT_EQ(signature.find(' '), signature.size() / 2);
  EXPECT_NE(signature.substr(0, signature.find(' ')), kSignature);
}

TEST(Signature, secrets_are_32_random_bytes_and_what_is_none_signs_nothing) {
  const std::string one = new_webhook_secret().value(), other = new_webhook_secret().value();
  EXPECT_TRUE(one.starts_with("whsec_"));
  EXPECT_EQ(base::from_base64(one.substr(6))->size(), 32u);
  EXPECT_NE(one, other);
  for (const char* bad : {"whsec_", "whsec_!!!!", "whsec_abc"}) {
    const std::vector<std::string> secrets{bad};
    EXPECT_FALSE(sign(secrets, kId, kAt, kBody)) << bad;
  }
}

}  // namespace
}  // namespace tradeassist::notify
