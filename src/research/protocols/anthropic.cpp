// The Messages API of Anthropic, version 2023-06-01: https://docs.anthropic.com/en/api/messages-streaming
#include <boost/json.hpp>

#include "research/chat_protocol.hpp"

namespace tradeassist::research {
namespace {

namespace json = boost::json;

std::vector<std::pair<std::string, std::string>> headers(const std::string& key) {
  return {{"x-api-key", key}, {"anthropic-version", "2023-06-01"}};
}

json::object body(const ChatRequest& request, std::string_view model, int answer_tokens) {
  return {{"model", model},
          {"max_tokens", answer_tokens},
          {"system", request.instructions},
          {"messages", role_messages(request, false)},
          {"stream", true}};
}

base::Result<void> take(std::string_view frame, StreamState& state) {
  TRY_ASSIGN(const json::object event, frame_object(frame));
  const std::string type = text_of(at_path(event, {"type"}));
  if (type == "error") {
    return std::unexpected(
        provider_failure(text_of(at_path(event, {"error", "type"})), text_of(at_path(event, {"error", "message"}))));
  }
  if (type == "message_start") {
    state.usage.input = count_of(at_path(event, {"message", "usage", "input_tokens"}), state.usage.input);
    state.usage.output = count_of(at_path(event, {"message", "usage", "output_tokens"}), state.usage.output);
  } else if (type == "content_block_delta") {
    state.text += text_of(at_path(event, {"delta", "text"}));  // deltas of other kinds have none
  } else if (type == "message_delta") {
    state.is_cut = state.is_cut || text_of(at_path(event, {"delta", "stop_reason"})) == "max_tokens";
    state.usage.output = count_of(at_path(event, {"usage", "output_tokens"}), state.usage.output);
  } else if (type == "message_stop") {
    state.is_complete = state.is_over = true;
  }
  return {};  // pings, and kinds that are yet to come
}

}  // namespace

const ChatProtocol kAnthropic{.name = "anthropic",
                              .base_url = "https://api.anthropic.com",
                              .model = "claude-haiku-4-5",
                              .key_variable = "ANTHROPIC_API_KEY",
                              .path = "/v1/messages",
                              .framing = Framing::kServerSentEvents,
                              .idle_max = std::chrono::seconds(60),
                              .headers = headers,
                              .body = body,
                              .take = take};

}  // namespace tradeassist::research
