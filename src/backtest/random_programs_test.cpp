// Programs put together at random, on untidy bars: what holds of every run holds of theirs.
#include <gtest/gtest.h>

#include "backtest/testing/random_program.hpp"
#include "backtest/testing/random_strategy.hpp"
#include "backtest/testing/run_invariants.hpp"
#include "backtest/testing/script_run.hpp"

namespace tradeassist::backtest {
namespace {

constexpr int kBatches = 6, kProgramsOfBatch = 50;

class RandomPrograms : public ::testing::TestWithParam<int> {};

TEST_P(RandomPrograms, run_the_same_twice_and_know_no_later_bar) {
  int traded = 0, failed = 0;
  for (int i = 0; i < kProgramsOfBatch; ++i) {
    pine::testing::Chance chance(static_cast<std::uint64_t>(GetParam() * kProgramsOfBatch + i));
    const std::string text = testing::random_program(chance);
    const pine::Compilation made = pine::compile("random.pine", text);
    ASSERT_TRUE(made.program) << pine::render(made) << text;
    const market::Series bars = testing::untidy_bars(chance, 200, text);
    const RunRequest request = testing::short_request(*made.program, bars);
    ASSERT_EQ(testing::broken_invariant(request), "") << text;
    for (const std::size_t length : {1, 40, 133, 199}) {
      ASSERT_EQ(testing::look_ahead(request, length), "") << "after " << length << " bars\n" << text;
    }
    const auto result = run(request);
    if (!result) ++failed;
    if (result && !result->trades.empty()) ++traded;
  }
  EXPECT_GT(traded, kProgramsOfBatch / 3) << "too few programs trade to show anything";
  EXPECT_LT(failed, kProgramsOfBatch / 3) << "too many programs end with an error";
}

TEST_P(RandomPrograms, strategies_that_rest_on_most_bars_trade_the_same_however_they_are_run) {
  int traded = 0, failed = 0;
  for (int i = 0; i < kProgramsOfBatch; ++i) {
    pine::testing::Chance chance(static_cast<std::uint64_t>(1'000'000 + GetParam() * kProgramsOfBatch + i));
    const std::string text = testing::random_strategy(chance);
    const pine::Compilation made = pine::compile("random.pine", text);
    ASSERT_TRUE(made.program) << pine::render(made) << text;
    const market::Series bars = testing::untidy_bars(chance, 700, text);
    RunRequest request = testing::short_request(*made.program, bars);
    request.record_outputs = false;
    ASSERT_EQ(testing::broken_invariant(request), "") << text;
    ASSERT_EQ(testing::look_ahead(request, 333), "") << text;
    RunRequest of_the_newest = request;
    of_the_newest.settings.calc_bars_count = 300;
    ASSERT_EQ(testing::broken_invariant(of_the_newest), "") << text;
    const auto result = run(request);
    if (!result) ++failed;
    if (result && !result->trades.empty()) ++traded;
  }
  EXPECT_GT(traded, kProgramsOfBatch / 2) << "too few strategies trade to show anything";
  EXPECT_EQ(failed, 0);
}

TEST(RunInvariants, find_a_script_that_asks_where_the_bars_end) {
  pine::testing::Chance chance(1);
  const market::Series bars = testing::untidy_bars(chance, 200, "");
  const auto found = [&](const std::string& text) {
    const auto program = testing::compiled("//@version=6\nstrategy(\"s\")\n" + text);
    return testing::look_ahead(testing::short_request(*program, bars), 100);
  };
  EXPECT_EQ(found("plot(last_bar_index)"), "output 0 differs on bar 0: 99 and 199");
  EXPECT_TRUE(found("if bar_index == last_bar_index - 150\n    strategy.entry(\"L\", strategy.long)\n"
                    "if bar_index == last_bar_index - 120\n    strategy.close_all()\nplot(close)")
                  .starts_with("equity differs on bar 5"));
  EXPECT_NE(found("if last_bar_index == 99 and bar_index == 7\n    runtime.error(\"short\")\nplot(close)")
                .find("only the shorter run fails"),
            std::string::npos);
  EXPECT_NE(found("if last_bar_index == 199 and bar_index == 7\n    runtime.error(\"long\")\nplot(close)")
                .find("the shorter run does not fail"),
            std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Batches, RandomPrograms, ::testing::Range(0, kBatches));

}  // namespace
}  // namespace tradeassist::backtest
