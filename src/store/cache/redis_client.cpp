#include "store/cache/redis_client.hpp"

#include <fmt/format.h>
#include <hiredis/hiredis.h>
#include <sys/socket.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "base/log.hpp"

namespace tradeassist::store {
namespace {

using Clock = std::chrono::steady_clock;
using Arguments = const std::vector<std::string_view>&;

struct FreeContext {
  void operator()(redisContext* context) const { redisFree(context); }
};
struct FreeReply {
  void operator()(void* reply) const { freeReplyObject(reply); }
};
using Context = std::unique_ptr<redisContext, FreeContext>;
using Reply = std::unique_ptr<redisReply, FreeReply>;

struct Server {
  std::string host, user, password;
  int port = 6379, database = 0;
};

std::optional<int> number(std::string_view text, int max) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > max) return std::nullopt;
  return value;
}

base::Result<Server> parse_url(std::string_view url) {
  const auto refuse = [] {  // does not repeat the text, which may hold a password
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "redis: not a Redis URL; write redis://HOST:PORT or redis://:PASSWORD@HOST:PORT/DATABASE");
  };
  constexpr std::string_view kScheme = "redis://";
  if (!url.starts_with(kScheme)) return refuse();
  url.remove_prefix(kScheme.size());
  Server server;
  if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) {
    const std::string_view who = url.substr(0, at);
    const std::size_t colon = who.find(':');
    if (colon == std::string_view::npos) return refuse();
    server.user = who.substr(0, colon);
    server.password = who.substr(colon + 1);
    url.remove_prefix(at + 1);
  }
  if (const std::size_t slash = url.find('/'); slash != std::string_view::npos) {
    const std::string_view name = url.substr(slash + 1);
    const auto database = name.empty() ? 0 : number(name, 1'000'000);
    if (!database) return refuse();
    server.database = *database;
    url = url.substr(0, slash);
  }
  const std::size_t colon = url.rfind(':');
  if (colon != std::string_view::npos && !url.ends_with(']')) {
    const auto port = number(url.substr(colon + 1), 65'535);
    if (!port) return refuse();
    server.port = *port;
    url = url.substr(0, colon);
  }
  if (url.starts_with('[') && url.ends_with(']')) url = url.substr(1, url.size() - 2);
  if (url.empty()) return refuse();
  server.host = url;
  return server;
}

timeval to_timeval(std::chrono::milliseconds time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  return {.tv_sec = seconds.count(), .tv_usec = std::chrono::microseconds(time - seconds).count()};
}

std::unexpected<base::Error> away(std::string message) {
  return base::failure(base::ErrorCode::kUnavailable, std::move(message));
}

/// Not by hiredis, whose write() to a connection that was closed would end the process with SIGPIPE.
base::Result<void> send_all(int socket, std::string_view bytes, Clock::time_point deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return away(std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(sent));
    if (Clock::now() > deadline) return away("took too long");
  }
  return {};
}

std::string as_command(Arguments arguments) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const std::string_view argument : arguments) {
    texts.push_back(argument.data());
    sizes.push_back(argument.size());
  }
  char* command = nullptr;
  const int size = redisFormatCommandArgv(&command, static_cast<int>(texts.size()), texts.data(), sizes.data());
  assert(size > 0);
  std::string bytes(command, static_cast<std::size_t>(size));
  redisFreeCommand(command);
  return bytes;
}

base::Result<Reply> execute(redisContext& context, Arguments arguments, std::chrono::milliseconds command_max) {
  const auto deadline = Clock::now() + command_max;
  TRY(send_all(context.fd, as_command(arguments), deadline));
  while (true) {
    void* reply = nullptr;
    if (redisGetReplyFromReader(&context, &reply) != REDIS_OK) return away(context.errstr);
    if (reply != nullptr) return Reply(static_cast<redisReply*>(reply));
    if (Clock::now() > deadline) return away("took too long");
    if (redisBufferRead(&context) != REDIS_OK) return away(context.errstr);
  }
}

std::string_view text_of(const redisReply& reply) { return {reply.str, reply.len}; }

}  // namespace

struct RedisClient::State {
  State(RedisOptions given, Server at) : options(std::move(given)), server(std::move(at)) {}

  base::Result<Context> connect() const {
    Context context(redisConnectWithTimeout(server.host.c_str(), server.port, to_timeval(options.wait_max)));
    if (!context) return away("out of memory");
    if (context->err != 0) return away(context->errstr);
    redisSetTimeout(context.get(), to_timeval(options.wait_max));
    const auto greet = [&](Arguments arguments) -> base::Result<void> {
      TRY_ASSIGN(const Reply reply, execute(*context, arguments, options.command_max));
      if (reply->type == REDIS_REPLY_ERROR) return away(std::string(text_of(*reply)));
      return {};
    };
    if (!server.password.empty() && server.user.empty()) TRY(greet({"AUTH", server.password}));
    if (!server.user.empty()) TRY(greet({"AUTH", server.user, server.password}));
    if (server.database != 0) TRY(greet({"SELECT", std::to_string(server.database)}));
    return context;
  }

  base::Result<Reply> try_command(Context& context, Arguments arguments) const {
    if (!context) { TRY_ASSIGN(context, connect()); }
    TRY_ASSIGN(Reply reply, execute(*context, arguments, options.command_max));
    // Another program's value of another kind is no failure of the server.
    if (reply->type == REDIS_REPLY_ERROR && !text_of(*reply).starts_with("WRONGTYPE")) {
      return away(std::string(text_of(*reply)));
    }
    return reply;
  }

  /// Null when the server is away, or nobody should ask it now.
  Reply command(Arguments arguments) {
    Context context;
    const Turn turn = enter(context);
    if (turn == Turn::kNone) return nullptr;
    auto reply = try_command(context, arguments);
    leave(turn, std::move(context), reply ? nullptr : &reply.error());
    return reply ? std::move(*reply) : nullptr;
  }

  enum class Turn { kNone, kCommand, kTrial };  // a trial finds out whether the server is back

  Turn enter(Context& context) {
    const std::lock_guard lock(mutex);
    const bool must_wait = is_away && Clock::now() < next_try;
    if (must_wait || in_use >= options.connections_max) {
      ++metrics.skipped;
      return Turn::kNone;
    }
    ++in_use;
    if (is_away) next_try = Clock::now() + backoff;  // one at a time
    if (!idle.empty()) {
      context = std::move(idle.back());
      idle.pop_back();
    }
    return is_away ? Turn::kTrial : Turn::kCommand;
  }

  void leave(Turn turn, Context context, const base::Error* error) {
    bool went = false, came_back = false;
    {
      const std::lock_guard lock(mutex);
      --in_use;
      ++(error != nullptr ? metrics.failures : metrics.commands);
      if (error == nullptr) {
        came_back = std::exchange(is_away, false);
        idle.push_back(std::move(context));
      } else {
        went = !std::exchange(is_away, true);
        if (went) backoff = options.backoff_first;
        if (turn == Turn::kTrial) backoff = std::min(2 * backoff, options.backoff_max);
        next_try = Clock::now() + backoff;
        idle.clear();  // of a server that was restarted none of them works
      }
    }
    if (went) {
      base::log(base::LogLevel::kWarning, "Redis is away; answers come from memory and the database meanwhile",
                {{"server", fmt::format("{}:{}", server.host, server.port)}, {"reason", error->message}});
    }
    if (came_back) {
      base::log(base::LogLevel::kInfo, "Redis is back", {{"server", fmt::format("{}:{}", server.host, server.port)}});
    }
  }

  const RedisOptions options;
  const Server server;
  mutable std::mutex mutex;
  std::vector<Context> idle;
  int in_use = 0;
  bool is_away = false;
  std::chrono::milliseconds backoff{0};
  Clock::time_point next_try;
  RedisMetrics metrics;
};

RedisClient::RedisClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
RedisClient::~RedisClient() = default;

base::Result<std::unique_ptr<RedisClient>> RedisClient::create(RedisOptions options) {
  TRY_ASSIGN(Server server, parse_url(options.url));
  return std::unique_ptr<RedisClient>(new RedisClient(std::make_unique<State>(std::move(options), std::move(server))));
}

std::optional<std::string> RedisClient::get(std::string_view key) {
  const Reply reply = state_->command({"GET", key});
  if (!reply || reply->type != REDIS_REPLY_STRING) return std::nullopt;
  return std::string(text_of(*reply));
}

bool RedisClient::set(std::string_view key, std::string_view value, std::chrono::seconds time_to_live) {
  if (value.size() > state_->options.value_bytes_max || time_to_live.count() < 1) return false;
  const Reply reply = state_->command({"SET", key, value, "EX", std::to_string(time_to_live.count())});
  return reply && reply->type == REDIS_REPLY_STATUS && text_of(*reply) == "OK";
}

std::optional<std::vector<std::int64_t>> RedisClient::eval(std::string_view script, std::string_view key,
                                                           std::initializer_list<std::string_view> arguments) {
  std::vector<std::string_view> all{"EVAL", script, "1", key};
  all.insert(all.end(), arguments);
  const Reply reply = state_->command(all);
  if (!reply || reply->type != REDIS_REPLY_ARRAY) return std::nullopt;
  std::vector<std::int64_t> numbers;
  for (const redisReply* each : std::span(reply->element, reply->elements)) {
    if (each->type != REDIS_REPLY_INTEGER) return std::nullopt;
    numbers.push_back(each->integer);
  }
  return numbers;
}

RedisMetrics RedisClient::metrics() const {
  const std::lock_guard lock(state_->mutex);
  RedisMetrics now = state_->metrics;
  now.is_away = state_->is_away;
  return now;
}

}  // namespace tradeassist::store
