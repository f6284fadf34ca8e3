#include <optional>
#include <utility>

#include "pine/syntax/parse/internal.hpp"

namespace tradeassist::pine::parsing {
namespace {

using namespace ast;

struct BinaryRule {
  int precedence;  // higher binds tighter
  BinaryOperator op;
};

std::optional<BinaryRule> binary_rule(TokenKind kind) {
  switch (kind) {
    case TokenKind::kOr: return BinaryRule{1, BinaryOperator::kOr};
    case TokenKind::kAnd: return BinaryRule{2, BinaryOperator::kAnd};
    case TokenKind::kEqual: return BinaryRule{3, BinaryOperator::kEqual};
    case TokenKind::kNotEqual: return BinaryRule{3, BinaryOperator::kNotEqual};
    case TokenKind::kLess: return BinaryRule{4, BinaryOperator::kLess};
    case TokenKind::kLessEqual: return BinaryRule{4, BinaryOperator::kLessEqual};
    case TokenKind::kGreater: return BinaryRule{4, BinaryOperator::kGreater};
    case TokenKind::kGreaterEqual: return BinaryRule{4, BinaryOperator::kGreaterEqual};
    case TokenKind::kPlus: return BinaryRule{5, BinaryOperator::kAdd};
    case TokenKind::kMinus: return BinaryRule{5, BinaryOperator::kSubtract};
    case TokenKind::kStar: return BinaryRule{6, BinaryOperator::kMultiply};
    case TokenKind::kSlash: return BinaryRule{6, BinaryOperator::kDivide};
    case TokenKind::kPercent: return BinaryRule{6, BinaryOperator::kModulo};
    default: return std::nullopt;
  }
}

ExpressionPtr binary(TokenCursor& cursor, int minimum_precedence);
ExpressionPtr unary(TokenCursor& cursor);

std::vector<Argument> arguments(TokenCursor& cursor) {
  const SourceRange opening = cursor.expect(TokenKind::kLeftParen, "before the arguments").range;
  std::vector<Argument> list;
  bool named = false;
  while (!cursor.at(TokenKind::kRightParen)) {
    const std::uint32_t begin = cursor.peek().range.begin;
    Argument argument;
    // max_bars_back(var = …) names a parameter after a keyword.
    const bool is_name = cursor.at(TokenKind::kName) || cursor.at(TokenKind::kVar);
    if (is_name && cursor.peek(1).kind == TokenKind::kAssign) {
      argument.name = cursor.text(cursor.next());
      cursor.next();
      named = true;
    } else if (named) {
      cursor.diagnostics().error(cursor.peek().range, "an argument without a name follows a named one",
                                 "put positional arguments first");
    }
    argument.value = expression(cursor);
    argument.range = cursor.from(begin);
    list.push_back(std::move(argument));
    if (cursor.accept(TokenKind::kComma)) continue;
    if (!cursor.at(TokenKind::kRightParen)) {
      cursor.fail(cursor.peek().range,
                  "expected `,` or `)` in the argument list, found " + describe(cursor.source(), cursor.peek()),
                  "the list opens on line " + std::to_string(cursor.source().locate(opening.begin).line));
    }
  }
  cursor.next();
  return list;
}

/// After a name that makes a collection, `<` may open type arguments; anywhere else it compares.
std::optional<std::vector<TypeSpec>> type_arguments_of_call(TokenCursor& cursor, const Expression& callee) {
  const auto* member = std::get_if<Member>(&callee.node);
  if (member == nullptr || member->name != "new" || !cursor.at(TokenKind::kLess)) return std::nullopt;
  cursor.next();
  std::vector<TypeSpec> list;
  do { list.push_back(type_spec(cursor)); } while (cursor.accept(TokenKind::kComma));
  cursor.expect(TokenKind::kGreater, "after the type arguments");
  return list;
}

ExpressionPtr postfix(TokenCursor& cursor, ExpressionPtr object) {
  const std::uint32_t begin = object->range.begin;
  for (;;) {
    if (cursor.accept(TokenKind::kDot)) {
      // Words that are reserved elsewhere are fine after a dot (`logic.and`, `x.not`).
      const Token& name = cursor.peek();
      const bool is_word = name.kind == TokenKind::kName || name.kind >= TokenKind::kAnd;
      if (!is_word) cursor.expect(TokenKind::kName, "after `.`");
      cursor.next();
      object = make(cursor, cursor.from(begin), Member{std::move(object), std::string(cursor.text(name)), name.range});
    } else if (cursor.at(TokenKind::kLeftParen)) {
      auto list = arguments(cursor);
      object = make(cursor, cursor.from(begin), Call{std::move(object), {}, std::move(list)});
    } else if (auto types = type_arguments_of_call(cursor, *object)) {
      auto list = arguments(cursor);
      object = make(cursor, cursor.from(begin), Call{std::move(object), std::move(*types), std::move(list)});
    } else if (cursor.at(TokenKind::kLeftBracket)) {
      cursor.next();
      auto offset = expression(cursor);
      cursor.expect(TokenKind::kRightBracket, "after the offset");
      object = make(cursor, cursor.from(begin), History{std::move(object), std::move(offset)});
    } else {
      return object;
    }
  }
}

ExpressionPtr tuple(TokenCursor& cursor) {
  const std::uint32_t begin = cursor.next().range.begin;
  Tuple made;
  while (!cursor.at(TokenKind::kRightBracket)) {
    made.elements.push_back(expression(cursor));
    if (!cursor.accept(TokenKind::kComma) && !cursor.at(TokenKind::kRightBracket)) {
      cursor.fail(cursor.peek().range,
                  "expected `,` or `]` in the tuple, found " + describe(cursor.source(), cursor.peek()));
    }
  }
  cursor.next();
  return make(cursor, cursor.from(begin), std::move(made));
}

ExpressionPtr primary(TokenCursor& cursor) {
  const Token& token = cursor.peek();
  const std::string_view text = cursor.text(token);
  switch (token.kind) {
    case TokenKind::kInteger:
    case TokenKind::kFloat:
      cursor.next();
      return make(cursor, token.range, NumberLiteral{number_value(text), token.kind == TokenKind::kInteger});
    case TokenKind::kString: cursor.next(); return make(cursor, token.range, StringLiteral{string_value(text)});
    case TokenKind::kColor: cursor.next(); return make(cursor, token.range, ColorLiteral{color_value(text)});
    case TokenKind::kTrue:
    case TokenKind::kFalse:
      cursor.next();
      return make(cursor, token.range, BoolLiteral{token.kind == TokenKind::kTrue});
    case TokenKind::kName: cursor.next(); return make(cursor, token.range, Name{std::string(text)});
    case TokenKind::kLeftParen: {
      const SourceRange opening = cursor.next().range;
      auto inner = expression(cursor);
      if (!cursor.at(TokenKind::kRightParen)) {
        cursor.fail(cursor.peek().range, "expected `)`, found " + describe(cursor.source(), cursor.peek()),
                    cursor.at(TokenKind::kAssign) ? "compare with `==`"
                                                  : "the parenthesis opens on line " +
                                                        std::to_string(cursor.source().locate(opening.begin).line));
      }
      cursor.next();
      inner->range = cursor.from(opening.begin);
      return inner;
    }
    case TokenKind::kLeftBracket: return tuple(cursor);
    case TokenKind::kIf:
    case TokenKind::kFor:
    case TokenKind::kWhile:
    case TokenKind::kSwitch:
      cursor.fail(token.range, "`" + std::string(text) + "` cannot stand inside an expression",
                  "assign it to a variable first, or use the ternary `condition ? a : b`");
    case TokenKind::kElse:
      cursor.fail(token.range, "`else` without its `if`", "`else` stands in the column of its `if`");
    default: cursor.fail(token.range, "expected a value, found " + describe(cursor.source(), token));
  }
}

ExpressionPtr unary(TokenCursor& cursor) {
  const TokenCursor::Level level(cursor);
  const Token& token = cursor.peek();
  const auto with = [&](UnaryOperator op) {
    cursor.next();
    auto operand = unary(cursor);
    return make(cursor, cursor.from(token.range.begin), Unary{op, std::move(operand)});
  };
  switch (token.kind) {
    case TokenKind::kMinus: return with(UnaryOperator::kMinus);
    case TokenKind::kPlus: return with(UnaryOperator::kPlus);
    case TokenKind::kNot: return with(UnaryOperator::kNot);
    default: return postfix(cursor, primary(cursor));
  }
}

ExpressionPtr binary(TokenCursor& cursor, int minimum_precedence) {
  const std::uint32_t begin = cursor.peek().range.begin;
  auto left = unary(cursor);
  for (;;) {
    const auto rule = binary_rule(cursor.peek().kind);
    if (!rule || rule->precedence < minimum_precedence) return left;
    cursor.next();
    auto right = binary(cursor, rule->precedence + 1);
    left = make(cursor, cursor.from(begin), Binary{rule->op, std::move(left), std::move(right)});
  }
}

}  // namespace

ExpressionPtr expression(TokenCursor& cursor) {
  const TokenCursor::Level level(cursor);
  // `a ? b : c ? d : e` is read in a loop and put together from the right, so that long ladders need no stack.
  struct Rung {
    std::uint32_t begin;
    ExpressionPtr condition, then;
  };
  std::vector<Rung> ladder;
  for (;;) {
    const std::uint32_t begin = cursor.peek().range.begin;
    auto value = binary(cursor, 1);
    if (cursor.accept(TokenKind::kQuestion)) {
      auto then = expression(cursor);
      cursor.expect(TokenKind::kColon, "between the two values of `?`", "a ternary is `condition ? a : b`");
      ladder.push_back({begin, std::move(value), std::move(then)});
      continue;
    }
    for (; !ladder.empty(); ladder.pop_back()) {
      Rung& rung = ladder.back();
      value = make(cursor, cursor.from(rung.begin),
                   Conditional{std::move(rung.condition), std::move(rung.then), std::move(value)});
    }
    return value;
  }
}

TypeSpec type_spec(TokenCursor& cursor) {
  const TokenCursor::Level level(cursor);
  TypeSpec spec;
  const Token& first = cursor.expect(TokenKind::kName, "for a type");
  spec.name = cursor.text(first);
  while (cursor.at(TokenKind::kDot) && cursor.peek(1).kind == TokenKind::kName) {
    cursor.next();
    spec.name += "." + std::string(cursor.text(cursor.next()));
  }
  if (cursor.accept(TokenKind::kLess)) {
    do { spec.arguments.push_back(type_spec(cursor)); } while (cursor.accept(TokenKind::kComma));
    cursor.expect(TokenKind::kGreater, "after the type arguments");
  }
  spec.range = cursor.from(first.range.begin);
  while (cursor.at(TokenKind::kLeftBracket) && cursor.peek(1).kind == TokenKind::kRightBracket) {
    cursor.next();
    cursor.next();
    TypeSpec array{cursor.from(first.range.begin), "array", {}};
    array.arguments.push_back(std::move(spec));
    spec = std::move(array);
  }
  return spec;
}

}  // namespace tradeassist::pine::parsing
