#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace tradeassist::server {

/// The bytes of one connection, in the clear or over TLS, so that what reads and writes them is written once. Used on
/// its executor only, which has to be a strand.
class Transport {
 public:
  using executor_type = boost::beast::tcp_stream::executor_type;

  /// `tls`: none where the connection is in the clear.
  Transport(boost::asio::ip::tcp::socket socket, std::shared_ptr<boost::asio::ssl::context> tls)
      : tls_(std::move(tls)), tcp_(std::move(socket)) {
    if (tls_) secure_.emplace(tcp_, *tls_);
  }
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  executor_type get_executor() { return tcp_.get_executor(); }
  bool is_secure() const { return secure_.has_value(); }

  /// Whether the client begins as TLS does; what was read for that lies in `buffer`. Throws when it went away.
  boost::asio::awaitable<bool> speaks_tls(boost::beast::flat_buffer& buffer);
  /// The server's half of the handshake, which has begun in `buffer`. Throws when it fails.
  boost::asio::awaitable<void> handshake(boost::beast::flat_buffer& buffer);
  /// From now on in the clear.
  void give_up_tls() { secure_.reset(); }

  /// Ends the connection as its protocol asks, as far as the client takes part within `time`.
  boost::asio::awaitable<void> shut_down(std::chrono::milliseconds time);

  /// Time limits of the reads and writes to come; beyond them they fail.
  void expires_after(std::chrono::nanoseconds time) { tcp_.expires_after(time); }
  void expires_never() { tcp_.expires_never(); }
  void cancel() { tcp_.cancel(); }
  void close() { tcp_.close(); }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, const Buffers& into) {
          if (secure_) {
            secure_->async_read_some(into, std::move(handler));
          } else {
            tcp_.async_read_some(into, std::move(handler));
          }
        },
        token, buffers);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, const Buffers& from) {
          if (secure_) {
            secure_->async_write_some(from, std::move(handler));
          } else {
            tcp_.async_write_some(from, std::move(handler));
          }
        },
        token, buffers);
  }

  /// The customisation points of Beast's WebSocket: how its connection ends.
  template <class Handler>
  friend void async_teardown(boost::beast::role_type role, Transport& transport, Handler&& handler) {
    if (transport.secure_) {
      transport.tcp_.expires_after(kTeardownTimeMax);
      transport.secure_->async_shutdown(std::forward<Handler>(handler));
    } else {
      boost::beast::websocket::async_teardown(role, transport.tcp_.socket(), std::forward<Handler>(handler));
    }
  }
  friend void teardown(boost::beast::role_type role, Transport& transport, boost::system::error_code& error) {
    boost::beast::websocket::teardown(role, transport.tcp_.socket(), error);
  }
  friend void beast_close_socket(Transport& transport) { transport.tcp_.close(); }

 private:
  static constexpr std::chrono::seconds kTeardownTimeMax{5};

  std::shared_ptr<boost::asio::ssl::context> tls_;  // kept while a connection uses it
  boost::beast::tcp_stream tcp_;
  std::optional<boost::asio::ssl::stream<boost::beast::tcp_stream&>> secure_;
};

}  // namespace tradeassist::server
