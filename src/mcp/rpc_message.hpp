#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <expected>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tradeassist::mcp {

/// A message from the client: JSON-RPC 2.0 as the Model Context Protocol has it. A request has an `id`, a string or a
/// whole number; a notification has none, and is not answered.
struct RpcMessage {
  boost::json::value id;  // null of a notification
  std::string method;
  boost::json::object params;

  bool is_request() const { return !id.is_null(); }
};

// Codes of JSON-RPC 2.0, section 5.1, and one of the range that it leaves to servers.
constexpr int kParseError = -32700, kInvalidRequest = -32600, kMethodNotFound = -32601, kInvalidParams = -32602,
              kInternalError = -32603, kServerBusy = -32000;

struct RpcError {
  int code = kInternalError;
  std::string message;
  boost::json::value id = nullptr;  // of the request it answers, where that could be read
};

/// An answer of the client to a request of ours. We send none, so there is nothing to do with it.
struct RpcResponse {};

using RpcItem = std::variant<RpcMessage, RpcResponse, RpcError>;

/// What one text holds: one message, or a batch of them. A batch that cannot be one is one item that says why.
struct RpcText {
  std::vector<RpcItem> items;
  bool is_batch = false;
};

constexpr std::size_t kBatchMax = 50;

/// Never fails: what cannot be read is an item that says why, with the code to answer it with.
RpcText read_rpc(std::string_view text, std::size_t bytes_max);

boost::json::object rpc_result(const boost::json::value& id, boost::json::object result);
boost::json::object rpc_error(const RpcError& error);

}  // namespace tradeassist::mcp
