#include <charconv>

#include "pine/syntax/lex/lexer.hpp"
#include "pine/syntax/lex/spellings.hpp"

namespace tradeassist::pine {

double number_value(std::string_view text) {
  double value = 0;
  // from_chars wants a digit before the point's fraction to be present or absent alike; ".5" and "1." both read.
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string string_value(std::string_view text) {
  std::string value;
  if (text.size() < 2) return value;
  const bool closed = text.back() == text.front();
  text = text.substr(1, text.size() - (closed ? 2 : 1));
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      value += text[i];
      continue;
    }
    const char escaped = text[++i];
    value += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
  }
  return value;
}

std::uint32_t color_value(std::string_view text) {
  std::uint32_t value = 0;
  text.remove_prefix(1);
  std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return text.size() == 6 ? value << 8 | 0xff : value;
}

std::string_view describe(TokenKind kind) {
  switch (kind) {
    case TokenKind::kEnd: return "end of file";
    case TokenKind::kNewline: return "end of line";
    case TokenKind::kName: return "a name";
    case TokenKind::kInteger:
    case TokenKind::kFloat: return "a number";
    case TokenKind::kString: return "a string";
    case TokenKind::kColor: return "a colour";
    default: break;
  }
  for (const Operator& candidate : kOperators) {
    if (candidate.kind == kind && !candidate.text.empty()) return candidate.text;
  }
  for (const auto& [text, keyword] : kKeywords) {
    if (keyword == kind) return text;
  }
  return "a token";
}

std::string describe(const Source& source, const Token& token) {
  switch (token.kind) {
    case TokenKind::kEnd:
    case TokenKind::kNewline: return std::string(describe(token.kind));
    case TokenKind::kString: return "a string";
    default: return "`" + std::string(source.slice(token.range).substr(0, 40)) + "`";
  }
}

}  // namespace tradeassist::pine
