#include "pine/indicators/definition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "pine/indicators/table.hpp"

namespace tradeassist::pine {
namespace {

using Kind = IndicatorParameter::Kind;

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.emplace_back(base::trim(text.substr(0, end)));
    text.remove_prefix(std::min(end + separator.size(), text.size()));
  }
  return parts;
}

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// "length: int 1..5000 = 14"
IndicatorParameter parse_parameter(std::string_view text) {
  IndicatorParameter parameter;
  const std::size_t colon = text.find(':'), equals = text.find('=', colon);
  parameter.name = base::trim(text.substr(0, colon));
  parameter.default_text = base::trim(text.substr(equals + 1));
  const std::string_view type = base::trim(text.substr(colon + 1, equals - colon - 1));
  const std::string_view kind = type.substr(0, type.find(' '));
  const std::string_view rest = base::trim(type.substr(kind.size()));
  for (const Kind each : {Kind::kInt, Kind::kFloat, Kind::kBool, Kind::kChoice, Kind::kSeries, Kind::kCondition}) {
    if (kind == to_string(each)) parameter.kind = each;
  }
  if (parameter.kind == Kind::kChoice) parameter.choices = split(rest, "|");
  if (parameter.kind == Kind::kInt || parameter.kind == Kind::kFloat) {
    const std::vector<std::string> ends = split(rest, "..");
    parameter.minimum = number_of(ends.at(0)).value();
    parameter.maximum = number_of(ends.at(1)).value();
  }
  return parameter;
}

IndicatorOutput parse_output(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return {std::string(text), ""};
  return {std::string(base::trim(text.substr(0, equals))), std::string(base::trim(text.substr(equals + 1)))};
}

IndicatorDefinition parse_row(const IndicatorRow& row) {
  IndicatorDefinition made{row.name, row.title, row.description, row.overlay, {}, row.expression, {}};
  for (const std::string& text : split(row.parameters, ";")) made.parameters.push_back(parse_parameter(text));
  for (const std::string& text : split(row.outputs, ";")) made.outputs.push_back(parse_output(text));
  return made;
}

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::kInt: return "int";
    case Kind::kFloat: return "float";
    case Kind::kBool: return "bool";
    case Kind::kChoice: return "choice";
    case Kind::kSeries: return "series";
    case Kind::kCondition: return "condition";
  }
  return "series";
}

std::span<const IndicatorDefinition> indicator_definitions() {
  static const std::vector<IndicatorDefinition> kAll = [] {
    std::vector<IndicatorDefinition> all;
    for (const IndicatorRow& row : indicator_rows()) all.push_back(parse_row(row));
    std::ranges::sort(all, {}, &IndicatorDefinition::name);
    return all;
  }();
  return kAll;
}

const IndicatorDefinition* find_indicator(std::string_view name) {
  const auto all = indicator_definitions();
  const auto found = std::ranges::lower_bound(all, name, {}, &IndicatorDefinition::name);
  return found == all.end() || found->name != name ? nullptr : &*found;
}

base::Result<std::string> parameter_literal(const IndicatorParameter& parameter, std::string_view value) {
  const auto refuse = [&](const std::string& accepts) {
    return base::failure(base::ErrorCode::kInvalidArgument, "must be " + accepts);
  };
  switch (parameter.kind) {
    case Kind::kInt:
    case Kind::kFloat: {
      const bool whole = parameter.kind == Kind::kInt;
      const auto number = number_of(value);
      if (!number || *number < parameter.minimum || *number > parameter.maximum ||
          (whole && *number != std::floor(*number))) {
        return refuse(
            fmt::format("a {}number from {} to {}", whole ? "whole " : "", parameter.minimum, parameter.maximum));
      }
      return whole ? fmt::format("{:.0f}", *number) : fmt::format("{}", *number);
    }
    case Kind::kBool:
      if (value != "true" && value != "false") return refuse("true or false");
      return std::string(value);
    case Kind::kChoice:
      if (std::ranges::find(parameter.choices, value) == parameter.choices.end()) {
        return refuse(fmt::format("one of {}", fmt::join(parameter.choices, ", ")));
      }
      return std::string(value);
    case Kind::kSeries:
    case Kind::kCondition: return std::string(value);
  }
  return std::string(value);
}

}  // namespace tradeassist::pine
