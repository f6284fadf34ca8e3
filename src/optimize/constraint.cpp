#include "optimize/constraint.hpp"

#include <cmath>

#include "base/text.hpp"

namespace tradeassist::optimize {
base::Result<ConstraintRequest> parse_constraint(std::string_view text) {
  ConstraintRequest request;
  request.text = base::trim(text).substr(0, 200);
  const auto refuse = [&](const char* why) {
    return base::failure(base::ErrorCode::kInvalidArgument, "constraint '" + request.text + "': " + why);
  };
  const std::size_t at = text.find_first_of("<>");
  if (at == std::string_view::npos) {
    return refuse("compare two parameters, or one with a number, by <, <=, > or >=, as in fast < slow");
  }
  const bool equal = at + 1 < text.size() && text[at + 1] == '=';
  const std::string_view rest = text.substr(at + (equal ? 2 : 1));
  if (rest.find_first_of("<>=") != std::string_view::npos) {
    return refuse("holds more than one comparison; write each as a constraint of its own");
  }
  request.left = base::trim(text.substr(0, at));
  request.right = base::trim(rest);
  if (request.left.empty() || request.right.empty()) return refuse("one side of the comparison is missing");
  if (text[at] == '<')
    request.comparison = equal ? Comparison::kLessEqual : Comparison::kLess;
  else
    request.comparison = equal ? Comparison::kGreaterEqual : Comparison::kGreater;
  return request;
}

bool compare(double left, Comparison comparison, double right) {
  switch (comparison) {
    case Comparison::kLess: return left < right;
    case Comparison::kLessEqual: return left <= right;
    case Comparison::kGreater: return left > right;
    case Comparison::kGreaterEqual: return left >= right;
  }
  return false;
}

bool Constraint::holds(const std::vector<Parameter>& parameters, const Point& point) const {
  double sides[2];
  const ConstraintSide* given[] = {&left, &right};
  for (int i = 0; i < 2; ++i) {
    sides[i] = given[i]->number;
    if (!given[i]->parameter) continue;
    const double entry = point[*given[i]->parameter];
    if (std::isnan(entry)) return true;
    sides[i] = parameters[*given[i]->parameter].number(entry);
  }
  return compare(sides[0], comparison, sides[1]);
}

}  // namespace tradeassist::optimize
