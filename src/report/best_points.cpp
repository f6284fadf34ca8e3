#include "report/best_points.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <string>

namespace tradeassist::report {

namespace json = boost::json;

namespace {

const json::value* at(const json::object& object, std::string_view key) { return object.if_contains(key); }

}  // namespace

std::optional<backtest::InputValue> input_value(const json::value& value) {
  if (value.is_bool()) return value.get_bool() ? 1.0 : 0.0;
  if (value.is_number()) return value.to_number<double>();
  if (value.is_string()) return std::string(value.get_string());
  return std::nullopt;
}

base::Result<std::vector<optimize::Point>> best_points(const json::object& result,
                                                       const optimize::SearchRequest& request, std::size_t count) {
  const json::value* const trials = at(result, "trials");
  const json::value* const columns =
      trials != nullptr && trials->is_object() ? at(trials->get_object(), "parameters") : nullptr;
  const json::value* const objectives = columns != nullptr ? at(trials->get_object(), "objective") : nullptr;
  if (columns == nullptr || !columns->is_object() || objectives == nullptr || !objectives->is_array()) {
    return base::failure(base::ErrorCode::kInvalidArgument, "is no result of a search");
  }
  std::vector<optimize::Point> points;
  for (std::size_t trial = 0; trial < objectives->get_array().size() && points.size() < count; ++trial) {
    if (!objectives->get_array()[trial].is_number()) continue;
    std::map<std::string, backtest::InputValue> values;
    for (const auto& [name, column] : columns->get_object()) {
      if (!column.is_array() || trial >= column.get_array().size()) continue;
      if (const auto value = input_value(column.get_array()[trial])) values.emplace(name, *value);
    }
    TRY_ASSIGN(optimize::Point point, request.space.point_of(values, request.inputs));
    const auto is_known = [&](const optimize::Point& other) { return optimize::same_point(other, point); };
    if (request.space.allows(point) && std::ranges::none_of(points, is_known)) points.push_back(std::move(point));
  }
  return points;
}

}  // namespace tradeassist::report
