#include "research/chat_protocol.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace tradeassist::research {
namespace {

namespace json = boost::json;

/// What a provider's frames tell, one after another; the last error where there is one.
base::Result<StreamState> state_after(const char* provider, const std::vector<std::string>& frames) {
  StreamState state;
  for (const std::string& frame : frames) TRY(find_chat_protocol(provider)->take(frame, state));
  return state;
}

TEST(ChatProtocol, reads_the_messages_of_anthropic) {
  const auto state = state_after(
      "anthropic",
      {R"({"type":"message_start","message":{"id":"m","usage":{"input_tokens":25,"output_tokens":1}}})",
       R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})", R"({"type":"ping"})",
       R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hel"}})",
       R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"lo"}})",
       R"({"type":"content_block_stop","index":0})",
       R"({"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":15}})",
       R"({"type":"message_stop"})"});
  ASSERT_TRUE(state);
  EXPECT_EQ(state->text, "Hello");
  EXPECT_EQ(state->usage.input, 25);
  EXPECT_EQ(state->usage.output, 15);
  EXPECT_TRUE(state->is_cut && state->is_complete);
}

TEST(ChatProtocol, reads_the_chunks_of_openai_and_perplexity) {
  for (const char* provider : {"openai", "perplexity"}) {
    const auto state = state_after(
        provider, {R"({"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]})",
                   R"({"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}],"usage":null})",
                   R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})",
                   R"({"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2}})", "[DONE]"});
    ASSERT_TRUE(state);
    EXPECT_EQ(state->text, "Hi");
    EXPECT_EQ(state->usage.total(), 11);
    EXPECT_TRUE(state->is_complete);
    EXPECT_FALSE(state->is_cut);
  }
}

TEST(ChatProtocol, reads_the_lines_of_ollama) {
  const auto state =
      state_after("ollama", {R"({"model":"m","message":{"role":"assistant","content":"Hi"},"done":false})",
                             R"({"message":{"content":""},"done":true,"done_reason":"length",)"
                             R"("prompt_eval_count":26,"eval_count":290})"});
  ASSERT_TRUE(state);
  EXPECT_EQ(state->text, "Hi");
  EXPECT_EQ(state->usage.input, 26);
  EXPECT_EQ(state->usage.output, 290);
  EXPECT_TRUE(state->is_cut && state->is_complete);
}

TEST(ChatProtocol, an_error_in_the_stream_may_pass_or_not) {
  using base::ErrorCode;
  const auto code = [](const char* provider, const char* frame) { return state_after(provider, {frame}).error().code; };
  EXPECT_EQ(code("anthropic", R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"),
            ErrorCode::kUnavailable);
  EXPECT_EQ(code("anthropic", R"({"type":"error","error":{"type":"invalid_request_error","message":"no"}})"),
            ErrorCode::kFailedPrecondition);
  EXPECT_EQ(code("openai", R"({"error":{"type":"server_error","message":"x"}})"), ErrorCode::kUnavailable);
  EXPECT_EQ(code("ollama", R"({"error":"model 'x' not found"})"), ErrorCode::kFailedPrecondition);
  for (const ChatProtocol& protocol : chat_protocols()) {
    StreamState state;
    EXPECT_EQ(protocol.take("<html>", state).error().code, ErrorCode::kDataLoss);
    EXPECT_EQ(protocol.take("[1]", state).error().code, ErrorCode::kDataLoss);
    EXPECT_TRUE(protocol.take(R"({"choices":7,"type":3,"message":[],"usage":{"prompt_tokens":-1},"done":"x"})", state));
  }
}

TEST(ChatProtocol, requests_have_the_instructions_the_conversation_and_the_bound) {
  const ChatRequest request{"Be short.", {{Speaker::kUser, "a"}, {Speaker::kAssistant, "b"}, {Speaker::kUser, "c"}}};
  const json::object anthropic = find_chat_protocol("anthropic")->body(request, "m", 77);
  EXPECT_EQ(anthropic.at("system"), "Be short.");
  EXPECT_EQ(anthropic.at("max_tokens"), 77);
  EXPECT_EQ(anthropic.at("messages").as_array().size(), 3u);
  const json::object openai = find_chat_protocol("openai")->body(request, "m", 77);
  EXPECT_EQ(openai.at("messages").at(0).at("role"), "system");
  EXPECT_EQ(openai.at("messages").at(2).at("role"), "assistant");
  EXPECT_EQ(openai.at("max_completion_tokens"), 77);
  EXPECT_EQ(find_chat_protocol("perplexity")->body(request, "m", 77).at("max_tokens"), 77);
  EXPECT_EQ(find_chat_protocol("ollama")->body(request, "m", 77).at("options").at("num_predict"), 77);
  for (const ChatProtocol& protocol : chat_protocols()) EXPECT_EQ(protocol.body(request, "m", 7).at("stream"), true);
}

TEST(ChatProtocol, what_a_refusal_says_is_short_and_on_one_line) {
  EXPECT_EQ(said_in(R"({"type":"error","error":{"type":"x","message":"bad\nkey"}})"), "bad key");
  EXPECT_EQ(said_in(R"({"error":"no such model"})"), "no such model");
  EXPECT_EQ(said_in(std::string(5'000, 'x')).size(), 300u);
}

}  // namespace
}  // namespace tradeassist::research
