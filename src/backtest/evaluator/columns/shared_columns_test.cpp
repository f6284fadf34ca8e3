#include "backtest/evaluator/columns/shared_columns.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "backtest/testing/script_run.hpp"

namespace tradeassist::backtest {
namespace {

SharedColumn column_of(double value) {
  SharedColumn column;
  column.values.assign(10, value);
  return column;
}

TEST(SharedColumns, keeps_what_was_asked_for_last_within_its_bound) {
  const market::Series bars = testing::random_bars(10);
  SharedColumns columns(bars, 3 * 80);
  const auto name = [&](std::uint64_t number) { return *columns.name({7, number}); };
  for (std::uint64_t i = 0; i < 3; ++i) columns.keep(name(i), column_of(static_cast<double>(i)));
  EXPECT_EQ(columns.find(name(0))->at(4), 0);  // asked for again: 1 is now the oldest
  columns.keep(name(3), column_of(3));
  EXPECT_EQ(columns.find(name(1)), nullptr);
  for (const std::uint64_t there : {0, 2, 3}) EXPECT_NE(columns.find(name(there)), nullptr) << there;
  const SharedColumns::Statistics statistics = columns.statistics();
  EXPECT_EQ(statistics.bytes, 240u);
  EXPECT_EQ(statistics.computed, 4u);
  EXPECT_EQ(statistics.evicted, 1u);
  // What a run still holds lives on, and what is larger than the bound is not kept.
  const auto held = columns.find(name(0));
  SharedColumn large;
  large.values.assign(100, 1);
  EXPECT_EQ(columns.keep(name(9), std::move(large))->at(99), 1);
  EXPECT_EQ(columns.find(name(9)), nullptr);
  EXPECT_EQ(held->at(0), 0);
}

TEST(SharedColumns, the_first_of_two_that_computed_the_same_counts) {
  const market::Series bars = testing::random_bars(10);
  SharedColumns columns(bars);
  const auto name = *columns.name({1});
  const auto first = columns.keep(name, column_of(1)), second = columns.keep(name, column_of(1));
  EXPECT_EQ(first, second);
  EXPECT_EQ(columns.name({1}), name);
  EXPECT_NE(columns.name({2}), name);
}

TEST(SharedColumns, bits_are_read_like_values) {
  SharedColumn column;
  column.bits = {1, 2};
  EXPECT_EQ(column.at(0), 1);
  EXPECT_EQ(column.at(63), 0);
  EXPECT_EQ(column.at(65), 1);
}

TEST(SharedColumns, knows_whether_bars_are_sound) {
  market::Series bars = testing::random_bars(10);
  EXPECT_TRUE(SharedColumns(bars).bars_are_sound());
  bars.high[3] = bars.close[3] - 1;
  EXPECT_FALSE(SharedColumns(bars).bars_are_sound());
  bars.high[3] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(SharedColumns(bars).bars_are_sound());
}

TEST(SharedColumns, runs_compute_once_what_they_have_in_common) {
  const market::Series bars = testing::random_bars(600);
  SharedColumns columns(bars);
  const auto program = testing::compiled(
      "//@version=6\nstrategy(\"t\")\nfast = input.int(5)\nslow = input.int(20)\n"
      "if ta.crossover(ta.ema(close, fast), ta.ema(close, slow))\n    strategy.entry(\"L\", strategy.long)\n");
  const auto computed_by = [&](double fast, double slow) {
    const std::uint64_t before = columns.statistics().computed;
    RunRequest request = testing::request_for(*program, bars);
    request.record_outputs = false;
    request.shared_columns = &columns;
    request.inputs = {fast, slow};
    EXPECT_TRUE(run(request));
    return columns.statistics().computed - before;
  };
  EXPECT_EQ(computed_by(5, 20), 3u);  // two averages and their crossing
  EXPECT_EQ(computed_by(5, 30), 2u);
  EXPECT_EQ(computed_by(7, 20), 2u);
  EXPECT_EQ(computed_by(7, 30), 1u);
  EXPECT_EQ(computed_by(5, 20), 0u);
}

TEST(SharedColumns, a_constant_serves_shared_columns_and_those_of_one_run) {
  const market::Series bars = testing::random_bars(600);
  const auto program =
      testing::compiled("//@version=6\nindicator(\"t\")\nplot(ta.change(close, 1))\nplot(math.random(0, 1, 7))\n");
  RunRequest request = testing::request_for(*program, bars);
  const auto alone = run(request);
  SharedColumns columns(bars);
  request.shared_columns = &columns;
  const auto shared = run(request);
  ASSERT_TRUE(alone && shared);
  for (std::size_t k = 0; k < 2; ++k) {
    for (std::size_t i = 1; i < bars.size(); ++i) {
      ASSERT_EQ(alone->outputs[k].values[i], shared->outputs[k].values[i]) << k << " on bar " << i;
    }
  }
}

TEST(SharedColumns, may_be_used_from_many_threads) {
  const market::Series bars = testing::random_bars(100);
  SharedColumns columns(bars, 5 * 80);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (std::uint64_t i = 0; i < 2000; ++i) {
        const auto name = *columns.name({i % 10});
        auto found = columns.find(name);
        if (found == nullptr) found = columns.keep(name, column_of(static_cast<double>(i % 10)));
        EXPECT_EQ(found->at(5), static_cast<double>(i % 10));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(columns.statistics().bytes, 400u);
}

}  // namespace
}  // namespace tradeassist::backtest
