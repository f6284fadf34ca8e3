#include "optimize/search_space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tradeassist::optimize {

using backtest::InputValue;
using pine::Input;
using pine::InputKind;

namespace {

constexpr double kValuesMax = 1e9;         // of one parameter
constexpr double kDefaultFloatSteps = 20;  // of a float input that states no step

std::optional<double> read_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

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
                                   std::optional<double> wanted_step) {
  const bool whole = input.kind == InputKind::kInt;
  double step = wanted_step ? *wanted_step : input.has_step ? input.step : 0;
  if (step == 0 && !wanted_step) step = whole ? 1 : (to - from) / kDefaultFloatSteps;
  if (to < from)
    return refuse(input.name, fmt::format("the range runs from {} down to {}; write the smaller first", from, to));
  if (from == to) step = 1;
  if (!(step > 0)) return refuse(input.name, fmt::format("the step must be above 0, is {}", step));
  if (whole && (from != std::trunc(from) || step != std::trunc(step))) {
    return refuse(input.name, fmt::format("is an int: {} and step {} must be whole numbers", from, step));
  }
  if (input.has_minimum && from < input.minimum) {
    return refuse(input.name, fmt::format("{} is below the input's minval {}", from, input.minimum));
  }
  if (input.has_maximum && to > input.maximum) {
    return refuse(input.name, fmt::format("{} is above the input's maxval {}", to, input.maximum));
  }
  const double count = std::floor((to - from) / step + 1e-9) + 1;
  if (count > kValuesMax) return refuse(input.name, fmt::format("{} values are more than {}", count, kValuesMax));
  Parameter made;
  made.name = input.name;
  made.input = index;
  made.count = static_cast<std::uint64_t>(count);
  made.from = from;
  made.step = step;
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
  return made;
}

std::vector<std::string> own_values(const Input& input) {
  if (input.kind == InputKind::kBool) return {"false", "true"};
  if (!input.text_options.empty()) return input.text_options;
  std::vector<std::string> values;
  for (const double option : input.number_options) values.push_back(fmt::format("{}", option));
  return values;
}

base::Result<Parameter> make_parameter(const pine::Program& program, const ParameterRequest& request) {
  auto found = std::ranges::find(program.inputs, request.name, &Input::name);
  if (found == program.inputs.end()) found = std::ranges::find(program.inputs, request.name, &Input::title);
  if (found == program.inputs.end()) {
    std::string names;
    for (const Input& input : program.inputs) names += (names.empty() ? "" : ", ") + input.name;
    return refuse(request.name,
                  names.empty() ? "the script has no inputs" : "the script has no such input; it has " + names);
  }
  const Input& input = *found;
  const auto index = static_cast<std::size_t>(found - program.inputs.begin());
  if (!request.values.empty()) return from_values(program, input, index, request.values);
  if (const auto options = own_values(input); !options.empty() && !request.from) {
    return from_values(program, input, index, options);
  }
  if (!is_ranged(input)) return refuse(input.name, "is not a number; list its values: " + input.name + "=a,b,c");
  if (!input.number_options.empty()) return refuse(input.name, "has fixed options; list values instead of a range");
  if (request.from && request.to) return from_range(input, index, *request.from, *request.to, request.step);
  if (request.from || request.to) return refuse(input.name, "a range needs both ends: " + input.name + "=FROM:TO:STEP");
  if (!input.has_minimum || !input.has_maximum) {
    return refuse(input.name, "its input states no minval and maxval; give a range: " + input.name + "=FROM:TO:STEP");
  }
  return from_range(input, index, input.minimum, input.maximum, request.step);
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
  const std::string_view rest = text.substr(equals + 1);
  if (const auto parts = split(rest, ':'); parts.size() == 2 || parts.size() == 3) {
    const auto from = read_number(parts[0]), to = read_number(parts[1]);
    const auto step = parts.size() == 3 ? read_number(parts[2]) : std::nullopt;
    if (from && to && (parts.size() == 2 || step)) {
      request.from = from;
      request.to = to;
      request.step = step;
      return request;
    }
    if (from || to) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           "'" + shown + "': a range is three numbers, FROM:TO:STEP");
    }
  }
  request.values = split(rest, ',');
  return request;
}

InputValue Parameter::value(std::uint64_t i) const {
  if (!values.empty()) return values[i];
  // The decimal that was meant: 0.1 + 2 * 0.1 should be 0.3, so that a backtest with --set 0.3 is the same.
  const double exact = from + static_cast<double>(i) * step;
  const double rounded = std::round(exact * 1e9) / 1e9;
  return std::fabs(rounded - exact) <= 1e-12 * std::max(1.0, std::fabs(exact)) ? rounded : exact;
}

std::uint64_t SearchSpace::combinations() const {
  std::uint64_t product = 1;
  for (const Parameter& parameter : parameters) product *= parameter.count;
  return product;
}

std::vector<std::uint64_t> SearchSpace::indices(std::uint64_t combination) const {
  std::vector<std::uint64_t> made(parameters.size());
  for (std::size_t i = parameters.size(); i-- > 0;) {
    made[i] = combination % parameters[i].count;
    combination /= parameters[i].count;
  }
  return made;
}

backtest::InputVector SearchSpace::inputs(std::uint64_t combination, const backtest::InputVector& base) const {
  backtest::InputVector made = base;
  const auto index = indices(combination);
  for (std::size_t i = 0; i < parameters.size(); ++i) made[parameters[i].input] = parameters[i].value(index[i]);
  return made;
}

base::Result<SearchSpace> make_search_space(const pine::Program& program,
                                            const std::vector<ParameterRequest>& requests) {
  SearchSpace space;
  std::vector<ParameterRequest> wanted = requests;
  if (wanted.empty()) {
    for (const Input& input : program.inputs) {
      if (is_ranged(input) && input.has_minimum && input.has_maximum && input.number_options.empty())
        wanted.push_back({input.name, {}, {}, {}, {}});
    }
    if (wanted.empty()) {
      return base::failure(
          base::ErrorCode::kInvalidArgument,
          "no input of the script states a range (minval and maxval); name what to vary: NAME=FROM:TO:STEP");
    }
  }
  std::uint64_t combinations = 1;
  for (const ParameterRequest& request : wanted) {
    TRY_ASSIGN(Parameter parameter, make_parameter(program, request));
    for (const Parameter& other : space.parameters) {
      if (other.input == parameter.input) return refuse(request.name, "is named twice");
    }
    if (combinations > SearchSpace::kCombinationsMax / parameter.count) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           "there are more than 2^62 combinations; vary fewer parameters");
    }
    combinations *= parameter.count;
    space.parameters.push_back(std::move(parameter));
  }
  return space;
}

}  // namespace tradeassist::optimize
