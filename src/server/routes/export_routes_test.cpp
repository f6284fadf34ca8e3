#include "server/routes/export_routes.hpp"

#include <gtest/gtest.h>

namespace tradeassist::server {
namespace {

void expect_range(const char* header, std::uint64_t first, std::uint64_t length) {
  const auto range = parse_byte_range(header, 100);
  ASSERT_TRUE(range) << header;
  EXPECT_EQ(range->first, first) << header;
  EXPECT_EQ(range->length, length) << header;
}

TEST(ByteRange, one_range_from_either_end_is_cut_to_the_file) {
  expect_range("bytes=0-9", 0, 10);
  expect_range("bytes=90-", 90, 10);
  expect_range("bytes=90-500", 90, 10);
  expect_range("bytes=-5", 95, 5);
  expect_range("bytes=-500", 0, 100);
  expect_range("bytes=99-99", 99, 1);
}

TEST(ByteRange, range_behind_the_end_is_empty) {
  EXPECT_EQ(parse_byte_range("bytes=100-", 100)->length, 0u);
  EXPECT_EQ(parse_byte_range("bytes=-0", 100)->length, 0u);
  EXPECT_EQ(parse_byte_range("bytes=0-0", 0)->length, 0u);
}

TEST(ByteRange, other_headers_are_ignored) {
  for (const char* header : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "bytes=0-1,5-6", "lines=0-1",
                             "bytes=+1-2", "bytes= 1-2", "bytes=99999999999999999999-"}) {
    EXPECT_FALSE(parse_byte_range(header, 100)) << header;
  }
}

}  // namespace
}  // namespace tradeassist::server
