#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/openapi/schemas.hpp"

namespace tradeassist::server {

/// What a client has to know of a route beside its method, its path and what the access policy asks of it: the API
/// document says it (/api/openapi.json). It is written with the functions of describe(), one after the other:
///
///     describe("list_jobs", "Jobs")
///         .text("kind")
///         .integer("limit", 1, 1'000, 100)
///         .answers<openapi::JobPage>()
///         .codes({"JOB_NOT_FOUND"});
///
/// What fields and parameters mean comes from openapi/field_facts.cpp, what codes mean from error_codes.cpp.
struct RouteDescription {
  using Schema = std::function<boost::json::object(openapi::Schemas&)>;

  struct Parameter {
    std::string name;
    boost::json::object schema;
    bool is_required = false;
  };
  struct Answer {
    unsigned status = 200;
    std::string content_type, description;  // no content type: no body
    Schema schema;
    std::vector<std::string> headers;  // of the document's components
  };
  struct Body {
    std::string content_type;
    Schema schema;
    std::string example;  // JSON
    bool is_required = true;
  };

  std::string operation_id;  // stable, unique: clients are named after it
  std::string tag;
  std::string about;                  // more than the summary says; Markdown
  std::vector<Parameter> parameters;  // of the query
  std::vector<Parameter> headers;     // of the request
  std::optional<Body> body;
  std::vector<Answer> answers_;
  std::vector<std::string> error_codes;  // beside those that every such route may answer
  bool takes_other_parameters = false;   // that depend on what is asked for

  bool is_empty() const { return operation_id.empty(); }

  RouteDescription&& say(std::string text) &&;

  // Parameters of the query. `otherwise` holds where one is left out.
  RouteDescription&& text(std::string name) &&;
  RouteDescription&& required(std::string name) &&;
  RouteDescription&& integer(std::string name, std::int64_t minimum, std::int64_t maximum,
                             std::optional<std::int64_t> otherwise = {}) &&;
  RouteDescription&& number(std::string name) &&;
  RouteDescription&& flag(std::string name, std::optional<bool> otherwise = {}) &&;
  RouteDescription&& time(std::string name) &&;
  RouteDescription&& choice(std::string name, const std::vector<std::string_view>& values,
                            std::string_view otherwise = "") &&;
  /// `limit` and `cursor` of a list.
  RouteDescription&& pages(std::int64_t limit_max = 1'000, std::int64_t otherwise = 100) &&;

  /// A header of the request.
  RouteDescription&& header(std::string name) &&;
  /// Takes an Idempotency-Key.
  RouteDescription&& is_idempotent() &&;

  /// The body of the request, a described struct, with an example of it.
  template <class T>
  RouteDescription&& takes(std::string example) && {
    body = Body{"application/json", [](openapi::Schemas& all) { return all.of<T>(openapi::Use::kRequest); },
                std::move(example)};
    return std::move(*this);
  }
  RouteDescription&& takes(std::string content_type, Schema schema, std::string example) &&;
  /// The body may be left out.
  RouteDescription&& or_nothing() &&;

  /// An answer with a described struct as its body.
  template <class T>
  RouteDescription&& answers(unsigned status = 200, std::vector<std::string> with_headers = {}) && {
    return std::move(*this).answers(
        status, "application/json", [](openapi::Schemas& all) { return all.of<T>(openapi::Use::kAnswer); },
        std::move(with_headers));
  }
  RouteDescription&& answers(unsigned status, std::string content_type, Schema schema,
                             std::vector<std::string> with_headers = {}) &&;
  /// One without a body.
  RouteDescription&& answers_nothing(unsigned status, std::string description) &&;
  /// Bytes of that type.
  RouteDescription&& answers_bytes(unsigned status, std::string content_type,
                                   std::vector<std::string> with_headers = {}) &&;

  RouteDescription&& codes(const std::vector<std::string_view>& which) &&;
};

/// Begins a description.
RouteDescription describe(std::string operation_id, std::string tag);

}  // namespace tradeassist::server
