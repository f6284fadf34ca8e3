#include "report/export/result_fields.hpp"

#include <boost/json.hpp>

#include "base/json.hpp"

namespace tradeassist::report {

namespace json = boost::json;

const json::value* find_field(const json::object& object, Path path) {
  const json::object* at = &object;
  const json::value* found = nullptr;
  for (const std::string_view name : path) {
    if (at == nullptr) return nullptr;
    found = at->if_contains(name);
    if (found == nullptr || found->is_null()) return nullptr;
    at = found->if_object();
  }
  return found;
}

std::optional<double> number_at(const json::object& object, Path path) {
  const json::value* value = find_field(object, path);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

std::string text_at(const json::object& object, Path path) {
  const json::value* value = find_field(object, path);
  if (value == nullptr || !value->is_string()) return {};
  return std::string(value->get_string());
}

const json::object* object_at(const json::object& object, Path path) {
  const json::value* value = find_field(object, path);
  return value == nullptr ? nullptr : value->if_object();
}

const json::array* array_at(const json::object& object, Path path) {
  const json::value* value = find_field(object, path);
  return value == nullptr ? nullptr : value->if_array();
}

base::Result<ResultKind> result_kind(const json::object& result) {
  if (object_at(result, {"in_sample"}) != nullptr && object_at(result, {"parameters"}) != nullptr) {
    return ResultKind::kSearch;
  }
  if (array_at(result, {"trades"}) != nullptr && object_at(result, {"metrics"}) != nullptr) {
    return ResultKind::kBacktest;
  }
  return base::failure(base::ErrorCode::kInvalidArgument,
                       "is neither the result of a search (optimize --json) nor of a backtest (backtest --report)");
}

base::Result<json::object> parse_result(std::string_view text) {
  TRY_ASSIGN(json::value value, base::parse_json(text, kResultBytesMax));
  json::object* object = value.if_object();
  if (object == nullptr) {
    return base::failure(base::ErrorCode::kInvalidArgument, "is JSON, but no object, so no result");
  }
  TRY(result_kind(*object));
  return std::move(*object);
}

}  // namespace tradeassist::report
