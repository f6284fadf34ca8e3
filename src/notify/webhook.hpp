#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace tradeassist::notify {

/// An address that is told of events; its secrets are not here.
struct Webhook {
  std::string id;  // "wh_" and 16 hexadecimal digits
  std::string owner;
  std::string url;
  std::string description;          // for people
  std::vector<std::string> events;  // as check_patterns() gives them
  bool is_enabled = true;
  std::string disabled_reason;              // empty: it is enabled, or its owner disabled it
  std::optional<base::Time> failing_since;  // of the first failure since something was delivered
  base::Time created_at, updated_at;
};

struct NewWebhook {
  std::string owner, url, description;
  std::vector<std::string> events;
};

/// What is there is changed.
struct WebhookChange {
  std::optional<std::string> url{}, description{};
  std::optional<std::vector<std::string>> events{};
  std::optional<bool> is_enabled{};  // true also forgets the failures
};

/// A webhook whose secret is told this once.
struct IssuedWebhook {
  Webhook webhook;
  std::string secret;
};

}  // namespace tradeassist::notify
