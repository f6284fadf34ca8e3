#include "report/json_rows.hpp"

#include <boost/json/value.hpp>
#include <cmath>

namespace tradeassist::report {

boost::json::value number(double value) { return std::isfinite(value) ? boost::json::value(value) : nullptr; }

boost::json::array numbers(std::span<const double> values) {
  boost::json::array array;
  array.reserve(values.size());
  for (const double value : values) array.push_back(number(value));
  return array;
}

boost::json::string time_text(std::int64_t nanoseconds) {
  return boost::json::string(base::format_time(base::time_from_nanoseconds(nanoseconds)));
}

boost::json::value text_or_null(std::string_view text) {
  return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}

boost::json::value time_or_null(const std::optional<base::Time>& time) {
  return time ? boost::json::value(base::format_time(*time)) : boost::json::value(nullptr);
}

boost::json::array times(std::span<const std::int64_t> nanoseconds) {
  boost::json::array array;
  array.reserve(nanoseconds.size());
  for (const std::int64_t time : nanoseconds) array.push_back(time_text(time));
  return array;
}

std::vector<std::size_t> thinned(std::size_t count, std::size_t points_max) {
  std::vector<std::size_t> kept;
  if (count <= points_max) {
    for (std::size_t i = 0; i < count; ++i) kept.push_back(i);
    return kept;
  }
  for (std::size_t i = 0; i < points_max; ++i) kept.push_back(i * (count - 1) / (points_max - 1));
  return kept;
}

}  // namespace tradeassist::report
