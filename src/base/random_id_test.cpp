#include "base/random_id.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tradeassist::base {
namespace {

TEST(RandomHex, has_two_digits_a_byte_and_never_comes_twice) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = random_hex(16).value();
    ASSERT_EQ(id.size(), 32u);
    ASSERT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
    ASSERT_TRUE(seen.insert(id).second);
  }
  EXPECT_EQ(random_hex(0).value(), "");
}

}  // namespace
}  // namespace tradeassist::base
