#include "server/openapi/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <map>
#include <set>
#include <stdexcept>

#include "access/rate_limiter.hpp"
#include "access/scope.hpp"
#include "server/error_codes.hpp"
#include "server/openapi/field_facts.hpp"
#include "server/openapi/schemas.hpp"

namespace tradeassist::server::openapi {

namespace json = boost::json;

/// An entry of a problem's `errors`.
struct ProblemEntry {
  std::string pointer, message;
  Sometimes<std::string> hint;
  Sometimes<std::int64_t> line, column;
};
BOOST_DESCRIBE_STRUCT(ProblemEntry, (), (pointer, message, hint, line, column))

/// RFC 9457, as to_response() writes it.
struct ProblemDetails {
  std::string type, title;
  int status;
  std::string detail, instance, code;
  Sometimes<std::vector<ProblemEntry>> errors;
};
BOOST_DESCRIBE_STRUCT(ProblemDetails, (), (type, title, status, detail, instance, code, errors))

namespace {

struct Tag {
  std::string_view name, description;
};
constexpr Tag kTags[] = {
    {"Health", "Whether the server is well, and how fast it is"},
    {"Market data", "Instruments, their bars, and how good these are"},
    {"Indicators", "Indicators and Pine expressions over stored bars"},
    {"Historical data", "Bars of many instruments at once, from the store or from a provider"},
    {"Saved queries", "Questions for bars that are kept under a name"},
    {"Strategies", "The catalogue, scripts, and runs of them"},
    {"Searches", "Optimisations and tournaments"},
    {"Jobs", "What is done in the background, and when"},
    {"Exports", "Reports and tables of results as files"},
    {"Research", "Work for a language model"},
    {"Realtime", "What happens as it happens"},
    {"Alerts", "What is worth telling"},
    {"Webhooks", "Telling other servers"},
    {"Administration", "API keys, the audit log, the server itself"},
    {"Model Context Protocol", "For assistants"},
    {"Documentation", "This document and its pages"},
};

constexpr std::string_view kAbout =
    "A trader's own server: market data, indicators, strategies in Pine Script, searches, live data.\n\n"
    "Errors are problem details (RFC 9457) with a stable `code`: /api/errors lists them. Times are RFC 3339 in UTC, "
    "numbers that are undefined are `null`. Requests bring an API key as `Authorization: Bearer ta_…` or `X-API-Key`; "
    "each route says which scope it needs and which limit it counts for. What a request says and the server does not "
    "know is an error.";

struct Header {
  std::string_view name, description, example;
};
constexpr Header kHeaders[] = {
    {"Accept-Ranges", "Parts of the file can be asked for", "bytes"},
    {"Content-Disposition", "The name of the file", "attachment; filename=\"SP500_1d.arrow\""},
    {"Content-Range", "Which bytes these are, and of how many", "bytes 0-1023/4096"},
    {"ETag", "Of the answer; with If-None-Match it is not sent again", "\"0f3c5a7e9b1d2c4e\""},
    {"Location", "Where what was made is, or the state of the job", "/api/v1/jobs/0123456789abcdef0123456789abcdef"},
    {"Mcp-Session-Id", "The session that initialize began", "0123456789abcdef0123456789abcdef"},
    {"RateLimit", "What is left, and in how many seconds there is more", "\"general\";r=1187;t=1"},
    {"RateLimit-Policy", "Requests in so many seconds", "\"general\";q=1200;w=60"},
    {"Retry-After", "Seconds after which to try again", "1"},
    {"Upgrade", "The protocol of this path", "websocket"},
    {"Vary", "The answer depends on this header of the request", "Accept"},
    {"WWW-Authenticate", "How to authenticate", "Bearer realm=\"tradeassist\""},
    {"X-Request-Id", "Of the request, as the server's log has it", "a1b2c3d4e5f6a7b8c9d0e1f2"},
};

std::string_view title_of(unsigned status) {
  switch (status) {
    case 101: return "The protocol is another one now";
    case 200: return "The answer";
    case 201: return "It was made";
    case 202: return "It was accepted and goes on in the background";
    case 204: return "It was done; there is nothing to say";
    case 206: return "A part of it";
    default: return "It was refused";
  }
}

json::object header_reference(std::string_view name) { return {{"$ref", "#/components/headers/" + std::string(name)}}; }

void add_header(json::object& response, std::string_view name) {
  json::value& headers = response["headers"];
  if (headers.is_null()) headers = json::object();
  headers.as_object()[name] = header_reference(name);
}

json::object problem_content() {
  return {{"application/problem+json", json::object{{"schema", Schemas::reference("ProblemDetails")}}}};
}

/// The codes that every route may answer, by what it is.
std::vector<std::string> common_codes(const Route& route, const RouteAccess& access) {
  std::vector<std::string> codes = {"BAD_TARGET",  "INVALID_REQUEST", "TARGET_TOO_LONG", "HEADERS_TOO_LARGE",
                                    "SERVER_BUSY", "UNAVAILABLE",     "INTERNAL",        "IO_ERROR",
                                    "DATA_LOSS",   "FOREIGN_ORIGIN",  "TLS_REQUIRED"};
  if (!access.is_public) {
    for (const char* code :
         {"API_KEY_REQUIRED", "API_KEY_NOT_VALID", "API_KEY_EXPIRED", "SCOPE_MISSING", "RATE_LIMITED"})
      codes.emplace_back(code);
  }
  if (route.method != Method::kGet) {
    for (const char* code : {"BODY_TOO_LARGE", "CONTENT_CODING_UNKNOWN", "MALFORMED_BODY"}) codes.emplace_back(code);
  }
  if (access.is_audited) codes.emplace_back("AUDIT_LOG_NOT_WRITABLE");
  if (route.description.body) codes.emplace_back("MALFORMED_JSON");
  return codes;
}

json::object refusal(const std::set<std::string>& codes, unsigned status) {
  std::string text;
  for (const std::string& code : codes)
    text += fmt::format("{}`{}`: {}", text.empty() ? "" : "\n\n", code, find_error_code(code)->meaning);
  json::object response{{"description", std::move(text)}, {"content", problem_content()}};
  add_header(response, "X-Request-Id");
  if (status == 401) add_header(response, "WWW-Authenticate");
  if (status == 426) add_header(response, "Upgrade");
  if (status == 429 || status == 503) add_header(response, "Retry-After");
  return response;
}

class Builder {
 public:
  json::object build(const std::vector<Route>& routes, std::string_view version) {
    schemas_.of<ProblemDetails>(Use::kAnswer);
    json::object paths;
    std::set<std::string> tags;
    for (const Route& route : routes) {
      if (route.description.is_empty()) continue;
      if (!operation_ids_.insert(route.description.operation_id).second)
        throw std::logic_error("two operations are called " + route.description.operation_id);
      tags.insert(route.description.tag);
      json::value& path = paths[route.pattern];
      if (path.is_null()) path = json::object();
      std::string method(to_string(route.method));
      std::ranges::transform(method, method.begin(), [](unsigned char c) { return std::tolower(c); });
      path.as_object()[method] = operation(route);
    }
    json::array all_tags;
    for (const Tag& tag : kTags) {
      if (tags.erase(std::string(tag.name)) > 0)
        all_tags.push_back(json::object{{"name", tag.name}, {"description", tag.description}});
    }
    if (!tags.empty()) throw std::logic_error("the tag " + *tags.begin() + " is not in the list of tags");
    json::object info{{"title", "TradeAssist"},
                      {"version", version},
                      {"summary", "The API of a TradeAssist server"},
                      {"description", kAbout},
                      {"license", json::object{{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}};
    return {{"openapi", "3.1.0"},
            {"info", std::move(info)},
            {"servers", json::array{json::object{{"url", "/"}, {"description", "The server that says this"}}}},
            {"tags", std::move(all_tags)},
            {"paths", std::move(paths)},
            {"components", components()}};
  }

 private:
  json::object components() const {
    json::object schemas, headers;
    for (const auto& [name, schema] : schemas_.all()) schemas[name] = schema;
    for (const Header& header : kHeaders) {
      headers[header.name] = json::object{{"description", header.description},
                                          {"schema", json::object{{"type", "string"}}},
                                          {"example", header.example}};
    }
    return {{"schemas", std::move(schemas)},
            {"headers", std::move(headers)},
            {"securitySchemes",
             json::object{{"bearer", json::object{{"type", "http"},
                                                  {"scheme", "bearer"},
                                                  {"description", "An API key: ta_<id>_<secret>"}}},
                          {"api_key", json::object{{"type", "apiKey"},
                                                   {"in", "header"},
                                                   {"name", "X-API-Key"},
                                                   {"description", "The same key in a header of its own"}}}}}};
  }

  json::object operation(const Route& route) {
    const RouteDescription& said = route.description;
    const RouteAccess access = access_of(route.method, route.pattern);
    std::string about = said.about;
    json::object out{{"operationId", said.operation_id}, {"summary", route.summary}, {"tags", json::array{said.tag}}};
    if (access.is_public) {
      out["security"] = json::array{};
    } else {
      const std::string_view scope = access::to_string(access.scope), limit = access::to_string(access.limit);
      about +=
          fmt::format("{}Needs the scope `{}`; counts for the limit `{}`.", about.empty() ? "" : "\n\n", scope, limit);
      out["security"] =
          json::array{json::object{{"bearer", json::array{scope}}}, json::object{{"api_key", json::array{scope}}}};
      out["x-scope"] = scope;
      out["x-limit-class"] = limit;
    }
    if (!about.empty()) out["description"] = about;
    if (json::array parameters = parameters_of(route); !parameters.empty()) out["parameters"] = std::move(parameters);
    if (said.body) {
      json::object content{{"schema", said.body->schema(schemas_)}};
      if (!said.body->example.empty()) content["example"] = base::parse_json(said.body->example).value();
      out["requestBody"] = json::object{{"required", said.body->is_required},
                                        {"content", json::object{{said.body->content_type, std::move(content)}}}};
    }
    out["responses"] = responses_of(route, access);
    return out;
  }

  static json::object parameter(const std::string& operation_id, const RouteDescription::Parameter& said,
                                std::string_view in) {
    json::object out{{"name", said.name}, {"in", in}};
    if (said.is_required || in == "path") out["required"] = true;
    json::object schema = said.schema;
    if (const FieldFacts* facts = find_facts(operation_id + "." + said.name)) {
      out["description"] = facts->description;
      for (const auto& entry : more_of(*facts)) {
        if (entry.key() == "examples")
          out["example"] = entry.value().as_array().front();
        else if (!schema.contains(entry.key()))
          schema[entry.key()] = entry.value();
      }
    }
    if (!out.contains("example")) {
      if (const json::value* otherwise = schema.if_contains("default"))
        out["example"] = *otherwise;
      else if (const json::value* values = schema.if_contains("enum"))
        out["example"] = values->as_array().front();
    }
    out["schema"] = std::move(schema);
    return out;
  }

  static json::array parameters_of(const Route& route) {
    const RouteDescription& said = route.description;
    json::array out;
    for (std::size_t begin = route.pattern.find('{'); begin != std::string::npos;) {
      const std::size_t end = route.pattern.find('}', begin);
      const std::string name = route.pattern.substr(begin + 1, end - begin - 1);
      out.push_back(parameter(said.operation_id, {name, {{"type", "string"}, {"minLength", 1}}, true}, "path"));
      begin = route.pattern.find('{', end);
    }
    for (const auto& each : said.parameters) out.push_back(parameter(said.operation_id, each, "query"));
    if (said.takes_other_parameters) {
      out.push_back(json::object{
          {"name", "parameters"},
          {"in", "query"},
          {"description", "Those that this one has"},
          {"style", "form"},
          {"explode", true},
          {"schema", json::object{{"type", "object"}, {"additionalProperties", json::object{{"type", "string"}}}}}});
    }
    for (const auto& each : said.headers) out.push_back(parameter(said.operation_id, each, "header"));
    const bool has_tag = std::ranges::any_of(said.answers_, [](const auto& each) { return each.status == 200; });
    if (route.method == Method::kGet && has_tag)
      out.push_back(parameter(said.operation_id, {"If-None-Match", {{"type", "string"}}}, "header"));
    return out;
  }

  json::object responses_of(const Route& route, const RouteAccess& access) {
    const RouteDescription& said = route.description;
    std::map<unsigned, json::object> by_status;
    for (const RouteDescription::Answer& answer : said.answers_) {
      json::object& response = by_status[answer.status];
      if (!response.contains("description"))
        response["description"] = answer.description.empty() ? title_of(answer.status) : answer.description;
      if (!answer.content_type.empty()) {
        json::object content;
        if (json::object schema = answer.schema(schemas_); !schema.empty()) content["schema"] = std::move(schema);
        json::value& all = response["content"];
        if (all.is_null()) all = json::object();
        all.as_object()[answer.content_type] = std::move(content);
      }
      for (const std::string& header : answer.headers) add_header(response, header);
      add_header(response, "X-Request-Id");
      if (!access.is_public && answer.status < 300) {
        add_header(response, "RateLimit");
        add_header(response, "RateLimit-Policy");
      }
      if (route.method == Method::kGet && answer.status == 200 && answer.content_type != "text/event-stream") {
        add_header(response, "ETag");
        json::object& unchanged = by_status[304];
        unchanged["description"] = "It has not changed since the answer with that ETag";
        add_header(unchanged, "ETag");
      }
    }
    std::map<unsigned, std::set<std::string>> codes;
    const auto add_code = [&](const std::string& code) {
      const ErrorCodeEntry* entry = find_error_code(code);
      if (entry == nullptr) throw std::logic_error("the code " + code + " is not in the table of codes");
      codes[entry->status].insert(code);
      if (entry->other_status != 0) codes[entry->other_status].insert(code);
    };
    for (const std::string& code : common_codes(route, access)) add_code(code);
    for (const std::string& code : said.error_codes) add_code(code);
    for (const auto& [status, which] : codes) {
      json::object refused = refusal(which, status);
      json::object& response = by_status[status];
      if (response.empty()) {
        response = std::move(refused);
        continue;
      }
      // Beside an answer of its own with this status.
      response["description"] =
          std::string(response["description"].as_string()) + "\n\n" + std::string(refused["description"].as_string());
      json::value& content = response["content"];
      if (content.is_null()) content = json::object();
      content.as_object()["application/problem+json"] = refused["content"].as_object()["application/problem+json"];
      for (const auto& header : refused["headers"].as_object()) add_header(response, header.key());
    }
    json::object out;
    for (auto& [status, response] : by_status) out[std::to_string(status)] = std::move(response);
    return out;
  }

  Schemas schemas_;
  std::set<std::string> operation_ids_;
};

/// Names of the properties of request bodies, and of what they refer to, that have no description.
void find_undescribed(const json::object& schemas, const std::string& name, std::set<std::string>& seen,
                      std::vector<std::string>& found) {
  if (!seen.insert(name).second) return;
  const json::object& schema = schemas.at(name).as_object();
  const json::value* properties = schema.if_contains("properties");
  if (properties == nullptr) return;
  for (const auto& property : properties->as_object()) {
    if (!property.value().as_object().contains("description"))
      found.push_back(name + "." + std::string(property.key()));
  }
}

}  // namespace

json::object document(const std::vector<Route>& routes, std::string_view version) {
  return Builder().build(routes, version);
}

std::vector<std::string> undescribed(const std::vector<Route>& routes) {
  std::vector<std::string> found;
  for (const Route& route : routes) {
    if (route.description.is_empty() || route.summary.empty())
      found.push_back(std::string(to_string(route.method)) + " " + route.pattern);
  }
  const json::object made = document(routes, "0");
  for (const auto& path : made.at("paths").as_object()) {
    for (const auto& operation : path.value().as_object()) {
      const json::object& said = operation.value().as_object();
      const json::value* parameters = said.if_contains("parameters");
      if (parameters == nullptr) continue;
      for (const json::value& each : parameters->as_array()) {
        if (!each.as_object().contains("description")) {
          found.push_back("the parameter " + std::string(each.at("name").as_string()) + " of " +
                          std::string(said.at("operationId").as_string()));
        }
      }
    }
  }
  const json::object& schemas = made.at("components").at("schemas").as_object();
  std::set<std::string> seen;
  for (const auto& schema : schemas) {
    const std::string name(schema.key());
    if (name.ends_with("Request")) find_undescribed(schemas, name, seen, found);
  }
  return found;
}

}  // namespace tradeassist::server::openapi
