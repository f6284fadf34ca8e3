#include "market/bar_statistics.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

namespace tradeassist::market {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

base::Time minute(std::int64_t number) {
  return base::time_from_nanoseconds(number * 60 * base::kNanosecondsPerSecond);
}

/// A bar a minute of these closes, of volume 1, whose high and low are the close.
Series closes(const std::vector<double>& values) {
  Series made;
  for (std::size_t i = 0; i < values.size(); ++i)
    made.push_back({minute(static_cast<std::int64_t>(i)), values[i], values[i], values[i], values[i], 1});
  return made;
}

BarStatistics described(const Series& bars, std::size_t moves_max = 5) {
  std::vector<std::int64_t> days;
  for (const std::int64_t time : bars.time) days.push_back(base::floor_divide(time, base::kNanosecondsPerDay));
  return bar_statistics(bars, days, moves_max);
}

TEST(BarStatistics, no_bars_have_no_numbers) {
  const BarStatistics none = described({});
  EXPECT_EQ(none.bars, 0u);
  EXPECT_FALSE(none.first_time || none.high || none.low);
  EXPECT_TRUE(std::isnan(none.volume) && std::isnan(none.mean_return) && std::isnan(none.median_return));
}

TEST(BarStatistics, one_bar_has_no_returns_and_two_have_no_deviation) {
  const BarStatistics one = described(closes({5}));
  EXPECT_EQ(one.trading_days, 1u);
  EXPECT_EQ(one.returns, 0u);
  EXPECT_EQ(one.high, (PriceAt{minute(0), 5}));
  const BarStatistics two = described(closes({4, 5}));
  EXPECT_EQ(two.mean_return, 0.25);
  EXPECT_EQ(two.median_return, 0.25);
  EXPECT_TRUE(std::isnan(two.return_deviation));
}

TEST(BarStatistics, moves_are_sorted_by_size_and_the_earlier_of_equals_comes_first) {
  const BarStatistics made = described(closes({100, 110, 100, 110, 121, 60.5, 60.5, 61}), 3);
  ASSERT_EQ(made.largest_up.size(), 3u);
  EXPECT_EQ(made.largest_up[0].to, minute(1));
  EXPECT_EQ(made.largest_up[1].to, minute(3));
  EXPECT_EQ(made.largest_up[2].to, minute(4));
  ASSERT_EQ(made.largest_down.size(), 2u);
  EXPECT_EQ(made.largest_down[0], (Move{minute(4), minute(5), 121, 60.5, -0.5}));
  EXPECT_EQ(made.largest_down[1].from, minute(1));
  EXPECT_EQ(made.returns, 7u);
}

TEST(BarStatistics, closes_that_are_unknown_or_not_above_zero_have_no_returns_and_are_counted) {
  const BarStatistics made = described(closes({10, kNotKnown, 11, -2, 12, 12}));
  EXPECT_EQ(made.returns, 1u);
  EXPECT_EQ(made.returns_undefined, 4u);
  EXPECT_EQ(made.mean_return, 0);
  EXPECT_THAT(made.largest_up, IsEmpty());
  EXPECT_EQ(made.low, (PriceAt{minute(3), -2}));
  EXPECT_EQ(made.high, (PriceAt{minute(4), 12}));  // the first that had it
}

TEST(BarStatistics, unknown_volumes_take_no_part) {
  Series bars = closes({1, 2, 3});
  bars.volume = {kNotKnown, 10, 20};
  const BarStatistics made = described(bars);
  EXPECT_EQ(made.bars_with_volume, 2u);
  EXPECT_EQ(made.volume, 30);
  EXPECT_EQ(made.mean_volume, 15);
}

TEST(BarStatistics, small_volumes_are_not_lost_beside_large_ones) {
  Series bars = closes(std::vector<double>(10'001, 1.0));
  std::ranges::fill(bars.volume, 1.0);
  bars.volume[0] = 1e16;
  EXPECT_EQ(described(bars).volume, 1e16 + 10'000);
}

/// The same by definition, on random bars with unknown values.
TEST(BarStatistics, agree_with_a_plain_computation_on_random_bars) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937_64 random(seed);
    const auto chance = [&](double share) { return std::uniform_real_distribution<double>(0, 1)(random) < share; };
    Series bars;
    std::int64_t time = -5 * 1'440;
    const auto count = static_cast<std::size_t>(random() % 300);
    for (std::size_t i = 0; i < count; ++i) {
      time += 1 + static_cast<std::int64_t>(random() % 700);
      const auto price = [&] {  // few different ones, so that there are equals
        return chance(0.05) ? kNotKnown : static_cast<double>(random() % 40) - (chance(0.1) ? 20 : 0);
      };
      bars.push_back({minute(time), price(), price(), price(), price(), chance(0.1) ? kNotKnown : price()});
    }
    const BarStatistics made = described(bars, 4);

    std::set<std::int64_t> days;
    long double volume = 0;
    std::size_t volumes = 0;
    for (std::size_t i = 0; i < count; ++i) {
      days.insert(base::floor_divide(bars.time[i], base::kNanosecondsPerDay));
      if (std::isnan(bars.volume[i])) continue;
      volume += bars.volume[i];
      ++volumes;
    }
    EXPECT_EQ(made.trading_days, days.size());
    EXPECT_EQ(made.bars_with_volume, volumes);
    if (volumes > 0) { EXPECT_NEAR(made.volume, static_cast<double>(volume), 1e-9); }

    std::vector<Move> moves;
    for (std::size_t i = 1; i < count; ++i) {
      const double before = bars.close[i - 1], after = bars.close[i];
      if (before > 0 && after > 0)
        moves.push_back({base::time_from_nanoseconds(bars.time[i - 1]), base::time_from_nanoseconds(bars.time[i]),
                         before, after, after / before - 1});
    }
    EXPECT_EQ(made.returns, moves.size());
    EXPECT_EQ(made.returns + made.returns_undefined, count == 0 ? 0 : count - 1);
    if (!moves.empty()) {
      std::vector<double> sorted;
      long double sum = 0, squares = 0;
      for (const Move& move : moves) {
        sorted.push_back(move.change);
        sum += move.change;
      }
      std::ranges::sort(sorted);
      const long double mean = sum / static_cast<long double>(moves.size());
      for (const double each : sorted) squares += (each - mean) * (each - mean);
      const std::size_t half = sorted.size() / 2;
      EXPECT_NEAR(made.mean_return, static_cast<double>(mean), 1e-12);
      EXPECT_EQ(made.median_return, sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2);
      if (moves.size() > 1) {
        EXPECT_NEAR(made.return_deviation,
                    std::sqrt(static_cast<double>(squares / static_cast<long double>(moves.size() - 1))), 1e-9);
      }
    }
    for (const bool up : {true, false}) {
      std::vector<Move> wanted;
      std::ranges::copy_if(moves, std::back_inserter(wanted),
                           [&](const Move& move) { return up ? move.change > 0 : move.change < 0; });
      std::ranges::stable_sort(wanted,
                               [](const Move& a, const Move& b) { return std::abs(a.change) > std::abs(b.change); });
      wanted.resize(std::min<std::size_t>(wanted.size(), 4));
      EXPECT_EQ(up ? made.largest_up : made.largest_down, wanted) << "seed " << seed;
    }
    double high = -1e9, low = 1e9;
    for (std::size_t i = 0; i < count; ++i) {
      if (bars.high[i] > high) high = bars.high[i];
      if (bars.low[i] < low) low = bars.low[i];
    }
    EXPECT_EQ(made.high ? made.high->price : -1e9, high);
    EXPECT_EQ(made.low ? made.low->price : 1e9, low);
  }
}

}  // namespace
}  // namespace tradeassist::market
