#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "server/http/http_limits.hpp"
#include "server/http/peer.hpp"
#include "server/http_message.hpp"

namespace tradeassist::server {

class TlsCertificate;
struct WebSocketEndpoint;

struct HttpOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;  // 0 = any free one
  int io_threads = 1;
  int compute_threads = 2;  // run the handlers
  HttpLimits limits;
  const WebSocketEndpoint* web_socket = nullptr;  // where there is one; outlives the server
  const TlsCertificate* tls = nullptr;            // to speak TLS and nothing else; outlives the server
  std::vector<AddressBlock> trusted_proxies;      // whose word on the client is believed
  std::vector<std::string> allowed_origins;       // of pages elsewhere that may call: "https://desk.example"
  /// Requests that are answered at once, without a database: on a thread of their own, so that they do not wait for
  /// others to be answered, and whatever there is in work. None: none.
  std::function<bool(const Request&)> is_quick = {};
  bool own_origin_only = true;  // on a loopback address without keys: refuse what pages of other sites send
};

/// What there is now, and counts since the start.
struct HttpServerMetrics {
  std::size_t connections = 0, in_work = 0;
  std::int64_t accepted = 0;
  std::int64_t refused_busy = 0;       // since too many were in work
  std::int64_t refused_malformed = 0;  // too large, no HTTP, or of a foreign origin
};

/// Serves HTTP/1.1 on one address, in the clear or over TLS: reads and bounds requests on I/O threads, runs `handle` on
/// compute threads, writes what it returns. Adds security headers, request ids, ETags, compression, and answers
/// If-None-Match. A connection that asks to be a WebSocket on the endpoint's path is handed over where `handle` answers
/// 101.
class HttpServer {
 public:
  using Handle = std::function<Response(Request)>;

  /// Binds and listens; kIo with the address when it is taken. Nothing is served before start().
  static base::Result<std::unique_ptr<HttpServer>> listen(HttpOptions options, Handle handle);

  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();  // stops

  std::uint16_t port() const;
  HttpServerMetrics metrics() const;
  void start();

  /// Stops accepting, lets requests in work finish for up to `drain`, then closes. Idempotent; any thread.
  void stop(std::chrono::milliseconds drain);

 private:
  struct State;
  explicit HttpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// True for the addresses only this machine reaches: 127.0.0.0/8, ::1 and "localhost".
bool is_loopback(const std::string& host);

}  // namespace tradeassist::server
