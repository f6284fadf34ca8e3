// The chat of a local Ollama: https://github.com/ollama/ollama/blob/main/docs/api.md
#include <boost/json.hpp>

#include "research/chat_protocol.hpp"

namespace tradeassist::research {
namespace {

namespace json = boost::json;

std::vector<std::pair<std::string, std::string>> headers(const std::string& key) {
  if (key.empty()) return {};
  return {{"Authorization", "Bearer " + key}};  // of a proxy before it
}

json::object body(const ChatRequest& request, std::string_view model, int answer_tokens) {
  return {{"model", model},
          {"messages", role_messages(request, true)},
          {"stream", true},
          {"options", json::object{{"num_predict", answer_tokens}}}};
}

base::Result<void> take(std::string_view frame, StreamState& state) {
  TRY_ASSIGN(const json::object line, frame_object(frame));
  if (const std::string error = text_of(at_path(line, {"error"})); !error.empty())
    return std::unexpected(provider_failure("", error));
  state.text += text_of(at_path(line, {"message", "content"}));
  state.usage.input = count_of(at_path(line, {"prompt_eval_count"}), state.usage.input);
  state.usage.output = count_of(at_path(line, {"eval_count"}), state.usage.output);
  state.is_cut = state.is_cut || text_of(at_path(line, {"done_reason"})) == "length";
  if (const auto* done = line.if_contains("done"); done != nullptr && *done == true)
    state.is_complete = state.is_over = true;
  return {};
}

}  // namespace

const ChatProtocol kOllama{.name = "ollama",
                           .base_url = "http://127.0.0.1:11434",
                           .model = "llama3.1",
                           .key_variable = "",
                           .path = "/api/chat",
                           .framing = Framing::kLines,
                           .idle_max = std::chrono::hours(1),  // silent while it loads a model and reads what is asked
                           .headers = headers,
                           .body = body,
                           .take = take};

}  // namespace tradeassist::research
