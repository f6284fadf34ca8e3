#include "research/explain.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "research/testing/scripted_chat.hpp"

namespace tradeassist::research {
namespace {

namespace json = boost::json;

const json::object kResult{{"strategy", "Cross"},
                           {"parameters", json::object{{"fast", 5}}},
                           {"in_sample", json::object{{"metrics", json::object{{"net_profit", 1234.5}}}}},
                           {"statement", "the best of 200 trials"},
                           {"equity", json::object{{"time", json::array{"2000-01-03T00:00:00Z"}}}}};

TEST(Explain, sends_the_figures_and_nothing_else_and_says_which_numbers_are_none_of_them) {
  ScriptedChat model({"It made 1,234.5 after 200 trials, a Sharpe ratio of 1.73."});
  const auto made = explain(kResult, model.chat(), {}, {});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->without_figure, std::vector<std::string>{"1.73"});
  EXPECT_EQ(made->usage.total(), 110);
  EXPECT_NE(model.last_said().find("in_sample.metrics.net_profit: 1234.5\n"), std::string::npos);
  EXPECT_EQ(model.last_said().find("2000-01-03"), std::string::npos);
  EXPECT_TRUE(model.last_said().ends_with(made->figures));
}

TEST(Explain, refuses_what_is_no_result_and_an_empty_answer) {
  ScriptedChat model({" \n"});
  EXPECT_EQ(explain({{"a", 1}}, model.chat(), {}, {}).error().code, base::ErrorCode::kInvalidArgument);
  EXPECT_TRUE(model.asked.empty());
  EXPECT_EQ(explain(kResult, model.chat(), {}, {}).error().code, base::ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace tradeassist::research
