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

/// Bodies beyond HttpLimits::body_bytes_max, on a few paths. Each is in memory while its request is answered, so that
/// there are few at a time, and none of a client that may not send it.
struct LargeBodies {
  std::vector<std::string> paths;
  std::size_t bytes_max = 0;                         // 413; also after decompression
  std::size_t at_once_max = 1;                       // 503 with Retry-After
  std::chrono::milliseconds read_time_max{600'000};  // for one of them to come
  std::string advice;                                // HttpLimits::body_advice
  /// Asked on a compute thread before such a body is read, of a request without it: the answer to a client that may not
  /// send it.
  std::function<std::optional<Response>(Request)> refuse = {};
};

struct HttpOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;  // 0 = any free one
  int listening_socket = -1;  // one that listens already, in the place of host and port; taken over
  int io_threads = 1;
  int compute_threads = 2;  // run the handlers
  HttpLimits limits;
  LargeBodies large_bodies;
  const WebSocketEndpoint* web_socket = nullptr;  // where there is one; outlives the server
  const TlsCertificate* tls = nullptr;            // to speak TLS and nothing else; outlives the server
  std::vector<AddressBlock> trusted_proxies;      // whose word on the client is believed
  std::vector<std::string> allowed_origins;       // of pages elsewhere that may call: "https://desk.example"
  /// Which threads answer a request. None: the compute threads all.
  std::function<Lane(const Request&)> lane_of = {};
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

  /// The listening socket, for another process; valid until stop_accepting().
  int listening_socket() const;

  // The end, in steps; each may be left out, and be called again, from any thread.

  /// Answers ask clients to close their connections from now on, so that the next request comes over a new one.
  void close_after_answers();
  /// Takes no new connections from now on. Those that wait in the listening socket's queue are still served, unless
  /// `is_handed_over`: then they, and those that come, are for the process that has the socket now.
  void stop_accepting(bool is_handed_over);
  /// Stops accepting, lets requests in work finish for up to `drain`, then closes.
  void stop(std::chrono::milliseconds drain);

  /// When the I/O threads and the compute threads last took up what check_pulse() gave them.
  struct Pulse {
    std::chrono::steady_clock::time_point io, compute;
  };
  /// Gives both something to take up. Called again and again, and looked at, this tells threads that hang.
  Pulse check_pulse();

 private:
  struct State;
  explicit HttpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// True for the addresses only this machine reaches: 127.0.0.0/8, ::1 and "localhost".
bool is_loopback(const std::string& host);

}  // namespace tradeassist::server
