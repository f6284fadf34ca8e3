#include "server/http_server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <condition_variable>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "base/log.hpp"
#include "base/thread_priority.hpp"
#include "server/http/answer.hpp"
#include "server/http/incoming.hpp"
#include "server/http/tls_certificate.hpp"
#include "server/http/transport.hpp"
#include "server/problem.hpp"
#include "server/realtime/web_socket.hpp"

namespace tradeassist::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = boost::asio::ip::tcp;

constexpr std::chrono::milliseconds kPieceEvery{500};
constexpr std::chrono::milliseconds kFullPause{20};     // while all connections are taken
constexpr std::chrono::milliseconds kAcceptPause{100};  // after a failure to accept
constexpr std::chrono::milliseconds kShutDownTime{2'000};
constexpr std::size_t kSampledThreads = 4;
constexpr int kComputeSteps = 3;                      // behind those who read, write and tell how the server is
constexpr std::chrono::milliseconds kIdleMin{1'000};  // before a connection gives way to others

/// The host part of a Host header: "localhost:8080" → "localhost", "[::1]:8080" → "::1".
std::string host_name(std::string_view value) {
  if (!value.empty() && value.front() == '[') return std::string(value.substr(1, value.find(']') - 1));
  return std::string(value.substr(0, value.find(':')));
}

/// What a browser asks before a page elsewhere may call (Fetch standard, CORS-preflight request).
bool is_preflight(const WireRequest& message) {
  return message.method() == http::verb::options && message.count(http::field::origin) > 0 &&
         message.count(http::field::access_control_request_method) > 0;
}

Response preflight_answer() {
  Response response{204, "text/plain", "", {}};
  response.headers = {{"Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"},
                      {"Access-Control-Allow-Headers",
                       "Accept, Authorization, Content-Encoding, Content-Type, Idempotency-Key, If-None-Match, "
                       "Last-Event-ID, Range, X-API-Key, X-Request-Id, traceparent"},
                      {"Access-Control-Max-Age", "600"}};
  return response;
}

}  // namespace

bool is_loopback(const std::string& host) {
  if (host == "localhost") return true;
  boost::system::error_code error;
  const auto address = asio::ip::make_address(host, error);
  return !error && address.is_loopback();
}

struct HttpServer::State {
  State(HttpOptions options_, Handle handle_)
      : options(std::move(options_)),
        handle(std::move(handle_)),
        compute(static_cast<std::size_t>(options.compute_threads)) {}

  /// A request as far as it was read.
  struct Reading {
    beast::error_code error;
    HttpLimits limits;                  // that hold for it
    std::optional<Incoming> refused;    // before its body came
    std::shared_ptr<const void> place;  // among the large bodies; none where it cannot be one
  };
  struct Connection {
    Transport* transport = nullptr;
    std::string address;
    std::chrono::steady_clock::time_point idle_since;
    bool in_request = false;
  };
  using Place = std::list<Connection>::iterator;
  /// What became of a request: an answer ready to be written, or one that comes in pieces or is of another protocol.
  struct Answered {
    Response response;
    std::optional<WireResponse> wire;
    bool is_refused = false;                                                             // before the handler
    std::function<void(std::chrono::nanoseconds, std::chrono::nanoseconds)> on_written;  // Response::on_written
    std::chrono::nanoseconds encode{0};                                                  // that making `wire` took
  };

  HttpOptions options;
  Handle handle;
  std::atomic<std::size_t> large_bodies = 0;  // before `io`, whose coroutines count down
  asio::io_context io;
  asio::thread_pool compute;
  // Of the sampled ones some may wait for the database all the same, to look a new key up; others go on.
  asio::thread_pool sampled{kSampledThreads}, probes{1};
  asio::strand<asio::io_context::executor_type> accepting{io.get_executor()};
  tcp::acceptor acceptor{io};        // used on that strand once the server has started
  std::atomic<bool> accepts = true;  // changed there
  std::vector<std::jthread> threads;
  std::atomic<bool> stopping = false;
  std::atomic<bool> closing = false;  // connections, each after its next answer
  std::atomic<std::size_t> in_work = 0;
  std::atomic<std::chrono::steady_clock::time_point> io_pulse{std::chrono::steady_clock::now()};
  std::atomic<std::chrono::steady_clock::time_point> compute_pulse{std::chrono::steady_clock::now()};
  std::atomic<std::int64_t> accepted = 0, refused_busy = 0, refused_malformed = 0;

  std::mutex mutex;  // guards the rest
  std::condition_variable changed;
  std::list<Connection> connections;
  std::map<std::string, std::size_t> connections_of;  // by address
  bool stopped = false;
  bool has_stopped_accepting = false;
  std::size_t opening = 0;  // connections that were accepted and are not in the list yet

  asio::awaitable<void> accept_loop();
  void open(tcp::socket socket);
  void serve_those_that_wait();
  void cancel_idle();  // while mutex is held
  asio::awaitable<void> serve(tcp::socket socket);
  asio::awaitable<void> begin(Transport& transport, beast::flat_buffer& buffer);
  asio::awaitable<bool> serve_one(Connection& connection, const asio::ip::address& address, beast::flat_buffer& buffer);
  asio::awaitable<Reading> read_request(Connection& connection, const asio::ip::address& address,
                                        beast::flat_buffer& buffer, http::request_parser<http::string_body>& parser);
  asio::awaitable<void> admit_large_body(Connection& connection, const asio::ip::address& address,
                                         const http::request_parser<http::string_body>& parser, Reading& reading);
  asio::awaitable<std::optional<Incoming>> take_in(WireRequest& message, Reading& reading);
  asio::awaitable<void> read_away(Transport& transport);
  asio::awaitable<Answered> run_handler(Request request, const RequestHead& head, unsigned version, bool keep_alive);
  asio::awaitable<void> send_pieces(Transport& transport, Response response, const RequestHead& head);
  std::optional<Response> refuse(const Request& request, const Transport& transport) const;
  RequestHead head_of(const Request& request, bool is_secure) const;

  std::optional<Place> enter(Transport& transport, const asio::ip::address& address);
  void leave(Place place);
  void leave_opening();
  void set_in_request(Connection& connection, bool in_request);
  void cancel_when_idle(Connection& connection);  // while mutex is held
  void make_room();
  asio::thread_pool& pool_of(Lane lane) {
    return lane == Lane::kProbe ? probes : lane == Lane::kSampled ? sampled : compute;
  }
  bool is_full() {
    const std::lock_guard lock(mutex);
    return connections.size() + opening >= options.limits.connections_max;
  }
};

asio::awaitable<void> HttpServer::State::accept_loop() {
  asio::steady_timer pause(io);
  while (accepts) {
    boost::system::error_code error;
    if (is_full()) {
      co_await acceptor.async_wait(tcp::acceptor::wait_read, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      make_room();
      pause.expires_after(kFullPause);
      co_await pause.async_wait(asio::use_awaitable);
      continue;
    }
    tcp::socket socket = co_await acceptor.async_accept(io, asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) co_return;
    if (error) {  // out of descriptors: wait for some to come back instead of spinning
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(asio::use_awaitable);
      continue;
    }
    open(std::move(socket));
  }
}

void HttpServer::State::open(tcp::socket socket) {
  ++accepted;
  {
    const std::lock_guard lock(mutex);
    ++opening;
  }
  asio::co_spawn(asio::make_strand(io), serve(std::move(socket)), asio::detached);
}

/// Their clients think that they are connected: what is in the queue when the socket closes would be cut off.
void HttpServer::State::serve_those_that_wait() {
  boost::system::error_code error;
  acceptor.non_blocking(true, error);
  while (!error && !is_full()) {
    tcp::socket socket(io);
    acceptor.accept(socket, error);
    if (!error) open(std::move(socket));
  }
}

std::optional<HttpServer::State::Place> HttpServer::State::enter(Transport& transport,
                                                                 const asio::ip::address& address) {
  const bool is_bounded =
      !address.is_loopback() &&
      std::ranges::none_of(options.trusted_proxies, [&](const auto& block) { return block.holds(address); });
  const std::string name = address.to_string();
  std::optional<Place> place;
  {
    const std::lock_guard lock(mutex);
    const auto count = connections_of.try_emplace(name, 0).first;
    if (!is_bounded || count->second < options.limits.connections_per_address_max) {
      ++count->second;
      place = connections.insert(connections.end(), {&transport, name, std::chrono::steady_clock::now(), false});
    }
  }
  leave_opening();
  return place;
}

/// A connection is in the list now, or is none any more.
void HttpServer::State::leave_opening() {
  {
    const std::lock_guard lock(mutex);
    --opening;
  }
  changed.notify_all();
}

void HttpServer::State::leave(Place place) {
  {
    const std::lock_guard lock(mutex);
    const auto count = connections_of.find(place->address);
    if (--count->second == 0) connections_of.erase(count);
    connections.erase(place);
  }
  changed.notify_all();
}

void HttpServer::State::set_in_request(Connection& connection, bool in_request) {
  const std::lock_guard lock(mutex);
  connection.in_request = in_request;
  connection.idle_since = std::chrono::steady_clock::now();
}

void HttpServer::State::cancel_when_idle(Connection& connection) {
  asio::post(connection.transport->get_executor(), [this, place = &connection] {
    const std::lock_guard guard(mutex);
    const auto still = std::ranges::find(connections, place, [](Connection& c) { return &c; });
    if (still != connections.end() && !still->in_request) still->transport->cancel();
  });
}

/// Somebody waits while all connections are taken: the one that has been idle longest gives way.
void HttpServer::State::make_room() {
  const std::lock_guard lock(mutex);
  Connection* longest = nullptr;
  for (Connection& each : connections) {
    if (!each.in_request && (longest == nullptr || each.idle_since < longest->idle_since)) longest = &each;
  }
  const auto now = std::chrono::steady_clock::now();
  if (longest != nullptr && now - longest->idle_since >= kIdleMin) cancel_when_idle(*longest);
}

asio::awaitable<void> HttpServer::State::serve(tcp::socket socket) {
  // The connection runs on this coroutine's strand, so its timer and its reads never race.
  boost::system::error_code gone;
  socket.set_option(tcp::no_delay(true), gone);
  const tcp::endpoint client = socket.remote_endpoint(gone);
  if (gone) {
    leave_opening();
    co_return;
  }
  auto executor = co_await asio::this_coro::executor;
  tcp::socket own(executor, client.protocol(), socket.release());
  std::shared_ptr<asio::ssl::context> tls;
  if (options.tls != nullptr) tls = options.tls->context();
  Transport transport(std::move(own), std::move(tls));
  const asio::ip::address address = client.address();
  const auto place = enter(transport, address);
  if (!place) co_return;
  try {
    beast::flat_buffer buffer(options.limits.header_bytes_max + options.limits.body_bytes_max + 64 * 1024);
    co_await begin(transport, buffer);
    while (co_await serve_one(**place, address, buffer)) {}
    co_await transport.shut_down(kShutDownTime);
  } catch (const std::exception&) {
    // The peer went away or broke a time limit: nothing to answer to.
  }
  leave(*place);
}

asio::awaitable<void> HttpServer::State::begin(Transport& transport, beast::flat_buffer& buffer) {
  if (!transport.is_secure()) co_return;
  transport.expires_after(options.limits.header_time_max);
  const bool is_tls = co_await transport.speaks_tls(buffer);
  if (is_tls) {
    co_await transport.handshake(buffer);
  } else {
    transport.give_up_tls();  // to say what is wrong
  }
}

std::optional<Response> HttpServer::State::refuse(const Request& request, const Transport& transport) const {
  if (options.tls != nullptr && !transport.is_secure())
    return to_response({400, "TLS_REQUIRED", "This port speaks HTTPS: write https:// in the address.", {}},
                       request.path);
  // Without keys, a page of another site must not reach this server through the user's browser: a name that is rebound
  // to loopback shows in Host, a cross-site call in Origin.
  if (!options.own_origin_only) return std::nullopt;
  const auto foreign = [&](const char* what) {
    return to_response({403, "FOREIGN_ORIGIN", std::string(what) + " is not this server's own; see `--listen`.", {}},
                       request.path);
  };
  const auto host = request.header("host");
  if (!host || !is_loopback(host_name(*host))) return foreign("the Host header");
  const auto origin = request.header("origin");
  const std::string own = (transport.is_secure() ? "https://" : "http://") + std::string(*host);
  if (origin && *origin != own && std::ranges::find(options.allowed_origins, *origin) == options.allowed_origins.end())
    return foreign("the Origin header");
  return std::nullopt;
}

RequestHead HttpServer::State::head_of(const Request& request, bool is_secure) const {
  RequestHead head;
  head.method = request.method;
  head.path = request.path;
  head.request_id = request.request_id;
  head.remote_address = request.remote_address;
  head.if_none_match = request.header("if-none-match").value_or("");
  head.coding = choose_coding(request.header("accept-encoding").value_or(""));
  head.is_secure = is_secure;
  if (const auto origin = request.header("origin");
      origin && std::ranges::find(options.allowed_origins, *origin) != options.allowed_origins.end())
    head.allowed_origin = *origin;
  return head;
}

asio::awaitable<HttpServer::State::Reading> HttpServer::State::read_request(
    Connection& connection, const asio::ip::address& address, beast::flat_buffer& buffer,
    http::request_parser<http::string_body>& parser) {
  Transport& transport = *connection.transport;
  Reading reading{.error = {}, .limits = options.limits, .refused = {}, .place = {}};
  parser.header_limit(static_cast<std::uint32_t>(options.limits.header_bytes_max));
  parser.body_limit(boost::none);  // until it is known where it goes
  transport.expires_after(options.limits.header_time_max);
  co_await http::async_read_header(transport, buffer, parser, asio::redirect_error(asio::use_awaitable, reading.error));
  if (reading.error || parser.is_done()) co_return reading;
  const std::string_view target = parser.get().target();
  if (std::ranges::find(options.large_bodies.paths, target.substr(0, target.find('?'))) !=
      options.large_bodies.paths.end()) {
    co_await admit_large_body(connection, address, parser, reading);
    if (reading.refused) co_return reading;
  }
  parser.body_limit(reading.limits.body_bytes_max);
  if (parser.content_length().value_or(0) > reading.limits.body_bytes_max) {
    reading.error = http::error::body_limit;
    co_return reading;
  }
  transport.expires_after(reading.limits.read_time_max);
  if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    co_await asio::async_write(transport, asio::buffer(kContinue), asio::use_awaitable);
  }
  co_await http::async_read(transport, buffer, parser, asio::redirect_error(asio::use_awaitable, reading.error));
  co_return reading;
}

/// Of a request for a path of large bodies: its limits, and whether what may be a large one may come.
asio::awaitable<void> HttpServer::State::admit_large_body(Connection& connection, const asio::ip::address& address,
                                                          const http::request_parser<http::string_body>& parser,
                                                          Reading& reading) {
  const LargeBodies& large = options.large_bodies;
  const WireRequest& message = parser.get();
  const std::size_t usual_bytes_max = options.limits.body_bytes_max;
  reading.limits.body_bytes_max = large.bytes_max;
  reading.limits.body_advice = large.advice;
  const bool is_small = parser.content_length() && *parser.content_length() <= usual_bytes_max &&
                        message.count(http::field::content_encoding) == 0;
  if (is_small) co_return;
  reading.limits.read_time_max = large.read_time_max;
  Incoming head = incoming_head(message, options.limits);
  head.is_complete = false;
  head.request.remote_address =
      find_peer(address, connection.transport->is_secure(), head.request, options.trusted_proxies).address;
  if (!head.refusal && large.refuse) {
    set_in_request(connection, true);  // it is no idle one while it waits
    auto executor = co_await asio::this_coro::executor;
    co_await asio::post(asio::bind_executor(compute, asio::use_awaitable));
    head.refusal = large.refuse(head.request);
    co_await asio::post(asio::bind_executor(executor, asio::use_awaitable));
  }
  if (!head.refusal && large_bodies.fetch_add(1) >= large.at_once_max) {
    --large_bodies;
    ++refused_busy;
    head.refusal =
        to_response({503, "SERVER_BUSY", "As many large bodies as may be are on their way; try again in a second.", {}},
                    head.request.path);
  } else if (!head.refusal) {
    reading.place = std::shared_ptr<const void>(this, [this](const void*) { --large_bodies; });
  }
  if (head.refusal) reading.refused = std::move(head);
}

/// The request that was read; nothing where there is nobody to answer to.
asio::awaitable<std::optional<Incoming>> HttpServer::State::take_in(WireRequest& message, Reading& reading) {
  if (reading.refused) co_return std::move(reading.refused);
  if (reading.error) co_return incoming_broken(reading.error, message, reading.limits);
  if (!reading.place) co_return incoming(message, reading.limits);
  // Not on this thread, which has all connections: a large body takes its time to be decompressed.
  auto executor = co_await asio::this_coro::executor;
  co_await asio::post(asio::bind_executor(compute, asio::use_awaitable));
  std::optional<Incoming> taken = incoming(message, reading.limits);
  co_await asio::post(asio::bind_executor(executor, asio::use_awaitable));
  co_return taken;
}

asio::awaitable<bool> HttpServer::State::serve_one(Connection& connection, const asio::ip::address& address,
                                                   beast::flat_buffer& buffer) {
  Transport& transport = *connection.transport;
  http::request_parser<http::string_body> parser;
  Reading reading = co_await read_request(connection, address, buffer, parser);
  WireRequest& message = parser.get();
  auto got = co_await take_in(message, reading);
  if (!got) co_return false;
  set_in_request(connection, true);
  const bool is_whole = got->is_complete;
  Request& request = got->request;
  std::optional<Response>& refusal = got->refusal;
  const Peer peer = find_peer(address, transport.is_secure(), request, options.trusted_proxies);
  request.remote_address = peer.address;
  RequestHead head = head_of(request, peer.is_secure);
  if (is_whole && is_preflight(message) && !head.allowed_origin.empty()) refusal = preflight_answer();
  if (!refusal) refusal = refuse(request, transport);

  const bool is_web_socket = !refusal && options.web_socket != nullptr && request.path == options.web_socket->path;
  head.wants_web_socket = is_web_socket && beast::websocket::is_upgrade(message);
  if (is_web_socket && !head.wants_web_socket) {
    refusal = to_response({426, "UPGRADE_REQUIRED", "This path speaks the WebSocket protocol, version 13.", {}},
                          request.path);
    refusal->headers.emplace_back("Upgrade", "websocket");
  }
  const bool keep_alive = is_whole && message.keep_alive();
  const unsigned version = message.version() == 10 ? 10 : 11;
  Answered answered;
  if (refusal) {
    ++refused_malformed;
    answered.is_refused = true;
    answered.wire = wire_response(std::move(*refusal), head, version, keep_alive && !closing);
  } else {
    answered = co_await run_handler(std::move(request), head, version, keep_alive);
  }

  reading.place = nullptr;  // its body is gone

  const unsigned status = answered.wire ? answered.wire->result_int() : answered.response.status;
  if (answered.is_refused) {  // the others are logged around their handler
    base::log(base::LogLevel::kInfo, "request refused",
              {{"request_id", head.request_id},
               {"method", std::string(to_string(head.method))},
               {"path", head.path},
               {"status", std::to_string(status)},
               {"remote_address", head.remote_address}});
  }

  if (head.wants_web_socket && status == 101) {
    const access::Caller caller = answered.response.upgraded.value_or(access::Caller());
    co_await serve_web_socket(transport, parser.release(), *options.web_socket, caller, compute.get_executor());
    co_return false;
  }
  if (!answered.wire) {
    co_await send_pieces(transport, std::move(answered.response), head);
    co_return false;
  }
  transport.expires_after(options.limits.write_time_max);
  const auto encoded_at = std::chrono::steady_clock::now();
  co_await http::async_write(transport, *answered.wire, asio::use_awaitable);
  if (answered.on_written) answered.on_written(answered.encode, std::chrono::steady_clock::now() - encoded_at);
  if (!is_whole) co_await read_away(transport);
  set_in_request(connection, false);
  co_return answered.wire->keep_alive();
}

/// What a client still sends after its answer: closing on it would take the answer away from it.
asio::awaitable<void> HttpServer::State::read_away(Transport& transport) {
  std::array<char, 16 * 1024> piece{};
  transport.expires_after(kShutDownTime);
  beast::error_code error;
  for (std::size_t left = options.limits.body_bytes_max; left > 0 && !error;) {
    const std::size_t got =
        co_await transport.async_read_some(asio::buffer(piece), asio::redirect_error(asio::use_awaitable, error));
    left -= std::min(left, got);
  }
}

/// Whoever computes gives way to those who read, write and tell how the server is. A function of its own: a coroutine
/// may not keep what belongs to a thread.
void let_others_first() {
  thread_local bool is_done = false;
  if (!std::exchange(is_done, true)) base::give_way(kComputeSteps);
}

asio::awaitable<HttpServer::State::Answered> HttpServer::State::run_handler(Request request, const RequestHead& head,
                                                                            unsigned version, bool keep_alive) {
  Answered answered;
  const Lane lane = options.lane_of ? options.lane_of(request) : Lane::kCompute;
  if (in_work.fetch_add(1) >= options.limits.requests_in_work_max && lane == Lane::kCompute) {
    --in_work;
    ++refused_busy;
    Response busy =
        to_response({503, "SERVER_BUSY", "Too many requests are in work; try again in a second.", {}}, head.path);
    busy.headers.emplace_back("Retry-After", "1");
    answered.is_refused = true;
    answered.wire = wire_response(std::move(busy), head, version, keep_alive && !closing);
    co_return answered;
  }
  auto executor = co_await asio::this_coro::executor;
  std::stop_source deadline;
  request.deadline = deadline.get_token();
  asio::steady_timer timer(executor, options.limits.request_time_max);
  timer.async_wait([deadline](boost::system::error_code error) mutable {
    if (!error) deadline.request_stop();
  });
  // To a compute thread for the handler, and back to this connection's strand for the answer.
  asio::thread_pool& pool = pool_of(lane);
  co_await asio::post(asio::bind_executor(pool, asio::use_awaitable));
  if (lane == Lane::kCompute) let_others_first();
  answered.response = handle(std::move(request));
  const bool comes_in_pieces = answered.response.next_piece && head.method == Method::kGet;
  const bool becomes_web_socket = head.wants_web_socket && answered.response.status == 101;
  if (!comes_in_pieces && !becomes_web_socket) {
    answered.on_written = std::move(answered.response.on_written);
    const auto made_at = std::chrono::steady_clock::now();
    answered.wire = wire_response(std::move(answered.response), head, version, keep_alive && !closing);
    answered.encode = std::chrono::steady_clock::now() - made_at;
  }
  co_await asio::post(asio::bind_executor(executor, asio::use_awaitable));
  timer.cancel();
  --in_work;
  co_return answered;
}

/// An answer that ends with its connection: whoever reads it sees each piece when it comes.
asio::awaitable<void> HttpServer::State::send_pieces(Transport& transport, Response response, const RequestHead& head) {
  const auto next_piece = std::move(response.next_piece);
  WireResponse answer = wire_response_in_pieces(std::move(response), head);
  http::response_serializer<http::string_body> serializer(answer);
  transport.expires_after(options.limits.write_time_max);
  co_await http::async_write(transport, serializer, asio::use_awaitable);
  auto executor = co_await asio::this_coro::executor;
  asio::steady_timer pause(executor);
  while (!stopping) {
    co_await asio::post(asio::bind_executor(compute, asio::use_awaitable));
    std::optional<std::string> piece;
    try {
      piece = next_piece();
    } catch (const std::exception& exception) {
      base::log(base::LogLevel::kError, "an answer was cut off",
                {{"request_id", head.request_id}, {"path", head.path}, {"reason", exception.what()}});
    }
    co_await asio::post(asio::bind_executor(executor, asio::use_awaitable));
    if (!piece) break;
    if (!piece->empty()) {
      transport.expires_after(options.limits.write_time_max);
      co_await asio::async_write(transport, asio::buffer(*piece), asio::use_awaitable);
    }
    pause.expires_after(kPieceEvery);
    co_await pause.async_wait(asio::use_awaitable);
  }
}

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

HttpServer::~HttpServer() { stop(std::chrono::milliseconds(0)); }

base::Result<std::unique_ptr<HttpServer>> HttpServer::listen(HttpOptions options, Handle handle) {
  auto state = std::make_unique<State>(std::move(options), std::move(handle));
  const std::string address = state->options.host + ":" + std::to_string(state->options.port);
  try {
    if (const int socket = state->options.listening_socket; socket >= 0) {
      sockaddr bound{};
      socklen_t size = sizeof bound;  // cut to it, which leaves the family
      const bool is_ipv6 = ::getsockname(socket, &bound, &size) == 0 && bound.sa_family == AF_INET6;
      state->acceptor.assign(is_ipv6 ? tcp::v6() : tcp::v4(), socket);
    } else {
      tcp::resolver resolver(state->io);
      const auto endpoints = resolver.resolve(state->options.host, std::to_string(state->options.port),
                                              tcp::resolver::numeric_service | tcp::resolver::passive);
      const tcp::endpoint endpoint = endpoints.begin()->endpoint();
      state->acceptor.open(endpoint.protocol());
      state->acceptor.set_option(asio::socket_base::reuse_address(true));
      state->acceptor.bind(endpoint);
      state->acceptor.listen();
    }
  } catch (const boost::system::system_error& error) {
    return base::failure(base::ErrorCode::kIo, "cannot listen on " + address + ": " + error.code().message() +
                                                   "; choose another with --listen HOST:PORT");
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

std::uint16_t HttpServer::port() const { return state_->acceptor.local_endpoint().port(); }

HttpServerMetrics HttpServer::metrics() const {
  const std::lock_guard lock(state_->mutex);
  return {state_->connections.size(), state_->in_work, state_->accepted, state_->refused_busy,
          state_->refused_malformed};
}

void HttpServer::start() {
  asio::co_spawn(state_->accepting, state_->accept_loop(), asio::detached);
  for (int i = 0; i < state_->options.io_threads; ++i) {
    state_->threads.emplace_back([state = state_.get()] { state->io.run(); });
  }
}

int HttpServer::listening_socket() const { return state_->acceptor.native_handle(); }

void HttpServer::close_after_answers() { state_->closing = true; }

void HttpServer::stop_accepting(bool is_handed_over) {
  {
    const std::lock_guard lock(state_->mutex);
    if (std::exchange(state_->has_stopped_accepting, true)) return;
  }
  asio::post(state_->accepting, [state = state_.get(), is_handed_over] {
    boost::system::error_code ignored;
    state->acceptor.cancel(ignored);
    if (!is_handed_over) state->serve_those_that_wait();
    // Not close(), which leaves the socket in the set of those that are waited for where another process has it, too.
    const int socket = state->acceptor.release(ignored);
    if (socket >= 0) ::close(socket);
    state->accepts = false;
    { const std::lock_guard lock(state->mutex); }  // whoever waits has looked, or will
    state->changed.notify_all();
  });
}

/// Connections in a request end after their answer.
void HttpServer::State::cancel_idle() {
  for (Connection& connection : connections) {
    if (!connection.in_request) cancel_when_idle(connection);
  }
}

void HttpServer::stop(std::chrono::milliseconds drain) {
  {
    const std::lock_guard lock(state_->mutex);
    if (std::exchange(state_->stopped, true)) return;
  }
  state_->closing = true;
  state_->stopping = true;
  stop_accepting(/*is_handed_over=*/false);
  if (!state_->threads.empty()) {
    const auto ends_at = std::chrono::steady_clock::now() + drain;
    const auto is_done = [&] { return !state_->accepts && state_->connections.empty() && state_->opening == 0; };
    std::unique_lock lock(state_->mutex);
    const auto last_request = std::min(drain, state_->options.limits.last_request_time_max);
    if (!state_->changed.wait_for(lock, last_request, is_done)) state_->cancel_idle();
    state_->changed.wait_until(lock, ends_at, is_done);
  }
  state_->io.stop();
  state_->threads.clear();
  for (asio::thread_pool* pool : {&state_->compute, &state_->sampled, &state_->probes}) {
    pool->stop();
    pool->join();
  }
}

HttpServer::Pulse HttpServer::check_pulse() {
  const auto set = [](auto& pulse) { return [&pulse] { pulse = std::chrono::steady_clock::now(); }; };
  asio::post(state_->io, set(state_->io_pulse));
  asio::post(state_->compute, set(state_->compute_pulse));
  return {state_->io_pulse, state_->compute_pulse};
}

}  // namespace tradeassist::server
