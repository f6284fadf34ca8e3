// Programs put together at random, on untidy bars: what holds of every run holds of theirs.
#include <gtest/gtest.h>

#include "backtest/testing/random_program.hpp"
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

INSTANTIATE_TEST_SUITE_P(Batches, RandomPrograms, ::testing::Range(0, kBatches));

}  // namespace
}  // namespace tradeassist::backtest
