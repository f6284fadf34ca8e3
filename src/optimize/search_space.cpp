#include "optimize/search_space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.hpp"

namespace tradeassist::optimize {

using pine::Input;
using pine::InputKind;

namespace {

constexpr double kValuesMax = 1e9;         // of one parameter
constexpr double kDefaultFloatSteps = 20;  // of a float input that states no step

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool is_ranged(const Input& input) {
  return input.kind == InputKind::kInt || input.kind == InputKind::kFloat || input.kind == InputKind::kPrice;
}

std::unexpected<base::Error> refuse(const std::string& name, const std::string& why) {
  return base::failure(base::ErrorCode::kInvalidArgument, "parameter " + name + ": " + why);
}

base::Result<Parameter> from_range(const Input& input, std::size_t index, double from, double to,
                                   const ParameterRequest& request) {
  const bool whole = input.kind == InputKind::kInt;
  if (to < from)
    return refuse(input.name, fmt::format("the range runs from {} down to {}; write the smaller first", from, to));
  if (input.has_minimum && from < input.minimum) {
    return refuse(input.name, fmt::format("{} is below the input's minval {}", from, input.minimum));
  }
  if (input.has_maximum && to > input.maximum) {
    return refuse(input.name, fmt::format("{} is above the input's maxval {}", to, input.maximum));
  }
  if (request.logarithmic && !(from > 0)) {
    return refuse(input.name, fmt::format("a logarithmic range starts above 0, not at {}", from));
  }
  if (request.continuous && whole) return refuse(input.name, "is an int, which has steps; write NAME=FROM:TO:1");
  if (request.continuous && request.step) return refuse(input.name, "has either a step or every number of the range");
  Parameter made;
  made.name = input.name;
  made.input = index;
  made.from = from;
  made.to = to;
  made.logarithmic = request.logarithmic;
  const bool every_number = request.continuous || (request.logarithmic && !whole && !request.step);
  if (every_number && from < to) return made;

  double step = request.step ? *request.step : input.has_step ? input.step : 0;
  if (step == 0 && !request.step) step = whole ? 1 : (to - from) / kDefaultFloatSteps;
  if (from == to) step = 1;
  if (!(step > 0)) return refuse(input.name, fmt::format("the step must be above 0, is {}", step));
  if (whole && (from != std::trunc(from) || step != std::trunc(step))) {
    return refuse(input.name, fmt::format("is an int: {} and step {} must be whole numbers", from, step));
  }
  const double count = std::floor((to - from) / step + 1e-9) + 1;
  if (count > kValuesMax) return refuse(input.name, fmt::format("{} values are more than {}", count, kValuesMax));
  made.count = static_cast<std::uint64_t>(count);
  made.step = step;
  made.to = made.entry(made.count - 1);
  return made;
}

base::Result<Parameter> from_values(const pine::Program& program, const Input& input, std::size_t index,
                                    const std::vector<std::string>& values) {
  Parameter made;
  made.name = input.name;
  made.input = index;
  for (const std::string& text : values) {
    TRY_ASSIGN(const backtest::InputVector bound, backtest::bind_inputs(program, {{input.name, text}}));
    if (std::ranges::find(made.values, bound[index]) != made.values.end()) {
      return refuse(input.name, "the value " + text + " is listed twice");
    }
    made.values.push_back(bound[index]);
  }
  made.count = made.values.size();
  const bool numbers = is_ranged(input);
  made.categorical = !numbers || !std::ranges::is_sorted(made.values);
  return made;
}

std::vector<std::string> own_values(const Input& input) {
  if (input.kind == InputKind::kBool) return {"false", "true"};
  if (!input.text_options.empty()) return input.text_options;
  std::vector<std::string> values;
  for (const double option : input.number_options) values.push_back(fmt::format("{}", option));
  return values;
}

/// By name, or else by title; null when there is none.
const Input* find_input(const pine::Program& program, const std::string& name) {
  auto found = std::ranges::find(program.inputs, name, &Input::name);
  if (found == program.inputs.end()) found = std::ranges::find(program.inputs, name, &Input::title);
  return found == program.inputs.end() ? nullptr : &*found;
}

std::string names_of(const pine::Program& program) {
  std::string names;
  for (const Input& input : program.inputs) names += (names.empty() ? "" : ", ") + input.name;
  return names.empty() ? "the script has no inputs" : "the script has no such input; it has " + names;
}

base::Result<Parameter> make_parameter(const pine::Program& program, const ParameterRequest& request) {
  const Input* found = find_input(program, request.name);
  if (found == nullptr) return refuse(request.name, names_of(program));
  const Input& input = *found;
  const auto index = static_cast<std::size_t>(found - program.inputs.data());
  if (!request.values.empty()) return from_values(program, input, index, request.values);
  if (const auto options = own_values(input); !options.empty() && !request.from) {
    return from_values(program, input, index, options);
  }
  if (!is_ranged(input)) return refuse(input.name, "is not a number; list its values: " + input.name + "=a,b,c");
  if (!input.number_options.empty()) return refuse(input.name, "has fixed options; list values instead of a range");
  if (request.from && request.to) return from_range(input, index, *request.from, *request.to, request);
  if (request.from || request.to) return refuse(input.name, "a range needs both ends: " + input.name + "=FROM:TO:STEP");
  if (!input.has_minimum || !input.has_maximum) {
    return refuse(input.name, "its input states no minval and maxval; give a range: " + input.name + "=FROM:TO:STEP");
  }
  return from_range(input, index, input.minimum, input.maximum, request);
}

/// Fills in what the parameter depends on. All parameters are there.
base::Result<void> add_condition(SearchSpace& space, const pine::Program& program, std::size_t index,
                                 const ParameterRequest& request) {
  Parameter& parameter = space.parameters[index];
  const Input* input = find_input(program, request.when);
  if (input == nullptr) return refuse(parameter.name, "depends on " + request.when + ": " + names_of(program));
  const auto which = static_cast<std::size_t>(input - program.inputs.data());
  const auto parent = std::ranges::find(space.parameters, which, &Parameter::input);
  if (parent == space.parameters.end()) {
    return refuse(parameter.name, "depends on " + input->name + ", which does not vary; name it as a parameter too");
  }
  for (const std::string& text : request.when_values) {
    TRY_ASSIGN(const backtest::InputVector bound, backtest::bind_inputs(program, {{input->name, text}}));
    double entry = 0;
    bool taken = false;
    if (!parent->values.empty()) {
      const auto place = std::ranges::find(parent->values, bound[which]);
      taken = place != parent->values.end();
      entry = static_cast<double>(place - parent->values.begin());
    } else {
      entry = std::get<double>(bound[which]);
      taken = entry >= parent->from && entry <= parent->to;
      if (taken && !parent->continuous()) taken = parent->entry(parent->index(entry)) == entry;
    }
    if (!taken) return refuse(parameter.name, "depends on " + input->name + "=" + text + ", which is never tried");
    parameter.parent_entries.push_back(entry);
  }
  if (parameter.parent_entries.empty()) return refuse(parameter.name, "depends on no value of " + input->name);
  parameter.parent = static_cast<std::size_t>(parent - space.parameters.begin());
  std::size_t above = index;
  while (space.parameters[above].parent) {
    above = *space.parameters[above].parent;
    if (above == index) return refuse(parameter.name, "depends on itself");
  }
  return {};
}

base::Result<ConstraintSide> make_side(const SearchSpace& space, const pine::Program& program,
                                       const ConstraintRequest& request, const std::string& text,
                                       const backtest::InputVector& base) {
  if (const auto number = base::parse_number(text)) return ConstraintSide{{}, *number};
  const auto refuse_side = [&](const std::string& why) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "constraint '" + request.text + "': " + text.substr(0, 80) + ": " + why);
  };
  const Input* input = find_input(program, text);
  if (input == nullptr) return refuse_side(names_of(program));
  if (!is_ranged(*input)) return refuse_side("is not a number, so it cannot be compared");
  const auto which = static_cast<std::size_t>(input - program.inputs.data());
  const auto found = std::ranges::find(space.parameters, which, &Parameter::input);
  if (found != space.parameters.end()) {
    return ConstraintSide{static_cast<std::size_t>(found - space.parameters.begin()), 0};
  }
  return ConstraintSide{{}, std::get<double>(base[which])};
}

bool is_active(const std::vector<Parameter>& parameters, const Point& point, std::size_t index) {
  const Parameter& parameter = parameters[index];
  if (!parameter.parent) return true;
  // NaN, of a parent that is not active, equals none of them.
  return std::ranges::find(parameter.parent_entries, point[*parameter.parent]) != parameter.parent_entries.end() &&
         is_active(parameters, point, *parameter.parent);
}

}  // namespace

base::Result<ParameterRequest> parse_parameter(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string shown(text.substr(0, 80));
  if (equals == 0 || equals == std::string_view::npos || equals + 1 == text.size()) {
    return base::failure(base::ErrorCode::kInvalidArgument, "'" + shown + "' is not NAME=FROM:TO:STEP or NAME=a,b,c");
  }
  ParameterRequest request;
  request.name = text.substr(0, equals);
  std::string_view rest = text.substr(equals + 1);
  if (const std::size_t at = rest.rfind(" if "); at != std::string_view::npos) {
    const std::string_view condition = rest.substr(at + 4);
    const std::size_t is = condition.find('=');
    if (is == 0 || is == std::string_view::npos || is + 1 == condition.size()) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           "'" + shown + "': after `if` write OTHER=a,b, another parameter and its values");
    }
    request.when = condition.substr(0, is);
    request.when_values = split(condition.substr(is + 1), ',');
    rest = rest.substr(0, at);
  }
  if (const auto parts = split(rest, ':'); parts.size() == 2 || parts.size() == 3) {
    const auto from = base::parse_number(parts[0]), to = base::parse_number(parts[1]);
    const auto step = parts.size() == 3 ? base::parse_number(parts[2]) : std::nullopt;
    request.continuous = parts.size() == 3 && parts[2] == "*";
    request.logarithmic = parts.size() == 3 && parts[2] == "log";
    if (from && to && (parts.size() == 2 || step || request.continuous || request.logarithmic)) {
      request.from = from;
      request.to = to;
      request.step = step;
      return request;
    }
    if (from || to) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           "'" + shown + "': a range is three numbers, FROM:TO:STEP; * or log may stand for the step");
    }
  }
  request.values = split(rest, ',');
  return request;
}

std::optional<std::uint64_t> SearchSpace::combinations() const {
  std::uint64_t product = 1;
  for (const Parameter& parameter : parameters) {
    if (parameter.continuous()) return std::nullopt;
    product *= parameter.count;
  }
  return product;
}

bool SearchSpace::conditional() const {
  return std::ranges::any_of(parameters, [](const Parameter& parameter) { return parameter.parent.has_value(); });
}

Point SearchSpace::point(std::uint64_t combination) const {
  Point made(parameters.size());
  for (std::size_t i = parameters.size(); i-- > 0;) {
    made[i] = parameters[i].entry(combination % parameters[i].count);
    combination /= parameters[i].count;
  }
  settle(made);
  return made;
}

std::uint64_t SearchSpace::combination(const Point& point) const {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    number = number * parameters[i].count + (std::isnan(point[i]) ? 0 : parameters[i].index(point[i]));
  }
  return number;
}

Point SearchSpace::from_unit(std::span<const double> unit) const {
  Point made(parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) made[i] = parameters[i].from_unit(unit[i]);
  settle(made);
  return made;
}

std::vector<double> SearchSpace::to_unit(const Point& point) const {
  std::vector<double> made(parameters.size(), 0.5);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!std::isnan(point[i])) made[i] = parameters[i].to_unit(point[i]);
  }
  return made;
}

void SearchSpace::settle(Point& point) const {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!is_active(parameters, point, i)) point[i] = std::numeric_limits<double>::quiet_NaN();
  }
}

base::Result<Point> SearchSpace::point_of(const std::map<std::string, backtest::InputValue>& values,
                                          const backtest::InputVector& base) const {
  Point made;
  for (const Parameter& parameter : parameters) {
    const auto found = values.find(parameter.name);
    const backtest::InputValue& value = found != values.end() ? found->second : base[parameter.input];
    const double* const number = std::get_if<double>(&value);
    if (number != nullptr && !std::isfinite(*number)) return refuse(parameter.name, "a number is needed");
    if (!parameter.values.empty()) {
      auto place = std::ranges::find(parameter.values, value);
      if (place == parameter.values.end() && number != nullptr) {
        const auto away = [&](const backtest::InputValue& other) {
          const double* const listed = std::get_if<double>(&other);
          return listed != nullptr ? std::fabs(*listed - *number) : std::numeric_limits<double>::infinity();
        };
        place = std::ranges::min_element(parameter.values, {}, away);
      }
      if (place == parameter.values.end()) {
        return refuse(parameter.name, fmt::format("'{}' is none of its values", std::get<std::string>(value)));
      }
      made.push_back(static_cast<double>(place - parameter.values.begin()));
    } else if (number == nullptr) {
      return refuse(parameter.name, fmt::format("'{}' is no number", std::get<std::string>(value)));
    } else {
      made.push_back(parameter.continuous() ? std::clamp(*number, parameter.from, parameter.to)
                                            : parameter.entry(parameter.index(*number)));
    }
  }
  settle(made);
  return made;
}

bool SearchSpace::allows(const Point& point) const {
  return std::ranges::all_of(constraints, [&](const Constraint& c) { return c.holds(parameters, point); });
}

backtest::InputVector SearchSpace::inputs(const Point& point, const backtest::InputVector& base) const {
  backtest::InputVector made = base;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!std::isnan(point[i])) made[parameters[i].input] = parameters[i].value(point[i]);
  }
  return made;
}

base::Result<SearchSpace> make_search_space(const pine::Program& program, const std::vector<ParameterRequest>& requests,
                                            const std::vector<ConstraintRequest>& constraints,
                                            const backtest::InputVector& base) {
  SearchSpace space;
  std::vector<ParameterRequest> wanted = requests;
  if (wanted.empty()) {
    for (const Input& input : program.inputs) {
      if (is_ranged(input) && input.has_minimum && input.has_maximum && input.number_options.empty()) {
        ParameterRequest own;
        own.name = input.name;
        wanted.push_back(std::move(own));
      }
    }
    if (wanted.empty()) {
      return base::failure(
          base::ErrorCode::kInvalidArgument,
          "no input of the script states a range (minval and maxval); name what to vary: NAME=FROM:TO:STEP");
    }
  }
  if (wanted.size() > SearchSpace::kParametersMax || constraints.size() > SearchSpace::kConstraintsMax) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("at most {} parameters and {} constraints are taken", SearchSpace::kParametersMax,
                                     SearchSpace::kConstraintsMax));
  }
  std::uint64_t combinations = 1;
  for (const ParameterRequest& request : wanted) {
    TRY_ASSIGN(Parameter parameter, make_parameter(program, request));
    for (const Parameter& other : space.parameters) {
      if (other.input == parameter.input) return refuse(request.name, "is named twice");
    }
    const std::uint64_t count = std::max<std::uint64_t>(1, parameter.count);
    if (combinations > SearchSpace::kCombinationsMax / count) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           "there are more than 2^62 combinations; vary fewer parameters");
    }
    combinations *= count;
    space.parameters.push_back(std::move(parameter));
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!wanted[i].when.empty()) TRY(add_condition(space, program, i, wanted[i]));
  }
  TRY_ASSIGN(const backtest::InputVector defaults, backtest::bind_inputs(program, {}));
  for (const ConstraintRequest& request : constraints) {
    Constraint constraint;
    constraint.comparison = request.comparison;
    const backtest::InputVector& values = base.empty() ? defaults : base;
    TRY_ASSIGN(constraint.left, make_side(space, program, request, request.left, values));
    TRY_ASSIGN(constraint.right, make_side(space, program, request, request.right, values));
    if (!constraint.left.parameter && !constraint.right.parameter) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           "constraint '" + request.text + "': neither side is a parameter that varies");
    }
    space.constraints.push_back(constraint);
  }
  return space;
}

}  // namespace tradeassist::optimize
