#include "base/disk_space.hpp"

#include <gtest/gtest.h>

namespace tradeassist::base {
namespace {

TEST(DiskSpace, is_that_of_the_file_system_also_for_a_folder_that_is_not_there_yet) {
  const auto root = disk_space("/");
  ASSERT_TRUE(root) << root.error().message;
  EXPECT_GT(root->total_bytes, 0);
  EXPECT_LE(root->free_bytes, root->total_bytes);
  EXPECT_EQ(disk_space("/no/such/folder")->total_bytes, root->total_bytes);
  EXPECT_EQ(disk_space("no such folder")->total_bytes, disk_space(".")->total_bytes);
}

TEST(DiskSpace, is_low_below_one_bound_and_critical_below_the_other) {
  const auto state = [](std::int64_t free_bytes) { return disk_state({free_bytes, 100'000'000'000}, 10, 2); };
  EXPECT_EQ(state(10'000'000'000), DiskState::kEnough);
  EXPECT_EQ(state(9'999'999'999), DiskState::kLow);
  EXPECT_EQ(state(2'000'000'000), DiskState::kLow);
  EXPECT_EQ(state(1'999'999'999), DiskState::kCritical);
  EXPECT_EQ(disk_state({0, 1}, 0, 0), DiskState::kEnough);
}

TEST(DiskSpace, is_described_in_gigabytes) {
  EXPECT_EQ(describe({1'940'000'000, 250'000'000'000}, "data"), "1.9 GB free of 250.0 GB under data");
}

}  // namespace
}  // namespace tradeassist::base
