#include "store/partitions/partition.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "base/time.hpp"

namespace tradeassist::store {
namespace {

using enum PartitionKind;

constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

std::int64_t at(std::string_view text) { return base::to_nanoseconds(base::parse_time(text).value()); }

TEST(Partition, of_bars_is_a_calendar_year_and_holds_its_last_instant) {
  EXPECT_EQ(partition_of(kBar, at("2020-02-29T12:00:00Z")), (PartitionRange{at("2020-01-01"), at("2021-01-01") - 1}));
  EXPECT_EQ(partition_of(kBar, at("2021-01-01") - 1).first_time, at("2020-01-01"));
  EXPECT_EQ(partition_of(kBar, at("2021-01-01")).first_time, at("2021-01-01"));
  EXPECT_EQ(partition_of(kBar, -1).first_time, at("1969-01-01"));
}

TEST(Partition, of_ticks_is_a_calendar_month_also_in_february_and_across_years) {
  EXPECT_EQ(partition_of(kTick, at("2020-02-29T23:59:59.999999999Z")),
            (PartitionRange{at("2020-02-01"), at("2020-03-01") - 1}));
  EXPECT_EQ(partition_of(kTick, at("2021-02-28")), (PartitionRange{at("2021-02-01"), at("2021-03-01") - 1}));
  EXPECT_EQ(partition_of(kTick, at("2020-12-31")), (PartitionRange{at("2020-12-01"), at("2021-01-01") - 1}));
}

// Every month end of two centuries, and both ends of time: partitions follow each other without hole or overlap.
TEST(Partition, every_instant_is_in_exactly_one) {
  for (const auto kind : {kBar, kTick}) {
    PartitionRange before = partition_of(kind, at("1900-01-01"));
    while (before.first_time < at("2100-01-01")) {
      const PartitionRange next = partition_of(kind, before.last_time + 1);
      ASSERT_EQ(next.first_time, before.last_time + 1);
      ASSERT_EQ(partition_of(kind, next.last_time), next);
      before = next;
    }
    EXPECT_EQ(partition_of(kind, kMin).first_time, kMin);
    EXPECT_EQ(partition_of(kind, kMax).last_time, kMax);
    std::mt19937_64 random(1);
    for (int i = 0; i < 10'000; ++i) {
      const auto time = static_cast<std::int64_t>(random());
      const PartitionRange range = partition_of(kind, time);
      ASSERT_TRUE(range.first_time <= time && time <= range.last_time);
      ASSERT_EQ(parse_partition_name(kind, partition_name(kind, range)), range);
    }
  }
}

TEST(Partition, is_named_by_its_year_or_month) {
  EXPECT_EQ(partition_name(kBar, partition_of(kBar, at("2024-02-29"))), "2024");
  EXPECT_EQ(partition_name(kTick, partition_of(kTick, at("2024-02-29"))), "2024-02");
  for (const char* wrong : {"", "24", "2024-02", "20x4", "9999", "1600"}) {
    EXPECT_FALSE(parse_partition_name(kBar, wrong)) << wrong;
  }
  for (const char* wrong : {"2024", "2024-13", "2024-00", "2024_02", "2024-2"}) {
    EXPECT_FALSE(parse_partition_name(kTick, wrong)) << wrong;
  }
}

}  // namespace
}  // namespace tradeassist::store
