#include "mcp/rpc_message.hpp"

#include <utility>

#include "base/json.hpp"

namespace tradeassist::mcp {

namespace json = boost::json;

namespace {

constexpr std::size_t kIdBytesMax = 256;

bool is_id(const json::value& value) {
  if (const auto* text = value.if_string()) return text->size() <= kIdBytesMax;
  return value.is_int64() || value.is_uint64();
}

RpcItem refuse(std::string why, json::value id = nullptr) {
  return RpcError{kInvalidRequest, std::move(why), std::move(id)};
}

RpcItem read_item(json::value value) {
  auto* object = value.if_object();
  if (object == nullptr) return refuse("a message must be a JSON object");
  const json::value* id = object->if_contains("id");
  if (id != nullptr && !is_id(*id)) return refuse("the id of a request must be a string or a whole number");
  const json::value known_id = id != nullptr ? *id : json::value(nullptr);
  const auto* version = object->if_contains("jsonrpc");
  if (version == nullptr || *version != "2.0") return refuse("`jsonrpc` must be \"2.0\"", known_id);
  const auto* method = object->if_contains("method");
  if (method == nullptr) {
    if (id != nullptr && (object->contains("result") || object->contains("error"))) return RpcResponse{};
    return refuse("a message must have a `method`", known_id);
  }
  if (!method->is_string()) return refuse("`method` must be a string", known_id);
  RpcMessage message{known_id, std::string(method->get_string()), {}};
  if (auto* params = object->if_contains("params")) {
    if (!params->is_object()) return RpcError{kInvalidParams, "`params` must be an object", known_id};
    message.params = std::move(params->get_object());
  }
  return message;
}

}  // namespace

RpcText read_rpc(std::string_view text, std::size_t bytes_max) {
  RpcText read;
  auto value = base::parse_json(text, bytes_max);
  if (!value) {
    read.items.push_back(RpcError{kParseError, "not JSON: " + value.error().message, nullptr});
    return read;
  }
  auto* batch = value->if_array();
  if (batch == nullptr) {
    read.items.push_back(read_item(std::move(*value)));
    return read;
  }
  if (batch->empty() || batch->size() > kBatchMax) {
    read.items.push_back(refuse("a batch must have 1 to " + std::to_string(kBatchMax) + " messages"));
    return read;
  }
  read.is_batch = true;
  for (json::value& each : *batch) read.items.push_back(read_item(std::move(each)));
  return read;
}

json::object rpc_result(const json::value& id, json::object result) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}};
}

json::object rpc_error(const RpcError& error) {
  return {
      {"jsonrpc", "2.0"}, {"id", error.id}, {"error", json::object{{"code", error.code}, {"message", error.message}}}};
}

}  // namespace tradeassist::mcp
