#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "research/chat.hpp"

namespace tradeassist::research {

/// For tests: gives one answer after another, and keeps what it was asked. The last one is given again and again.
struct ScriptedChat {
  std::vector<ChatAnswer> answers;
  std::vector<ChatRequest> asked = {};

  explicit ScriptedChat(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) answers.push_back({text, false, {100, 10}});
  }

  Chat chat() {
    return [this](const ChatRequest& request, const OnText&, const std::stop_token&) -> base::Result<ChatAnswer> {
      asked.push_back(request);
      return answers[std::min(asked.size(), answers.size()) - 1];
    };
  }
  const std::string& last_said() const { return asked.back().messages.back().text; }
};

}  // namespace tradeassist::research
