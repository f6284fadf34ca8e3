#include "app/research_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>

#include "base/hidden_text.hpp"

namespace tradeassist::app {
namespace {

constexpr std::size_t kKeyBytesMax = 4'096;

/// A key goes into a header: printable, without blanks.
base::Result<std::string> checked_key(std::string_view key, const std::string& where) {
  const bool is_plain = std::ranges::all_of(key, [](char c) { return c > ' ' && c < '\x7f'; });
  if (!key.empty() && key.size() <= kKeyBytesMax && is_plain) return std::string(key);
  return base::failure(base::ErrorCode::kInvalidArgument,
                       where + ": a key is one word of printable characters, at most 4096");
}

/// The configured key, or that of the provider's own variable; empty where there is none.
base::Result<std::string> find_key(const base::Config& config, const research::ChatProtocol& protocol) {
  if (!config.research_key.empty()) return checked_key(config.research_key, "research_key");
  const std::string variable(protocol.key_variable);
  const char* value = variable.empty() ? nullptr : std::getenv(variable.c_str());
  if (value == nullptr || *value == '\0') return "";
  base::hide_text(value);
  return checked_key(value, variable);
}

}  // namespace

base::Result<std::unique_ptr<ResearchParts>> ResearchParts::make(const base::Config& config) {
  const research::ChatProtocol* protocol = research::find_chat_protocol(config.research_provider);
  if (protocol == nullptr) {
    return base::failure(base::ErrorCode::kFailedPrecondition,
                         "no model is configured: set research_provider (TRADEASSIST_RESEARCH_PROVIDER) to anthropic, "
                         "openai, perplexity or ollama");
  }
  research::ChatOptions options;
  options.protocol = protocol;
  options.base_url = config.research_base_url;
  options.model = config.research_model;
  TRY_ASSIGN(options.key, find_key(config, *protocol));
  options.answer_tokens = static_cast<int>(config.research_answer_tokens);
  options.tokens_per_request = config.research_tokens_per_request;
  options.tokens_per_day = config.research_tokens_per_day;
  options.ledger_folder = std::filesystem::path(config.data_directory) / "research";
  options.timeout = std::chrono::seconds(config.research_timeout_seconds);
  options.connect_timeout = std::min(options.connect_timeout, options.timeout);
  options.retry.seed = std::random_device()();  // pauses of several processes must differ; nothing depends on them
  auto parts = std::make_unique<ResearchParts>();
  TRY_ASSIGN(parts->client, research::ChatClient::make(std::move(options), parts->clock));
  return parts;
}

}  // namespace tradeassist::app
