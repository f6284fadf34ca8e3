#include "research/ranges.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "optimize/testing/cross.hpp"
#include "research/testing/scripted_chat.hpp"

namespace tradeassist::research {
namespace {

constexpr const char* kGood =
    "```json\n{\"parameters\": [{\"name\": \"fast\", \"from\": 2, \"to\": 12, \"step\": 2}, {\"name\": \"slow\", "
    "\"from\": 14, \"to\": 40, \"scale\": \"log\"}, {\"name\": \"mode\", \"values\": [\"both\", \"long\"]}], "
    "\"constraints\": [\"fast < slow\"], \"reason\": \"why not\"}\n```";

base::Result<ProposedRanges> propose(ScriptedChat& model, int rounds_max = 3) {
  return propose_ranges(*optimize::cross(), model.chat(), rounds_max, {}, {});
}

TEST(ProposeRanges, gives_what_optimize_takes) {
  ScriptedChat model({kGood});
  const auto made = propose(model);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->parameters, (std::vector<std::string>{"fast=2:12:2", "slow=14:40:log", "mode=both,long"}));
  EXPECT_EQ(made->constraints, std::vector<std::string>{"fast < slow"});
  EXPECT_EQ(made->request.at("parameters").at(1).as_object().size(), 4u);
  EXPECT_EQ(made->reason, "why not");
  EXPECT_EQ(made->rounds, 1);
  EXPECT_NE(model.last_said().find("\"maximum\":40"), std::string::npos);
}

TEST(ProposeRanges, tells_the_model_what_does_not_fit_until_it_does) {
  ScriptedChat model({"I would vary fast.", R"({"parameters": [{"name": "fats", "from": 1, "to": 9}]})",
                      R"({"parameters": [{"name": "fast", "from": 1, "to": 9}]})", kGood});
  std::vector<std::string> wrong;
  const auto made = propose_ranges(*optimize::cross(), model.chat(), 4,
                                   [&](int, std::string_view what) { wrong.emplace_back(what); }, {});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->rounds, 4);
  EXPECT_EQ(made->usage.total(), 440);
  ASSERT_EQ(wrong.size(), 4u);
  EXPECT_NE(wrong[0].find("not JSON"), std::string::npos);
  EXPECT_NE(wrong[1].find("it has fast, slow"), std::string::npos);
  EXPECT_NE(wrong[2].find("below the input's minval 2"), std::string::npos);
  EXPECT_EQ(wrong[3], "");
  EXPECT_NE(model.last_said().find("below the input's minval 2"), std::string::npos);
  EXPECT_EQ(model.asked.back().messages.size(), 3u);
}

TEST(ProposeRanges, refuses_whatever_is_not_strictly_what_was_asked_for) {
  for (const char* text :
       {"[]", "{}", R"({"parameters": []})", R"({"parameters": [{"name": "fast"}]})",
        R"({"parameters": [{"name": "fast", "from": "2", "to": 9}]})",
        R"({"parameters": [{"name": "fast", "from": 2, "to": 9, "steps": 1}]})",
        R"({"parameters": [{"name": "fast", "from": 2, "to": 9, "values": [3]}]})",
        R"({"parameters": [{"name": "fast", "from": 2, "to": 9, "scale": "square"}]})",
        R"({"parameters": [{"name": "slow", "from": 14, "to": 40, "scale": "log", "step": 2}]})",
        R"({"parameters": [{"name": "mode", "values": ["short"]}]})",
        R"({"parameters": [{"name": "mode", "values": [["both"]]}]})",
        R"({"parameters": [{"name": "fast", "from": 2, "to": 8}], "constraints": ["fast <> slow"]})",
        R"({"parameters": [{"name": "fast", "from": 2, "to": 8}]} and more)", "```\n{}\n```\n```\n{}\n```", ""}) {
    ScriptedChat model({text});
    const auto made = propose(model, 1);
    ASSERT_FALSE(made) << text;
    EXPECT_EQ(made.error().code, base::ErrorCode::kFailedPrecondition);
  }
}

TEST(ProposeRanges, ends_after_its_rounds_with_the_last_complaint) {
  ScriptedChat model({"no"});
  const auto made = propose(model, 2);
  ASSERT_FALSE(made);
  EXPECT_EQ(model.asked.size(), 2u);
  EXPECT_NE(made.error().message.find("no proposal of 2 fits"), std::string::npos);
}

}  // namespace
}  // namespace tradeassist::research
