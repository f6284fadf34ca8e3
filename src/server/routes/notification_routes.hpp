#pragma once

#include <boost/describe.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "server/router.hpp"

namespace tradeassist::server {

/// What came of the test of one channel.
struct ChannelTest {
  std::string channel;  // slack, email
  bool sent = false;
  std::optional<std::string> error;
};
BOOST_DESCRIBE_STRUCT(ChannelTest, (), (channel, sent, error))

/// The body of POST /api/v1/admin/notifications/test.
struct ChannelTestBody {
  std::string channel;  // slack, email (or mail)
};
BOOST_DESCRIBE_STRUCT(ChannelTestBody, (), (channel))

/// `test` sends a test over slack or email and waits for what comes of it; kFailedPrecondition where the channel is not
/// configured. Called from any thread.
void add_notification_routes(std::vector<Route>& routes,
                             std::function<base::Result<ChannelTest>(const std::string& channel)> test);

}  // namespace tradeassist::server
