#include "base/sha256.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "base/hexadecimal.hpp"

namespace tradeassist::base {
namespace {

// FIPS 180-4, examples of SHA-256.
constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, is_that_of_the_standard_in_one_part_or_many) {
  EXPECT_EQ(sha256_of_text("abc").value(), kAbc);
  EXPECT_EQ(sha256_of_text("").value(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  Sha256 sum;
  for (const char* part : {"a", "", "bc"}) sum.add(part);
  EXPECT_EQ(hexadecimal(sum.finish().value()), kAbc);
}

TEST(Sha256, of_a_file_is_that_of_its_bytes_and_a_missing_file_is_not_found) {
  const std::string path = testing::TempDir() + "sha256_test";
  std::ofstream(path) << "abc";
  EXPECT_EQ(sha256_of_file(path).value(), kAbc);
  std::remove(path.c_str());
  EXPECT_EQ(sha256_of_file(path).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace tradeassist::base
