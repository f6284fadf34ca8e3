#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "pine/syntax/lex/lexer.hpp"

/// How tokens are spelled, and what people write who come from other languages.
namespace tradeassist::pine {

inline constexpr std::array<std::pair<std::string_view, TokenKind>, 14> kKeywords = {{
    {"and", TokenKind::kAnd},
    {"or", TokenKind::kOr},
    {"not", TokenKind::kNot},
    {"if", TokenKind::kIf},
    {"else", TokenKind::kElse},
    {"for", TokenKind::kFor},
    {"while", TokenKind::kWhile},
    {"switch", TokenKind::kSwitch},
    {"var", TokenKind::kVar},
    {"varip", TokenKind::kVarip},
    {"true", TokenKind::kTrue},
    {"false", TokenKind::kFalse},
    {"break", TokenKind::kBreak},
    {"continue", TokenKind::kContinue},
}};

struct Operator {
  std::string_view text;
  TokenKind kind;
};
// Longer spellings before their prefixes.
inline constexpr std::array<Operator, 27> kOperators = {{
    {":=", TokenKind::kReassign},
    {"=>", TokenKind::kArrow},
    {"==", TokenKind::kEqual},
    {"!=", TokenKind::kNotEqual},
    {"<=", TokenKind::kLessEqual},
    {">=", TokenKind::kGreaterEqual},
    {"+=", TokenKind::kPlusAssign},
    {"-=", TokenKind::kMinusAssign},
    {"*=", TokenKind::kStarAssign},
    {"/=", TokenKind::kSlashAssign},
    {"%=", TokenKind::kPercentAssign},
    {"(", TokenKind::kLeftParen},
    {")", TokenKind::kRightParen},
    {"[", TokenKind::kLeftBracket},
    {"]", TokenKind::kRightBracket},
    {",", TokenKind::kComma},
    {".", TokenKind::kDot},
    {"?", TokenKind::kQuestion},
    {":", TokenKind::kColon},
    {"=", TokenKind::kAssign},
    {"+", TokenKind::kPlus},
    {"-", TokenKind::kMinus},
    {"*", TokenKind::kStar},
    {"/", TokenKind::kSlash},
    {"%", TokenKind::kPercent},
    {"<", TokenKind::kLess},
    {">", TokenKind::kGreater},
}};

/// What other languages write, what Pine writes instead, and what to read it as (kEnd: nothing).
struct Foreign {
  std::string_view text, hint;
  TokenKind meant = TokenKind::kEnd;
};
inline constexpr std::array<Foreign, 8> kForeignOperators = {{
    {"===", "compare with `==`", TokenKind::kEqual},
    {"!==", "compare with `!=`", TokenKind::kNotEqual},
    {"<>", "compare with `!=`", TokenKind::kNotEqual},
    {"&&", "write `and`", TokenKind::kAnd},
    {"||", "write `or`", TokenKind::kOr},
    {"**", "write `math.pow(base, exponent)`", TokenKind::kStar},
    {"->", "write `=>`", TokenKind::kArrow},
    {"==>", "write `=>`", TokenKind::kArrow},
}};
inline constexpr std::array<Foreign, 9> kForeignCharacters = {{
    {"&", "write `and`", TokenKind::kAnd},
    {"|", "write `or`", TokenKind::kOr},
    {"!", "write `not`", TokenKind::kNot},
    {"^", "write `math.pow(base, exponent)`", TokenKind::kStar},
    {"~", "Pine has no operators on bits"},
    {";", "a statement ends with its line; several on one line are separated by `,`"},
    {"{", "blocks are made by indentation, four spaces or a tab"},
    {"}", "blocks are made by indentation, four spaces or a tab"},
    {"\\", "lines are continued by indenting the next one by other than a multiple of four spaces"},
}};

}  // namespace tradeassist::pine
