#include "mcp/session.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <latch>
#include <thread>

namespace tradeassist::mcp {
namespace {

namespace json = boost::json;

/// A route that runs until it is stopped, where it is told to; else answers at once.
struct SlowHost {
  std::latch started{1};
  bool waits = false;
  ToolHost host{.dispatch =
                    [this](const server::Request& request) {
                      if (waits) {
                        started.count_down();
                        while (!request.deadline.stop_requested())
                          std::this_thread::sleep_for(std::chrono::milliseconds(1));
                      }
                      return server::Response{200, "application/json", R"({"path":")" + request.path + "\"}", {}};
                    },
                .exports_folder = {}};
};

std::optional<json::value> send(Session& session, std::string_view text) {
  const auto answer = session.answer(session.take(text, 100'000), {});
  return answer ? std::optional(json::parse(*answer)) : std::nullopt;
}

std::optional<json::value> initialize(Session& session, const std::string& version = "2025-06-18") {
  return send(session, R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":")" + version +
                           R"(","capabilities":{},"clientInfo":{"name":"t","version":"1"}}})");
}

std::string call(int id) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"tools/call","params":{"name":"list_jobs","arguments":{}}})";
}

TEST(Session, agrees_on_the_clients_revision_where_it_is_known_and_else_on_the_newest) {
  SlowHost slow;
  for (const auto& [wanted, agreed] : {std::pair("2025-03-26", "2025-03-26"), std::pair("2025-06-18", "2025-06-18"),
                                       std::pair("2024-11-05", "2025-06-18"), std::pair("x", "2025-06-18")}) {
    Session session(slow.host, "1.2");
    const auto answer = initialize(session, wanted);
    EXPECT_EQ(answer->at("result").at("protocolVersion"), agreed);
    EXPECT_EQ(answer->at("result").at("serverInfo").at("version"), "1.2");
    EXPECT_EQ(session.agreed_version(), agreed);
  }
}

TEST(Session, does_nothing_but_ping_before_it_is_initialized) {
  SlowHost slow;
  Session session(slow.host, "1");
  EXPECT_EQ(send(session, R"({"jsonrpc":"2.0","id":1,"method":"ping"})")->at("result"), json::value(json::object{}));
  EXPECT_EQ(send(session, call(2))->at("error").at("code"), kInvalidRequest);
  EXPECT_EQ(send(session, R"({"jsonrpc":"2.0","id":3,"method":"tools/list"})")->at("error").at("code"),
            kInvalidRequest);
}

TEST(Session, lists_and_calls_its_tools) {
  SlowHost slow;
  Session session(slow.host, "1");
  initialize(session);
  EXPECT_EQ(send(session, R"({"jsonrpc":"2.0","method":"notifications/initialized"})"), std::nullopt);
  const auto list = send(session, R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
  EXPECT_EQ(list->at("result").at("tools").as_array().size(), tools().size());
  const auto answer = send(session, call(2));
  EXPECT_EQ(answer->at("id"), 2);
  EXPECT_EQ(answer->at("result").at("structuredContent").at("path"), "/api/v1/jobs");
  EXPECT_EQ(send(session, call(2))->at("id"), 2);  // it is done: the id is free
}

TEST(Session, unknown_methods_and_tools_are_errors_of_the_protocol) {
  SlowHost slow;
  Session session(slow.host, "1");
  initialize(session);
  EXPECT_EQ(send(session, R"({"jsonrpc":"2.0","id":1,"method":"resources/list"})")->at("error").at("code"),
            kMethodNotFound);
  const auto unknown = send(session, R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"rm"}})");
  EXPECT_EQ(unknown->at("error").at("code"), kInvalidParams);
  EXPECT_EQ(send(session, R"({"jsonrpc":"2.0","method":"unknown"})"), std::nullopt);
}

TEST(Session, a_cancelled_call_stops_and_is_not_answered) {
  SlowHost slow;
  slow.waits = true;
  Session session(slow.host, "1");
  initialize(session);
  const auto incoming = session.take(call(5), 10'000);
  ASSERT_TRUE(incoming.calls_a_tool());
  std::optional<std::string> answer = "none";
  std::jthread caller([&] { answer = session.answer(incoming, {}); });
  slow.started.wait();
  send(session, R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"5"}})");  // another id
  EXPECT_EQ(send(session, call(5))->at("error").at("code"), kInvalidRequest);                           // in work
  send(session, R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}})");
  caller.join();
  EXPECT_EQ(answer, std::nullopt);
}

TEST(Session, a_cancellation_finds_a_call_that_has_not_begun) {
  SlowHost slow;
  Session session(slow.host, "1");
  initialize(session);
  const auto incoming = session.take(call(5), 10'000);
  send(session, R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}})");
  EXPECT_EQ(session.answer(incoming, {}), std::nullopt);
}

TEST(Session, more_calls_than_may_be_in_work_are_refused) {
  SlowHost slow;
  Session session(slow.host, "1", 2);
  initialize(session);
  const auto first = session.take(call(1), 10'000), second = session.take(call(2), 10'000);
  EXPECT_EQ(send(session, call(3))->at("error").at("code"), kServerBusy);
  EXPECT_TRUE(session.answer(first, {}));
  EXPECT_TRUE(send(session, call(3))->as_object().contains("result"));
  EXPECT_TRUE(session.answer(second, {}));
}

TEST(Session, batches_are_answered_where_the_revision_has_them_and_else_refused) {
  SlowHost slow;
  const std::string batch =
      "[" + call(1) + R"(,{"jsonrpc":"2.0","method":"x"},{"jsonrpc":"2.0","id":2,"method":"ping"}])";
  Session older(slow.host, "1"), newer(slow.host, "1");
  initialize(older, "2025-03-26");
  initialize(newer, "2025-06-18");
  EXPECT_EQ(send(older, batch)->as_array().size(), 2u);
  EXPECT_EQ(send(older, "[]")->at("error").at("code"), kInvalidRequest);
  EXPECT_EQ(send(newer, batch)->at("error").at("code"), kInvalidRequest);
  EXPECT_TRUE(send(newer, call(1))->as_object().contains("result"));  // nothing of the batch is in work
}

}  // namespace
}  // namespace tradeassist::mcp
