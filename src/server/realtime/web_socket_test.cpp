#include "server/realtime/web_socket.hpp"

#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <future>
#include <thread>

#include "base/json.hpp"
#include "server/http_server.hpp"
#include "server/problem.hpp"
#include "server/realtime/hub.hpp"

namespace tradeassist::server {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

/// A client that blocks.
class Client {
 public:
  explicit Client(std::uint16_t port, const std::string& path = "/ws/realtime", const std::string& origin = "") {
    asio::ip::tcp::socket& socket = socket_.next_layer();
    socket.connect({asio::ip::make_address("127.0.0.1"), port}, error);
    if (!origin.empty()) {
      socket_.set_option(websocket::stream_base::decorator(
          [origin](websocket::request_type& request) { request.set(beast::http::field::origin, origin); }));
    }
    if (!error) socket_.handshake("127.0.0.1:" + std::to_string(port), path, error);
  }
  void say(const std::string& text) { socket_.write(asio::buffer(text), error); }
  boost::json::object hear() {
    beast::flat_buffer buffer;
    socket_.read(buffer, error);
    if (error) return {};
    return base::parse_json(beast::buffers_to_string(buffer.data()), 16 << 20).value().as_object();
  }
  std::string hear_type() {
    const auto message = hear();
    return error ? error.message() : std::string(message.at("messageType").as_string());
  }
  /// Reads until the other side closes; its reason.
  unsigned hear_close() {
    while (!error) hear();
    return socket_.reason().code;
  }

  error_code error;

 private:
  asio::io_context io_;
  websocket::stream<asio::ip::tcp::socket> socket_{io_};
};

class WebSocketTest : public testing::Test {
 protected:
  void start(const WebSocketLimits& limits = {}, const HubLimits& hub_limits = {}) {
    hub_ = std::make_unique<Hub>(hub_limits);
    endpoint_.hub = hub_.get();
    endpoint_.limits = limits;
    endpoint_.cancel = [](const access::Caller&, const std::string& id) -> base::Result<void> {
      if (id == "known") return {};
      return base::failure(base::ErrorCode::kNotFound, "there is no job " + id);
    };
    endpoint_.may_subscribe = [](const access::Caller& caller, const std::string& channel) -> base::Result<void> {
      if (channel != "jobs:bobs" || caller.owner == "bob") return {};
      return base::failure(base::ErrorCode::kNotFound, "there is no job bobs");
    };
    endpoint_.may_stay = [this](const access::Caller&) { return stays_.load(); };
    HttpOptions options;
    options.port = 0;
    options.web_socket = &endpoint_;
    server_ = HttpServer::listen(options, [](Request request) {
                Response response{request.header("x-turned-away") ? 401u : 101u, "text/plain", request.path, {}};
                response.upgraded = access::Caller{.key_id = "", .owner = "ann", .scopes = {}};
                return response;
              }).value();
    server_->start();
  }

  std::atomic<bool> stays_ = true;
  std::unique_ptr<Hub> hub_;
  WebSocketEndpoint endpoint_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(WebSocketTest, a_client_subscribes_and_gets_what_is_published) {
  start();
  Client client(server_->port());
  client.say(R"({"action": "subscribe", "channel": "bars:SPY:1m"})");
  EXPECT_EQ(client.hear_type(), "subscribed");
  hub_->publish("bars:SPY:1m", "bar", {{"close", 1.5}});
  const auto message = client.hear();
  EXPECT_EQ(message.at("messageType"), "bar");
  EXPECT_EQ(message.at("data").as_object().at("close"), 1.5);
  client.say(R"({"action": "ping", "id": "7"})");
  const auto pong = client.hear();
  EXPECT_EQ(pong.at("messageType"), "pong");
  EXPECT_EQ(pong.at("data").as_object().at("id"), "7");
  client.say(R"({"action": "subscribe", "channel": "bars:SPY:1m", "after": )" +
             std::to_string(message.at("sequence").as_int64() - 1) + "}");
  EXPECT_EQ(client.hear_type(), "subscribed");
  EXPECT_EQ(client.hear_type(), "bar");
  EXPECT_EQ(client.hear_type(), "replay_complete");
  client.say(R"({"action": "unsubscribe", "channel": "bars:SPY:1m"})");
  EXPECT_EQ(client.hear_type(), "unsubscribed");
}

TEST_F(WebSocketTest, what_is_wrong_with_a_message_is_said_and_the_connection_stays) {
  start();
  Client client(server_->port());
  const std::pair<const char*, const char*> wrong[] = {
      {"{", "1"},
      {R"({"action": "dance"})", "must be subscribe, unsubscribe, cancel or ping"},
      {R"({"action": "subscribe"})", "needs channel"},
      {R"({"action": "subscribe", "channel": "a b"})", "a channel's name"},
      {R"({"action": "subscribe", "channel": "a", "afterwards": 1})", "/afterwards"},
      {R"({"action": "cancel"})", "needs query_id or job_id"},
      {R"({"action": "cancel", "job_id": "none"})", "there is no job none"},
      {"[]", "must be an object"},
  };
  for (const auto& [text, what] : wrong) {
    client.say(text);
    const auto answer = client.hear();
    ASSERT_FALSE(client.error) << text;
    EXPECT_EQ(answer.at("messageType"), "error") << text;
    EXPECT_NE(answer.at("data").as_object().at("message").as_string().find(what), std::string::npos)
        << base::json_text(answer);
  }
  client.say(R"({"action": "cancel", "query_id": "known"})");
  EXPECT_EQ(client.hear_type(), "cancel_requested");
}

TEST_F(WebSocketTest, a_message_beyond_the_bound_ends_the_connection_with_1009) {
  start();
  Client client(server_->port());
  client.say(std::string(70'000, 'a'));
  EXPECT_EQ(client.hear_close(), 1009u);
}

TEST_F(WebSocketTest, the_channel_of_another_is_not_there) {
  start();
  Client client(server_->port());
  client.say(R"({"action": "subscribe", "channel": "jobs:bobs"})");
  const auto refused = client.hear();
  EXPECT_EQ(refused.at("messageType"), "error");
  EXPECT_EQ(refused.at("data").as_object().at("code"), "CHANNEL_NOT_FOUND");
  client.say(R"({"action": "subscribe", "channel": "jobs:anns"})");
  EXPECT_EQ(client.hear_type(), "subscribed");
}

TEST_F(WebSocketTest, who_may_not_stay_is_closed_with_1008_at_the_next_heartbeat) {
  start({.heartbeat_every = std::chrono::milliseconds(50)});
  Client client(server_->port());
  EXPECT_EQ(client.hear_type(), "heartbeat");
  stays_ = false;
  EXPECT_EQ(client.hear_close(), 1008u);
}

TEST_F(WebSocketTest, stopping_closes_with_1001) {
  start();
  Client client(server_->port());
  client.say(R"({"action": "ping"})");
  EXPECT_EQ(client.hear_type(), "pong");
  auto closed = std::async(std::launch::async, [&] { return client.hear_close(); });
  hub_->close_all();
  server_->stop(5s);
  EXPECT_EQ(closed.get(), 1001u);
}

TEST_F(WebSocketTest, a_reader_that_stalls_is_closed_with_1013_and_harms_none) {
  start({}, {.queued_messages_max = 100});
  Client slow(server_->port()), quick(server_->port());
  for (Client* client : {&slow, &quick}) {
    client->say(R"({"action": "subscribe", "channel": "a"})");
    EXPECT_EQ(client->hear_type(), "subscribed");
  }
  const std::string bulk(50'000, 'x');  // so that the sockets' buffers are full soon
  for (int n = 0; n < 500; ++n) {
    hub_->publish("a", "count", {{"bulk", bulk}});
    ASSERT_EQ(quick.hear_type(), "count") << n;
  }
  EXPECT_EQ(slow.hear_close(), 1013u);
  EXPECT_EQ(hub_->metrics().overflows, 1);
}

TEST_F(WebSocketTest, a_client_that_says_nothing_gets_heartbeats_and_stays_while_it_answers_pings) {
  start({.heartbeat_every = 50ms, .idle_time_max = 300ms});
  Client client(server_->port());
  for (int i = 0; i < 12; ++i) EXPECT_EQ(client.hear_type(), "heartbeat");  // reading answers pings
  std::this_thread::sleep_for(1s);                                          // it does not any more
  EXPECT_NE(client.hear_close(), 1000u);
  for (int i = 0; i < 200 && hub_->metrics().subscribers > 0; ++i) std::this_thread::sleep_for(10ms);
  EXPECT_EQ(hub_->metrics().subscribers, 0u);
}

TEST_F(WebSocketTest, other_paths_other_origins_and_plain_requests_are_not_upgraded) {
  start();
  EXPECT_TRUE(Client(server_->port(), "/api/v1/version").error);
  EXPECT_TRUE(Client(server_->port(), "/ws/realtime", "http://evil.example").error);
  const std::string own = "http://127.0.0.1:" + std::to_string(server_->port());
  EXPECT_FALSE(Client(server_->port(), "/ws/realtime", own).error);
}

TEST_F(WebSocketTest, clients_that_leave_without_a_word_are_forgotten) {
  start();
  for (int round = 0; round < 20; ++round) {
    Client client(server_->port());
    client.say(R"({"action": "subscribe", "channel": "a"})");
    EXPECT_EQ(client.hear_type(), "subscribed");
  }
  for (int i = 0; i < 500 && hub_->metrics().subscribers > 0; ++i) {
    hub_->publish("a", "count", {});
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(hub_->metrics().subscribers, 0u);
}

}  // namespace
}  // namespace tradeassist::server
