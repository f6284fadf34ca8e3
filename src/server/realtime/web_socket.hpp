#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "access/caller.hpp"
#include "base/result.hpp"

namespace tradeassist::server {

class Hub;
class Transport;

struct WebSocketLimits {
  std::size_t message_bytes_max = 64 * 1024;  // of a client's message; beyond it the connection ends with 1009
  std::chrono::milliseconds heartbeat_every{30'000};
  std::chrono::milliseconds idle_time_max{90'000};   // without a sign of the client
  std::chrono::milliseconds write_time_max{30'000};  // for what is being sent, before the connection is given up
};

/// Where HTTP hands over a connection that asks to be a WebSocket.
struct WebSocketEndpoint {
  std::string path = "/ws/realtime";
  Hub* hub = nullptr;
  /// Asks the job or query of that id to stop. Runs on a compute thread.
  std::function<base::Result<void>(const access::Caller& caller, const std::string& id)> cancel;
  /// Whether the caller may hear this channel; runs on a compute thread. None: all may hear all.
  std::function<base::Result<void>(const access::Caller& caller, const std::string& channel)> may_subscribe;
  /// Whether the caller's key still holds; asked at every heartbeat, on a compute thread. None: they all stay.
  std::function<bool(const access::Caller& caller)> may_stay;
  WebSocketLimits limits;
};

/// The subprotocol that is agreed on with a client that offers it, beside the one that carries its key.
constexpr std::string_view kWebSocketProtocol = "tradeassist.v1";

/// Answers the upgrade and serves the connection until it ends (RFC 6455): passes what the client says on to the hub,
/// and sends what the hub has for it. Runs on the transport's executor, a strand; blocking work goes to `compute`.
boost::asio::awaitable<void> serve_web_socket(Transport& transport,
                                              boost::beast::http::request<boost::beast::http::string_body> upgrade,
                                              const WebSocketEndpoint& endpoint, const access::Caller& caller,
                                              boost::asio::any_io_executor compute);

}  // namespace tradeassist::server
