#include "server/openapi/route_description.hpp"

#include <boost/json/array.hpp>
#include <utility>

namespace tradeassist::server {

namespace json = boost::json;

RouteDescription describe(std::string operation_id, std::string tag) {
  RouteDescription made;
  made.operation_id = std::move(operation_id);
  made.tag = std::move(tag);
  return made;
}

RouteDescription&& RouteDescription::say(std::string text) && {
  about = std::move(text);
  return std::move(*this);
}

RouteDescription&& RouteDescription::text(std::string name) && {
  parameters.push_back({std::move(name), {{"type", "string"}}});
  return std::move(*this);
}

RouteDescription&& RouteDescription::required(std::string name) && {
  parameters.push_back({std::move(name), {{"type", "string"}, {"minLength", 1}}, true});
  return std::move(*this);
}

RouteDescription&& RouteDescription::integer(std::string name, std::int64_t minimum, std::int64_t maximum,
                                             std::optional<std::int64_t> otherwise) && {
  json::object schema{{"type", "integer"}, {"minimum", minimum}, {"maximum", maximum}};
  if (otherwise) schema["default"] = *otherwise;
  parameters.push_back({std::move(name), std::move(schema)});
  return std::move(*this);
}

RouteDescription&& RouteDescription::number(std::string name) && {
  parameters.push_back({std::move(name), {{"type", "number"}}});
  return std::move(*this);
}

RouteDescription&& RouteDescription::flag(std::string name, std::optional<bool> otherwise) && {
  json::object schema{{"type", "boolean"}};
  if (otherwise) schema["default"] = *otherwise;
  parameters.push_back({std::move(name), std::move(schema)});
  return std::move(*this);
}

RouteDescription&& RouteDescription::time(std::string name) && {
  parameters.push_back({std::move(name), openapi::Schemas::time_schema(openapi::Use::kRequest)});
  return std::move(*this);
}

RouteDescription&& RouteDescription::choice(std::string name, const std::vector<std::string_view>& values,
                                            std::string_view otherwise) && {
  json::object schema{{"type", "string"}, {"enum", json::array(values.begin(), values.end())}};
  if (!otherwise.empty()) schema["default"] = otherwise;
  parameters.push_back({std::move(name), std::move(schema)});
  return std::move(*this);
}

RouteDescription&& RouteDescription::pages(std::int64_t limit_max, std::int64_t otherwise) && {
  return std::move(*this).integer("limit", 1, limit_max, otherwise).text("cursor");
}

RouteDescription&& RouteDescription::header(std::string name) && {
  headers.push_back({std::move(name), {{"type", "string"}}});
  return std::move(*this);
}

RouteDescription&& RouteDescription::is_idempotent() && {
  headers.push_back({"Idempotency-Key", {{"type", "string"}, {"minLength", 1}, {"maxLength", 255}}});
  error_codes.emplace_back("IDEMPOTENCY_KEY_REUSED");
  error_codes.emplace_back("INVALID_ARGUMENT");  // a key that is none
  return std::move(*this);
}

RouteDescription&& RouteDescription::takes(std::string content_type, Schema schema, std::string example) && {
  body = Body{std::move(content_type), std::move(schema), std::move(example)};
  return std::move(*this);
}

RouteDescription&& RouteDescription::or_nothing() && {
  if (body) body->is_required = false;
  return std::move(*this);
}

RouteDescription&& RouteDescription::answers(unsigned status, std::string content_type, Schema schema,
                                             std::vector<std::string> with_headers) && {
  answers_.push_back({status, std::move(content_type), "", std::move(schema), std::move(with_headers)});
  return std::move(*this);
}

RouteDescription&& RouteDescription::answers_nothing(unsigned status, std::string description) && {
  answers_.push_back({status, "", std::move(description), {}, {}});
  return std::move(*this);
}

RouteDescription&& RouteDescription::answers_bytes(unsigned status, std::string content_type,
                                                   std::vector<std::string> with_headers) && {
  return std::move(*this).answers(
      status, std::move(content_type), [](openapi::Schemas&) { return json::object(); }, std::move(with_headers));
}

RouteDescription&& RouteDescription::codes(const std::vector<std::string_view>& which) && {
  error_codes.insert(error_codes.end(), which.begin(), which.end());
  return std::move(*this);
}

}  // namespace tradeassist::server
