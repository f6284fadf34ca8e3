#include "backup/sealing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/hexadecimal.hpp"

namespace tradeassist::backup {
namespace {

using testing::HasSubstr;

constexpr const char* kSalt = "00112233445566778899aabbccddeeff";

Sealer sealer_with(const std::string& passphrase) {
  if (passphrase.empty()) return std::move(Sealer::make_plain()).value();
  return std::move(Sealer::from_passphrase(passphrase, {.log2_n = 10, .r = 8, .p = 1, .salt = kSalt})).value();
}

class SealingTest : public testing::TestWithParam<const char*> {
 protected:
  Sealer sealer_ = sealer_with(GetParam());
};

TEST_P(SealingTest, what_is_sealed_opens_as_it_was) {
  std::string random;
  for (int i = 0; i < 100'000; ++i) random += static_cast<char>((i * 2'654'435'761u) >> 13);
  for (const std::string& content : {std::string(), std::string("a"), std::string(1 << 20, 'x'), random}) {
    const std::string name = sealer_.name_of(content).value();
    const std::string sealed = sealer_.seal(name, content).value();
    EXPECT_EQ(sealer_.open(name, sealed).value(), content);
    EXPECT_LT(sealed.size(), content.size() + 64);
  }
}

TEST_P(SealingTest, every_changed_byte_and_every_missing_end_is_found) {
  const std::string content = "bars of many years, bars of many years, bars of many years";
  const std::string name = sealer_.name_of(content).value();
  const std::string sealed = sealer_.seal(name, content).value();
  const auto is_refused = [&](const std::string& changed) { return !sealer_.open(name, changed); };
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    std::string changed = sealed;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_TRUE(is_refused(changed)) << at;
    EXPECT_TRUE(is_refused(sealed.substr(0, at))) << at;
  }
}

INSTANTIATE_TEST_SUITE_P(With, SealingTest, testing::Values("", "correct horse"),
                         [](const auto& tested) { return *tested.param == '\0' ? "plain" : "encrypted"; });

TEST(Sealing, opens_with_the_same_passphrase_and_under_the_same_name_only) {
  const Sealer right = sealer_with("right"), wrong = sealer_with("wrong");
  const std::string name = right.name_of("secret").value();
  const std::string sealed = right.seal(name, "secret").value();
  EXPECT_EQ(sealer_with("right").open(name, sealed).value(), "secret");
  EXPECT_EQ(wrong.open(name, sealed).error().code, base::ErrorCode::kDataLoss);
  EXPECT_EQ(right.open(right.name_of("other").value(), sealed).error().code, base::ErrorCode::kDataLoss);
  EXPECT_EQ(sealer_with("").open(name, sealed).error().code, base::ErrorCode::kDataLoss);
}

TEST(Sealing, opens_what_was_sealed_long_ago) {
  const Sealer sealer = sealer_with("correct horse");
  const std::string sealed = base::bytes_of_hexadecimal(
      "54414231020400000000000000303132333435363738396162"
      "59361ec875a1783215bc252320b1e709895b5707");
  EXPECT_EQ(sealer.open(sealer.name_of("bars").value(), sealed).value(), "bars");
}

TEST(Sealing, tells_nothing_of_a_content_without_the_passphrase) {
  const Sealer sealer = sealer_with("right");
  const std::string name = sealer.name_of("secret").value();
  EXPECT_NE(name, sealer_with("").name_of("secret").value());
  EXPECT_NE(name, sealer_with("wrong").name_of("secret").value());
  std::set<std::string> sealed;
  for (int i = 0; i < 100; ++i) sealed.insert(sealer.seal(name, "secret").value());
  EXPECT_EQ(sealed.size(), 100u);
  for (const std::string& each : sealed) EXPECT_THAT(each, testing::Not(HasSubstr("secret")));
}

TEST(Sealing, refuses_costs_that_would_take_all_memory) {
  EXPECT_EQ(Sealer::from_passphrase("a", {.log2_n = 40, .r = 8, .p = 1, .salt = kSalt}).error().code,
            base::ErrorCode::kInvalidArgument);
  EXPECT_EQ(Sealer::from_passphrase("a", {.log2_n = 10, .r = 8, .p = 1, .salt = ""}).error().code,
            base::ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace tradeassist::backup
