#include "mcp/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <exception>
#include <utility>

#include "base/json.hpp"
#include "base/log.hpp"

namespace tradeassist::mcp {

namespace json = boost::json;

namespace {

constexpr const char* kInstructions =
    "TradeAssist stores market data, runs Pine Script strategies over it and searches their inputs. Start with "
    "list_instruments and list_strategies. A script of your own: check_pine, then run_backtest. start_optimization "
    "gives "
    "a job: ask get_job until it is completed, then get_result. Results of a search are the best of many trials: say "
    "what assessment.verdict says of them, and give the figures out of sample. Long answers are cut, and `cut` says "
    "where: ask for less then.";

constexpr std::string_view kLastVersionWithBatches = "2025-03-26";

json::object error_of(const RpcMessage& message, int code, std::string why) {
  return rpc_error({code, std::move(why), message.id});
}

bool is_tool_call(const RpcMessage& message) { return message.is_request() && message.method == "tools/call"; }

}  // namespace

/// One tools/call from when it was taken until it is answered.
struct Session::Call {
  std::stop_source stop;
  bool is_cancelled = false;  // guarded by the session's mutex
  std::optional<RpcError> refusal;
};

bool is_known_version(std::string_view version) { return std::ranges::find(kVersions, version) != std::end(kVersions); }

bool Session::Incoming::calls_a_tool() const {
  return std::ranges::any_of(calls, [](const auto& call) { return call != nullptr; });
}

Session::Session(const ToolHost& host, std::string version, std::size_t calls_max)
    : host_(host), version_(std::move(version)), calls_max_(calls_max) {}

Session::Incoming Session::take(std::string_view text, std::size_t bytes_max) {
  Incoming incoming{read_rpc(text, bytes_max), {}};
  if (incoming.text.is_batch && agreed_version().value_or(std::string(kVersions[0])) != kLastVersionWithBatches) {
    const RpcError error{kInvalidRequest, "this revision of the protocol has no batches; send one message", nullptr};
    incoming.text = {{error}, false};
  }
  for (const RpcItem& item : incoming.text.items) {
    const auto* message = std::get_if<RpcMessage>(&item);
    incoming.calls.push_back(message != nullptr && is_tool_call(*message) ? begin(*message) : nullptr);
  }
  return incoming;
}

std::shared_ptr<Session::Call> Session::begin(const RpcMessage& message) {
  auto call = std::make_shared<Call>();
  const std::lock_guard lock(mutex_);
  if (!agreed_) {
    call->refusal = RpcError{kInvalidRequest, "the session is not initialized: send initialize first", message.id};
  } else if (in_work_.size() >= calls_max_) {
    call->refusal =
        RpcError{kServerBusy, fmt::format("{} calls are in work; wait for one of them", in_work_.size()), message.id};
  } else if (!in_work_.emplace(base::json_text(message.id), call).second) {
    call->refusal = RpcError{kInvalidRequest, "a request of this id is in work", message.id};
  }
  return call;
}

std::optional<std::string> Session::answer(const Incoming& incoming, const std::stop_token& stop) {
  const bool is_batch = incoming.text.is_batch;
  json::array answers;
  for (std::size_t i = 0; i < incoming.text.items.size(); ++i) {
    if (auto answer = answer_item(incoming.text.items[i], incoming.calls[i], is_batch, stop))
      answers.push_back(std::move(*answer));
  }
  if (answers.empty()) return std::nullopt;
  return base::json_text(is_batch ? json::value(std::move(answers)) : std::move(answers.front()));
}

std::optional<json::object> Session::answer_item(const RpcItem& item, const std::shared_ptr<Call>& call,
                                                 bool is_in_batch, const std::stop_token& stop) {
  if (const auto* error = std::get_if<RpcError>(&item)) return rpc_error(*error);
  const auto* message = std::get_if<RpcMessage>(&item);
  if (message == nullptr) return std::nullopt;  // an answer to what we never asked
  if (!message->is_request()) {
    if (message->method == "notifications/cancelled") cancel(*message);
    return std::nullopt;  // others are not for us, or need nothing done
  }
  if (call != nullptr) return finish(*message, call, stop);
  return answer_request(*message, is_in_batch);
}

json::object Session::answer_request(const RpcMessage& message, bool is_in_batch) {
  if (message.method == "ping") return rpc_result(message.id, {});
  if (message.method == "initialize") {
    if (is_in_batch) return error_of(message, kInvalidRequest, "initialize cannot be part of a batch");
    return initialize(message);
  }
  if (!agreed_version())
    return error_of(message, kInvalidRequest, "the session is not initialized: send initialize first");
  if (message.method == "tools/list") {
    if (message.params.contains("cursor")) return error_of(message, kInvalidParams, "the list has one page: no cursor");
    json::array list;
    for (const Tool& tool : tools()) list.push_back(tool_json(tool));
    return rpc_result(message.id, {{"tools", std::move(list)}});
  }
  return error_of(message, kMethodNotFound, "there is no method '" + message.method.substr(0, 64) + "' here");
}

json::object Session::initialize(const RpcMessage& message) {
  const auto* wanted = message.params.if_contains("protocolVersion");
  if (wanted == nullptr || !wanted->is_string())
    return error_of(message, kInvalidParams, "initialize needs protocolVersion, a string");
  const std::string_view version = wanted->get_string();
  const std::string agreed(is_known_version(version) ? version : kVersions[0]);
  {
    const std::lock_guard lock(mutex_);
    if (agreed_) return error_of(message, kInvalidRequest, "the session is initialized already");
    agreed_ = agreed;
  }
  json::object tools_capability{{"listChanged", false}};
  json::object info{{"name", "tradeassist"}, {"title", "TradeAssist"}, {"version", version_}};
  return rpc_result(message.id, {{"protocolVersion", agreed},
                                 {"capabilities", json::object{{"tools", std::move(tools_capability)}}},
                                 {"serverInfo", std::move(info)},
                                 {"instructions", kInstructions}});
}

std::optional<json::object> Session::finish(const RpcMessage& message, const std::shared_ptr<Call>& call,
                                            const std::stop_token& stop) {
  if (call->refusal) return rpc_error(*call->refusal);
  const auto perform = [&]() -> json::object {
    const auto* name = message.params.if_contains("name");
    if (name == nullptr || !name->is_string()) return error_of(message, kInvalidParams, "tools/call needs a name");
    const Tool* tool = find_tool(std::string_view(name->get_string()));
    if (tool == nullptr)
      return error_of(message, kInvalidParams, "Unknown tool: " + std::string(name->get_string()).substr(0, 64));
    json::object arguments;
    if (const auto* given = message.params.if_contains("arguments"); given != nullptr && !given->is_null()) {
      if (!given->is_object()) return error_of(message, kInvalidParams, "`arguments` must be an object");
      arguments = given->get_object();
    }
    const std::stop_callback pass_on(stop, [&call] { call->stop.request_stop(); });
    try {
      return rpc_result(message.id, call_tool(*tool, std::move(arguments), host_, call->stop.get_token()));
    } catch (const std::exception& exception) {
      base::log(base::LogLevel::kError, "a tool failed",
                {{"tool", std::string(tool->name)}, {"reason", exception.what()}});
      return error_of(message, kInternalError, "the tool failed; the reason is in the log");
    }
  };
  json::object answer = perform();
  const std::lock_guard lock(mutex_);
  in_work_.erase(base::json_text(message.id));
  if (call->is_cancelled) return std::nullopt;
  return answer;
}

void Session::cancel(const RpcMessage& message) {
  const auto* id = message.params.if_contains("requestId");
  if (id == nullptr) return;
  std::shared_ptr<Call> call;
  {
    const std::lock_guard lock(mutex_);
    const auto found = in_work_.find(base::json_text(*id));
    if (found == in_work_.end()) return;
    call = found->second;
    call->is_cancelled = true;
  }
  call->stop.request_stop();
}

std::optional<std::string> Session::agreed_version() const {
  const std::lock_guard lock(mutex_);
  return agreed_;
}

void Session::cancel_all() {
  std::vector<std::shared_ptr<Call>> calls;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, call] : in_work_) {
      call->is_cancelled = true;
      calls.push_back(call);
    }
  }
  for (const auto& call : calls) call->stop.request_stop();
}

}  // namespace tradeassist::mcp
