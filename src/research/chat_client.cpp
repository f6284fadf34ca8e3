#include "research/chat_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "base/json.hpp"
#include "base/log.hpp"

namespace tradeassist::research {
namespace {

using base::ErrorCode;
using base::failure;

constexpr std::size_t kStreamBytesMax = std::size_t{16} << 20;
constexpr std::int64_t kBytesPerToken = 3;

bool is_allowed(std::string_view url) {
  if (url.starts_with("https://")) return true;
  for (const std::string_view local : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
    if (!url.starts_with(local)) continue;
    const std::string_view rest = url.substr(local.size());
    if (rest.empty() || rest.front() == ':' || rest.front() == '/') return rest.find('@') == std::string_view::npos;
  }
  return false;
}

feed::HttpOptions http_options(const ChatOptions& options) {
  return {.connect_timeout = options.connect_timeout,
          .timeout = options.timeout,
          .idle_timeout = std::min<std::chrono::milliseconds>(options.protocol->idle_max, options.timeout),
          .body_bytes_max = kStreamBytesMax};
}

feed::SourceLimits limits_of(const ChatOptions& options) {
  feed::SourceLimits limits;
  limits.requests_per_minute = 60;
  limits.failures_max = 20;  // the attempts of each request are few enough
  limits.retry = options.retry;
  return limits;
}

/// What an answer that is no success means.
base::Error refusal_of(const feed::HttpResponse& response, const ChatOptions& options) {
  const std::string said = said_in(response.body);
  const std::string where = fmt::format("{}: status {}", options.protocol->name, response.status);
  const auto error = [&](ErrorCode code, const std::string& what) {
    return base::Error{code, where + what + (said.empty() ? "" : ": " + said)};
  };
  const bool is_over_quota = response.body.find("insufficient_quota") != std::string::npos;
  switch (response.status) {
    case 401:
    case 403: return error(ErrorCode::kFailedPrecondition, ", the key is not accepted");
    case 402: return error(ErrorCode::kFailedPrecondition, ", the account has no credit");
    case 404: return error(ErrorCode::kFailedPrecondition, ", there is no model '" + options.model + "' there");
    case 429:
      if (is_over_quota) return error(ErrorCode::kFailedPrecondition, ", the account has no credit");
      return error(ErrorCode::kUnavailable, ", too many requests");
    default:
      return error(
          response.status == 408 || response.status >= 500 ? ErrorCode::kUnavailable : ErrorCode::kFailedPrecondition,
          "");
  }
}

}  // namespace

std::int64_t estimate_tokens(const ChatRequest& request) {
  std::size_t bytes = request.instructions.size();
  for (const ChatMessage& message : request.messages) bytes += message.text.size() + kBytesPerToken * 4;
  return static_cast<std::int64_t>(bytes) / kBytesPerToken + 1;
}

base::Result<std::unique_ptr<ChatClient>> ChatClient::make(ChatOptions options, feed::Clock& clock) {
  const ChatProtocol& protocol = *options.protocol;
  if (options.base_url.empty()) options.base_url = protocol.base_url;
  if (options.model.empty()) options.model = protocol.model;
  while (options.base_url.ends_with('/')) options.base_url.pop_back();
  if (!is_allowed(options.base_url)) {
    return failure(ErrorCode::kInvalidArgument,
                   "research_base_url must begin with https://, or with http:// and this machine's own address");
  }
  if (options.key.empty() && !protocol.key_variable.empty()) {
    return failure(ErrorCode::kFailedPrecondition,
                   fmt::format("{} needs a key: set {} in the environment, or research_key_file to a file that has it",
                               protocol.name, protocol.key_variable));
  }
  TRY_ASSIGN(TokenLedger ledger, TokenLedger::open(options.ledger_folder, options.tokens_per_day));
  return std::unique_ptr<ChatClient>(new ChatClient(std::move(options), std::move(ledger), clock));
}

ChatClient::ChatClient(ChatOptions options, TokenLedger ledger, feed::Clock& clock)
    : options_(std::move(options)),
      ledger_(std::move(ledger)),
      clock_(clock),
      http_(http_options(options_)),
      guard_(clock, limits_of(options_)) {}

base::Result<ChatAnswer> ChatClient::ask(const ChatRequest& request, const OnText& on_text,
                                         const std::stop_token& stop) {
  const std::int64_t sent = estimate_tokens(request), reserved = sent + options_.answer_tokens;
  if (reserved > options_.tokens_per_request) {
    return failure(ErrorCode::kResourceExhausted,
                   fmt::format("the request has about {} tokens and its answer may have {}, which is more than {} "
                               "(research_tokens_per_request)",
                               sent, options_.answer_tokens, options_.tokens_per_request));
  }
  const base::Time reserved_at = clock_.now();
  TRY(ledger_.reserve(reserved, reserved_at));
  StreamState state;
  bool has_begun = false;
  const auto done = guard_.run(
      [&](feed::Attempt& each) -> base::Result<void> {
        auto result = attempt(request, state, on_text, each);
        has_begun = !state.text.empty();
        // Not again: what has come was shown, and is paid for.
        if (!result && has_begun && result.error().code == ErrorCode::kUnavailable)
          result.error().code = ErrorCode::kDataLoss;
        return result;
      },
      stop,
      [](std::string_view why, base::Nanoseconds pause) {
        base::log(base::LogLevel::kInfo, "a model is asked again",
                  {{"reason", std::string(why)},
                   {"pause_ms", std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(pause).count())}});
      });
  if (state.usage.input == 0) state.usage.input = done || has_begun ? sent : 0;
  const auto counted_output = static_cast<std::int64_t>(state.text.size()) / kBytesPerToken;
  if (state.usage.output == 0 || !done) state.usage.output = std::max(state.usage.output, counted_output);
  if (const auto settled = ledger_.settle(reserved, reserved_at, state.usage.total(), clock_.now()); !settled)
    base::log(base::LogLevel::kWarning, "used tokens were not written down", {{"reason", settled.error().message}});
  if (!done) {
    base::Error error = without_key(done.error());
    if (has_begun && error.code == ErrorCode::kDataLoss) error.code = ErrorCode::kUnavailable;
    return std::unexpected(std::move(error));
  }
  return ChatAnswer{std::move(state.text), state.is_cut, state.usage};
}

base::Result<void> ChatClient::attempt(const ChatRequest& request, StreamState& state, const OnText& on_text,
                                       feed::Attempt& each) {
  const ChatProtocol& protocol = *options_.protocol;
  state = {};
  FrameParser parser(protocol.framing);
  const FrameParser::OnFrame take = [&](std::string_view frame) -> base::Result<void> {
    const std::size_t before = state.text.size();
    TRY(protocol.take(frame, state));
    if (state.text.size() > kAnswerBytesMax)
      return failure(ErrorCode::kResourceExhausted, fmt::format("the answer has more than {} bytes", kAnswerBytesMax));
    if (on_text && state.text.size() > before) on_text(std::string_view(state.text).substr(before));
    return {};
  };
  feed::HttpRequest http;
  http.url = options_.base_url + std::string(protocol.path);
  http.headers = protocol.headers(options_.key);
  http.headers.emplace_back("Content-Type", "application/json");
  http.headers.emplace_back("Expect", "");  // the body goes at once
  http.body = base::json_text(protocol.body(request, options_.model, options_.answer_tokens));
  http.on_body = [&](std::string_view bytes) -> base::Result<void> {
    TRY(parser.feed(bytes, take));
    // Not every provider closes the connection behind its last message.
    if (state.is_over) return failure(ErrorCode::kCancelled, "the stream is over");
    return {};
  };
  auto response = http_.send(http, each.stop);
  const bool is_away = !response && response.error().code == ErrorCode::kUnavailable;
  if (state.is_over || (state.is_complete && is_away)) return {};
  if (!response) return base::in_context(protocol.name, response.error());
  if (response->status < 200 || response->status >= 300) {
    each.retry_after = response->retry_after(clock_.now());
    return std::unexpected(refusal_of(*response, options_));
  }
  if (const auto rest = parser.finish(take); !rest) return base::in_context(protocol.name, rest.error());
  if (!state.is_complete)
    return failure(ErrorCode::kUnavailable, fmt::format("{}: the answer was cut off", protocol.name));
  return {};
}

base::Error ChatClient::without_key(base::Error error) const {
  constexpr std::size_t kShortestKey = 4;  // shorter ones are in many a word
  if (options_.key.size() < kShortestKey) return error;
  for (std::size_t at = 0; (at = error.message.find(options_.key, at)) != std::string::npos;)
    error.message.replace(at, options_.key.size(), "***");
  return error;
}

Chat ChatClient::chat() {
  return [this](const ChatRequest& request, const OnText& on_text, const std::stop_token& stop) {
    return ask(request, on_text, stop);
  };
}

std::string ChatClient::name() const { return fmt::format("{} of {}", options_.model, options_.protocol->name); }

}  // namespace tradeassist::research
