#include "server/http/transport.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/detect_ssl.hpp>

namespace tradeassist::server {

namespace asio = boost::asio;

asio::awaitable<bool> Transport::speaks_tls(boost::beast::flat_buffer& buffer) {
  co_return co_await boost::beast::async_detect_ssl(tcp_, buffer, asio::use_awaitable);
}

asio::awaitable<void> Transport::handshake(boost::beast::flat_buffer& buffer) {
  const std::size_t used =
      co_await secure_->async_handshake(asio::ssl::stream_base::server, buffer.data(), asio::use_awaitable);
  buffer.consume(used);
}

asio::awaitable<void> Transport::shut_down(std::chrono::milliseconds time) {
  boost::system::error_code ignored;
  if (secure_) {
    tcp_.expires_after(time);
    co_await secure_->async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
  }
  tcp_.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  tcp_.socket().close(ignored);
}

}  // namespace tradeassist::server
