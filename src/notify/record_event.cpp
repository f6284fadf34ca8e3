#include "notify/record_event.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/random_id.hpp"
#include "notify/webhook_rows.hpp"

namespace tradeassist::notify {
namespace {

constexpr std::size_t kIdBytes = 16;

base::Result<std::vector<std::string>> targets_of(store::Connection& connection, const Event& event,
                                                  const std::vector<ChannelRule>& channels, bool& is_for_later) {
  std::vector<std::string> targets;
  TRY_ASSIGN(const std::vector<Webhook> webhooks,
             connection.query_all(
                 std::string("SELECT ") + kWebhookColumns + " FROM webhook WHERE $1 = '' OR owner = $1 ORDER BY id",
                 {event.owner}, read_webhook));
  for (const Webhook& each : webhooks) {
    if (!matches(each.events, event.type)) continue;
    is_for_later = true;  // what a disabled one misses can be replayed
    if (each.is_enabled) targets.push_back(each.id);
  }
  for (const ChannelRule& each : channels) {
    if (severity_of(event) >= each.severity_min && matches(each.events, event.type)) targets.push_back(each.target);
  }
  return targets;
}

}  // namespace

base::Result<std::string> insert_event(store::Connection& connection, Event event) {
  if (event.id.empty()) {
    TRY_ASSIGN(const std::string random, base::random_hex(kIdBytes));
    event.id = "msg_" + random;
  }
  TRY(connection.run("INSERT INTO outgoing_event (id, owner, type, severity, at, body) VALUES ($1, $2, $3, $4, $5, $6)",
                     {event.id, event.owner, event.type, to_string(severity_of(event)), base::to_nanoseconds(event.at),
                      body_of(event)}));
  return std::move(event.id);
}

base::Result<std::int64_t> count_pending(store::Connection& connection, std::string_view target) {
  return connection.query_integer("SELECT count(*) FROM delivery WHERE target = $1 AND state = 'pending'", {target});
}

base::Result<std::string> insert_delivery(store::Connection& connection, std::string_view event_id,
                                          std::string_view target, bool is_replay, base::Time now) {
  TRY_ASSIGN(const std::string random, base::random_hex(kIdBytes));
  std::string id = "dlv_" + random;
  TRY(
      connection.run("INSERT INTO delivery (id, event_id, target, state, is_replay, next_at, created_at) VALUES ($1, "
                     "$2, $3, 'pending', $4, $5, $5)",
                     {id, event_id, target, is_replay, base::to_nanoseconds(now)}));
  return id;
}

base::Result<int> record_event(store::Connection& connection, Event event, const std::vector<ChannelRule>& channels,
                               base::Time now) {
  if (find_event_type(event.type) == nullptr)
    return base::failure(base::ErrorCode::kInvalidArgument, "there is no event " + event.type);
  if (event.at == base::Time()) event.at = now;
  if (body_of(event).size() > kDataBytesMax) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "an event " + event.type + " has more than " + std::to_string(kDataBytesMax) + " bytes");
  }
  bool is_for_later = false;
  TRY_ASSIGN(const std::vector<std::string> targets, targets_of(connection, event, channels, is_for_later));
  if (targets.empty() && !is_for_later) return 0;
  const std::string type = event.type;
  TRY_ASSIGN(const std::string id, insert_event(connection, std::move(event)));
  int made = 0;
  for (const std::string& target : targets) {
    TRY_ASSIGN(const std::int64_t waiting, count_pending(connection, target));
    if (waiting >= kPendingMax) {
      base::log(base::LogLevel::kWarning, "too many events wait for a receiver; one was left out",
                {{"target", target}, {"event", id}, {"type", type}});
      continue;
    }
    TRY(insert_delivery(connection, id, target, false, now));
    ++made;
  }
  return made;
}

}  // namespace tradeassist::notify
