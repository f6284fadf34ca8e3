#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pine/syntax/source.hpp"

namespace tradeassist::pine {

enum class TokenKind : std::uint8_t {
  kEnd,
  kNewline,  // end of a logical line; blank and comment lines give none
  kName,
  kInteger,
  kFloat,
  kString,
  kColor,
  // Punctuation and operators.
  kLeftParen,
  kRightParen,
  kLeftBracket,
  kRightBracket,
  kComma,
  kDot,
  kQuestion,
  kColon,
  kAssign,    // =
  kReassign,  // :=
  kArrow,     // =>
  kPlusAssign,
  kMinusAssign,
  kStarAssign,
  kSlashAssign,
  kPercentAssign,
  kPlus,
  kMinus,
  kStar,
  kSlash,
  kPercent,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kEqual,
  kNotEqual,
  // Reserved words.
  kAnd,
  kOr,
  kNot,
  kIf,
  kElse,
  kFor,
  kWhile,
  kSwitch,
  kVar,
  kVarip,
  kTrue,
  kFalse,
  kBreak,
  kContinue,
};

/// `indent` is the column (tabs count 4) of the first token of a logical line, else 0. `wrapped_indent` is that of the
/// first token of a physical line which continues the line before because of its indentation, else 0.
struct Token {
  TokenKind kind = TokenKind::kEnd;
  bool first_on_line = false;
  SourceRange range;
  std::uint32_t indent = 0;
  std::uint32_t wrapped_indent = 0;
};

struct Tokens {
  std::vector<Token> list;            // ends with kEnd
  std::vector<SourceRange> comments;  // `// …` without the end of its line, in source order
  int version = 1;
  SourceRange version_range;
};

/// Cuts the text into tokens and physical lines into logical ones: a line continues the previous one inside open
/// brackets, when its indentation is no multiple of four, and after a token that cannot end a statement. Words that
/// are only sometimes keywords (type, enum, method, export, import, const, to, by, in, …) are names here. Brackets in
/// the result are always balanced: what is missing is reported and put in (as an empty token), what is too much is left
/// out.
Tokens tokenize(const Source& source, Diagnostics& diagnostics, std::size_t tokens_max);

/// A number token's value; a string token's text with its escapes resolved; a colour token's 0xRRGGBBAA.
double number_value(std::string_view text);
std::string string_value(std::string_view text);
std::uint32_t color_value(std::string_view text);

/// "`=>`", "the name `x`", "end of line": a token as an error message calls it.
std::string describe(const Source& source, const Token& token);
std::string_view describe(TokenKind kind);

}  // namespace tradeassist::pine
