#include "server/http_message.hpp"

namespace tradeassist::server {
namespace {

std::optional<std::string_view> find(const std::map<std::string, std::string>& values, const std::string& name) {
  const auto found = values.find(name);
  if (found == values.end()) return std::nullopt;
  return found->second;
}

}  // namespace

std::string_view to_string(Method method) {
  switch (method) {
    case Method::kGet: return "GET";
    case Method::kHead: return "HEAD";
    case Method::kPost: return "POST";
    case Method::kPut: return "PUT";
    case Method::kPatch: return "PATCH";
    case Method::kDelete: return "DELETE";
  }
  return "GET";
}

std::optional<std::string_view> Request::header(const std::string& lower_case_name) const {
  return find(headers, lower_case_name);
}

std::optional<std::string_view> Request::query_value(const std::string& name) const { return find(query, name); }

}  // namespace tradeassist::server
