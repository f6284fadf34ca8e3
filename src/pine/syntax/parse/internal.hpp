#pragma once

#include <algorithm>
#include <type_traits>
#include <utility>

#include "pine/syntax/parse/token_cursor.hpp"

/// The two halves of the parser call each other through these.
namespace tradeassist::pine::parsing {

/// An expression without control structures: ternaries, operators, calls, tuples.
ast::ExpressionPtr expression(TokenCursor& cursor);

/// `float`, `array<int>`, `float[]`, `Lib.Type`.
ast::TypeSpec type_spec(TokenCursor& cursor);

/// What may stand right of `=`, or alone: if, for, while, switch, or an expression. `line_indent` is the indentation
/// of the line on which the statement started; the structure's blocks are deeper.
ast::ExpressionPtr value(TokenCursor& cursor, std::uint32_t line_indent);

/// The condition of `if` or `while`; `=` in it gets the answer it deserves.
ast::ExpressionPtr condition(TokenCursor& cursor);

/// The lines deeper than `line_indent` that follow a header's end of line.
ast::Block indented_block(TokenCursor& cursor, std::uint32_t line_indent, std::string_view of_what);

/// Either statements on the same line, separated by commas, or an indented block: bodies after `=>`.
ast::Block body(TokenCursor& cursor, std::uint32_t line_indent, std::string_view of_what);

/// All statements of one block, whose lines start at `indent`, recovering at line starts.
void statements(TokenCursor& cursor, std::uint32_t indent, std::vector<ast::StatementPtr>& out);

/// Height of the highest expression directly inside `node`. Blocks do not count: they are bounded by their nesting.
std::uint32_t height_inside(const auto& node) {
  using Node = std::decay_t<decltype(node)>;
  const auto of = [](const ast::ExpressionPtr& part) { return part == nullptr ? 0u : part->height; };
  if constexpr (std::is_same_v<Node, ast::Member>) {
    return of(node.object);
  } else if constexpr (std::is_same_v<Node, ast::Call>) {
    std::uint32_t highest = of(node.callee);
    for (const ast::Argument& argument : node.arguments) highest = std::max(highest, of(argument.value));
    return highest;
  } else if constexpr (std::is_same_v<Node, ast::History>) {
    return std::max(of(node.object), of(node.offset));
  } else if constexpr (std::is_same_v<Node, ast::Unary>) {
    return of(node.operand);
  } else if constexpr (std::is_same_v<Node, ast::Binary>) {
    return std::max(of(node.left), of(node.right));
  } else if constexpr (std::is_same_v<Node, ast::Conditional>) {
    return std::max({of(node.condition), of(node.then), of(node.otherwise)});
  } else if constexpr (std::is_same_v<Node, ast::Tuple>) {
    std::uint32_t highest = 0;
    for (const ast::ExpressionPtr& element : node.elements) highest = std::max(highest, of(element));
    return highest;
  } else {
    return 0;
  }
}

ast::ExpressionPtr make(TokenCursor& cursor, SourceRange range, auto node) {
  auto made = std::make_unique<ast::Expression>();
  made->range = range;
  made->height = 1 + height_inside(node);
  made->node = std::move(node);
  if (made->height > cursor.limits().expression_height_max) {
    cursor.fail(range,
                "this expression has more than " + std::to_string(cursor.limits().expression_height_max) +
                    " operators and calls one upon another",
                "give parts of it names of their own");
  }
  return made;
}

}  // namespace tradeassist::pine::parsing
