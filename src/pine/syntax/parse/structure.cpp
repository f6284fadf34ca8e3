#include <utility>

#include "pine/syntax/parse/internal.hpp"

namespace tradeassist::pine::parsing {
namespace {

using namespace ast;

ExpressionPtr if_structure(TokenCursor& cursor, std::uint32_t line_indent) {
  const TokenCursor::Level level(cursor);
  const std::uint32_t begin = cursor.next().range.begin;
  If made;
  made.condition = condition(cursor);
  made.then = indented_block(cursor, line_indent, "`if`");
  const Token& after = cursor.peek();
  if (after.kind == TokenKind::kElse && after.first_on_line && after.indent == line_indent) {
    const std::uint32_t else_begin = cursor.next().range.begin;
    if (cursor.at(TokenKind::kIf)) {
      Block chained;
      auto statement = std::make_unique<Statement>();
      auto inner = if_structure(cursor, line_indent);
      statement->range = chained.range = inner->range;
      statement->node = ExpressionStatement{std::move(inner)};
      chained.statements.push_back(std::move(statement));
      made.otherwise = std::move(chained);
    } else {
      made.otherwise = indented_block(cursor, line_indent, "`else`");
      made.otherwise->range.begin = else_begin;
    }
  }
  return make(cursor, cursor.from(begin), std::move(made));
}

ExpressionPtr for_structure(TokenCursor& cursor, std::uint32_t line_indent) {
  const TokenCursor::Level level(cursor);
  const std::uint32_t begin = cursor.next().range.begin;
  if (cursor.accept(TokenKind::kLeftBracket)) {
    ForIn made;
    made.index = cursor.text(cursor.expect(TokenKind::kName, "for the index"));
    cursor.expect(TokenKind::kComma, "between index and value");
    made.value = cursor.text(cursor.expect(TokenKind::kName, "for the value"));
    cursor.expect(TokenKind::kRightBracket, "after the value's name");
    cursor.expect_word("in", "before the collection");
    made.collection = expression(cursor);
    made.body = indented_block(cursor, line_indent, "`for`");
    return make(cursor, cursor.from(begin), std::move(made));
  }
  // `for int i = …`: a type before the counter is allowed and says nothing new.
  const std::string_view second = cursor.text(cursor.peek(1));
  if (cursor.at(TokenKind::kName) && cursor.peek(1).kind == TokenKind::kName && second != "in") cursor.next();
  const Token& name = cursor.expect(TokenKind::kName, "for the counter", "a loop is `for i = 0 to 9`");
  if (cursor.accept_word("in")) {
    ForIn made;
    made.value = cursor.text(name);
    made.collection = expression(cursor);
    made.body = indented_block(cursor, line_indent, "`for`");
    return make(cursor, cursor.from(begin), std::move(made));
  }
  cursor.expect(TokenKind::kAssign, "after the counter", "a loop is `for i = 0 to 9`");
  For made;
  made.counter = cursor.text(name);
  made.counter_range = name.range;
  made.from = expression(cursor);
  cursor.expect_word("to", "after the first value", "a loop is `for i = 0 to 9`");
  made.to = expression(cursor);
  if (cursor.accept_word("by")) made.step = expression(cursor);
  made.body = indented_block(cursor, line_indent, "`for`");
  return make(cursor, cursor.from(begin), std::move(made));
}

ExpressionPtr while_structure(TokenCursor& cursor, std::uint32_t line_indent) {
  const TokenCursor::Level level(cursor);
  const std::uint32_t begin = cursor.next().range.begin;
  While made;
  made.condition = condition(cursor);
  made.body = indented_block(cursor, line_indent, "`while`");
  return make(cursor, cursor.from(begin), std::move(made));
}

ExpressionPtr switch_structure(TokenCursor& cursor, std::uint32_t line_indent) {
  const TokenCursor::Level level(cursor);
  const std::uint32_t begin = cursor.next().range.begin;
  Switch made;
  if (!cursor.at(TokenKind::kNewline)) made.subject = expression(cursor);
  cursor.expect(TokenKind::kNewline, "after the head of `switch`");
  const Token& first = cursor.peek();
  if (!first.first_on_line || first.indent <= line_indent) {
    cursor.fail(first.range, "`switch` has no arms", "indent its arms: `    value => result`");
  }
  const std::uint32_t arm_indent = first.indent;
  while (cursor.peek().first_on_line && cursor.peek().indent == arm_indent) {
    SwitchArm arm;
    if (!cursor.at(TokenKind::kArrow)) arm.match = expression(cursor);
    cursor.expect(TokenKind::kArrow, "in the arm of `switch`", "an arm is `value => result`");
    arm.body = body(cursor, arm_indent, "the arm");
    made.arms.push_back(std::move(arm));
  }
  return make(cursor, cursor.from(begin), std::move(made));
}

}  // namespace

ExpressionPtr value(TokenCursor& cursor, std::uint32_t line_indent) {
  switch (cursor.peek().kind) {
    case TokenKind::kIf: return if_structure(cursor, line_indent);
    case TokenKind::kFor: return for_structure(cursor, line_indent);
    case TokenKind::kWhile: return while_structure(cursor, line_indent);
    case TokenKind::kSwitch: return switch_structure(cursor, line_indent);
    default: return expression(cursor);
  }
}

ExpressionPtr condition(TokenCursor& cursor) {
  auto made = expression(cursor);
  if (cursor.at(TokenKind::kAssign) || cursor.at(TokenKind::kReassign)) {
    cursor.fail(
        cursor.peek().range,
        cursor.at(TokenKind::kAssign) ? "`=` declares; a condition compares" : "`:=` assigns; a condition compares",
        "compare with `==`");
  }
  return made;
}

Block indented_block(TokenCursor& cursor, std::uint32_t line_indent, std::string_view of_what) {
  if (cursor.at(TokenKind::kArrow)) {
    cursor.fail(cursor.peek().range, "`=>` does not follow " + std::string(of_what),
                "its block begins on the next line");
  }
  cursor.expect(TokenKind::kNewline, "after the head of " + std::string(of_what),
                cursor.at(TokenKind::kColon) ? "Pine writes no `:` here; the block begins on the next line"
                                             : "its block begins on the next line, four spaces deeper");
  const Token& first = cursor.peek();
  if (!first.first_on_line || first.indent <= line_indent) {
    cursor.fail(first.range, "the block of " + std::string(of_what) + " is missing",
                "indent its lines by four spaces or a tab more than its head");
  }
  Block block;
  statements(cursor, first.indent, block.statements);
  block.range = cursor.from(first.range.begin);
  return block;
}

}  // namespace tradeassist::pine::parsing
