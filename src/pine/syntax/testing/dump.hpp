#pragma once

#include <string>

#include "pine/syntax/ast.hpp"

namespace tradeassist::pine::testing {

/// Everything a tree holds but its ranges, as text: two trees are equal when their dumps are.
std::string dump(const ast::Script& script);

}  // namespace tradeassist::pine::testing
