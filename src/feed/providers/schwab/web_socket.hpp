#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace tradeassist::feed {

/// A client's end of a WebSocket, for one thread that waits. TLS certificates are verified; without TLS only loopback
/// addresses are connected to. Stopping ends every wait at once.
class WebSocket {
 public:
  /// `url`: ws[s]://host[:port]/path; `ca_file`: certificates to trust instead of the system's, or empty. kUnavailable:
  /// no connection in time; kFailedPrecondition: its certificate is not trusted; kCancelled.
  static base::Result<WebSocket> connect(const std::string& url, const std::string& ca_file, base::Nanoseconds timeout,
                                         const std::stop_token& stop);
  WebSocket(WebSocket&&) noexcept;
  WebSocket& operator=(WebSocket&&) noexcept;
  ~WebSocket();

  /// kUnavailable: the connection broke, or did not take it within ten seconds.
  base::Result<void> send(std::string_view text, const std::stop_token& stop);

  /// The next message, of at most 4 MiB; nothing when none came within `timeout`, after which the same can be called
  /// again. kUnavailable: the connection broke or was closed.
  base::Result<std::optional<std::string>> receive(base::Nanoseconds timeout, const std::stop_token& stop);

 private:
  struct State;
  explicit WebSocket(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tradeassist::feed
