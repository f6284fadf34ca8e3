#include "mcp/call_tool.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "server/problem.hpp"

namespace tradeassist::mcp {
namespace {

namespace json = boost::json;

/// Remembers what it was asked, and gives one answer.
struct Recorder {
  server::Response response{200, "application/json", R"({"ok":true})", {}};
  server::Request asked;

  ToolHost host() {
    return {.dispatch =
                [this](server::Request request) {
                  asked = std::move(request);
                  return response;
                },
            .exports_folder = {}};
  }
  json::object call(std::string_view tool, json::object arguments) {
    const ToolHost to = host();
    return call_tool(*find_tool(tool), std::move(arguments), to, {});
  }
};

std::string text_of(const json::object& result) {
  return std::string(result.at("content").at(0).at("text").as_string());
}

TEST(CallTool, arguments_become_the_query_of_a_get) {
  Recorder recorder;
  const json::object result =
      recorder.call("get_bars", {{"symbol", "ES"}, {"timeframe", "1d"}, {"last", 5}, {"gaps", false}});
  EXPECT_EQ(recorder.asked.path, "/api/v1/bars");
  const std::map<std::string, std::string> expected{
      {"symbol", "ES"}, {"timeframe", "1d"}, {"last", "5"}, {"gaps", "false"}};
  EXPECT_EQ(recorder.asked.query, expected);
  EXPECT_EQ(result.at("isError"), false);
  EXPECT_EQ(text_of(result), R"({"ok":true})");
  EXPECT_EQ(result.at("structuredContent"), json::value(json::object{{"ok", true}}));
}

TEST(CallTool, bars_without_a_range_are_the_newest_hundred) {
  Recorder recorder;
  recorder.call("get_bars", {{"symbol", "ES"}, {"timeframe", "1d"}});
  EXPECT_EQ(recorder.asked.query.at("last"), "100");
  recorder.call("get_bars", {{"symbol", "ES"}, {"timeframe", "1d"}, {"from", "2020-01-01"}});
  EXPECT_FALSE(recorder.asked.query.contains("last"));
}

TEST(CallTool, arguments_of_the_path_go_there_and_the_others_into_the_body) {
  Recorder recorder;
  recorder.call("cancel_job", {{"job_id", "17"}});
  EXPECT_EQ(recorder.asked.path, "/api/v1/jobs/17/cancel");
  EXPECT_EQ(recorder.asked.body, "");
  recorder.call("export_report", {{"job_id", "17"}, {"format", "pdf"}});
  EXPECT_EQ(json::parse(recorder.asked.body), json::value(json::object{{"job_id", "17"}, {"format", "pdf"}}));
}

TEST(CallTool, an_argument_cannot_lead_to_another_route) {
  Recorder recorder;
  for (const json::value& id : {json::value("1/result"), json::value(""), json::value(3), json::value(nullptr)}) {
    const json::object result = recorder.call("get_job", {{"job_id", id}});
    EXPECT_EQ(result.at("isError"), true);
    EXPECT_EQ(recorder.asked.path, "");
  }
}

TEST(CallTool, a_refusal_says_in_words_what_and_where) {
  Recorder recorder;
  recorder.response = server::to_response(
      {422, "PINE_COMPILE_ERROR", "The script does not compile.", {{"/pine", "unknown name 'x'", "declare it", 3, 7}}},
      "/");
  const json::object result = recorder.call("run_backtest", {{"symbol", "ES"}});
  EXPECT_EQ(result.at("isError"), true);
  EXPECT_EQ(text_of(result),
            "PINE_COMPILE_ERROR: The script does not compile.\n/pine 3:7: unknown name 'x' (declare it)");
  EXPECT_EQ(result.at("structuredContent").at("status"), 422);
}

TEST(CallTool, a_long_answer_is_cut_and_says_so) {
  Recorder recorder;
  json::array many;
  for (int i = 0; i < 50'000; ++i) many.push_back(i);
  recorder.response.body = json::serialize(json::object{{"values", many}});
  const json::object result = recorder.call("list_jobs", {});
  EXPECT_LE(text_of(result).size(), kToolAnswerBytesMax);
  EXPECT_EQ(result.at("structuredContent").at("cut").at(0).at("of"), 50'000);
}

TEST(CallTool, without_a_server_a_file_is_told_by_its_path) {
  Recorder recorder;
  recorder.response = {201, "application/json", R"({"id":"ab","download_url":"/api/v1/export/download/ab"})", {}};
  ToolHost host = recorder.host();
  host.exports_folder = "/data/exports";
  const json::object result = call_tool(*find_tool("export_pine"), {{"job_id", "1"}}, host, {});
  EXPECT_EQ(result.at("structuredContent"), json::value(json::object{{"id", "ab"}, {"path", "/data/exports/ab"}}));
}

TEST(Tools, have_names_and_schemas_that_fit_each_other) {
  std::set<std::string_view> names;
  for (const Tool& tool : tools()) {
    SCOPED_TRACE(tool.name);
    EXPECT_TRUE(names.insert(tool.name).second);
    const json::object shown = tool_json(tool);
    const json::object& schema = shown.at("inputSchema").as_object();
    const json::object& properties = schema.at("properties").as_object();
    if (const auto* required = schema.if_contains("required")) {
      for (const json::value& name : required->as_array()) EXPECT_TRUE(properties.contains(name.as_string()));
    }
    for (std::size_t at = tool.path.find('{'); at != std::string_view::npos; at = tool.path.find('{', at + 1)) {
      EXPECT_TRUE(properties.contains(tool.path.substr(at + 1, tool.path.find('}', at) - at - 1)));
    }
    EXPECT_EQ(shown.at("annotations").at("readOnlyHint"), tool.effect == ToolEffect::kReads);
  }
}

}  // namespace
}  // namespace tradeassist::mcp
