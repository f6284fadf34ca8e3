#pragma once

#include <sys/socket.h>

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "feed/providers/http_client.hpp"
#include "feed/providers/schwab/testing/certificate.hpp"

namespace tradeassist::feed {

/// For tests: a server on a loopback port that speaks Schwab's protocol as far as the client uses it, and misbehaves as
/// told. What it does is scripted through its members; everything it was asked is kept.
class FakeSchwab {
 public:
  struct Answer {
    int status = 200;
    std::string body{};
    std::vector<std::pair<std::string, std::string>> headers{};
    std::chrono::milliseconds delay{0};
    std::size_t cut_at = std::string::npos;  // the connection ends after so many bytes of the body
  };
  struct Request {
    std::string method, path, body, authorization;
    std::map<std::string, std::string> query;
  };
  /// The server's end of a WebSocket.
  struct Peer {
    std::function<void(const std::string&)> send;
    std::function<std::optional<std::string>()> receive;  // none: closed
  };

  explicit FakeSchwab(bool tls = false) : tls_(tls) {
    if (tls) {
      certificate = Certificate::make();
      context_.use_certificate(boost::asio::buffer(certificate.certificate), boost::asio::ssl::context::pem);
      context_.use_private_key(boost::asio::buffer(certificate.key), boost::asio::ssl::context::pem);
    }
    acceptor_.open(boost::asio::ip::tcp::v4());
    acceptor_.bind({boost::asio::ip::make_address("127.0.0.1"), 0});
    acceptor_.listen();
    thread_ = std::jthread([this] { accept(); });
  }
  ~FakeSchwab() {
    stopping_ = true;
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    thread_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
    }
    connections_.clear();
  }

  std::string url() const { return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + port(); }
  std::string stream_url() const { return (tls_ ? "wss://127.0.0.1:" : "ws://127.0.0.1:") + port() + "/ws"; }

  // Scripts; set before requests come, or under lock().
  std::function<std::string(const Request&)> candles = [](const Request&) { return std::string("{}"); };
  std::function<void(Peer&, int connection)> stream;  // connection counts from 1
  std::map<std::string, std::deque<Answer>> faults;   // by path: answers that come first, whatever is asked
  std::string good_code = "C0.code@", good_refresh = "refresh-1", good_access = "access-0";
  bool accepts_tokens = true;  // false: 401 whatever the token
  Certificate certificate;

  std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }
  std::vector<Request> requests(const std::string& path) {
    const std::lock_guard guard(mutex_);
    std::vector<Request> found;
    for (const Request& request : requests_) {
      if (request.path == path) found.push_back(request);
    }
    return found;
  }
  int stream_connections() const { return streams_; }

 private:
  using Tcp = boost::asio::ip::tcp;

  std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }

  void accept() {
    while (!stopping_) {
      boost::system::error_code error;
      auto socket = std::make_shared<Tcp::socket>(io_);
      acceptor_.accept(*socket, error);
      if (error) break;
      const std::lock_guard guard(mutex_);
      open_.insert(socket->native_handle());
      connections_.emplace_back([this, socket] {
        const int handle = socket->native_handle();
        try {
          if (tls_) {
            boost::beast::ssl_stream<Tcp::socket&> secure(*socket, context_);
            secure.handshake(boost::asio::ssl::stream_base::server);
            serve(secure);
          } else {
            serve(*socket);
          }
        } catch (const std::exception&) {  // the client went
        }
        const std::lock_guard closing(mutex_);
        open_.erase(handle);
        boost::system::error_code ignored;
        socket->close(ignored);
      });
    }
  }

  template <class Stream>
  void serve(Stream& stream_) {
    namespace http = boost::beast::http;
    boost::beast::flat_buffer buffer;
    for (;;) {
      http::request<http::string_body> message;
      http::read(stream_, buffer, message);
      if (boost::beast::websocket::is_upgrade(message)) return serve_stream(stream_, message);
      Request request = parse(message);
      const Answer answer = answer_to(request);
      for (auto left = answer.delay; left.count() > 0 && !stopping_; left -= std::chrono::milliseconds(10))
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      http::response<http::string_body> response{static_cast<http::status>(answer.status), 11};
      for (const auto& [name, value] : answer.headers) response.set(name, value);
      response.body() = answer.body;
      response.prepare_payload();
      if (answer.cut_at != std::string::npos) {
        response.body().resize(std::min(answer.cut_at, answer.body.size()));
        http::write(stream_, response);
        return;
      }
      http::write(stream_, response);
    }
  }

  template <class Stream, class Message>
  void serve_stream(Stream& stream_, const Message& message) {
    boost::beast::websocket::stream<Stream&> socket(stream_);
    socket.accept(message);
    Peer peer;
    peer.send = [&](const std::string& text) { socket.write(boost::asio::buffer(text)); };
    peer.receive = [&]() -> std::optional<std::string> {
      boost::beast::flat_buffer buffer;
      boost::system::error_code error;
      socket.read(buffer, error);
      if (error) return std::nullopt;
      return boost::beast::buffers_to_string(buffer.data());
    };
    const int number = ++streams_;
    stream(peer, number);
  }

  template <class Message>
  static Request parse(const Message& message) {
    Request request;
    request.method = std::string(message.method_string());
    const std::string target(message.target());
    request.path = target.substr(0, target.find('?'));
    request.body = message.body();
    request.authorization = std::string(message[boost::beast::http::field::authorization]);
    request.query = fields(target.find('?') == std::string::npos ? "" : target.substr(target.find('?') + 1));
    return request;
  }

  static std::map<std::string, std::string> fields(std::string text) {
    std::map<std::string, std::string> out;
    while (!text.empty()) {
      const std::string field = text.substr(0, text.find('&'));
      out[url_decoded(field.substr(0, field.find('=')))] = url_decoded(field.substr(field.find('=') + 1));
      text.erase(0, std::min(text.size(), field.size() + 1));
    }
    return out;
  }

  Answer answer_to(const Request& request) {
    const std::lock_guard guard(mutex_);
    requests_.push_back(request);
    if (auto& queue = faults[request.path]; !queue.empty()) {
      Answer first = queue.front();
      queue.pop_front();
      return first;
    }
    if (request.path == "/v1/oauth/token") return tokens(fields(request.body), request.authorization);
    if (!accepts_tokens || request.authorization != "Bearer " + good_access)
      return {401, R"({"errors":[{"title":"Unauthorized","detail":"token is not valid"}]})"};
    if (request.path == "/marketdata/v1/pricehistory") return {200, candles(request)};
    if (request.path == "/trader/v1/userPreference") {
      return {200, R"({"streamerInfo":[{"streamerSocketUrl":")" + stream_url() +
                       R"(","schwabClientCustomerId":"cust","schwabClientCorrelId":"corr",)" +
                       R"("schwabClientChannel":"N9","schwabClientFunctionId":"APIAPP"}]})"};
    }
    return {404, R"({"message":"no such path"})"};
  }

  Answer tokens(const std::map<std::string, std::string>& form, const std::string& authorization) {
    if (authorization != "Basic a2V5OnNlY3JldA==") return {401, R"({"error":"invalid_client"})"};  // key:secret
    const auto field = [&](const char* name) { return form.contains(name) ? form.at(name) : std::string(); };
    const bool by_code = field("grant_type") == "authorization_code" && field("code") == good_code &&
                         field("redirect_uri") == "https://127.0.0.1";
    const bool by_refresh = field("grant_type") == "refresh_token" && field("refresh_token") == good_refresh;
    if (!by_code && !by_refresh) return {400, R"({"error":"invalid_grant","error_description":"refresh token dead"})"};
    good_access = "access-" + std::to_string(++issued_);
    return {200, R"({"expires_in":1800,"token_type":"Bearer","access_token":")" + good_access +
                     R"(","refresh_token":")" + good_refresh + "\"}"};
  }

  const bool tls_;
  boost::asio::io_context io_;
  boost::asio::ssl::context context_{boost::asio::ssl::context::tls_server};
  Tcp::acceptor acceptor_{io_};
  std::atomic<bool> stopping_ = false;
  std::atomic<int> streams_ = 0;
  std::mutex mutex_;
  std::vector<Request> requests_;
  std::set<int> open_;
  int issued_ = 0;
  std::list<std::jthread> connections_;
  std::jthread thread_;
};

}  // namespace tradeassist::feed
