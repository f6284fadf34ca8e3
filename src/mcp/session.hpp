#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/call_tool.hpp"
#include "mcp/rpc_message.hpp"

namespace tradeassist::mcp {

/// Revisions of the protocol that are spoken, newest first.
constexpr std::string_view kVersions[] = {"2025-06-18", "2025-03-26"};
bool is_known_version(std::string_view version);

/// The server's side of one session of the Model Context Protocol (https://modelcontextprotocol.io/specification):
/// initialize, ping, tools/list, tools/call, and cancellation. Knows nothing of how texts come and go. Thread-safe.
class Session {
 public:
  struct Call;

  /// A text that was taken up: `answer()` does what it says.
  struct Incoming {
    RpcText text;
    std::vector<std::shared_ptr<Call>> calls;  // one an item; null where that is no call of a tool

    bool calls_a_tool() const;
  };

  /// `host` and `version`, of the program, are kept; calls in work at the same time are at most `calls_max`.
  Session(const ToolHost& host, std::string version, std::size_t calls_max = 32);

  /// Reads a text of at most `bytes_max`. Calls of tools are in work from here on, so that a cancellation that comes
  /// behind them finds them. Texts are taken in the order in which they came.
  Incoming take(std::string_view text, std::size_t bytes_max);

  /// Does what was taken, and gives the text to answer with, in one line; nothing where nothing is to be answered.
  /// Calls of tools may take until `stop`, others are quick. Several may be answered at the same time, each once.
  std::optional<std::string> answer(const Incoming& incoming, const std::stop_token& stop);

  /// Whether the client has been answered its `initialize`; then the revision that was agreed on.
  std::optional<std::string> agreed_version() const;

  /// Asks every call in work to stop.
  void cancel_all();

 private:
  std::optional<boost::json::object> answer_item(const RpcItem& item, const std::shared_ptr<Call>& call,
                                                 bool is_in_batch, const std::stop_token& stop);
  boost::json::object answer_request(const RpcMessage& message, bool is_in_batch);
  boost::json::object initialize(const RpcMessage& message);
  std::shared_ptr<Call> begin(const RpcMessage& message);
  std::optional<boost::json::object> finish(const RpcMessage& message, const std::shared_ptr<Call>& call,
                                            const std::stop_token& stop);
  void cancel(const RpcMessage& message);

  const ToolHost& host_;
  const std::string version_;
  const std::size_t calls_max_;
  mutable std::mutex mutex_;  // guards the rest
  std::optional<std::string> agreed_;
  std::map<std::string, std::shared_ptr<Call>> in_work_;  // by the text of the request's id
};

}  // namespace tradeassist::mcp
