#include "notify/webhook_rows.hpp"

#include <algorithm>

namespace tradeassist::notify {

std::optional<base::Time> optional_time(const store::Row& row, int column) {
  const auto value = row.optional_integer(column);
  if (!value) return std::nullopt;
  return base::time_from_nanoseconds(*value);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& each : words) text += (text.empty() ? "" : " ") + each;
  return text;
}

std::vector<std::string> split(std::string_view words) {
  std::vector<std::string> out;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (end > 0) out.emplace_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return out;
}

Webhook read_webhook(const store::Row& row) {
  Webhook webhook;
  webhook.id = row.text(0);
  webhook.owner = row.text(1);
  webhook.url = row.text(2);
  webhook.description = row.text(3);
  webhook.events = split(row.text(4));
  webhook.is_enabled = row.integer(5) != 0;
  webhook.disabled_reason = row.text(6);
  webhook.failing_since = optional_time(row, 7);
  webhook.created_at = base::time_from_nanoseconds(row.integer(8));
  webhook.updated_at = base::time_from_nanoseconds(row.integer(9));
  return webhook;
}

base::Result<Webhook> find_webhook(store::Connection& connection, std::string_view id, std::string_view owner) {
  TRY_ASSIGN(auto found, connection.query_first(std::string("SELECT ") + kWebhookColumns +
                                                    " FROM webhook WHERE id = $1 AND ($2 = '' OR owner = $2)",
                                                {id, owner}, read_webhook));
  if (found) return *std::move(found);
  return base::failure(base::ErrorCode::kNotFound, "there is no webhook " + std::string(id.substr(0, 64)));
}

base::Result<void> disable_webhook(store::Connection& connection, std::string_view id, std::string_view reason,
                                   base::Time now) {
  TRY(connection.run("UPDATE webhook SET is_enabled = 0, disabled_reason = $2, updated_at = $3 WHERE id = $1",
                     {id, reason, base::to_nanoseconds(now)}));
  TRY(
      connection.run("UPDATE delivery SET state = 'cancelled', finished_at = $2, last_error = 'the webhook was "
                     "disabled' WHERE target = $1 AND state = 'pending'",
                     {id, base::to_nanoseconds(now)}));
  return {};
}

base::Result<base::Time> database_clock(store::Connection& connection) {
  if (connection.dialect() == store::Dialect::kSqlite) return base::now();
  TRY_ASSIGN(const std::int64_t now,
             connection.query_integer("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000"));
  return base::time_from_nanoseconds(now);
}

}  // namespace tradeassist::notify
