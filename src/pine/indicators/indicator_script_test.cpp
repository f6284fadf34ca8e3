#include "pine/indicators/indicator_script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradeassist::pine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

IndicatorResult<IndicatorScript> of_expression(const std::string& source) {
  return make_indicator_script({}, {{source, "", "/expressions/0/source"}});
}

std::vector<std::string> names_of(const IndicatorScript& script) {
  std::vector<std::string> names;
  for (const auto& column : script.columns) names.push_back(column.name);
  return names;
}

IndicatorError only_error(const IndicatorResult<IndicatorScript>& made) {
  if (made || made.error().size() != 1) throw std::runtime_error("not one error");
  return made.error().front();
}

TEST(IndicatorScript, columns_come_in_order_and_are_called_as_asked) {
  const auto made = make_indicator_script(
      {{"rsi", {}, "", "", ""}, {"macd", {{"fast", "5"}}, "", "", ""}, {"macd", {}, "slow", "", ""}},
      {{"close > open", "", ""}, {"ta.ema(close, 20)", "ema", ""}});
  ASSERT_TRUE(made) << made.error().front().message;
  EXPECT_THAT(names_of(*made), ElementsAre("rsi", "macd.macd", "macd.signal", "macd.histogram", "slow.macd",
                                           "slow.signal", "slow.histogram", "close > open", "ema"));
}

TEST(IndicatorScript, a_mistake_is_shown_where_the_caller_wrote_it) {
  const IndicatorError name = only_error(of_expression("ta.ema(close, 20) - ta.emma(close, 50)"));
  EXPECT_EQ(name.place, "/expressions/0/source");
  EXPECT_EQ(name.line, 1u);
  EXPECT_EQ(name.column, 21u);
  const IndicatorError syntax = only_error(of_expression("ta.ema(close, 20"));
  EXPECT_EQ(syntax.place, "/expressions/0/source");
  EXPECT_EQ(syntax.message, "`(` is never closed");
  EXPECT_EQ(syntax.column, 7u);
  const IndicatorError type = only_error(of_expression("\"text\""));
  EXPECT_THAT(type.message, HasSubstr("the expression must be a number or bool"));
  const IndicatorError tuple = only_error(of_expression("ta.macd(close, 12, 26, 9)"));
  EXPECT_EQ(tuple.place, "/expressions/0/source");
}

TEST(IndicatorScript, a_mistake_in_a_parameter_that_is_used_twice_is_one_error) {
  const IndicatorError error =
      only_error(make_indicator_script({{"stoch", {{"source", "clos"}}, "", "/indicators/0", "/indicators/0/p/"}}, {}));
  EXPECT_EQ(error.place, "/indicators/0/p/source");
  EXPECT_EQ(error.column, 1u);
}

TEST(IndicatorScript, an_expression_cannot_reach_what_is_around_it) {
  for (const char* source : {"close), plot(open",
                             "close)\nplot(open",
                             "close), x = (open",
                             "close\n",
                             "close\r",
                             "",
                             "  ",
                             "close, open",
                             "title = close",
                             "close // )\n",
                             "x := close",
                             "close) //",
                             "close) + (open",
                             "))((",
                             "//@version=4",
                             "plot(close)",
                             "strategy.entry(\"a\", strategy.long)",
                             "label.new(bar_index, close)",
                             "if close > open",
                             "[close, open]"}) {
    EXPECT_FALSE(of_expression(source)) << source;
  }
  EXPECT_TRUE(of_expression("close // the last price"));
  EXPECT_TRUE(of_expression("\"a)\" == \"b\" ? close : open"));
}

TEST(IndicatorScript, bounds_are_named) {
  EXPECT_THAT(only_error(make_indicator_script({}, {})).message, HasSubstr("no indicator"));
  const std::vector<IndicatorCall> many(kIndicatorCallsMax + 1, {"rsi", {}, "", "", ""});
  EXPECT_THAT(only_error(make_indicator_script(many, {})).message, HasSubstr("at most 50"));
  EXPECT_THAT(only_error(of_expression(std::string(kIndicatorExpressionBytesMax, '1') + "1")).message,
              HasSubstr("at most 4096"));
  EXPECT_THAT(only_error(make_indicator_script({{"rsi", {}, std::string(65, 'a'), "", ""}}, {})).message,
              HasSubstr("at most 64"));
}

TEST(IndicatorScript, two_columns_of_one_name_are_refused) {
  const auto twice = make_indicator_script({{"rsi", {}, "", "/a", ""}, {"rsi", {}, "", "/b", ""}}, {});
  EXPECT_EQ(only_error(twice).place, "/b");
  EXPECT_FALSE(make_indicator_script({}, {{"close", "time", ""}}));
}

TEST(IndicatorScript, unknown_names_and_parameters_are_refused_with_what_there_is) {
  EXPECT_THAT(only_error(make_indicator_script({{"rsj", {}, "", "/0", ""}}, {})).message, HasSubstr("'rsj'"));
  const auto error = only_error(make_indicator_script({{"rsi", {{"period", "3"}}, "", "/0", "/0/"}}, {}));
  EXPECT_EQ(error.place, "/0/period");
  EXPECT_EQ(error.message, "is not a parameter of rsi; there are source, length");
}

TEST(IndicatorScript, the_plots_of_a_whole_script_are_its_columns) {
  const auto made = read_indicator_script(
      "//@version=6\nindicator(\"x\")\nplot(close, \"a\")\nplot(open, \"a\")\nhline(3)\n"
      "plotcandle(open, high, low, close, \"bars\")\nplotshape(close > open)\nbgcolor(color.red)\n",
      "/script", {});
  ASSERT_TRUE(made) << made.error().front().message;
  EXPECT_THAT(names_of(*made), ElementsAre("a", "a 2", "bars.open", "bars.high", "bars.low", "bars.close", "output 5"));
  const auto broken = only_error(read_indicator_script("//@version=6\nindicator(\"x\")\nplot(clos)\n", "/script", {}));
  EXPECT_EQ(broken.line, 3u);
  EXPECT_EQ(broken.column, 6u);
  EXPECT_THAT(only_error(read_indicator_script("//@version=6\nindicator(\"x\")\n", "/script", {})).message,
              HasSubstr("plots nothing"));
}

TEST(IndicatorScript, a_runs_error_leads_back_to_the_expression) {
  const auto made = make_indicator_script({{"rsi", {}, "", "/indicators/0", ""}}, {{"close", "", "/expressions/0"}});
  ASSERT_TRUE(made);
  std::size_t line = 0;
  while (!(made->lines[line].is_written && made->lines[line].place == "/expressions/0")) ++line;
  const IndicatorError error = locate_error(
      *made, {base::ErrorCode::kInvalidArgument, "indicators:" + std::to_string(line + 1) + ":7: too much (bar 3)"});
  EXPECT_EQ(error.place, "/expressions/0");
  EXPECT_EQ(error.line, 1u);
  EXPECT_EQ(error.column, 7u);
  EXPECT_EQ(error.message, "too much (bar 3)");
  EXPECT_EQ(locate_error(*made, {base::ErrorCode::kCancelled, "the run was cancelled"}).message,
            "the run was cancelled");
}

}  // namespace
}  // namespace tradeassist::pine
