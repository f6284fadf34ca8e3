#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "notify/webhook.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::notify {

/// Webhooks as rows of the app database; for whoever has a connection and a transaction.

constexpr const char* kWebhookColumns =
    "id, owner, url, description, events, is_enabled, disabled_reason, failing_since, created_at, updated_at";
Webhook read_webhook(const store::Row& row);  // of these columns, from 0
/// Of this owner; of whichever where it is empty. kNotFound when there is none.
base::Result<Webhook> find_webhook(store::Connection& connection, std::string_view id, std::string_view owner);
/// Nothing is sent to it any more, and what waits is given up. `reason`: empty where its owner wants it so.
base::Result<void> disable_webhook(store::Connection& connection, std::string_view id, std::string_view reason,
                                   base::Time now);

std::optional<base::Time> optional_time(const store::Row& row, int column);
std::string joined(const std::vector<std::string>& words);
std::vector<std::string> split(std::string_view words);

/// Nanoseconds by the clock of the database, which all its users share.
base::Result<base::Time> database_clock(store::Connection& connection);

}  // namespace tradeassist::notify
