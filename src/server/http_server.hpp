#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "server/http_message.hpp"

namespace tradeassist::server {

struct WebSocketEndpoint;

/// Every bound of the HTTP front. A request beyond one is answered by the status named, never by a closed door alone
/// unless the client has stopped speaking HTTP.
struct HttpLimits {
  std::size_t connections_max = 256;                // more wait in the listen queue
  std::size_t header_bytes_max = 16 * 1024;         // 431
  std::size_t target_bytes_max = 8 * 1024;          // 414
  std::size_t body_bytes_max = 4 * 1024 * 1024;     // 413
  std::size_t requests_in_work_max = 64;            // 503 with Retry-After
  std::chrono::milliseconds read_time_max{15'000};  // for one whole request, and between requests
  std::chrono::milliseconds write_time_max{60'000};
  std::chrono::milliseconds request_time_max{60'000};  // the handler's deadline
};

struct HttpOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;  // 0 = any free one
  int io_threads = 1;
  int compute_threads = 2;  // run the handlers
  HttpLimits limits;
  const WebSocketEndpoint* web_socket = nullptr;  // where there is one; outlives the server
  bool own_origin_only = true;  // on a loopback address without keys: refuse what pages of other sites send
};

/// Serves HTTP/1.1 on one address: reads and bounds requests on I/O threads, runs `handle` on compute threads, writes
/// what it returns. Adds security headers, request ids, ETags, and answers If-None-Match. A connection that asks to be
/// a WebSocket on the endpoint's path is handed over where `handle` answers 101.
class HttpServer {
 public:
  using Handle = std::function<Response(Request)>;

  /// Binds and listens; kIo with the address when it is taken. Nothing is served before start().
  static base::Result<std::unique_ptr<HttpServer>> listen(HttpOptions options, Handle handle);

  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();  // stops

  std::uint16_t port() const;
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
