#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <functional>
#include <stop_token>

#include "mcp/tools.hpp"
#include "server/http_message.hpp"

namespace tradeassist::mcp {

/// Answers a request to the API, as server::Router::dispatch does. Called from several threads.
using Dispatch = std::function<server::Response(server::Request)>;

/// Most bytes of a tool's answer, as text: some 20,000 tokens of a model.
constexpr std::size_t kToolAnswerBytesMax = 64 * 1024;

/// Where calls go, and what is known of where their answers lie.
struct ToolHost {
  Dispatch dispatch;
  /// The folder in which exported files lie under their ids. Where it is set, an answer with a file says its `path`.
  std::filesystem::path exports_folder = {};
};

/// Calls the route behind a tool. The result as tools/call gives it: the route's JSON in `structuredContent` and as
/// text in `content`; a refusal has `isError` and says in words what was wrong, where, and what to do.
boost::json::object call_tool(const Tool& tool, boost::json::object arguments, const ToolHost& host,
                              const std::stop_token& stop);

/// A result that says why there is none.
boost::json::object tool_error(std::string_view why);

}  // namespace tradeassist::mcp
