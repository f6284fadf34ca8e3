#include "server/realtime/web_socket.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/describe.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "server/http/transport.hpp"
#include "server/realtime/hub.hpp"

namespace tradeassist::server {

/// What a client may send; which fields go with which action is checked by the one that does it.
struct ClientMessage {
  std::string action;
  std::optional<std::string> id;  // the client's own, given back in errors and answers
  std::optional<std::string> channel;
  std::optional<std::int64_t> after;
  std::optional<std::string> query_id, job_id;
};
BOOST_DESCRIBE_STRUCT(ClientMessage, (), (action, id, channel, after, query_id, job_id))

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace json = boost::json;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

constexpr std::size_t kBatch = 64;
constexpr std::size_t kIdMax = 64;
constexpr std::chrono::seconds kCloseTimeMax{5};

class Session {
 public:
  Session(Transport& transport, const WebSocketEndpoint& endpoint, const access::Caller& caller,
          asio::any_io_executor compute)
      : transport_(transport),
        socket_(transport),
        endpoint_(endpoint),
        caller_(caller),
        hub_(*endpoint.hub),
        compute_(std::move(compute)),
        news_(transport.get_executor()),
        overdue_(transport.get_executor()) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    if (subscriber_) hub_.disconnect(*subscriber_);
  }

  asio::awaitable<void> run(http::request<http::string_body> upgrade);

 private:
  asio::awaitable<void> read_all();
  asio::awaitable<void> write_all();
  asio::awaitable<bool> write_batch(const std::vector<MessageText>& batch);
  asio::awaitable<bool> may_stay();
  asio::awaitable<void> close(websocket::close_code code);
  asio::awaitable<void> handle(std::string_view text);
  asio::awaitable<void> subscribe(const ClientMessage& message);
  asio::awaitable<void> cancel(const ClientMessage& message);
  void refuse(const ClientMessage& message, std::string_view code, const std::string& why);
  void wake() {
    has_news_ = true;
    news_.cancel();
  }

  Transport& transport_;
  websocket::stream<Transport&> socket_;
  const WebSocketEndpoint& endpoint_;
  const access::Caller& caller_;
  Hub& hub_;
  asio::any_io_executor compute_;
  std::shared_ptr<Hub::Subscriber> subscriber_;
  asio::steady_timer news_;     // waited for until something is to be sent
  asio::steady_timer overdue_;  // of what is being sent
  bool has_news_ = false, has_read_all_ = false;
};

json::object with_id(const ClientMessage& message, json::object data) {
  if (message.id) data["id"] = *message.id;
  return data;
}

void Session::refuse(const ClientMessage& message, std::string_view code, const std::string& why) {
  hub_.send(*subscriber_, "error", with_id(message, {{"code", code}, {"message", why}}));
}

asio::awaitable<void> Session::cancel(const ClientMessage& message) {
  if (message.query_id.has_value() == message.job_id.has_value()) {
    refuse(message, "INVALID_MESSAGE", "cancel needs query_id or job_id");
    co_return;
  }
  const std::string what = message.query_id ? *message.query_id : *message.job_id;
  auto own = co_await asio::this_coro::executor;
  co_await asio::post(asio::bind_executor(compute_, asio::use_awaitable));
  const base::Result<void> done = endpoint_.cancel(caller_, what);
  co_await asio::post(asio::bind_executor(own, asio::use_awaitable));
  if (done) {
    hub_.send(*subscriber_, "cancel_requested", with_id(message, {{message.query_id ? "query_id" : "job_id", what}}));
  } else {
    const bool is_unknown = done.error().code == base::ErrorCode::kNotFound;
    refuse(message, is_unknown ? "JOB_NOT_FOUND" : "CANCELLATION_NOT_ALLOWED", done.error().message);
  }
}

asio::awaitable<void> Session::subscribe(const ClientMessage& message) {
  if (endpoint_.may_subscribe) {
    auto own = co_await asio::this_coro::executor;
    co_await asio::post(asio::bind_executor(compute_, asio::use_awaitable));
    const base::Result<void> allowed = endpoint_.may_subscribe(caller_, *message.channel);
    co_await asio::post(asio::bind_executor(own, asio::use_awaitable));
    if (!allowed) {
      refuse(message, "CHANNEL_NOT_FOUND", allowed.error().message);
      co_return;
    }
  }
  const auto done = hub_.subscribe(*subscriber_, *message.channel, message.after);
  if (done) co_return;
  const bool is_full = done.error().code == base::ErrorCode::kResourceExhausted;
  refuse(message, is_full ? "TOO_MANY_SUBSCRIPTIONS" : "INVALID_MESSAGE", done.error().message);
}

asio::awaitable<void> Session::handle(std::string_view text) {
  const auto value = base::parse_json(text, endpoint_.limits.message_bytes_max);
  auto message = value ? base::from_json<ClientMessage>(*value) : std::unexpected(value.error());
  if (!message) {
    refuse({}, "INVALID_MESSAGE", message.error().message);
    co_return;
  }
  if (message->id && message->id->size() > kIdMax) {
    message->id.reset();
    refuse(*message, "INVALID_MESSAGE", "id is longer than " + std::to_string(kIdMax) + " bytes");
    co_return;
  }
  if (message->action == "ping") {
    hub_.send(*subscriber_, "pong", with_id(*message, {}));
  } else if (message->action == "cancel") {
    co_await cancel(*message);
  } else if (message->action != "subscribe" && message->action != "unsubscribe") {
    refuse(*message, "INVALID_MESSAGE", "action must be subscribe, unsubscribe, cancel or ping");
  } else if (!message->channel) {
    refuse(*message, "INVALID_MESSAGE", message->action + " needs channel");
  } else if (message->action == "unsubscribe") {
    hub_.unsubscribe(*subscriber_, *message->channel);
  } else {
    co_await subscribe(*message);
  }
}

asio::awaitable<void> Session::read_all() {
  beast::flat_buffer buffer;
  for (;;) {
    error_code error;
    co_await socket_.async_read(buffer, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;  // closed by either side, silent for too long, or not a WebSocket's frame
    if (socket_.got_binary()) {
      refuse({}, "INVALID_MESSAGE", "messages are JSON texts, not binary");
    } else {
      co_await handle({static_cast<const char*>(buffer.data().data()), buffer.size()});
    }
    buffer.consume(buffer.size());
  }
}

asio::awaitable<bool> Session::write_batch(const std::vector<MessageText>& batch) {
  overdue_.expires_after(endpoint_.limits.write_time_max);
  overdue_.async_wait([this](error_code stopped) {
    if (!stopped) transport_.close();
  });
  bool is_good = true;
  for (const MessageText& text : batch) {
    error_code error;
    co_await socket_.async_write(asio::buffer(*text), asio::redirect_error(asio::use_awaitable, error));
    is_good = !error && !has_read_all_;
    if (!is_good || hub_.close_reason(*subscriber_) != CloseReason::kNone) break;
  }
  overdue_.cancel();
  co_return is_good;
}

asio::awaitable<void> Session::write_all() {
  auto next_heartbeat = std::chrono::steady_clock::now() + endpoint_.limits.heartbeat_every;
  while (!has_read_all_) {
    has_news_ = false;
    if (const CloseReason reason = hub_.close_reason(*subscriber_); reason != CloseReason::kNone) {
      co_await close(static_cast<websocket::close_code>(reason));
      co_return;
    }
    const std::vector<MessageText> batch = hub_.take(*subscriber_, kBatch);
    if (!batch.empty() && !co_await write_batch(batch)) co_return;
    if (std::chrono::steady_clock::now() >= next_heartbeat) {
      next_heartbeat += endpoint_.limits.heartbeat_every;
      if (!co_await may_stay()) {
        co_await close(websocket::close_code::policy_error);
        co_return;
      }
      hub_.send(*subscriber_, "heartbeat", {});
      continue;
    }
    if (!batch.empty() || has_news_) continue;
    error_code woken;
    news_.expires_at(next_heartbeat);
    co_await news_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

asio::awaitable<bool> Session::may_stay() {
  if (!endpoint_.may_stay) co_return true;
  auto own = co_await asio::this_coro::executor;
  co_await asio::post(asio::bind_executor(compute_, asio::use_awaitable));
  const bool stays = endpoint_.may_stay(caller_);
  co_await asio::post(asio::bind_executor(own, asio::use_awaitable));
  co_return stays;
}

asio::awaitable<void> Session::close(websocket::close_code code) {
  overdue_.expires_after(kCloseTimeMax);
  overdue_.async_wait([this](error_code stopped) {
    if (!stopped) transport_.close();
  });
  error_code ignored;
  co_await socket_.async_close(code, asio::redirect_error(asio::use_awaitable, ignored));
  overdue_.cancel();
}

asio::awaitable<void> Session::run(http::request<http::string_body> upgrade) {
  transport_.expires_never();  // the WebSocket has time limits of its own
  websocket::stream_base::timeout limits;
  limits.handshake_timeout = std::chrono::seconds(10);
  limits.idle_timeout = endpoint_.limits.idle_time_max;
  limits.keep_alive_pings = true;  // a browser answers them by itself, so that a page that only listens stays
  socket_.set_option(limits);
  socket_.read_message_max(endpoint_.limits.message_bytes_max);
  socket_.auto_fragment(false);  // a message is one frame
  if (upgrade[http::field::sec_websocket_protocol].find(kWebSocketProtocol) != std::string_view::npos) {
    socket_.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
      response.set(http::field::sec_websocket_protocol, kWebSocketProtocol);
    }));
  }
  error_code error;
  co_await socket_.async_accept(upgrade, asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return;

  auto own = co_await asio::this_coro::executor;
  // The hub calls from any thread; the posted call finds this alive, because run() ends after disconnect() and a turn
  // of the strand.
  auto connected = hub_.connect([this, own] { asio::post(own, [this] { wake(); }); });
  if (!connected) {
    co_await close(websocket::close_code::try_again_later);
    co_return;
  }
  subscriber_ = std::move(*connected);
  asio::co_spawn(own, read_all(), [this](std::exception_ptr) {
    has_read_all_ = true;
    wake();
  });
  std::exception_ptr failure;  // the reading half still uses this, so that it has to end first
  try {
    co_await write_all();
  } catch (...) { failure = std::current_exception(); }
  if (!has_read_all_) {  // what is read from now on is of no use
    transport_.close();
    while (!has_read_all_) {
      news_.expires_at(asio::steady_timer::time_point::max());
      error_code woken;
      co_await news_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
  }
  hub_.disconnect(*subscriber_);
  co_await asio::post(asio::bind_executor(own, asio::use_awaitable));
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

asio::awaitable<void> serve_web_socket(Transport& transport, http::request<http::string_body> upgrade,
                                       const WebSocketEndpoint& endpoint, const access::Caller& caller,
                                       asio::any_io_executor compute) {
  Session session(transport, endpoint, caller, std::move(compute));
  co_await session.run(std::move(upgrade));
}

}  // namespace tradeassist::server
