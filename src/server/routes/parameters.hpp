#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "server/http_message.hpp"
#include "server/problem.hpp"

namespace tradeassist::server {

/// Reads a request's query, collecting what is wrong with it. Names not in `known` are refused.
class QueryReader {
 public:
  QueryReader(const Request& request, const std::vector<std::string_view>& known);

  std::optional<std::string> text(const std::string& name);
  std::string required(const std::string& name);
  std::optional<std::int64_t> integer(const std::string& name, std::int64_t minimum, std::int64_t maximum);
  std::optional<double> number(const std::string& name);  // finite
  std::optional<base::Time> time(const std::string& name);
  void fail(const std::string& name, std::string message) { errors_.push_back({name, std::move(message), "", 0, 0}); }

  bool failed() const { return !errors_.empty(); }
  Problem problem() { return invalid_request(std::move(errors_)); }

 private:
  const Request& request_;
  std::vector<ProblemField> errors_;
};

/// The answer where fields of a body do not fit: 422 with the list.
Problem invalid_fields(const std::vector<base::FieldError>& errors);

/// The body as a described struct, or the problem with it: not JSON (400), or fields that do not fit (422).
template <class T>
std::variant<T, Problem> read_body(const Request& request) {
  const auto value = base::parse_json(request.body, request.body.size());
  if (!value) return Problem{400, "MALFORMED_JSON", value.error().message, {}};
  std::vector<base::FieldError> errors;
  if (auto body = base::from_json<T>(*value, errors)) return std::move(*body);
  return invalid_fields(errors);
}

/// 200 with a JSON body.
Response json_response(const boost::json::value& body);
/// How the server is: 200, or a 503 that says when to ask again, which is no failure of the request.
Response health_response(const boost::json::value& body, bool is_available);

}  // namespace tradeassist::server
