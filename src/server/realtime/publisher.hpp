#pragma once

#include <boost/json/object.hpp>
#include <stop_token>
#include <string_view>

namespace tradeassist::server {

/// Where messages for the WebSocket go: whoever has subscribed to a channel gets those of it, in the order in which
/// they were published. Every method may be called from any thread.
class Publisher {
 public:
  virtual ~Publisher() = default;

  /// Never waits: a subscriber that cannot keep up loses its connection, not the publisher its time.
  virtual void publish(std::string_view channel, std::string_view message_type, boost::json::object data) = 0;

  /// Waits first until every subscriber's queue has room, so that a large answer is made at the speed of its reader.
  /// False when nobody listens to the channel (any more), or `stop` came.
  virtual bool publish_when_ready(std::string_view channel, std::string_view message_type, boost::json::object data,
                                  const std::stop_token& stop) = 0;

  virtual bool has_subscribers(std::string_view channel) const = 0;
};

}  // namespace tradeassist::server
