#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace tradeassist::research {

enum class Speaker { kUser, kAssistant };

struct ChatMessage {
  Speaker speaker = Speaker::kUser;
  std::string text;
};

/// What is said to a model: instructions, and a conversation that ends with the user.
struct ChatRequest {
  std::string instructions;
  std::vector<ChatMessage> messages;
};

/// Tokens as the provider counted them; estimated where it did not say.
struct ChatUsage {
  std::int64_t input = 0, output = 0;

  std::int64_t total() const { return input + output; }
  ChatUsage& operator+=(const ChatUsage& other) {
    input += other.input;
    output += other.output;
    return *this;
  }
};

struct ChatAnswer {
  std::string text;
  bool is_cut = false;  // the model ran into its bound of tokens
  ChatUsage usage;
};

/// Takes an answer's text piece by piece, as it comes.
using OnText = std::function<void(std::string_view piece)>;

/// Somebody who answers: a ChatClient, or in tests whoever stands in for it. Nothing of the answer is to be trusted.
using Chat = std::function<base::Result<ChatAnswer>(const ChatRequest&, const OnText&, const std::stop_token&)>;

}  // namespace tradeassist::research
