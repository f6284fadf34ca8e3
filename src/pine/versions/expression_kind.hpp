#pragma once

#include <functional>
#include <string>

#include "pine/syntax/ast.hpp"

namespace tradeassist::pine {

/// What an expression plainly is, told from its form alone: enough where an older version left a type out.
enum class ExpressionKind { kUnknown, kInt, kFloat, kBool, kString, kColor, kSource };

/// `kind_of_name` answers for the script's own variables; the built-in names are those of today.
ExpressionKind kind_of(const ast::Expression& expression,
                       const std::function<ExpressionKind(const std::string&)>& kind_of_name);

}  // namespace tradeassist::pine
