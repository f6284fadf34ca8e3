#include "pine/syntax/parse/token_cursor.hpp"

#include <utility>

namespace tradeassist::pine {

const Token& TokenCursor::expect(TokenKind kind, std::string_view what_for, std::string hint) {
  if (at(kind)) return next();
  const std::string_view wanted = describe(kind);
  const bool is_spelling = !wanted.starts_with("a ") && !wanted.starts_with("end ");
  fail(peek().range,
       "expected " + (is_spelling ? "`" + std::string(wanted) + "`" : std::string(wanted)) +
           (what_for.empty() ? "" : " " + std::string(what_for)) + ", found " + describe(source_, peek()),
       std::move(hint));
}

void TokenCursor::expect_word(std::string_view word, std::string_view what_for, std::string hint) {
  if (accept_word(word)) return;
  fail(peek().range,
       "expected `" + std::string(word) + "` " + std::string(what_for) + ", found " + describe(source_, peek()),
       std::move(hint));
}

void TokenCursor::fail(SourceRange range, std::string message, std::string hint) {
  const Token& found = peek();
  if (found.wrapped_indent != 0 && found.range.begin == range.begin) {
    hint =
        "this line is indented by " + std::to_string(found.wrapped_indent) +
        " columns, no multiple of four, so it continues the line before; blocks are indented by four spaces or a tab";
  }
  diagnostics_.error(range, std::move(message), std::move(hint));
  throw SyntaxFailure{};
}

TokenCursor::Level::Level(TokenCursor& cursor) : cursor_(cursor) {
  if (++cursor_.depth_ > cursor_.limits_.nesting_max) {
    --cursor_.depth_;  // the destructor of an object that was never made does not run
    cursor_.fail(cursor_.peek().range,
                 "parts are nested more than " + std::to_string(cursor_.limits_.nesting_max) + " levels deep here",
                 "give inner parts names of their own");
  }
}

}  // namespace tradeassist::pine
