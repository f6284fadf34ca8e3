#include "optimize/validation/daily_returns.hpp"

#include <gtest/gtest.h>

namespace tradeassist::optimize {
namespace {

market::Series hours(std::initializer_list<const char*> times) {
  market::Series series;
  for (const char* time : times) series.push_back({base::parse_time(time).value(), 1, 1, 1, 1, 1});
  return series;
}

TEST(TradingDays, days_end_where_the_session_of_the_instrument_says) {
  // 22:30 and 23:30 UTC in January are 17:30 and 18:30 in New York: on either side of a session's start at 18:00.
  const market::Series series =
      hours({"2024-01-08T20:30:00Z", "2024-01-08T22:30:00Z", "2024-01-08T23:30:00Z", "2024-01-09T15:00:00Z"});
  market::Instrument instrument;
  const auto utc = TradingDays::of(series, {0, 4}, instrument);
  ASSERT_TRUE(utc);
  EXPECT_EQ(utc->ends, (std::vector<std::size_t>{2, 3}));
  instrument.time_zone = "America/New_York";
  instrument.session = "1800-1700";
  const auto futures = TradingDays::of(series, {0, 4}, instrument);
  ASSERT_TRUE(futures);
  EXPECT_EQ(futures->ends, (std::vector<std::size_t>{1, 3}));
  EXPECT_EQ(TradingDays::of(series, {1, 3}, instrument)->ends, (std::vector<std::size_t>{1, 2}));
  EXPECT_TRUE(TradingDays::of(series, {2, 2}, instrument)->ends.empty());
  instrument.time_zone = "Mars/Olympus";
  EXPECT_FALSE(TradingDays::of(series, {0, 4}, instrument));
}

TEST(TradingDays, returns_are_from_day_to_day_and_0_once_nothing_is_left) {
  TradingDays days;
  days.ends = {11, 12, 14, 15};
  const std::vector<double> values{100, 110, 99, 98, 0, 50};  // of bars 10 to 15
  const auto returns = days.returns(values, 10, 100);
  ASSERT_EQ(returns.size(), 4u);
  EXPECT_NEAR(returns[0], 0.1, 1e-12);
  EXPECT_NEAR(returns[1], -0.1, 1e-12);
  EXPECT_EQ(returns[2], -1);
  EXPECT_EQ(returns[3], 0);
}

TEST(TradingDays, a_year_has_as_many_as_its_bars_have) {
  market::Series weeks;
  for (int i = 0; i < 521; ++i)
    weeks.push_back({base::time_from_nanoseconds(i * 7 * base::kNanosecondsPerDay), 1, 1, 1, 1, 1});
  EXPECT_NEAR(TradingDays::of(weeks, {0, weeks.size()}, {})->per_year, 52.2, 0.1);
}

}  // namespace
}  // namespace tradeassist::optimize
