#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pine/syntax/ast.hpp"

namespace tradeassist::pine {

/// The script as Pine source in one canonical layout: a statement a line, blocks indented by four spaces, parentheses
/// only where they are needed. Comments are not part of the tree and are lost; to change a script and keep them, see
/// edit.hpp. Parsing the result gives the same tree.
std::string print(const ast::Script& script);
std::string print(const ast::Expression& expression);

/// Literals as Pine reads them back: the shortest digits that give the same double, quotes with escapes, #RRGGBB[AA].
std::string print_number(double value, bool is_integer);
std::string print_string(std::string_view value);
std::string print_color(std::uint32_t rgba);

std::string_view spelling(ast::BinaryOperator op);
std::string_view spelling(ast::UnaryOperator op);

}  // namespace tradeassist::pine
