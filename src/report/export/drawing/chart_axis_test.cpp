#include "report/export/drawing/chart_axis.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/time.hpp"

namespace tradeassist::report {
namespace {

std::vector<std::string> labels(const std::vector<Tick>& ticks) {
  std::vector<std::string> texts;
  for (const Tick& tick : ticks) texts.push_back(tick.label);
  return texts;
}

std::int64_t at(const char* text) { return base::to_nanoseconds(*base::parse_time(text)); }

TEST(ChartAxis, values_are_round_and_cover_the_range) {
  EXPECT_THAT(labels(value_ticks(3, 97, 7)), ::testing::ElementsAre("0", "20", "40", "60", "80", "100"));
  for (const auto& [low, high] : {std::pair{-0.013, 0.41}, {1e-9, 2e-9}, {-5e8, 1.0}, {7.0, 7.0}, {0.0, 0.0}}) {
    const auto ticks = value_ticks(low, high, 7);
    EXPECT_LE(ticks.front().at, low);
    EXPECT_GE(ticks.back().at, high);
    EXPECT_GT(ticks.size(), 1u);
    EXPECT_LE(ticks.size(), 8u);
  }
}

TEST(ChartAxis, numbers_without_round_ones_between_them_are_their_own_ends) {
  for (const auto& [low, high] : {std::pair{1e15, 1e15 + 0.25}, {-1.7e308, 1.7e308}, {0.0, 5e-324}}) {
    const auto ticks = value_ticks(low, high, 7);
    ASSERT_GE(ticks.size(), 2u);
    EXPECT_LE(ticks.size(), 10u);
    EXPECT_LT(ticks.front().at, ticks.back().at);
  }
}

TEST(ChartAxis, times_begin_years_months_days_or_hours) {
  EXPECT_THAT(labels(time_ticks(at("2000-03-01"), at("2020-02-01"), 8)),
              ::testing::ElementsAre("2005", "2010", "2015", "2020"));
  EXPECT_THAT(labels(time_ticks(at("2023-11-15"), at("2024-08-01"), 5)),
              ::testing::ElementsAre("2024-01", "2024-04", "2024-07"));
  EXPECT_THAT(labels(time_ticks(at("2024-01-01T09:30"), at("2024-01-01T16:00"), 8)),
              ::testing::ElementsAre("10:00", "11:00", "12:00", "13:00", "14:00", "15:00", "16:00"));
}

TEST(ChartAxis, a_span_of_any_length_has_a_bounded_number_of_times) {
  const std::int64_t first = at("1990-01-01"), longest = (at("2250-01-01") - first) / 3;
  for (std::int64_t span = base::kNanosecondsPerSecond * 60; span < longest; span *= 3) {
    EXPECT_LE(time_ticks(first, first + span, 8).size(), 10u) << span;
  }
}

}  // namespace
}  // namespace tradeassist::report
