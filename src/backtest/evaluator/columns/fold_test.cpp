#include "backtest/evaluator/columns/fold.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "backtest/testing/script_run.hpp"

namespace tradeassist::backtest {
namespace {

using pine::Opcode;

/// What folding leaves of a strategy whose inputs have their defaults. Only moves, comparisons and `and` are carried
/// out here: more is not needed.
Code folded(const std::string& lines, bool records = false) {
  const auto program = testing::compiled("//@version=6\nstrategy(\"t\")\n" + lines);
  std::vector<double> slots(program->slot_count, std::numeric_limits<double>::quiet_NaN());
  for (const pine::Constant& constant : program->constants) slots[constant.slot] = constant.value;
  for (const pine::Slot slot : program->zeroed) slots[slot] = 0;
  for (const pine::Input& input : program->inputs) slots[input.slot] = input.number;
  std::vector<bool> of_the_bar(program->slot_count, false);
  for (const pine::BarLoad& load : program->loads) of_the_bar[load.slot] = true;
  Code code{program->body, program->body_ranges};
  const auto carry_out = [&](const pine::Operation& operation) {
    const auto a = slots[operation.a], b = operation.b == pine::kNoSlot ? 0 : slots[operation.b];
    switch (operation.opcode) {
      case Opcode::kMove: slots[operation.dst] = a; break;
      case Opcode::kAnd: slots[operation.dst] = a == 1 && b == 1 ? 1 : 0; break;
      case Opcode::kGreater: slots[operation.dst] = a > b ? 1 : 0; break;
      default: ADD_FAILURE() << "carries out operation " << static_cast<int>(operation.opcode);
    }
  };
  fold({*program, slots, of_the_bar, records, carry_out}, code);
  EXPECT_EQ(code.operations.size(), code.ranges.size());
  for (const pine::Operation& operation : code.operations) {
    EXPECT_TRUE(!pine::is_jump(operation.opcode) || operation.target <= code.size());
  }
  return code;
}

std::ptrdiff_t count(const Code& code, Opcode opcode) {
  return std::ranges::count(code.operations, opcode, &pine::Operation::opcode);
}

TEST(Fold, a_switch_on_an_input_keeps_its_arm) {
  const Code code = folded(
      "kind = input.int(2)\naverage = switch kind\n    1 => ta.sma(close, 5)\n    2 => ta.ema(close, 5)\n"
      "    => ta.wma(close, 5)\nif close > average\n    strategy.entry(\"L\", strategy.long)\n");
  EXPECT_EQ(count(code, Opcode::kStatefulCall), 1);
  EXPECT_EQ(count(code, Opcode::kJump), 0);
  EXPECT_EQ(count(code, Opcode::kJumpIfFalse) + count(code, Opcode::kJumpIfTrue), 1);
}

TEST(Fold, what_an_input_switches_off_is_gone) {
  const Code code = folded(
      "on = input.bool(false)\nif on and close > open\n    strategy.entry(\"L\", strategy.long)\n"
      "if close < open\n    strategy.close_all()\n");
  EXPECT_EQ(count(code, Opcode::kCommand), 1);
  EXPECT_EQ(count(code, Opcode::kAnd), 0);
}

TEST(Fold, variables_that_change_and_what_is_read_before_it_is_written_stay) {
  const Code code = folded(
      "var count = 0\nif close > open\n    count += 1\nif count > 3\n    strategy.close_all()\n"
      "float last = na\nif close > last\n    strategy.entry(\"L\", strategy.long)\nlast := close\n");
  EXPECT_EQ(count(code, Opcode::kCommand), 2);
  EXPECT_GE(count(code, Opcode::kAdd), 1);
}

TEST(Fold, what_is_shown_stays_where_it_is_recorded) {
  const std::string script = "plot(close - open)\nif close > open\n    strategy.close_all()\n";
  EXPECT_EQ(count(folded(script, true), Opcode::kRecord), 1);
  const Code code = folded(script, false);
  EXPECT_EQ(count(code, Opcode::kRecord), 0);
  EXPECT_EQ(count(code, Opcode::kSubtract), 0);
}

TEST(Fold, colours_of_what_is_not_recorded_are_gone) {
  const Code code = folded(
      "plot(close, color = color.new(close > open ? color.teal : color.red, 85))\n"
      "if close > open\n    strategy.close_all()\n");
  EXPECT_EQ(count(code, Opcode::kCall), 0);
}

TEST(Fold, calls_that_may_fail_stay_though_nothing_reads_them) {
  const Code code =
      folded("unused = ta.sma(close, input.int(5))\nif close > open\n    strategy.close_all()\nplot(unused)\n");
  EXPECT_EQ(count(code, Opcode::kStatefulCall), 1);
}

}  // namespace
}  // namespace tradeassist::backtest
