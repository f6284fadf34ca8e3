#include "market/series.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace tradeassist::market {
namespace {

Bar bar_at(std::int64_t second, double price) {
  return {base::time_from_nanoseconds(second * base::kNanosecondsPerSecond), price, price + 1, price - 1, price, 10};
}

TEST(Series, an_optional_column_is_absent_until_a_value_is_known) {
  Series series;
  series.push_back(bar_at(0, 5));
  EXPECT_TRUE(series.open_interest.empty());
  EXPECT_NE(series.bar(0).open_interest, series.bar(0).open_interest);
  Bar known = bar_at(60, 6);
  known.open_interest = 700;
  series.push_back(known);
  series.push_back(bar_at(120, 7));
  ASSERT_EQ(series.open_interest.size(), 3u);
  EXPECT_NE(series.open_interest[0], series.open_interest[0]);
  EXPECT_EQ(series.open_interest[1], 700);
  EXPECT_NE(series.open_interest[2], series.open_interest[2]);
  EXPECT_TRUE(series.trade_count.empty());
  EXPECT_EQ(series.bar(1).open_interest, 700);
}

TEST(Series, resize_keeps_absent_columns_absent_and_fills_present_ones_with_unknown) {
  Series series;
  Bar known = bar_at(0, 5);
  known.vwap = 5.5;
  series.push_back(known);
  series.resize(3);
  ASSERT_EQ(series.vwap.size(), 3u);
  EXPECT_EQ(series.vwap[0], 5.5);
  EXPECT_NE(series.vwap[2], series.vwap[2]);
  EXPECT_EQ(series.close[2], 0);
  EXPECT_TRUE(series.trade_count.empty());
  series.resize(1);
  EXPECT_EQ(series.vwap.size(), 1u);
}

TEST(Series, every_row_survives_pushing_slicing_and_resizing_in_any_order) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 50; ++round) {
    std::vector<Bar> rows;
    Series series;
    const std::uint64_t optional = random() % 8;  // which of the three may be known
    for (std::int64_t i = 0; i < 60; ++i) {
      Bar bar = bar_at(i * 60, static_cast<double>(random() % 100));
      const auto maybe = [&](std::uint64_t bit) {
        return (optional & bit) != 0 && random() % 3 == 0 ? static_cast<double>(random() % 1000) : kNotKnown;
      };
      bar.open_interest = maybe(1);
      bar.trade_count = maybe(2);
      bar.vwap = maybe(4);
      rows.push_back(bar);
      series.push_back(bar);
    }
    const std::size_t first = random() % 30, count = random() % 30;
    Series part = series.slice(first, count);
    part.resize(count / 2);
    Series expected;
    for (std::size_t i = 0; i < count / 2; ++i) expected.push_back(rows[first + i]);
    EXPECT_TRUE(is_same(part, expected)) << round;
    for_each_value_column(part, [&](ValueColumn column) { EXPECT_EQ((part.*column).size(), part.size()); });
  }
}

TEST(Series, sameness_ignores_absence_but_no_value) {
  Series a, b;
  a.push_back(bar_at(0, 5));
  b = a;
  b.trade_count = {kNotKnown};
  EXPECT_TRUE(is_same(a, b));
  b.trade_count = {3};
  EXPECT_FALSE(is_same(a, b));
  b = a;
  b.close[0] = 5.5;
  EXPECT_FALSE(is_same(a, b));
  b = a;
  b.time[0] += 1;
  EXPECT_FALSE(is_same(a, b));
  a.volume[0] = b.volume[0] = kNotKnown;
  b.time = a.time;
  EXPECT_TRUE(is_same(a, b));
}

TEST(Series, the_visitor_names_each_present_column_once_in_order) {
  Series series;
  Bar bar = bar_at(0, 5);
  bar.trade_count = 2;
  series.push_back(bar);
  std::vector<ValueColumn> visited;
  for_each_value_column(series, [&](ValueColumn column) { visited.push_back(column); });
  EXPECT_EQ(visited, (std::vector<ValueColumn>{&Series::open, &Series::high, &Series::low, &Series::close,
                                               &Series::volume, &Series::trade_count}));
}

}  // namespace
}  // namespace tradeassist::market
