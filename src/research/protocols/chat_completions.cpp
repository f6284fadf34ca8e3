// Chat completions: of OpenAI (https://platform.openai.com/docs/api-reference/chat-streaming), and of Perplexity, which
// speaks the same (https://docs.perplexity.ai/api-reference/chat-completions).
#include <boost/json.hpp>

#include "research/chat_protocol.hpp"

namespace tradeassist::research {
namespace {

namespace json = boost::json;

std::vector<std::pair<std::string, std::string>> headers(const std::string& key) {
  return {{"Authorization", "Bearer " + key}};
}

json::object body(const ChatRequest& request, std::string_view model) {
  return {{"model", model}, {"messages", role_messages(request, true)}, {"stream", true}};
}

json::object openai_body(const ChatRequest& request, std::string_view model, int answer_tokens) {
  json::object out = body(request, model);
  out["max_completion_tokens"] = answer_tokens;
  out["stream_options"] = json::object{{"include_usage", true}};
  return out;
}

json::object perplexity_body(const ChatRequest& request, std::string_view model, int answer_tokens) {
  json::object out = body(request, model);
  out["max_tokens"] = answer_tokens;
  return out;
}

base::Result<void> take(std::string_view frame, StreamState& state) {
  if (frame == "[DONE]") {
    state.is_complete = state.is_over = true;
    return {};
  }
  TRY_ASSIGN(const json::object chunk, frame_object(frame));
  if (const auto* error = chunk.if_contains("error"); error != nullptr && !error->is_null()) {
    const std::string message = error->is_object() ? text_of(at_path(chunk, {"error", "message"})) : text_of(error);
    return std::unexpected(provider_failure(text_of(at_path(chunk, {"error", "type"})), message));
  }
  state.usage.input = count_of(at_path(chunk, {"usage", "prompt_tokens"}), state.usage.input);
  state.usage.output = count_of(at_path(chunk, {"usage", "completion_tokens"}), state.usage.output);
  const auto* choices = chunk.if_contains("choices");
  if (choices == nullptr || !choices->is_array() || choices->get_array().empty()) return {};  // usage alone
  const json::value& choice = choices->get_array().front();
  if (!choice.is_object()) return {};
  state.text += text_of(at_path(choice.get_object(), {"delta", "content"}));
  const std::string reason = text_of(at_path(choice.get_object(), {"finish_reason"}));
  state.is_cut = state.is_cut || reason == "length";
  if (!reason.empty()) state.is_complete = true;  // usage may come behind it
  return {};
}

}  // namespace

const ChatProtocol kOpenAi{.name = "openai",
                           .base_url = "https://api.openai.com",
                           .model = "gpt-4.1-mini",
                           .key_variable = "OPENAI_API_KEY",
                           .path = "/v1/chat/completions",
                           .framing = Framing::kServerSentEvents,
                           .idle_max = std::chrono::seconds(60),
                           .headers = headers,
                           .body = openai_body,
                           .take = take};

const ChatProtocol kPerplexity{.name = "perplexity",
                               .base_url = "https://api.perplexity.ai",
                               .model = "sonar",
                               .key_variable = "PERPLEXITY_API_KEY",
                               .path = "/chat/completions",
                               .framing = Framing::kServerSentEvents,
                               .idle_max = std::chrono::seconds(60),
                               .headers = headers,
                               .body = perplexity_body,
                               .take = take};

}  // namespace tradeassist::research
