#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "feed/providers/clock.hpp"
#include "feed/providers/http_client.hpp"
#include "feed/providers/retry.hpp"
#include "research/chat.hpp"
#include "research/chat_protocol.hpp"
#include "research/token_ledger.hpp"

namespace tradeassist::research {

struct ChatOptions {
  const ChatProtocol* protocol = nullptr;
  std::string base_url, model;               // empty: the protocol's
  std::string key;                           // never shown
  int answer_tokens = 4'096;                 // of one answer
  std::int64_t tokens_per_request = 50'000;  // of what is sent and what is answered
  std::int64_t tokens_per_day = 200'000;
  std::filesystem::path ledger_folder;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds timeout{300'000};  // of a whole answer
  feed::RetryPolicy retry{.attempts_max = 4};
};

/// Asks one model of one provider, and streams its answer. Thread-safe; one request at a time.
class ChatClient {
 public:
  /// Most bytes of an answer's text.
  static constexpr std::size_t kAnswerBytesMax = std::size_t{1} << 20;

  /// kFailedPrecondition where a key is needed and missing; kInvalidArgument for an address that is neither https://
  /// nor on this machine. `clock` outlives the client.
  static base::Result<std::unique_ptr<ChatClient>> make(ChatOptions options, feed::Clock& clock);

  /// The whole answer; its pieces go to `on_text`, where there is one, as they come. What fails before the first piece
  /// and may pass (429, 5xx, overloaded, no connection) is tried again, after the pause that the provider asks for.
  /// kUnavailable: it is away, or the stream was cut or fell silent; kResourceExhausted: a bound of tokens or bytes;
  /// kFailedPrecondition: the provider refuses; kCancelled. No error has the key in it.
  base::Result<ChatAnswer> ask(const ChatRequest& request, const OnText& on_text, const std::stop_token& stop);

  /// As the functions of this module want it; as long as the client lives.
  Chat chat();
  /// "claude-haiku-4-5 of anthropic".
  std::string name() const;

 private:
  ChatClient(ChatOptions options, TokenLedger ledger, feed::Clock& clock);
  base::Result<void> attempt(const ChatRequest& request, StreamState& state, const OnText& on_text,
                             feed::Attempt& each);
  base::Error without_key(base::Error error) const;

  const ChatOptions options_;
  const TokenLedger ledger_;
  feed::Clock& clock_;
  feed::HttpClient http_;
  feed::SourceGuard guard_;
};

/// About how many tokens a text has, rather too many than too few: three bytes a token.
std::int64_t estimate_tokens(const ChatRequest& request);

}  // namespace tradeassist::research
