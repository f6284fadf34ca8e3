#include "store/cache/redis_client.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "store/testing/redis_servers.hpp"

namespace tradeassist::store {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<RedisClient> client_of(const std::string& url, std::chrono::milliseconds backoff = 10ms) {
  return std::move(RedisClient::create({.url = url, .backoff_first = backoff, .backoff_max = 4 * backoff}).value());
}

/// Asks until it is there, as long as a test may take.
bool comes(RedisClient& client, std::string_view key, std::string_view value) {
  for (int i = 0; i < 2'000; ++i) {
    if (client.set(key, value, 60s) && client.get(key) == value) return true;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

TEST(RedisClient, gives_back_any_bytes_that_were_set) {
  const RedisServer server;
  const auto client = client_of(server.url());
  EXPECT_EQ(client->get("nothing"), std::nullopt);
  const std::string large(3'000'000, 'x');
  for (const std::string& value : {std::string(), std::string("a\0b\r\nc", 6), large}) {
    EXPECT_TRUE(client->set(std::string("key\0x", 5), value, 60s));
    EXPECT_EQ(client->get(std::string("key\0x", 5)), value);
  }
  EXPECT_EQ(client->metrics().failures, 0);
  EXPECT_FALSE(client->set("key", std::string(5'000'000, 'x'), 60s)) << "more than value_bytes_max";
  EXPECT_FALSE(client->set("key", "value", 0s));
}

TEST(RedisClient, keeps_a_value_for_its_time_only) {
  const RedisServer server;
  const auto client = client_of(server.url());
  ASSERT_TRUE(client->set("key", "value", 1s));
  EXPECT_EQ(client->get("key"), "value");
  std::this_thread::sleep_for(1'100ms);
  EXPECT_EQ(client->get("key"), std::nullopt);
}

TEST(RedisClient, finds_nothing_while_the_server_is_away_and_comes_back_by_itself) {
  RedisServer server;
  const auto client = client_of(server.url());
  ASSERT_TRUE(client->set("key", "value", 60s));
  server.stop();
  testing::internal::CaptureStderr();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(client->get("key"), std::nullopt);
  EXPECT_TRUE(client->metrics().is_away);
  EXPECT_GT(client->metrics().skipped, 0);
  server.start();
  EXPECT_TRUE(comes(*client, "key", "again"));
  EXPECT_FALSE(client->metrics().is_away);
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(log.find("Redis is away"), log.rfind("Redis is away")) << "once an outage: " << log;
}

TEST(RedisClient, a_server_that_never_answers_is_waited_for_once_and_then_left_alone) {
  const WrongServer server("");
  const auto client = client_of(server.url(), 60'000ms);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(client->get("key"), std::nullopt);
  EXPECT_EQ(client->metrics().failures, 1);
  EXPECT_EQ(client->metrics().skipped, 99);
}

TEST(RedisClient, what_is_no_answer_of_redis_is_nothing) {
  for (const std::string& answer :
       {std::string("HTTP/1.1 400 Bad Request\r\n\r\n"), std::string("$5\r\nabc"), std::string("$-5\r\n"),
        std::string(":1\r\n:1\r\n"), std::string("*2\r\n$1\r\na\r\n$1\r\nb\r\n"), std::string("\0\0\0\0", 4),
        std::string("-LOADING Redis is loading the dataset in memory\r\n")}) {
    SCOPED_TRACE(answer);
    const WrongServer server(answer);
    const auto client = client_of(server.url(), 1ms);
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(client->get("key"), std::nullopt);
      EXPECT_FALSE(client->set("key", "value", 60s));
      std::this_thread::sleep_for(5ms);
    }
  }
}

TEST(RedisClient, an_address_where_nobody_listens_is_no_error) {
  const LoopbackSocket silent;
  const auto client = client_of(silent.url());
  EXPECT_EQ(client->get("key"), std::nullopt);
  EXPECT_TRUE(client->metrics().is_away);
}

TEST(RedisClient, a_value_of_another_kind_is_nothing_and_no_outage) {
  const RedisServer server;
  const std::string port = server.url().substr(server.url().rfind(':') + 1);
  ASSERT_EQ(std::system(("redis-cli -p " + port + " RPUSH list 1 > /dev/null").c_str()), 0);
  const auto client = client_of(server.url());
  EXPECT_EQ(client->get("list"), std::nullopt);
  EXPECT_FALSE(client->metrics().is_away);
}

TEST(RedisClient, logs_in_and_chooses_its_database) {
  const RedisServer server;
  const std::string port = server.url().substr(server.url().rfind(':') + 1);
  ASSERT_EQ(std::system(("redis-cli -p " + port + " CONFIG SET requirepass secret > /dev/null").c_str()), 0);
  EXPECT_FALSE(client_of(server.url())->set("key", "value", 60s));
  const auto second = client_of("redis://:secret@127.0.0.1:" + port + "/2");
  EXPECT_TRUE(second->set("key", "value", 60s));
  EXPECT_EQ(client_of("redis://default:secret@127.0.0.1:" + port + "/2")->get("key"), "value");
  EXPECT_EQ(client_of("redis://:secret@127.0.0.1:" + port)->get("key"), std::nullopt) << "database 0";
}

TEST(RedisClient, many_threads_may_use_it) {
  const RedisServer server;
  const auto client = client_of(server.url());
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 16; ++thread) {
    threads.emplace_back([&, key = "key" + std::to_string(thread)] {
      for (int i = 0; i < 100; ++i) {
        const std::string value = key + " " + std::to_string(i);
        // One that found all connections in use went without.
        if (client->set(key, value, 60s)) { EXPECT_EQ(client->get(key).value_or(value), value); }
      }
    });
  }
  threads.clear();
  EXPECT_GT(client->metrics().commands, 100);
  EXPECT_EQ(client->metrics().failures, 0);
}

TEST(RedisClient, refuses_what_is_no_url_without_repeating_its_password) {
  for (const char* url : {"", "localhost:6379", "redis://", "redis://:secret@", "redis://host:port", "redis://host/x",
                          "redis://secret@host", "redis://host:70000"}) {
    const auto refused = RedisClient::create({.url = url});
    ASSERT_FALSE(refused) << url;
    EXPECT_EQ(refused.error().code, base::ErrorCode::kInvalidArgument);
    EXPECT_EQ(refused.error().message.find("secret"), std::string::npos);
  }
  EXPECT_TRUE(RedisClient::create({.url = "redis://[::1]:6379/3"}));
}

}  // namespace
}  // namespace tradeassist::store
