#pragma once

#include <string>
#include <vector>

#include "app/notify_parts.hpp"
#include "base/config.hpp"
#include "base/result.hpp"
#include "server/routes/notification_routes.hpp"

namespace tradeassist::app {

/// The names of the channels that are configured, Slack first.
std::vector<std::string> names_of(const Channels& channels);

/// Sends a message of the kind that the channels get, and waits for what comes of it. kFailedPrecondition where the
/// channel is not configured.
base::Result<server::ChannelTest> test_channel(const base::Config& config, const std::string& channel);

}  // namespace tradeassist::app
