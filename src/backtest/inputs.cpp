#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "backtest/backtest.hpp"

namespace tradeassist::backtest {
namespace {

using pine::Input;
using pine::InputKind;

constexpr std::array<std::string_view, 9> kSources = {"open", "high", "low",   "close", "volume",
                                                      "hl2",  "hlc3", "ohlc4", "hlcc4"};

bool is_text(InputKind kind) {
  switch (kind) {
    case InputKind::kString:
    case InputKind::kTimeframe:
    case InputKind::kSession:
    case InputKind::kSymbol:
    case InputKind::kTextArea: return true;
    default: return false;
  }
}

InputValue default_of(const Input& input) {
  if (is_text(input.kind)) return input.text;
  return input.number;
}

template <class T>
std::string list_of(const std::vector<T>& options) {
  return fmt::format("{}", fmt::join(options, ", "));
}

std::unexpected<base::Error> refuse(const Input& input, const std::string& why) {
  return base::failure(base::ErrorCode::kInvalidArgument, "input " + input.name + ": " + why);
}

base::Result<InputValue> text_value(const Input& input, const InputValue& given) {
  const auto* text = std::get_if<std::string>(&given);
  if (text == nullptr) return refuse(input, fmt::format("must be text, is the number {}", std::get<double>(given)));
  if (!input.text_options.empty() && std::ranges::find(input.text_options, *text) == input.text_options.end()) {
    return refuse(input, fmt::format("'{}' is not one of {}", *text, list_of(input.text_options)));
  }
  return given;
}

std::optional<double> number_of(const InputValue& given) {
  if (const auto* number = std::get_if<double>(&given)) return *number;
  const std::string& text = std::get<std::string>(given);
  if (text == "true") return 1;
  if (text == "false") return 0;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

base::Result<InputValue> number_value(const Input& input, const InputValue& given) {
  if (input.kind == InputKind::kSource) {
    const auto* text = std::get_if<std::string>(&given);
    const auto found = text == nullptr ? kSources.end() : std::ranges::find(kSources, *text);
    if (found == kSources.end()) return refuse(input, fmt::format("a source is one of {}", fmt::join(kSources, ", ")));
    return static_cast<double>(found - kSources.begin());
  }
  if (input.kind == InputKind::kTime) {
    if (const auto* text = std::get_if<std::string>(&given)) {
      if (const auto time = base::parse_time(*text)) return static_cast<double>(base::to_milliseconds(*time));
    }
  }
  const auto number = number_of(given);
  if (!number || !std::isfinite(*number)) {
    const auto* text = std::get_if<std::string>(&given);
    return refuse(input, fmt::format("must be a number, is '{}'", text != nullptr ? *text : "not finite"));
  }
  if ((input.kind == InputKind::kInt || input.kind == InputKind::kTime) && *number != std::trunc(*number)) {
    return refuse(input, fmt::format("must be a whole number, is {}", *number));
  }
  if (input.kind == InputKind::kBool && *number != 0 && *number != 1) return refuse(input, "must be true or false");
  if (input.has_minimum && *number < input.minimum) {
    return refuse(input, fmt::format("{} is below its minimum {}", *number, input.minimum));
  }
  if (input.has_maximum && *number > input.maximum) {
    return refuse(input, fmt::format("{} is above its maximum {}", *number, input.maximum));
  }
  if (!input.number_options.empty() && std::ranges::find(input.number_options, *number) == input.number_options.end()) {
    return refuse(input, fmt::format("{} is not one of {}", *number, list_of(input.number_options)));
  }
  return *number;
}

}  // namespace

base::Result<InputVector> bind_inputs(const pine::Program& program, const std::vector<InputAssignment>& assignments) {
  InputVector values;
  for (const Input& input : program.inputs) values.push_back(default_of(input));
  for (const InputAssignment& assignment : assignments) {
    auto found = std::ranges::find(program.inputs, assignment.name, &Input::name);
    if (found == program.inputs.end()) found = std::ranges::find(program.inputs, assignment.name, &Input::title);
    if (found == program.inputs.end()) {
      std::string names;
      for (const Input& input : program.inputs) names += (names.empty() ? "" : ", ") + input.name;
      return base::failure(base::ErrorCode::kInvalidArgument,
                           "the script has no input '" + assignment.name + "'" +
                               (names.empty() ? "; it has none" : "; it has " + names));
    }
    TRY_ASSIGN(values[static_cast<std::size_t>(found - program.inputs.begin())],
               is_text(found->kind) ? text_value(*found, assignment.value) : number_value(*found, assignment.value));
  }
  return values;
}

}  // namespace tradeassist::backtest
