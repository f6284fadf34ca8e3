#include "report/best_points.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <string>

#include "report/export/result_fields.hpp"

namespace tradeassist::report {

namespace json = boost::json;

std::optional<backtest::InputValue> input_value(const json::value& value) {
  if (value.is_bool()) return value.get_bool() ? 1.0 : 0.0;
  if (value.is_number()) return value.to_number<double>();
  if (value.is_string()) return std::string(value.get_string());
  return std::nullopt;
}

base::Result<std::vector<optimize::Point>> best_points(const json::object& result,
                                                       const optimize::SearchRequest& request, std::size_t count) {
  const json::object* const columns = object_at(result, {"trials", "parameters"});
  const json::array* const objectives = array_at(result, {"trials", "objective"});
  if (columns == nullptr || objectives == nullptr) {
    return base::failure(base::ErrorCode::kInvalidArgument, "is no result of a search");
  }
  std::vector<optimize::Point> points;
  for (std::size_t trial = 0; trial < objectives->size() && points.size() < count; ++trial) {
    if (!(*objectives)[trial].is_number()) continue;
    std::map<std::string, backtest::InputValue> values;
    for (const auto& [name, column] : *columns) {
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
