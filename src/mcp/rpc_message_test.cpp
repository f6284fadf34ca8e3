#include "mcp/rpc_message.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace tradeassist::mcp {
namespace {

RpcItem one(std::string_view text) {
  RpcText read = read_rpc(text, 10'000);
  EXPECT_EQ(read.items.size(), 1u);
  return std::move(read.items.front());
}

int code_of(std::string_view text) {
  const RpcItem item = one(text);
  const auto* error = std::get_if<RpcError>(&item);
  return error != nullptr ? error->code : 0;
}

TEST(RpcMessage, a_request_has_an_id_and_a_notification_none) {
  const auto request = std::get<RpcMessage>(one(R"({"jsonrpc":"2.0","id":"a","method":"ping","params":{"x":1}})"));
  EXPECT_TRUE(request.is_request());
  EXPECT_EQ(request.method, "ping");
  EXPECT_EQ(request.params.at("x"), 1);
  EXPECT_FALSE(std::get<RpcMessage>(one(R"({"jsonrpc":"2.0","method":"notifications/initialized"})")).is_request());
}

TEST(RpcMessage, what_is_no_message_says_why_under_the_right_code) {
  EXPECT_EQ(code_of("{"), kParseError);
  EXPECT_EQ(code_of("\"ping\""), kInvalidRequest);
  EXPECT_EQ(code_of("{}"), kInvalidRequest);
  EXPECT_EQ(code_of(R"({"jsonrpc":"1.0","id":1,"method":"ping"})"), kInvalidRequest);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":null,"method":"ping"})"), kInvalidRequest);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})"), kInvalidRequest);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":1,"method":7})"), kInvalidRequest);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[1]})"), kInvalidParams);
  EXPECT_EQ(code_of("[]"), kInvalidRequest);
  EXPECT_EQ(code_of(std::string(20'000, ' ')), kParseError);
}

TEST(RpcMessage, an_error_keeps_the_id_that_could_be_read) {
  const auto error = std::get<RpcError>(one(R"({"jsonrpc":"1.0","id":7,"method":"ping"})"));
  EXPECT_EQ(error.id, 7);
  EXPECT_EQ(rpc_error(error).at("id"), 7);
}

TEST(RpcMessage, answers_of_the_client_are_known_as_such) {
  EXPECT_TRUE(std::holds_alternative<RpcResponse>(one(R"({"jsonrpc":"2.0","id":1,"result":{}})")));
}

TEST(RpcMessage, a_batch_is_read_item_by_item) {
  const RpcText read = read_rpc(R"([{"jsonrpc":"2.0","id":1,"method":"ping"},3])", 10'000);
  EXPECT_TRUE(read.is_batch);
  ASSERT_EQ(read.items.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<RpcMessage>(read.items[0]));
  EXPECT_TRUE(std::holds_alternative<RpcError>(read.items[1]));
}

}  // namespace
}  // namespace tradeassist::mcp
