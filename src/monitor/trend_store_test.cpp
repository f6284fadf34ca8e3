#include "monitor/trend_store.hpp"

#include <gtest/gtest.h>

#include "store/testing/test_database.hpp"

namespace tradeassist::monitor {
namespace {

using namespace std::chrono_literals;
using store::Dialect;
using store::dialect_name;
using store::test_server_url;

class Trends : public testing::TestWithParam<store::Dialect> {
 protected:
  std::unique_ptr<TrendStore> open(const char* server) {
    auto opened = TrendStore::open(database_.address(), server);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(opened).value();
  }
  void add(TrendStore& trends, double value, base::Time at) {
    const auto added = trends.add({{"memory_bytes", value}}, at);
    EXPECT_TRUE(added) << added.error().message;
  }
  std::vector<TrendPoint> read(TrendStore& trends, TrendResolution resolution, std::string_view server = "") {
    auto points = trends.read("memory_bytes", resolution, base::Time(), start_ + 10'000h, server);
    EXPECT_TRUE(points) << points.error().message;
    return std::move(points).value();
  }

  store::TestDatabase database_{GetParam()};
  const base::Time start_ = base::parse_time("2026-03-02T10:00:00Z").value();
};
INSTANTIATE_ON_BOTH_DATABASES(Trends);

TEST_P(Trends, a_minute_is_written_when_it_is_over) {
  const auto trends = open("desk");
  add(*trends, 4, start_);
  add(*trends, 8, start_ + 59s);
  EXPECT_TRUE(read(*trends, TrendResolution::kMinute).empty());
  add(*trends, 1, start_ + 60s);
  const auto points = read(*trends, TrendResolution::kMinute);
  ASSERT_EQ(points.size(), 1u);
  EXPECT_EQ(points[0].at, start_);
  EXPECT_EQ(points[0].count, 2);
  EXPECT_EQ(points[0].minimum, 4);
  EXPECT_EQ(points[0].mean, 6);
  EXPECT_EQ(points[0].maximum, 8);
}

TEST_P(Trends, a_server_that_starts_again_goes_on_with_the_minute) {
  for (const double value : {3.0, 9.0}) {
    const auto trends = open("desk");
    add(*trends, value, start_ + 10s);
    add(*trends, 100, start_ + 70s);
  }
  const auto points = read(*open("desk"), TrendResolution::kMinute);
  ASSERT_EQ(points.size(), 1u);
  EXPECT_EQ(points[0].count, 2);
  EXPECT_EQ(points[0].mean, 6);
}

TEST_P(Trends, servers_are_told_apart_and_together) {
  const auto one = open("one"), two = open("two");
  for (const auto at : {start_, start_ + 60s}) add(*one, 2, at), add(*two, 6, at);
  EXPECT_EQ(read(*one, TrendResolution::kMinute).at(0).mean, 4);
  EXPECT_EQ(read(*one, TrendResolution::kMinute).at(0).count, 2);
  EXPECT_EQ(read(*one, TrendResolution::kMinute, "two").at(0).mean, 6);
}

TEST_P(Trends, hours_outlive_their_minutes) {
  const auto trends = open("desk");
  for (int minute = 0; minute <= 60; ++minute) add(*trends, minute < 30 ? 10 : 20, start_ + minute * 1min);
  const auto hours = read(*trends, TrendResolution::kHour);
  ASSERT_EQ(hours.size(), 1u);
  EXPECT_EQ(hours[0].at, start_);
  EXPECT_EQ(hours[0].count, 60);
  EXPECT_EQ(hours[0].mean, 15);
  EXPECT_EQ(read(*trends, TrendResolution::kMinute).size(), 60u);
  add(*trends, 1, start_ + TrendStore::kMinutesKept + 2h);
  EXPECT_TRUE(read(*trends, TrendResolution::kMinute).empty());
  EXPECT_EQ(read(*trends, TrendResolution::kHour).size(), 1u);
  add(*trends, 1, start_ + TrendStore::kHoursKept + 2h);
  EXPECT_TRUE(read(*trends, TrendResolution::kHour).empty());
}

TEST_P(Trends, a_cost_that_grew_by_more_than_half_within_a_day_is_a_regression) {
  const auto trends = open("desk");
  const TrendKind& memory = *find_trend_kind("memory_bytes");
  const auto fill = [&](int from_hour, int to_hour, double value) {
    for (int hour = from_hour; hour < to_hour; ++hour) add(*trends, value, start_ + hour * 1h);
  };
  fill(0, 30, 100);
  EXPECT_FALSE(trends->compare(memory, start_ + 24h)->change);
  fill(30, 55, 200);
  const auto compared = trends->compare(memory, start_ + 54h);
  ASSERT_TRUE(compared) << compared.error().message;
  EXPECT_EQ(compared->last_day, 200);
  EXPECT_EQ(compared->week_before, 100);
  EXPECT_EQ(compared->change, 1);
  EXPECT_TRUE(compared->is_regression);
}

TEST_P(Trends, what_is_no_kind_is_refused) {
  const auto added = open("desk")->add({{"luck", 1}}, start_);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().message, "there is no trend of 'luck'");
}

}  // namespace
}  // namespace tradeassist::monitor
