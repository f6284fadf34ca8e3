#pragma once

#include "pine/syntax/token_cursor.hpp"

/// The two halves of the parser call each other through these.
namespace tradeassist::pine::parsing {

/// An expression without control structures: ternaries, operators, calls, tuples.
ast::ExpressionPtr expression(TokenCursor& cursor);

/// `float`, `array<int>`, `float[]`, `Lib.Type`.
ast::TypeSpec type_spec(TokenCursor& cursor);

/// What may stand right of `=`, or alone: if, for, while, switch, or an expression. `line_indent` is the indentation
/// of the line on which the statement started; the structure's blocks are deeper.
ast::ExpressionPtr value(TokenCursor& cursor, std::uint32_t line_indent);

/// The lines deeper than `line_indent` that follow a header's end of line.
ast::Block indented_block(TokenCursor& cursor, std::uint32_t line_indent, std::string_view of_what);

/// Either statements on the same line, separated by commas, or an indented block: bodies after `=>`.
ast::Block body(TokenCursor& cursor, std::uint32_t line_indent, std::string_view of_what);

/// All statements of one block, whose lines start at `indent`, recovering at line starts.
void statements(TokenCursor& cursor, std::uint32_t indent, std::vector<ast::StatementPtr>& out);

ast::ExpressionPtr make(SourceRange range, auto node) {
  auto made = std::make_unique<ast::Expression>();
  made->range = range;
  made->node = std::move(node);
  return made;
}

}  // namespace tradeassist::pine::parsing
