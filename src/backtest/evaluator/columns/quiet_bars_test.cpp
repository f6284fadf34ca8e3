// Which bars a strategy is not run on; that leaving them out changes nothing is shown in random_programs_test.cpp.
#include "backtest/evaluator/columns/quiet_bars.hpp"

#include <gtest/gtest.h>

#include "backtest/evaluator/evaluator.hpp"
#include "backtest/testing/script_run.hpp"

namespace tradeassist::backtest {
namespace {

/// A strategy without a position, ready for its first bar.
class QuietBarsTest : public ::testing::Test {
 protected:
  /// The bars that are not quiet, as the evaluator tells them from the first bar on.
  std::vector<std::size_t> active(const std::string& lines, SharedColumns* shared = nullptr) {
    const auto program = testing::compiled("//@version=6\nstrategy(\"t\")\n" + lines);
    const RunRequest request = testing::request_for(*program, bars_);
    Chart chart = *Chart::make(bars_, request.instrument, request.timeframe);
    TextTable texts(program->strings, request.limits.string_bytes_max);
    Broker broker(request.settings, request.instrument, bars_);
    RequestContext requests({}, request.limits, bars_.size(), {}, "USD");
    Evaluator evaluator(*program, chart, texts, requests, &broker,
                        {.limits = request.limits, .stop = {}, .shared_columns = shared});
    EXPECT_TRUE(evaluator.prepare(request.inputs));
    std::vector<std::size_t> found;
    for (std::size_t bar = 0; bar < bars_.size();) {
      if (const std::size_t next = evaluator.quiet_until(bar, bars_.size()); next > bar) {
        bar = next;
        continue;
      }
      found.push_back(bar);
      EXPECT_TRUE(evaluator.step(bar++));
    }
    return found;
  }

  market::Series bars_ = testing::random_bars(600);
};

constexpr const char* kEntry = "    strategy.entry(\"L\", strategy.long)\n";

TEST_F(QuietBarsTest, are_those_on_which_no_condition_holds) {
  const std::string script = std::string("if bar_index == 100 or bar_index % 250 == 7\n") + kEntry;
  const std::vector<std::size_t> expected = {7, 100, 257, 507};
  EXPECT_EQ(active(script), expected);
  SharedColumns shared(bars_);
  EXPECT_EQ(active(script, &shared), expected);
  EXPECT_EQ(active(script, &shared), expected);  // from the columns that are kept
}

TEST_F(QuietBarsTest, follow_every_way_through_the_body) {
  EXPECT_EQ(active(std::string("if bar_index > 500\n    if bar_index == 510\n    ") + kEntry +
                   "    else if bar_index == 520\n    " + kEntry + "else if bar_index == 33\n" + kEntry),
            (std::vector<std::size_t>{33, 510, 520}));
}

TEST_F(QuietBarsTest, know_what_changes_with_trades_only) {
  const std::string held = std::string("if bar_index % 3 == 0 and strategy.position_size > 0\n") + kEntry;
  EXPECT_TRUE(active(held).empty());
  const std::string flat = std::string("if bar_index == 40 and strategy.position_size == 0\n") + kEntry;
  EXPECT_EQ(active(flat), (std::vector<std::size_t>{40}));
  const std::string age =
      "entered = strategy.opentrades > 0 ? strategy.opentrades.entry_bar_index(0) : 0\n"
      "if bar_index - entered == 77 and strategy.equity == strategy.initial_capital\n";
  EXPECT_EQ(active(age + kEntry), (std::vector<std::size_t>{77}));
}

TEST_F(QuietBarsTest, know_variables_that_change_on_other_bars_only) {
  EXPECT_EQ(active(std::string("var seen = 0\nif bar_index == 50\n    seen += 1\nif seen > 0 and bar_index > 590\n") +
                   kEntry),
            (std::vector<std::size_t>{50, 591, 592, 593, 594, 595, 596, 597, 598, 599}));
}

TEST_F(QuietBarsTest, are_none_where_something_is_done_on_every_bar) {
  EXPECT_EQ(active("var sum = 0.0\nsum += close\nif sum < 0\n    strategy.close_all()\n").size(), bars_.size());
  EXPECT_EQ(active("strategy.exit(\"X\", \"L\", stop = close - 5)\n").size(), bars_.size());
}

}  // namespace
}  // namespace tradeassist::backtest
