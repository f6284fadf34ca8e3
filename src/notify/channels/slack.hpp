#pragma once

#include <string>

#include "notify/channels/notice.hpp"
#include "notify/transfers.hpp"

namespace tradeassist::notify {

/// The body for an incoming webhook of Slack: blocks, and a line for notifications. What comes from events is escaped,
/// so that it cannot mention anybody or link anywhere.
std::string slack_body(const Notice& notice);

/// A POST of it to `url`, which is a secret.
Transfer slack_transfer(const std::string& url, const Notice& notice);

}  // namespace tradeassist::notify
