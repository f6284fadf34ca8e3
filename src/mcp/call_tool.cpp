#include "mcp/call_tool.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

#include "base/json.hpp"
#include "mcp/bounded_json.hpp"

namespace tradeassist::mcp {

namespace json = boost::json;

namespace {

json::object result_of(std::string_view text, json::value structured, bool is_error) {
  json::object result{{"content", json::array{json::object{{"type", "text"}, {"text", text}}}}};
  if (structured.is_object()) result["structuredContent"] = std::move(structured);
  result["isError"] = is_error;
  return result;
}

/// The path with the arguments that it names, which are taken from `arguments`.
base::Result<std::string> fill_path(std::string_view pattern, json::object& arguments) {
  std::string path;
  while (!pattern.empty()) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    path += pattern.substr(0, open);
    pattern.remove_prefix(open);
    if (pattern.empty()) break;
    const std::size_t close = pattern.find('}');
    const std::string_view name = pattern.substr(1, close - 1);
    pattern.remove_prefix(close + 1);
    const json::value* given = arguments.if_contains(name);
    const json::string* text = given != nullptr ? given->if_string() : nullptr;
    // A slash would lead to another route.
    if (text == nullptr || text->empty() || std::string_view(*text).find('/') != std::string_view::npos) {
      return base::failure(base::ErrorCode::kInvalidArgument, fmt::format("/{} must be a text without '/'", name));
    }
    path += std::string_view(*text);
    arguments.erase(name);
  }
  return path;
}

base::Result<server::Request> request_of(const Tool& tool, json::object arguments) {
  server::Request request;
  request.method = tool.method;
  TRY_ASSIGN(request.path, fill_path(tool.path, arguments));
  if (tool.method == server::Method::kGet) {
    for (const auto& [name, value] : arguments) {
      if (value.is_null()) continue;
      if (value.is_structured())
        return base::failure(base::ErrorCode::kInvalidArgument,
                             fmt::format("/{} must be a single value", std::string_view(name)));
      request.query[std::string(name)] = value.is_string() ? std::string(value.get_string()) : base::json_text(value);
    }
  } else if (!arguments.empty()) {
    request.body = base::json_text(arguments);
  }
  return request;
}

std::string member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || value->is_null()) return "";
  return value->is_string() ? std::string(value->get_string()) : base::json_text(*value);
}

/// Problem details (RFC 9457) in words: "PINE_COMPILE_ERROR: The script does not compile." and a line a field.
std::string words_of(const json::object& problem) {
  std::string text = member(problem, "code") + ": " + member(problem, "detail");
  const auto* errors = problem.if_contains("errors");
  if (errors == nullptr || !errors->is_array()) return text;
  for (const json::value& each : errors->get_array()) {
    if (!each.is_object()) continue;
    const json::object& error = each.get_object();
    std::string line = member(error, "pointer");
    if (error.contains("line")) line += " " + member(error, "line") + ":" + member(error, "column");
    line += ": " + member(error, "message");
    if (line == member(problem, "detail")) continue;  // the only one is said already
    text += "\n" + line;
    if (const std::string hint = member(error, "hint"); !hint.empty()) text += " (" + hint + ")";
  }
  return text;
}

json::object refusal(const server::Response& response) {
  auto body = base::parse_json(response.body, response.body.size());
  if (!body || !body->is_object()) return tool_error(fmt::format("the server answered {}", response.status));
  json::object& problem = body->get_object();
  std::string text = words_of(problem);
  if (text.size() > kToolAnswerBytesMax || response.body.size() > kToolAnswerBytesMax)
    return tool_error(member(problem, "code") + ": " + member(problem, "detail").substr(0, kTextBytesMax));
  return result_of(text, std::move(*body), true);
}

}  // namespace

json::object tool_error(std::string_view why) { return result_of(why, nullptr, true); }

json::object call_tool(const Tool& tool, json::object arguments, const ToolHost& host, const std::stop_token& stop) {
  if (tool.complete != nullptr) tool.complete(arguments);
  auto request = request_of(tool, std::move(arguments));
  if (!request) return tool_error("INVALID_REQUEST: " + request.error().message);
  request->deadline = stop;
  const server::Response response = host.dispatch(std::move(*request));
  if (response.status >= 300) return refusal(response);
  auto body = base::parse_json(response.body, response.body.size());
  if (!body || !body->is_object()) return tool_error("INTERNAL: the answer is no JSON object");
  json::object& answer = body->get_object();
  if (!host.exports_folder.empty() && answer.contains("download_url")) {
    answer.erase("download_url");  // nobody serves it
    answer["path"] = (host.exports_folder / member(answer, "id")).string();
  }
  const auto text = fit_json(answer, kToolAnswerBytesMax);
  if (!text) return tool_error("RESOURCE_EXHAUSTED: " + text.error().message);
  return result_of(*text, std::move(*body), false);
}

}  // namespace tradeassist::mcp
