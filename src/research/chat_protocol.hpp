#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "research/chat.hpp"
#include "research/frame_parser.hpp"

namespace tradeassist::research {

/// What a stream has told so far.
struct StreamState {
  std::string text;
  ChatUsage usage;
  bool is_cut = false;       // the model ran into its bound of tokens
  bool is_complete = false;  // the provider said that the answer ends here
  bool is_over = false;      // and that nothing comes behind it
};

/// How one provider is spoken to, a line of a table: what differs between them, and nothing else.
struct ChatProtocol {
  std::string_view name;             // of the setting research_provider
  std::string_view base_url, model;  // unless configured
  std::string_view key_variable;     // of the environment; empty: needs no key
  std::string_view path;
  Framing framing = Framing::kServerSentEvents;
  std::chrono::seconds idle_max{60};  // without a byte of an answer
  std::vector<std::pair<std::string, std::string>> (*headers)(const std::string& key) = nullptr;
  boost::json::object (*body)(const ChatRequest& request, std::string_view model, int answer_tokens) = nullptr;
  /// Takes a message of the stream. kUnavailable when the provider says that it may be tried again, else
  /// kFailedPrecondition with what it says; kDataLoss when the message cannot be read.
  base::Result<void> (*take)(std::string_view frame, StreamState& state) = nullptr;
};

std::span<const ChatProtocol> chat_protocols();
const ChatProtocol* find_chat_protocol(std::string_view name);

/// What an answer that is no success says of itself: short, on one line, never the whole of an unexpected page.
std::string said_in(std::string_view body);

// For the protocols' own files.

/// A message of the stream as an object; kDataLoss where it is none.
base::Result<boost::json::object> frame_object(std::string_view frame);
/// The failure that a provider tells inside a stream or as an answer: `type` decides whether it may pass.
base::Error provider_failure(std::string_view type, std::string_view message);
/// Members of members: null where there is none.
const boost::json::value* at_path(const boost::json::object& object, std::initializer_list<std::string_view> path);
std::string text_of(const boost::json::value* value);
std::int64_t count_of(const boost::json::value* value, std::int64_t otherwise);
/// [{"role": "system", …}, {"role": "user", "content": …}, …]
boost::json::array role_messages(const ChatRequest& request, bool with_instructions);

extern const ChatProtocol kAnthropic, kOpenAi, kPerplexity, kOllama;

}  // namespace tradeassist::research
