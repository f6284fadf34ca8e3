#include "market/compare.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <random>

namespace tradeassist::market {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Bars with these closes at these minutes.
SeriesPtr series(const std::vector<std::pair<int, double>>& closes) {
  auto made = std::make_shared<Series>();
  for (const auto& [minute, close] : closes)
    made->push_back(
        {base::time_from_nanoseconds(minute * 60 * base::kNanosecondsPerSecond), close, close, close, close, 1});
  return made;
}

Comparison compared(const std::vector<SeriesPtr>& all, CompareBy by = CompareBy::kTime) {
  auto made = compare(all, by);
  EXPECT_TRUE(made) << made.error().message;
  return made.value_or(Comparison{});
}

TEST(Compare, joins_bars_that_start_at_the_same_time_and_counts_the_others) {
  const Comparison made =
      compared({series({{1, 10}, {2, 11}, {3, 12}, {5, 15}}), series({{2, 20}, {3, 30}, {4, 31}, {5, 40}, {6, 1}})});
  EXPECT_EQ(made.common_bars, 3u);
  EXPECT_EQ(made.series[0].dropped, 1u);
  EXPECT_EQ(made.series[1].dropped, 2u);
  EXPECT_THAT(made.series[0].close, ElementsAre(11, 12, 15));
  EXPECT_THAT(made.series[1].rebased, ElementsAre(100, 150, 200));
  EXPECT_THAT(made.pairs[0].spread, ElementsAre(9, 18, 25));
  EXPECT_THAT(made.pairs[0].ratio, ElementsAre(20.0 / 11, 2.5, 40.0 / 15));
  EXPECT_EQ(made.series[1].change, 1);
}

TEST(Compare, joins_periods_by_the_number_of_the_bar) {
  const Comparison made =
      compared({series({{1, 10}, {2, 11}, {3, 12}}), series({{10, 5}, {20, 4}})}, CompareBy::kNumber);
  EXPECT_EQ(made.common_bars, 2u);
  EXPECT_EQ(made.series[0].dropped, 1u);
  EXPECT_THAT(made.series[1].time, ElementsAre(600'000'000'000, 1'200'000'000'000));
  EXPECT_DOUBLE_EQ(made.series[1].max_drawdown, 0.2);
}

TEST(Compare, what_moves_alike_has_correlation_and_beta_one) {
  const auto bars = series({{1, 10}, {2, 12}, {3, 9}, {4, 10}});
  const auto twice = series({{1, 100}, {2, 144}, {3, 81}, {4, 100}});  // the log returns are doubled
  const Comparison made = compared({bars, bars, twice});
  EXPECT_DOUBLE_EQ(made.pairs[0].correlation, 1);
  EXPECT_DOUBLE_EQ(made.pairs[0].beta, 1);
  EXPECT_NEAR(made.pairs[1].correlation, 1, 1e-12);
  EXPECT_NEAR(made.pairs[1].beta, 2, 1e-12);
  EXPECT_DOUBLE_EQ(made.series[0].max_drawdown, 0.25);
}

TEST(Compare, prices_that_are_not_above_zero_have_no_log_returns) {
  const auto crude = series({{1, 18.27}, {2, -37.63}, {3, 10.01}});
  const auto other = series({{1, 25}, {2, 20}, {3, 21}});
  const Comparison made = compared({other, crude});
  EXPECT_TRUE(std::isnan(made.pairs[0].correlation));
  EXPECT_TRUE(std::isnan(made.pairs[0].beta));
  EXPECT_THAT(made.pairs[0].unknown_reason, HasSubstr("not above 0"));
  EXPECT_TRUE(std::isnan(made.series[1].volatility));
  EXPECT_THAT(made.series[1].unknown_reason, HasSubstr("not above 0"));
  EXPECT_THAT(made.pairs[0].spread, ElementsAre(18.27 - 25, -37.63 - 20, 10.01 - 21));
  EXPECT_DOUBLE_EQ(made.series[1].max_drawdown, (18.27 + 37.63) / 18.27);
  const Comparison below = compared({other, series({{1, -1}, {2, -2}, {3, -3}})});
  EXPECT_TRUE(std::isnan(below.series[1].change));
  EXPECT_TRUE(std::isnan(below.series[1].rebased[0]));
  EXPECT_TRUE(std::isnan(below.series[1].max_drawdown));
  EXPECT_TRUE(std::isnan(compared({series({{1, 0}}), series({{1, 1}})}).pairs[0].ratio[0]));
}

TEST(Compare, says_why_there_is_no_figure) {
  const Comparison apart = compared({series({{1, 10}}), series({{2, 10}})});
  EXPECT_EQ(apart.common_bars, 0u);
  EXPECT_THAT(apart.series[0].unknown_reason, HasSubstr("no bars in common"));
  const Comparison few = compared({series({{1, 10}, {2, 11}}), series({{1, 10}, {2, 12}})});
  EXPECT_THAT(few.pairs[0].unknown_reason, HasSubstr("fewer than 3"));
  const Comparison still = compared({series({{1, 5}, {2, 5}, {3, 5}}), series({{1, 1}, {2, 2}, {3, 3}})});
  EXPECT_TRUE(std::isnan(still.pairs[0].correlation));
  EXPECT_THAT(still.pairs[0].unknown_reason, HasSubstr("all the same"));
  EXPECT_EQ(still.series[0].volatility, 0);
  const Comparison steady =
      compared({series({{1, 1}, {2, 3}, {3, 9}, {4, 27}}), series({{1, 1}, {2, 2}, {3, 3}, {4, 5}})});
  EXPECT_TRUE(std::isnan(steady.pairs[0].beta));
  EXPECT_THAT(steady.pairs[0].unknown_reason, HasSubstr("all the same"));
  const Comparison short_and_negative = compared({series({{1, -1}, {2, 5}}), series({{1, 1}, {2, 2}})});
  EXPECT_THAT(short_and_negative.series[0].unknown_reason, HasSubstr("not above 0"));
  EXPECT_FALSE(compare(std::vector{series({{1, 5}})}, CompareBy::kTime));
}

TEST(Compare, is_what_one_computes_from_the_definitions) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> step(0, 0.02);
  for (int round = 0; round < 60; ++round) {
    const std::size_t count = 2 + random() % 3;
    std::vector<SeriesPtr> all;
    std::vector<std::map<std::int64_t, double>> known(count);
    for (std::size_t k = 0; k < count; ++k) {
      std::vector<std::pair<int, double>> closes;
      double price = 50;
      for (int minute = 0; minute < 200; ++minute) {
        price *= std::exp(step(random));
        if (random() % 4 == 0) continue;
        const bool unknown = random() % 20 == 0;
        closes.emplace_back(minute, unknown ? kNotKnown : price);
        if (!unknown) known[k][minute * 60 * base::kNanosecondsPerSecond] = price;
      }
      all.push_back(series(closes));
    }
    std::vector<std::vector<double>> closes(count);
    for (const auto& [time, close] : known[0]) {
      bool everywhere = true;
      for (const auto& each : known) everywhere = everywhere && each.contains(time);
      for (std::size_t k = 0; everywhere && k < count; ++k) closes[k].push_back(known[k].at(time));
    }
    const Comparison made = compared(all);
    const std::size_t bars = closes[0].size();
    ASSERT_EQ(made.common_bars, bars);
    const auto at = [&](std::size_t k, std::size_t i) { return std::log(closes[k][i + 1]) - std::log(closes[k][i]); };
    // E[ab] - E[a] E[b], and with that the textbook's formulas.
    const auto covariance = [&](std::size_t a, std::size_t b) {
      double ab = 0, sum_a = 0, sum_b = 0;
      const auto n = static_cast<double>(bars - 1);
      for (std::size_t i = 0; i + 1 < bars; ++i) {
        ab += at(a, i) * at(b, i);
        sum_a += at(a, i);
        sum_b += at(b, i);
      }
      return ab / n - sum_a / n * (sum_b / n);
    };
    for (std::size_t k = 0; k < count; ++k) {
      ASSERT_EQ(made.series[k].close, closes[k]);
      EXPECT_EQ(made.series[k].dropped, all[k]->size() - bars);
      const auto n = static_cast<double>(bars - 1);
      EXPECT_NEAR(made.series[k].volatility, std::sqrt(covariance(k, k) * n / (n - 1)), 1e-9);
      double worst = 0;
      for (std::size_t i = 0; i < bars; ++i) {
        for (std::size_t j = i; j < bars; ++j) worst = std::max(worst, 1 - closes[k][j] / closes[k][i]);
      }
      EXPECT_NEAR(made.series[k].max_drawdown, worst, 1e-12);
      if (k == 0) continue;
      EXPECT_NEAR(made.pairs[k - 1].beta, covariance(0, k) / covariance(0, 0), 1e-9);
      EXPECT_NEAR(made.pairs[k - 1].correlation, covariance(0, k) / std::sqrt(covariance(0, 0) * covariance(k, k)),
                  1e-9);
    }
  }
}

}  // namespace
}  // namespace tradeassist::market
