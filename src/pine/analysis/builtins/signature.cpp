#include <algorithm>

#include "base/text.hpp"
#include "pine/analysis/builtins/rows.hpp"

namespace tradeassist::pine {
namespace {

ParameterKind parameter_kind(std::string_view word) {
  if (word == "int") return ParameterKind::kInt;
  if (word == "whole") return ParameterKind::kWhole;
  if (word == "number") return ParameterKind::kNumber;
  if (word == "bool") return ParameterKind::kBool;
  if (word == "string") return ParameterKind::kString;
  if (word == "color") return ParameterKind::kColor;
  if (word == "printable") return ParameterKind::kPrintable;
  if (word == "any") return ParameterKind::kAny;
  return ParameterKind::kFloat;
}

ResultKind result_kind(std::string_view word) {
  if (word == "int") return ResultKind::kInt;
  if (word == "float") return ResultKind::kFloat;
  if (word == "bool") return ResultKind::kBool;
  if (word == "string") return ResultKind::kString;
  if (word == "color") return ResultKind::kColor;
  if (word == "number") return ResultKind::kNumber;
  if (word == "second") return ResultKind::kSecond;
  return ResultKind::kFirst;
}

/// A pattern, where the word is no plain kind of parameter or result.
std::optional<TypePattern> proper_pattern(std::string_view word) {
  const auto pattern = parse_pattern(word);
  if (!pattern || word == "number") return std::nullopt;
  const bool plain = pattern->collection == Collection::kNone && pattern->element.variable == 0 &&
                     pattern->element.type <= Type::kColor;
  return plain ? std::nullopt : pattern;
}

BuiltinResult parse_result(std::string_view word) {
  if (const auto pattern = proper_pattern(word)) return {ResultKind::kPattern, *pattern};
  return {result_kind(word), {}};
}

BuiltinParameter parse_parameter(std::string_view text) {
  BuiltinParameter parameter;
  const std::size_t colon = text.find(':');
  parameter.name = base::trim(text.substr(0, colon));
  text = base::trim(text.substr(colon + 1));
  if (const std::size_t equals = text.find('='); equals != std::string_view::npos) {
    parameter.optional = true;
    parameter.default_text = base::trim(text.substr(equals + 1));
    text = base::trim(text.substr(0, equals));
  } else if (text.ends_with("?")) {
    parameter.optional = true;
    text = base::trim(text.substr(0, text.size() - 1));
  }
  if (text.starts_with("simple ")) {
    parameter.strongest = Qualifier::kSimple;
    text.remove_prefix(7);
  } else if (text.starts_with("implicit ")) {  // never given: the overload means this variable
    parameter.implicit = true;
    parameter.default_text = text.substr(9);
    text = "float";
  } else if (text == "absent") {
    parameter.implicit = true;
  }
  if (const auto pattern = proper_pattern(text)) {
    parameter.kind = ParameterKind::kPattern;
    parameter.pattern = *pattern;
  } else {
    parameter.kind = parameter_kind(text);
  }
  return parameter;
}

/// Length of the first part of a parameter list: up to a comma that is not inside <…>.
std::size_t first_part(std::string_view list) {
  int depth = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == '<') ++depth;
    if (list[i] == '>') --depth;
    if (list[i] == ',' && depth == 0) return i;
  }
  return list.size();
}

}  // namespace

BuiltinFunction parse_signature(Function function, Effect effect, std::string_view text) {
  BuiltinFunction made;
  made.function = function;
  made.effect = effect;
  const std::size_t open = text.find('(');
  const std::size_t close = text.rfind(')');
  made.name = text.substr(0, open);
  if (const std::size_t angle = made.name.find('<'); angle != std::string::npos) {  // array.new<T>, map.new<K,V>
    for (const char letter : made.name.substr(angle)) {
      if (letter >= 'A' && letter <= 'Z') made.type_arguments += letter;
    }
    made.name.resize(angle);
  }
  std::string_view inside = text.substr(open + 1, close - open - 1);
  while (!inside.empty()) {
    const std::size_t comma = first_part(inside);
    const std::string_view part = base::trim(inside.substr(0, comma));
    inside.remove_prefix(std::min(comma + 1, inside.size()));
    if (part == "...") {
      made.variadic = true;
    } else {
      made.parameters.push_back(parse_parameter(part));
    }
  }
  std::string_view results = base::trim(text.substr(close + 1));
  while (!results.empty()) {
    const std::size_t space = std::min(results.find(' '), results.size());
    if (results != "void") made.results.push_back(parse_result(results.substr(0, space)));
    results = base::trim(results.substr(space));
  }
  std::string shown = made.name + "(";
  for (const BuiltinParameter& parameter : made.parameters) {
    if (parameter.implicit) continue;
    shown += (shown.back() == '(' ? "" : ", ") + parameter.name;
    if (parameter.optional) shown += parameter.default_text.empty() ? "?" : " = " + parameter.default_text;
  }
  made.signature = shown + (made.variadic ? ", …)" : ")");
  return made;
}

}  // namespace tradeassist::pine
