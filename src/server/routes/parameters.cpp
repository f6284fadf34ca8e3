#include "server/routes/parameters.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tradeassist::server {

QueryReader::QueryReader(const Request& request, const std::vector<std::string_view>& known) : request_(request) {
  for (const auto& [name, value] : request.query) {
    if (std::ranges::find(known, name) != known.end()) continue;
    std::string names;
    for (const std::string_view other : known) names += (names.empty() ? "" : ", ") + std::string(other);
    fail(name, names.empty() ? "this request takes no parameters" : "is not a known parameter; there are " + names);
  }
}

std::optional<std::string> QueryReader::text(const std::string& name) {
  const auto value = request_.query_value(name);
  if (!value || value->empty()) return std::nullopt;
  return std::string(*value);
}

std::string QueryReader::required(const std::string& name) {
  if (auto value = text(name)) return *value;
  fail(name, "is missing");
  return "";
}

std::optional<std::int64_t> QueryReader::integer(const std::string& name, std::int64_t minimum, std::int64_t maximum) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  if (error == std::errc() && end == value->data() + value->size() && number >= minimum && number <= maximum)
    return number;
  fail(name, "must be a whole number from " + std::to_string(minimum) + " to " + std::to_string(maximum));
  return std::nullopt;
}

std::optional<double> QueryReader::number(const std::string& name) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  if (error == std::errc() && end == value->data() + value->size() && std::isfinite(number)) return number;
  fail(name, "must be a number");
  return std::nullopt;
}

std::optional<base::Time> QueryReader::time(const std::string& name) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  const auto time = base::parse_time(*value);
  if (time) return *time;
  fail(name, time.error().message);
  return std::nullopt;
}

Problem invalid_fields(const std::vector<base::FieldError>& errors) {
  std::vector<ProblemField> fields;
  for (const base::FieldError& error : errors) fields.push_back({error.pointer, error.message, "", 0, 0});
  return invalid_request(std::move(fields));
}

Response json_response(const boost::json::value& body) { return {200, "application/json", base::json_text(body), {}}; }

Response health_response(const boost::json::value& body, bool is_available) {
  Response response = json_response(body);
  if (is_available) return response;
  response.status = 503;
  response.tells_of_trouble = true;
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace tradeassist::server
