#include "research/chat_protocol.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/json.hpp"
#include "research/answer_text.hpp"

namespace tradeassist::research {

namespace json = boost::json;

namespace {

constexpr std::size_t kShownMax = 300;

}  // namespace

std::span<const ChatProtocol> chat_protocols() {
  static const std::array kProtocols{kAnthropic, kOpenAi, kPerplexity, kOllama};
  return kProtocols;
}

const ChatProtocol* find_chat_protocol(std::string_view name) {
  const auto all = chat_protocols();
  const auto found = std::ranges::find(all, name, &ChatProtocol::name);
  return found == all.end() ? nullptr : &*found;
}

std::string said_in(std::string_view body) {
  std::string text;
  if (const auto value = base::parse_json(body); value && value->is_object()) {
    const json::object& object = value->get_object();
    for (const auto* place : {at_path(object, {"error", "message"}), at_path(object, {"error"}),
                              at_path(object, {"message"}), at_path(object, {"detail"})}) {
      if (text.empty()) text = text_of(place);
    }
  }
  if (text.empty()) text = body;
  text = std::string(beginning(text, kShownMax));
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
  }
  return text;
}

base::Result<json::object> frame_object(std::string_view frame) {
  auto value = base::parse_json(frame);
  if (!value || !value->is_object())
    return base::failure(base::ErrorCode::kDataLoss, "a message of the stream is no JSON object");
  return std::move(value->get_object());
}

base::Error provider_failure(std::string_view type, std::string_view message) {
  const bool may_pass = type == "overloaded_error" || type == "api_error" || type == "rate_limit_error" ||
                        type == "server_error" || type == "rate_limit_exceeded" || type == "timeout_error";
  return {may_pass ? base::ErrorCode::kUnavailable : base::ErrorCode::kFailedPrecondition,
          (type.empty() ? "" : std::string(type) + ": ") + said_in(message)};
}

const json::value* at_path(const json::object& object, std::initializer_list<std::string_view> path) {
  const json::object* at = &object;
  const json::value* value = nullptr;
  for (const std::string_view name : path) {
    if (at == nullptr) return nullptr;
    value = at->if_contains(name);
    if (value == nullptr) return nullptr;
    at = value->if_object();
  }
  return value;
}

std::string text_of(const json::value* value) {
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

std::int64_t count_of(const json::value* value, std::int64_t otherwise) {
  constexpr std::int64_t kCountMax = 1'000'000'000;
  if (value == nullptr || !value->is_int64() || value->get_int64() < 0) return otherwise;
  return std::min(value->get_int64(), kCountMax);
}

json::array role_messages(const ChatRequest& request, bool with_instructions) {
  json::array out;
  if (with_instructions) out.push_back(json::object{{"role", "system"}, {"content", request.instructions}});
  for (const ChatMessage& message : request.messages) {
    out.push_back(
        json::object{{"role", message.speaker == Speaker::kUser ? "user" : "assistant"}, {"content", message.text}});
  }
  return out;
}

}  // namespace tradeassist::research
