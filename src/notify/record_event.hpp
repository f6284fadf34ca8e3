#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "notify/event.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::notify {

/// Which events a channel of the server gets, Slack or e-mail. Those of owners only where `events` names them.
struct ChannelRule {
  std::string target;  // kSlackTarget, kEmailTarget
  std::vector<std::string> events;
  Severity severity_min = Severity::kInfo;
};

constexpr std::int64_t kPendingMax = 10'000;  // deliveries of one target that may wait; what comes then is lost to it

/// Writes an event, and a delivery for each webhook and channel that wants it, in the caller's transaction: it is on
/// its way exactly when that is committed. Events of an owner go to webhooks of that owner, those of the system to all
/// that name them. What nobody wants is not kept. Gives the number of deliveries. kInvalidArgument for a type that is
/// not in the catalogue, and for data beyond kDataBytesMax.
base::Result<int> record_event(store::Connection& connection, Event event, const std::vector<ChannelRule>& channels,
                               base::Time now);

/// How many deliveries wait for a target, at most kPendingMax are meant to.
base::Result<std::int64_t> count_pending(store::Connection& connection, std::string_view target);

/// A delivery of an event that is there, due at once.
base::Result<std::string> insert_delivery(store::Connection& connection, std::string_view event_id,
                                          std::string_view target, bool is_replay, base::Time now);

/// Writes the event alone; gives its id.
base::Result<std::string> insert_event(store::Connection& connection, Event event);

}  // namespace tradeassist::notify
