#include "feed/providers/schwab/web_socket.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <functional>
#include <variant>

namespace tradeassist::feed {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ssl = boost::asio::ssl;
namespace websocket = boost::beast::websocket;
using base::ErrorCode;
using base::failure;
using boost::system::error_code;
using Plain = websocket::stream<beast::tcp_stream>;
using Secure = websocket::stream<beast::ssl_stream<beast::tcp_stream>>;

constexpr std::size_t kMessageBytesMax = std::size_t{4} << 20;
constexpr base::Nanoseconds kSendTimeout = std::chrono::seconds(10);

struct Address {
  bool tls = false;
  std::string host, port, path;
};

base::Result<Address> parse_address(std::string_view url) {
  Address out;
  const auto wrong = [&](const char* what) {
    return failure(ErrorCode::kInvalidArgument, fmt::format("'{}' {}", url.substr(0, 100), what));
  };
  out.tls = url.starts_with("wss://");
  if (!out.tls && !url.starts_with("ws://")) return wrong("is no address of a WebSocket (wss://…)");
  url.remove_prefix(out.tls ? 6 : 5);
  const std::size_t slash = std::min(url.find('/'), url.size());
  const std::string_view authority = url.substr(0, slash);
  out.path = slash < url.size() ? url.substr(slash) : "/";
  const std::size_t colon = authority.find(':');
  out.host = authority.substr(0, colon);
  out.port = colon == std::string_view::npos ? (out.tls ? "443" : "80") : authority.substr(colon + 1);
  if (out.host.empty()) return wrong("names no host");
  if (!out.tls && out.host != "127.0.0.1" && out.host != "localhost")
    return wrong("is not encrypted; only wss:// may leave this machine");
  return out;
}

}  // namespace

struct WebSocket::State {
  asio::io_context io{1};
  ssl::context tls{ssl::context::tls_client};
  asio::ip::tcp::resolver resolver{io};
  asio::steady_timer timer{io};
  std::variant<std::monostate, Plain, Secure> stream;
  std::string where;
  beast::flat_buffer incoming;
  bool is_reading = false, has_read = false;
  error_code read_error;

  beast::tcp_stream& lowest() {
    if (auto* plain = std::get_if<Plain>(&stream)) return beast::get_lowest_layer(*plain);
    return beast::get_lowest_layer(std::get<Secure>(stream));
  }

  template <class Call>
  void with_stream(Call call) {
    if (auto* plain = std::get_if<Plain>(&stream)) return call(*plain);
    if (auto* secure = std::get_if<Secure>(&stream)) return call(*secure);
  }

  /// Runs handlers until `is_done`, for at most `timeout`. False when the time was over or it was stopped.
  bool run_until(const std::function<bool()>& is_done, base::Nanoseconds timeout, const std::stop_token& stop) {
    bool is_over = false;
    timer.expires_after(timeout);
    timer.async_wait([&](error_code) { is_over = true; });
    {
      const std::stop_callback wake(stop, [this] { asio::post(io, [this] { timer.cancel(); }); });
      io.restart();
      while (!is_done() && !is_over && !stop.stop_requested()) io.run_one();
    }
    timer.cancel();
    while (!is_over) io.run_one();  // its handler points to what ends here
    return is_done();
  }

  /// Waits for one operation; when it is not done in time the socket is closed, which ends it.
  base::Result<void> wait(const char* what, const std::function<void(std::function<void(error_code)>)>& start,
                          base::Nanoseconds timeout, const std::stop_token& stop) {
    std::optional<error_code> outcome;
    start([&](error_code error) { outcome = error; });
    const auto is_done = [&] { return outcome.has_value(); };
    if (!run_until(is_done, timeout, stop)) {
      resolver.cancel();
      if (!std::holds_alternative<std::monostate>(stream)) lowest().close();
      io.restart();
      while (!outcome) io.run_one();
      if (stop.stop_requested()) return failure(ErrorCode::kCancelled, "stopped on request");
      return failure(ErrorCode::kUnavailable, fmt::format("{}: {}: no answer in time", where, what));
    }
    if (!*outcome) return {};
    const bool untrusted = outcome->category() == asio::error::get_ssl_category() &&
                           outcome->message().find("certificate verify failed") != std::string::npos;
    return failure(untrusted ? ErrorCode::kFailedPrecondition : ErrorCode::kUnavailable,
                   fmt::format("{}: {}: {}", where, what, outcome->message()));
  }
};

WebSocket::WebSocket(std::unique_ptr<State> state) : state_(std::move(state)) {}
WebSocket::WebSocket(WebSocket&&) noexcept = default;
WebSocket& WebSocket::operator=(WebSocket&&) noexcept = default;

WebSocket::~WebSocket() {
  if (state_ == nullptr || std::holds_alternative<std::monostate>(state_->stream)) return;
  state_->lowest().close();
  // Handlers of what was pending still use the state.
  state_->io.restart();
  state_->io.run();
}

base::Result<WebSocket> WebSocket::connect(const std::string& url, const std::string& ca_file,
                                           base::Nanoseconds timeout, const std::stop_token& stop) {
  TRY_ASSIGN(const Address address, parse_address(url));
  auto state = std::make_unique<State>();
  state->where = address.host + ":" + address.port;
  asio::ip::tcp::resolver::results_type found;
  TRY(state->wait(
      "looking up",
      [&](auto done) {
        state->resolver.async_resolve(address.host, address.port, [&, done](error_code error, auto results) {
          found = std::move(results);
          done(error);
        });
      },
      timeout, stop));
  if (address.tls) {
    error_code error;
    state->tls.set_verify_mode(ssl::verify_peer);
    if (ca_file.empty()) {
      state->tls.set_default_verify_paths(error);
    } else {
      state->tls.load_verify_file(ca_file, error);
    }
    if (error) return failure(ErrorCode::kFailedPrecondition, "certificates cannot be read: " + error.message());
    auto& stream = state->stream.emplace<Secure>(state->io, state->tls);
    stream.next_layer().set_verify_callback(ssl::host_name_verification(address.host));
    // SSL_set_tlsext_host_name, which is a macro with a C cast.
    SSL_ctrl(stream.next_layer().native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(address.host.c_str()));
  } else {
    state->stream.emplace<Plain>(state->io);
  }
  TRY(state->wait(
      "connecting",
      [&](auto done) { state->lowest().async_connect(found, [done](error_code error, const auto&) { done(error); }); },
      timeout, stop));
  error_code ignored;
  state->lowest().socket().set_option(asio::ip::tcp::no_delay(true), ignored);  // small messages, at once
  if (auto* secure = std::get_if<Secure>(&state->stream)) {
    TRY(state->wait(
        "TLS", [&](auto done) { secure->next_layer().async_handshake(ssl::stream_base::client, done); }, timeout,
        stop));
  }
  TRY(state->wait(
      "WebSocket handshake",
      [&](auto done) {
        state->with_stream([&](auto& stream) {
          stream.read_message_max(kMessageBytesMax);
          stream.async_handshake(state->where, address.path, done);
        });
      },
      timeout, stop));
  return WebSocket(std::move(state));
}

base::Result<void> WebSocket::send(std::string_view text, const std::stop_token& stop) {
  return state_->wait(
      "sending",
      [&](auto done) {
        state_->with_stream([&](auto& stream) {
          stream.async_write(asio::buffer(text), [done](error_code error, std::size_t) { done(error); });
        });
      },
      kSendTimeout, stop);
}

base::Result<std::optional<std::string>> WebSocket::receive(base::Nanoseconds timeout, const std::stop_token& stop) {
  State& state = *state_;
  if (!state.is_reading) {
    state.is_reading = true;
    state.has_read = false;
    state.with_stream([&](auto& stream) {
      stream.async_read(state.incoming, [&state](error_code error, std::size_t) {
        state.has_read = true;
        state.read_error = error;
      });
    });
  }
  if (!state.run_until([&] { return state.has_read; }, timeout, stop)) {
    if (stop.stop_requested()) return failure(ErrorCode::kCancelled, "stopped on request");
    return std::optional<std::string>();  // still reading
  }
  state.is_reading = false;
  if (state.read_error)
    return failure(ErrorCode::kUnavailable, fmt::format("{}: {}", state.where, state.read_error.message()));
  std::string text = beast::buffers_to_string(state.incoming.data());
  state.incoming.clear();
  return std::optional(std::move(text));
}

}  // namespace tradeassist::feed
