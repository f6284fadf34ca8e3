#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string_view>

#include "server/http_message.hpp"

namespace tradeassist::mcp {

/// What calling a tool does to what is stored: reads it, adds to it (a job, a file), or ends something.
enum class ToolEffect { kReads, kAdds, kEnds };

/// One line of the table of tools: a route of the API under a name, with what a model has to know to call it. The
/// arguments named in the path are put there; the others become the query of a GET, and else the body. What fits and
/// what does not is for the route to say.
struct Tool {
  std::string_view name, title, description;
  std::string_view properties;  // of the input's JSON Schema: the text of an object
  std::string_view required;    // names with commas between
  server::Method method = server::Method::kGet;
  std::string_view path;  // "/api/v1/jobs/{job_id}"
  ToolEffect effect = ToolEffect::kReads;
  /// Fills in what the model left out, where the route's own answer would be too long for it; may be null.
  void (*complete)(boost::json::object& arguments) = nullptr;
};

std::span<const Tool> tools();
const Tool* find_tool(std::string_view name);

/// As tools/list shows it: name, title, description, inputSchema, annotations.
boost::json::object tool_json(const Tool& tool);

}  // namespace tradeassist::mcp
