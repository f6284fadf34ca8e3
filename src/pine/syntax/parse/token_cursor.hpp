#pragma once

#include <string>

#include "pine/syntax/lex/lexer.hpp"
#include "pine/syntax/parser.hpp"

namespace tradeassist::pine {

/// Unwinds from the place of a syntax error to the statement that holds it. The error has been reported.
struct SyntaxFailure {};

/// A position in the token list, with the errors that expecting a token gives. The parser's expressions and statements
/// share one.
class TokenCursor {
 public:
  TokenCursor(const Source& source, std::vector<Token> tokens, Diagnostics& diagnostics, const SyntaxLimits& limits)
      : source_(source), tokens_(std::move(tokens)), diagnostics_(diagnostics), limits_(limits) {}

  const Token& peek(std::size_t ahead = 0) const {
    const std::size_t at = at_ + ahead;
    return tokens_[at < tokens_.size() ? at : tokens_.size() - 1];
  }
  bool at(TokenKind kind) const { return peek().kind == kind; }
  bool at_word(std::string_view word) const { return at(TokenKind::kName) && text(peek()) == word; }
  const Token& next() {
    const Token& token = tokens_[at_];
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
  }
  bool accept(TokenKind kind) {
    if (!at(kind)) return false;
    next();
    return true;
  }
  bool accept_word(std::string_view word) {
    if (!at_word(word)) return false;
    next();
    return true;
  }
  /// The token, or an error "expected … `what_for`, found …" and SyntaxFailure.
  const Token& expect(TokenKind kind, std::string_view what_for, std::string hint = {});
  void expect_word(std::string_view word, std::string_view what_for, std::string hint = {});
  [[noreturn]] void fail(SourceRange range, std::string message, std::string hint = {});

  std::string_view text(const Token& token) const { return source_.slice(token.range); }
  std::uint32_t previous_end() const { return at_ == 0 ? 0 : tokens_[at_ - 1].range.end; }
  SourceRange from(std::uint32_t begin) const { return {begin, std::max(begin, previous_end())}; }

  std::size_t position() const { return at_; }
  void rewind(std::size_t position) { at_ = position; }

  /// Notes a part of the text that an error keeps out of the tree.
  void leave_unread(SourceRange range) { unread_.push_back(range); }
  std::vector<SourceRange> take_unread() { return std::move(unread_); }

  const Source& source() const { return source_; }
  Diagnostics& diagnostics() { return diagnostics_; }
  const SyntaxLimits& limits() const { return limits_; }

  /// Counts one level of nesting for as long as it lives; beyond the limit, an error.
  class Level {
   public:
    explicit Level(TokenCursor& cursor);
    ~Level() { --cursor_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    TokenCursor& cursor_;
  };

 private:
  const Source& source_;
  std::vector<Token> tokens_;
  Diagnostics& diagnostics_;
  SyntaxLimits limits_;
  std::vector<SourceRange> unread_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace tradeassist::pine
