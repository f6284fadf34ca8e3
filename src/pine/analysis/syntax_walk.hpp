#pragma once

#include <functional>
#include <set>
#include <string>

#include "pine/syntax/ast.hpp"

namespace tradeassist::pine {

/// Calls `visit` for every expression directly inside; blocks are entered through `visit_statement`.
struct SyntaxVisitor {
  std::function<void(const ast::Expression&)> expression;
  std::function<void(const ast::Statement&)> statement;
};
void visit_children(const ast::Expression& expression, const SyntaxVisitor& visitor);
void visit_children(const ast::Statement& statement, const SyntaxVisitor& visitor);

/// Every plain name read or called anywhere inside.
void collect_names(const ast::Expression& expression, std::set<std::string>& names);
void collect_names(const ast::Statement& statement, std::set<std::string>& names);

/// Names that := and its kin change anywhere inside.
void collect_assigned(const ast::Statement& statement, std::set<std::string>& names);

/// Names a global statement declares or changes: what another statement may depend on it for.
void collect_defined(const ast::Statement& statement, std::set<std::string>& names);

/// "ta.sma" for Member(Name ta, sma); empty when it is anything else than names joined by dots.
std::string dotted_name(const ast::Expression& expression);

}  // namespace tradeassist::pine
