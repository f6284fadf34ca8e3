#include "research/draft.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>

#include "research/testing/scripted_chat.hpp"

namespace tradeassist::research {
namespace {

constexpr const char* kWorks =
    "```pine\n//@version=6\nstrategy(\"Cross\")\nif ta.crossover(close, ta.sma(close, 10))\n    strategy.entry(\"L\", "
    "strategy.long)\nif ta.crossunder(close, ta.sma(close, 10))\n    strategy.close(\"L\")\n```";

DraftBars bars() {
  market::Series series;
  for (int i = 0; i < 500; ++i) {
    const double price = 100 + 10 * std::sin(i / 7.0);
    const auto time = base::time_from_nanoseconds(1'577'923'200'000'000'000 + i * 3'600'000'000'000);
    series.push_back({time, price, price + 1, price - 1, price, 10});
  }
  DraftBars made;
  made.series = std::make_shared<const market::Series>(std::move(series));
  made.instrument.symbol = "WAVE";
  made.timeframe = *market::parse_timeframe("1h");
  return made;
}

base::Result<Draft> draft(ScriptedChat& model, int rounds_max) {
  return draft_strategy("buy above the mean", bars(), model.chat(), rounds_max, {}, {});
}

TEST(Draft, works_when_it_compiled_ran_and_traded) {
  ScriptedChat model({kWorks});
  const auto made = draft(model, 3);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_TRUE(made->works);
  EXPECT_TRUE(made->pine.starts_with("//@version=6\n"));
  EXPECT_GT(made->metrics->total_closed_trades, 5);
  EXPECT_EQ(made->rounds.size(), 1u);
  EXPECT_NE(model.last_said().find("500 bars of WAVE"), std::string::npos);
}

TEST(Draft, what_is_wrong_goes_back_with_line_and_column_until_it_works) {
  ScriptedChat model(
      {"I cannot.", "```\n//@version=6\nstrategy(\"x\")\nplot(clos)\n```",
       "```\n//@version=6\nindicator(\"x\")\nplot(close)\n```",
       "```\n//@version=6\nstrategy(\"x\")\nruntime.error(\"never\")\n```",
       "```\n//@version=6\nstrategy(\"x\")\nif close > 1000\n    strategy.entry(\"L\", strategy.long)\n```", kWorks});
  const auto made = draft(model, 6);
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made->rounds.size(), 6u);
  EXPECT_TRUE(made->works);
  EXPECT_NE(made->rounds[0].wrong.find("line 1"), std::string::npos);
  EXPECT_NE(made->rounds[1].wrong.find("line 3, column 6"), std::string::npos);
  EXPECT_NE(made->rounds[2].wrong.find("no strategy"), std::string::npos);
  EXPECT_NE(made->rounds[3].wrong.find("never"), std::string::npos);
  EXPECT_NE(made->rounds[4].wrong.find("no trade was closed"), std::string::npos);
  EXPECT_EQ(made->rounds[5].wrong, "");
  EXPECT_EQ(model.last_said(), made->rounds[4].wrong);
  EXPECT_EQ(made->usage.total(), 660);
}

TEST(Draft, that_never_works_shows_no_script_and_says_why_of_each_round) {
  ScriptedChat model({"```\n//@version=6\nstrategy(\"x\")\nplot(clos)\n```"});
  const auto made = draft(model, 2);
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->works);
  EXPECT_EQ(made->pine, "");
  EXPECT_FALSE(made->metrics);
  EXPECT_EQ(made->rounds.size(), 2u);
  EXPECT_TRUE(draft_json(*made).at("pine").is_null());
}

TEST(Draft, imports_nothing_and_is_bounded) {
  ScriptedChat importing({"```\n//@version=6\nstrategy(\"x\")\nimport someone/library/1\nplot(close)\n```"});
  EXPECT_FALSE(draft(importing, 1)->works);
  ScriptedChat endless({"```\n//@version=6\nstrategy(\"x\")\nwhile true\n    x = 1\n```"});
  EXPECT_NE(draft(endless, 1)->rounds[0].wrong.find("stops when it runs"), std::string::npos);
  ScriptedChat long_one({"```\n" + std::string(kDraftBytesMax + 1, '/') + "\n```"});
  EXPECT_NE(draft(long_one, 1)->rounds[0].wrong.find("bytes"), std::string::npos);
  ScriptedChat any({kWorks});
  EXPECT_FALSE(draft_strategy(" ", bars(), any.chat(), 1, {}, {}));
}

}  // namespace
}  // namespace tradeassist::research
