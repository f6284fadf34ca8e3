#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// The indicators that can be asked for by name. Each is a Pine expression with gaps for its parameters: there is no
/// second engine, and what an indicator computes is what the same expression computes in a script.
namespace tradeassist::pine {

struct IndicatorParameter {
  enum class Kind {
    kInt,
    kFloat,
    kBool,
    kChoice,     // one of `choices`
    kSeries,     // a Pine expression that gives a number
    kCondition,  // a Pine expression that gives a bool
  };
  std::string name;
  Kind kind = Kind::kFloat;
  double minimum = 0, maximum = 0;   // of kInt and kFloat, both included
  std::vector<std::string> choices;  // of kChoice
  std::string default_text;          // as a caller would write it
};
std::string_view to_string(IndicatorParameter::Kind kind);  // "int", "float", "bool", "choice", "series", "condition"

struct IndicatorOutput {
  std::string name;
  std::string expression;  // with gaps, as below; empty: the element at this place of the indicator's tuple
};

struct IndicatorDefinition {
  std::string name;         // "macd"
  std::string title;        // "Moving average convergence divergence"
  std::string description;  // a sentence
  bool overlay = false;     // drawn on the prices; else in a pane of its own
  std::vector<IndicatorParameter> parameters;
  std::string expression;  // "ta.macd({source}, {fast}, …)"; gaps are parameters in braces. Empty: outputs have theirs
  std::vector<IndicatorOutput> outputs;
};

/// All of them, by name. Made once; immutable.
std::span<const IndicatorDefinition> indicator_definitions();

/// Nothing when there is none of that name.
const IndicatorDefinition* find_indicator(std::string_view name);

/// The text that fills a parameter's gap: a number or bool as a literal, a choice as it is, an expression as written.
/// kInvalidArgument says what the parameter accepts. An expression is only looked at by the compiler.
base::Result<std::string> parameter_literal(const IndicatorParameter& parameter, std::string_view value);

}  // namespace tradeassist::pine
