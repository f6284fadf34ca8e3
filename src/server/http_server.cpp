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
#include <cctype>
#include <condition_variable>
#include <cstring>
#include <list>
#include <mutex>
#include <thread>
#include <utility>

#include "base/log.hpp"
#include "base/random_id.hpp"
#include "server/http_target.hpp"
#include "server/problem.hpp"
#include "server/realtime/web_socket.hpp"

namespace tradeassist::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = boost::asio::ip::tcp;

constexpr std::chrono::milliseconds kPieceEvery{500};

std::optional<Method> method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get: return Method::kGet;
    case http::verb::head: return Method::kHead;
    case http::verb::post: return Method::kPost;
    case http::verb::put: return Method::kPut;
    case http::verb::patch: return Method::kPatch;
    case http::verb::delete_: return Method::kDelete;
    default: return std::nullopt;
  }
}

std::string new_request_id() { return base::random_hex(12).value_or(""); }

/// A client's own request id is echoed when it cannot harm a log or a header.
bool is_plain_id(std::string_view id) {
  if (id.empty() || id.size() > 64) return false;
  return std::ranges::all_of(id, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

Response too_large(unsigned status, std::string code, const std::string& what, std::size_t bytes_max) {
  return to_response({status, std::move(code), "The " + what + " than " + std::to_string(bytes_max) + " bytes.", {}},
                     "");
}

/// FNV-1a over eight bytes at a time; an ETag needs to change with the body, not to resist anyone.
std::string entity_tag(std::string_view body) {
  std::uint64_t hash = 0xcbf29ce484222325ull ^ body.size();
  std::size_t i = 0;
  for (; i + 8 <= body.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, body.data() + i, 8);
    hash = (hash ^ word) * 0x100000001b3ull;
    hash ^= hash >> 29;
  }
  for (; i < body.size(); ++i) hash = (hash ^ static_cast<unsigned char>(body[i])) * 0x100000001b3ull;
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "\"%016llx\"", static_cast<unsigned long long>(hash));
  return text.data();
}

/// The host part of a Host header: "localhost:8080" → "localhost", "[::1]:8080" → "::1".
std::string host_name(std::string_view value) {
  if (!value.empty() && value.front() == '[') return std::string(value.substr(1, value.find(']') - 1));
  return std::string(value.substr(0, value.find(':')));
}

using BeastResponse = http::response<http::string_body>;

BeastResponse to_beast(Response response, const Request& request, unsigned version, bool keep_alive) {
  BeastResponse message{static_cast<http::status>(response.status), version};
  message.set(http::field::content_type, response.content_type);
  message.set("X-Request-Id", request.request_id);
  message.set("X-Content-Type-Options", "nosniff");
  message.set("X-Frame-Options", "DENY");
  message.set("Referrer-Policy", "no-referrer");
  message.set("Cross-Origin-Resource-Policy", "same-origin");
  message.set(http::field::cache_control, "no-cache");
  for (const auto& [name, value] : response.headers) message.set(name, value);
  message.keep_alive(keep_alive);

  const bool is_read = request.method == Method::kGet || request.method == Method::kHead;
  if (is_read && response.status == 200) {
    // A route that answers ranges has a tag of its own, which is that of the whole.
    const auto own = message.find(http::field::etag);
    const std::string tag = own != message.end() ? std::string(own->value()) : entity_tag(response.body);
    message.set(http::field::etag, tag);
    if (const auto known = request.header("if-none-match"); known && known->find(tag) != std::string_view::npos) {
      message.result(http::status::not_modified);
      message.erase(http::field::content_type);
      return message;
    }
  }
  message.content_length(response.body.size());
  if (request.method != Method::kHead) message.body() = std::move(response.body);
  return message;
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

  HttpOptions options;
  Handle handle;
  asio::io_context io;
  asio::thread_pool compute;
  asio::strand<asio::io_context::executor_type> accepting{io.get_executor()};
  tcp::acceptor acceptor{io};        // used on that strand once the server has started
  std::atomic<bool> accepts = true;  // changed there
  std::vector<std::jthread> threads;
  std::atomic<bool> stopping = false;
  std::atomic<bool> closing = false;  // connections, each after its next answer
  std::atomic<std::size_t> in_work = 0;
  std::atomic<std::chrono::steady_clock::time_point> io_pulse{std::chrono::steady_clock::now()};
  std::atomic<std::chrono::steady_clock::time_point> compute_pulse{std::chrono::steady_clock::now()};

  std::mutex mutex;  // guards the rest
  std::condition_variable changed;
  struct Connection {
    beast::tcp_stream* stream = nullptr;
    bool in_request = false;
  };
  std::list<Connection> connections;
  bool stopped = false;
  bool has_stopped_accepting = false;
  std::size_t opening = 0;  // connections that were accepted and are not in the list yet

  asio::awaitable<void> accept_loop();
  void open(tcp::socket socket);
  void serve_those_that_wait();
  void cancel_idle();
  asio::awaitable<void> serve(tcp::socket socket);
  asio::awaitable<bool> serve_one(Connection& connection, beast::flat_buffer& buffer);
  asio::awaitable<Response> run_handler(Request request);
  asio::awaitable<void> send_pieces(beast::tcp_stream& stream, Response response, const Request& head);
  std::optional<Response> refuse_foreign(const Request& request) const;
  std::size_t connection_count() {
    const std::lock_guard lock(mutex);
    return connections.size() + opening;
  }
};

asio::awaitable<void> HttpServer::State::accept_loop() {
  asio::steady_timer pause(io);
  while (accepts) {
    if (connection_count() >= options.limits.connections_max) {
      pause.expires_after(std::chrono::milliseconds(20));
      co_await pause.async_wait(asio::use_awaitable);
      continue;
    }
    boost::system::error_code error;
    tcp::socket socket = co_await acceptor.async_accept(io, asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) co_return;
    if (error) {  // out of descriptors: wait for some to come back instead of spinning
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(asio::use_awaitable);
      continue;
    }
    open(std::move(socket));
  }
}

void HttpServer::State::open(tcp::socket socket) {
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
  while (!error && connection_count() < options.limits.connections_max) {
    tcp::socket socket(io);
    acceptor.accept(socket, error);
    if (!error) open(std::move(socket));
  }
}

asio::awaitable<void> HttpServer::State::serve(tcp::socket socket) {
  // The stream runs on this coroutine's strand, so its timer and its reads never race.
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  auto executor = co_await asio::this_coro::executor;
  const auto protocol = socket.local_endpoint(ignored).protocol();
  beast::tcp_stream stream(tcp::socket(executor, protocol, socket.release()));
  decltype(connections)::iterator place;
  {
    const std::lock_guard lock(mutex);
    --opening;
    place = connections.insert(connections.end(), {&stream, false});
  }
  try {
    beast::flat_buffer buffer(options.limits.header_bytes_max + options.limits.body_bytes_max + 64 * 1024);
    while (co_await serve_one(*place, buffer)) {}
  } catch (const std::exception&) {
    // The peer went away or broke a time limit: nothing to answer to.
  }
  stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
  stream.socket().close(ignored);
  {
    const std::lock_guard lock(mutex);
    connections.erase(place);
  }
  changed.notify_all();
}

std::optional<Response> HttpServer::State::refuse_foreign(const Request& request) const {
  // Without keys, a page of another site must not reach this server through the user's browser: a name that is rebound
  // to loopback shows in Host, a cross-site call in Origin.
  const auto refuse = [&](const char* what) {
    return to_response({403, "FOREIGN_ORIGIN", std::string(what) + " is not this server's own; see `--listen`.", {}},
                       request.path);
  };
  if (!options.own_origin_only) return std::nullopt;
  const auto host = request.header("host");
  if (!host || !is_loopback(host_name(*host))) return refuse("the Host header");
  if (const auto origin = request.header("origin"); origin && *origin != "http://" + std::string(*host)) {
    return refuse("the Origin header");
  }
  return std::nullopt;
}

asio::awaitable<bool> HttpServer::State::serve_one(Connection& connection, beast::flat_buffer& buffer) {
  beast::tcp_stream& stream = *connection.stream;
  const HttpLimits& limits = options.limits;
  http::request_parser<http::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
  parser.body_limit(limits.body_bytes_max);

  stream.expires_after(limits.read_time_max);
  beast::error_code error;
  co_await http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
  if (error == http::error::end_of_stream || error == asio::error::operation_aborted) co_return false;

  Request request;
  request.request_id = new_request_id();
  std::optional<Response> refusal;
  if (error == http::error::body_limit) {
    refusal = too_large(413, "BODY_TOO_LARGE", "body is larger", limits.body_bytes_max);
  } else if (error == http::error::header_limit && parser.get().target().empty()) {  // still in the first line
    refusal = too_large(414, "TARGET_TOO_LONG", "request target is longer", limits.target_bytes_max);
  } else if (error == http::error::header_limit) {
    refusal = too_large(431, "HEADERS_TOO_LARGE", "headers are larger", limits.header_bytes_max);
  } else if (error && error.category() == http::make_error_code(http::error::bad_method).category()) {
    refusal = to_response({400, "MALFORMED_HTTP", "The request is not valid HTTP/1.1.", {}}, "");
  } else if (error) {
    co_return false;  // gone, or silent beyond the time limit
  }

  const auto& message = parser.get();
  if (!refusal) {
    if (message.target().size() > limits.target_bytes_max) {
      refusal = too_large(414, "TARGET_TOO_LONG", "request target is longer", limits.target_bytes_max);
    } else if (auto target = parse_target(std::string_view(message.target())); !target) {
      refusal = to_response({400, "BAD_TARGET", target.error().message, {}}, "");
    } else if (const auto method = method_of(message.method()); !method) {
      refusal = to_response({405, "METHOD_NOT_ALLOWED", "The method is not one this server knows.", {}}, target->path);
    } else {
      request.method = *method;
      request.path = std::move(target->path);
      request.query = std::move(target->query);
      for (const auto& field : message) {
        std::string name(field.name_string());
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
        request.headers.emplace(std::move(name), std::string(field.value()));
      }
      if (const auto id = request.header("x-request-id"); id && is_plain_id(*id)) request.request_id = *id;
      request.body = std::move(parser.get().body());
      refusal = refuse_foreign(request);
    }
  }
  const WebSocketEndpoint* const web_socket =
      !refusal && options.web_socket != nullptr && request.path == options.web_socket->path ? options.web_socket
                                                                                            : nullptr;
  const bool is_upgrade = web_socket != nullptr && beast::websocket::is_upgrade(message);
  if (web_socket != nullptr && !is_upgrade) {
    refusal = to_response({426, "UPGRADE_REQUIRED", "This path speaks the WebSocket protocol, version 13.", {}},
                          request.path);
    refusal->headers.emplace_back("Upgrade", "websocket");
  }

  {
    const std::lock_guard lock(mutex);
    connection.in_request = true;
  }
  if (is_upgrade) {
    Request asked{request.method, request.path, {}, request.headers, {}, {}, request.request_id, {}, {}};
    Response admitted = co_await run_handler(std::move(asked));
    if (admitted.status == 101) {
      base::log(base::LogLevel::kInfo, "web socket", {{"request_id", request.request_id}, {"path", request.path}});
      const access::Caller caller = admitted.upgraded.value_or(access::Caller());
      co_await serve_web_socket(stream, parser.release(), *web_socket, caller, compute.get_executor());
      co_return false;
    }
    refusal = std::move(admitted);
  }
  const bool can_stay = !error && message.keep_alive();
  const unsigned version = message.version() == 10 ? 10 : 11;
  const auto started = std::chrono::steady_clock::now();
  // What the answer still needs of the request; the body moves on to the handler.
  Request head{request.method, request.path, {}, request.headers, {}, {}, request.request_id, {}, {}};
  Response response;
  if (refusal) {
    response = std::move(*refusal);
  } else {
    response = co_await run_handler(std::move(request));
  }

  base::log(
      base::LogLevel::kInfo, "request",
      {{"request_id", head.request_id},
       {"method", std::string(to_string(head.method))},
       {"path", head.path},
       {"status", std::to_string(response.status)},
       {"milliseconds",
        std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started)
                           .count())}});

  if (response.next_piece && head.method == Method::kGet) {
    co_await send_pieces(stream, std::move(response), head);
    co_return false;
  }
  const bool keep_alive = can_stay && !closing;
  auto answer = to_beast(std::move(response), head, version, keep_alive);
  stream.expires_after(limits.write_time_max);
  co_await http::async_write(stream, answer, asio::use_awaitable);
  {
    const std::lock_guard lock(mutex);
    connection.in_request = false;
  }
  co_return keep_alive;
}

asio::awaitable<Response> HttpServer::State::run_handler(Request request) {
  if (in_work.fetch_add(1) >= options.limits.requests_in_work_max) {
    --in_work;
    co_return to_response({503, "SERVER_BUSY", "Too many requests are in work; try again in a second.", {}},
                          request.path);
  }
  auto executor = co_await asio::this_coro::executor;
  std::stop_source deadline;
  request.deadline = deadline.get_token();
  asio::steady_timer timer(executor, options.limits.request_time_max);
  timer.async_wait([deadline](boost::system::error_code error) mutable {
    if (!error) deadline.request_stop();
  });
  // To a compute thread for the handler, and back to this connection's strand for the answer.
  co_await asio::post(asio::bind_executor(compute, asio::use_awaitable));
  Response response = handle(std::move(request));
  co_await asio::post(asio::bind_executor(executor, asio::use_awaitable));
  timer.cancel();
  --in_work;
  co_return response;
}

/// An answer that ends with its connection: whoever reads it sees each piece when it comes.
asio::awaitable<void> HttpServer::State::send_pieces(beast::tcp_stream& stream, Response response,
                                                     const Request& head) {
  const auto next_piece = std::move(response.next_piece);
  const Request unconditional{head.method, head.path, {}, {}, {}, {}, head.request_id, {}, {}};
  BeastResponse answer = to_beast(std::move(response), unconditional, 11, /*keep_alive=*/false);
  answer.erase(http::field::content_length);
  answer.erase(http::field::etag);
  http::response_serializer<http::string_body> serializer(answer);
  stream.expires_after(options.limits.write_time_max);
  co_await http::async_write(stream, serializer, asio::use_awaitable);
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
      stream.expires_after(options.limits.write_time_max);
      co_await asio::async_write(stream, asio::buffer(*piece), asio::use_awaitable);
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
    if (connection.in_request) continue;
    asio::post(connection.stream->get_executor(), [this, place = &connection] {
      const std::lock_guard guard(mutex);
      const auto still = std::ranges::find(connections, place, [](Connection& c) { return &c; });
      if (still != connections.end() && !still->in_request) still->stream->cancel();
    });
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
  state_->compute.stop();
  state_->compute.join();
}

HttpServer::Pulse HttpServer::check_pulse() {
  const auto set = [](auto& pulse) { return [&pulse] { pulse = std::chrono::steady_clock::now(); }; };
  asio::post(state_->io, set(state_->io_pulse));
  asio::post(state_->compute, set(state_->compute_pulse));
  return {state_->io_pulse, state_->compute_pulse};
}

}  // namespace tradeassist::server
