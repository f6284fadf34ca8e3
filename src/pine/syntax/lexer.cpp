#include "pine/syntax/lexer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace tradeassist::pine {
namespace {

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name(char c) { return is_name_start(c) || is_digit(c); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

constexpr std::array<std::pair<std::string_view, TokenKind>, 17> kKeywords = {{
    {"and", TokenKind::kAnd},       {"or", TokenKind::kOr},         {"not", TokenKind::kNot},
    {"if", TokenKind::kIf},         {"else", TokenKind::kElse},     {"for", TokenKind::kFor},
    {"to", TokenKind::kTo},         {"by", TokenKind::kBy},         {"in", TokenKind::kIn},
    {"while", TokenKind::kWhile},   {"switch", TokenKind::kSwitch}, {"var", TokenKind::kVar},
    {"varip", TokenKind::kVarip},   {"true", TokenKind::kTrue},     {"false", TokenKind::kFalse},
    {"break", TokenKind::kBreak},   {"continue", TokenKind::kContinue},
}};

struct Operator {
  std::string_view text;
  TokenKind kind;
};
// Longer spellings before their prefixes.
constexpr std::array<Operator, 27> kOperators = {{
    {":=", TokenKind::kReassign},     {"=>", TokenKind::kArrow},         {"==", TokenKind::kEqual},
    {"!=", TokenKind::kNotEqual},     {"<=", TokenKind::kLessEqual},     {">=", TokenKind::kGreaterEqual},
    {"+=", TokenKind::kPlusAssign},   {"-=", TokenKind::kMinusAssign},   {"*=", TokenKind::kStarAssign},
    {"/=", TokenKind::kSlashAssign},  {"%=", TokenKind::kPercentAssign}, {"(", TokenKind::kLeftParen},
    {")", TokenKind::kRightParen},    {"[", TokenKind::kLeftBracket},    {"]", TokenKind::kRightBracket},
    {",", TokenKind::kComma},         {".", TokenKind::kDot},            {"?", TokenKind::kQuestion},
    {":", TokenKind::kColon},         {"=", TokenKind::kAssign},         {"+", TokenKind::kPlus},
    {"-", TokenKind::kMinus},         {"*", TokenKind::kStar},           {"/", TokenKind::kSlash},
    {"%", TokenKind::kPercent},       {"<", TokenKind::kLess},           {">", TokenKind::kGreater},
}};

/// What other languages write, and what Pine writes instead.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kForeign = {{
    {"&&", "write `and`"},
    {"||", "write `or`"},
    {"&", "write `and`"},
    {"|", "write `or`"},
    {"!", "write `not`"},
    {";", "a statement ends with its line; several on one line are separated by `,`"},
    {"{", "blocks are made by indentation, four spaces or a tab"},
    {"}", "blocks are made by indentation, four spaces or a tab"},
    {"\\", "lines are continued by indenting the next one by other than a multiple of four spaces"},
}};

/// True when a statement cannot end with this token, so the next line continues it.
bool expects_more(TokenKind kind) {
  switch (kind) {
    case TokenKind::kComma:
    case TokenKind::kQuestion:
    case TokenKind::kColon:
    case TokenKind::kAssign:
    case TokenKind::kReassign:
    case TokenKind::kPlusAssign:
    case TokenKind::kMinusAssign:
    case TokenKind::kStarAssign:
    case TokenKind::kSlashAssign:
    case TokenKind::kPercentAssign:
    case TokenKind::kPlus:
    case TokenKind::kMinus:
    case TokenKind::kStar:
    case TokenKind::kSlash:
    case TokenKind::kPercent:
    case TokenKind::kLess:
    case TokenKind::kLessEqual:
    case TokenKind::kGreaterEqual:
    case TokenKind::kEqual:
    case TokenKind::kNotEqual:
    case TokenKind::kAnd:
    case TokenKind::kOr:
    case TokenKind::kNot:
    case TokenKind::kDot: return true;
    default: return false;
  }
}

class Lexer {
 public:
  Lexer(const Source& source, Diagnostics& diagnostics, std::size_t tokens_max)
      : text_(source.text()), diagnostics_(diagnostics), tokens_max_(tokens_max) {}

  Tokens run() {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
    while (at_ < text_.size() && !overflow_) line();
    if (!brackets_.empty()) {
      diagnostics_.error(brackets_.back(), "this bracket is never closed");
    }
    end_logical_line();
    push(TokenKind::kEnd, at_);
    return std::move(tokens_);
  }

 private:
  void line() {
    std::uint32_t column = 0;
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) column += text_[at_++] == '\t' ? 4 : 1;
    if (at_end_of_line()) {
      skip_line_end();
      return;
    }
    const TokenKind last = tokens_.list.empty() ? TokenKind::kNewline : tokens_.list.back().kind;
    const bool continues = in_statement_ && (!brackets_.empty() || column % 4 != 0 || expects_more(last) ||
                                             (column > 0 && starts_with_binary_operator()));
    if (!continues) {
      end_logical_line();
      next_is_first_ = true;
      indent_ = column;
    }
    in_statement_ = true;
    while (at_ < text_.size() && text_[at_] != '\n' && !overflow_) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || text_.substr(at_, 2) == "\xc2\xa0") {
        at_ += c == '\xc2' ? 2 : 1;
      } else if (text_.substr(at_, 2) == "//") {
        comment();
      } else {
        token();
      }
    }
    skip_line_end();
  }

  /// No statement starts so: the line can only go on with the one before. (`=>` starts a switch's default arm.)
  bool starts_with_binary_operator() const {
    const std::string_view rest = text_.substr(at_);
    for (const std::string_view word : {"and", "or"}) {
      if (rest.starts_with(word) && (rest.size() == word.size() || !is_name(rest[word.size()]))) return true;
    }
    if (rest.starts_with("=>")) return false;
    return std::string_view("?:*/%<>=!,)]").find(rest.front()) != std::string_view::npos;
  }

  bool at_end_of_line() {
    if (at_ < text_.size() && text_.substr(at_, 2) == "//") {
      comment();
      return true;
    }
    return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r';
  }

  void skip_line_end() {
    const std::size_t end = text_.find('\n', at_);
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
  }

  void end_logical_line() {
    if (!in_statement_) return;
    push(TokenKind::kNewline, at_);
    in_statement_ = false;
  }

  void comment() {
    const std::size_t begin = at_;
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    version_annotation(text_.substr(begin, end - begin), begin);
    at_ = end;
  }

  /// `//@version=6`, with blanks tolerated around `@`, `version` and `=`.
  void version_annotation(std::string_view comment, std::size_t begin) {
    if (tokens_.version_range.end != 0) return;
    std::size_t i = 2;
    const auto blanks = [&] {
      while (i < comment.size() && (comment[i] == ' ' || comment[i] == '\t')) ++i;
    };
    const auto word = [&](std::string_view expected) {
      blanks();
      if (comment.substr(i, expected.size()) != expected) return false;
      i += expected.size();
      return true;
    };
    if (!word("@") || !word("version") || !word("=")) return;
    blanks();
    int version = 0;
    const auto [end, error] = std::from_chars(comment.data() + i, comment.data() + comment.size(), version);
    if (error != std::errc()) return;
    tokens_.version = version;
    tokens_.version_range = {static_cast<std::uint32_t>(begin),
                             static_cast<std::uint32_t>(end - text_.data())};
  }

  void token() {
    const std::size_t begin = at_;
    const char c = text_[at_];
    if (is_name_start(c)) {
      while (at_ < text_.size() && is_name(text_[at_])) ++at_;
      const std::string_view word = text_.substr(begin, at_ - begin);
      for (const auto& [text, kind] : kKeywords) {
        if (text == word) return push(kind, begin);
      }
      return push(TokenKind::kName, begin);
    }
    if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) return number();
    if (c == '"' || c == '\'') return string(c);
    if (c == '#') return color();
    for (const Operator& candidate : kOperators) {
      if (candidate.text.empty() || !text_.substr(at_).starts_with(candidate.text)) continue;
      at_ += candidate.text.size();
      return push(candidate.kind, begin);
    }
    foreign_character();
  }

  void number() {
    const std::size_t begin = at_;
    TokenKind kind = TokenKind::kInteger;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    if (at_ < text_.size() && text_[at_] == '.' && !(at_ + 1 < text_.size() && is_name_start(text_[at_ + 1]) &&
                                                     text_[at_ + 1] != 'e' && text_[at_ + 1] != 'E')) {
      kind = TokenKind::kFloat;
      ++at_;
      while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      std::size_t exponent = at_ + 1;
      if (exponent < text_.size() && (text_[exponent] == '+' || text_[exponent] == '-')) ++exponent;
      if (exponent < text_.size() && is_digit(text_[exponent])) {
        kind = TokenKind::kFloat;
        at_ = exponent;
        while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
      }
    }
    if (at_ < text_.size() && is_name_start(text_[at_])) {
      while (at_ < text_.size() && is_name(text_[at_])) ++at_;
      diagnostics_.error(range(begin), "`" + std::string(text_.substr(begin, at_ - begin)) + "` is neither a number nor a name",
                         "a name starts with a letter or an underscore");
    }
    push(kind, begin);
  }

  void string(char quote) {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') {
      at_ += text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n' ? 2 : 1;
    }
    if (at_ >= text_.size() || text_[at_] == '\n') {
      diagnostics_.error(range(begin), "the string does not end on its line",
                         std::string("close it with ") + quote + "; `\\n` puts a line break into a string");
    } else {
      ++at_;
    }
    push(TokenKind::kString, begin);
  }

  void color() {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    const std::string_view digits = text_.substr(begin + 1, at_ - begin - 1);
    bool good = digits.size() == 6 || digits.size() == 8;
    for (const char c : digits) good = good && is_hex(c);
    if (!good) diagnostics_.error(range(begin), "a colour is # and six or eight hexadecimal digits", "for example #2962FF");
    push(TokenKind::kColor, begin);
  }

  void foreign_character() {
    const std::size_t begin = at_;
    for (const auto& [spelling, hint] : kForeign) {
      if (!text_.substr(at_).starts_with(spelling)) continue;
      at_ += spelling.size();
      diagnostics_.error(range(begin), "`" + std::string(spelling) + "` is not part of Pine", std::string(hint));
      return;
    }
    ++at_;
    while (at_ < text_.size() && (static_cast<unsigned char>(text_[at_]) & 0xc0) == 0x80) ++at_;
    const std::string_view character = text_.substr(begin, at_ - begin);
    const bool curly_quote = character == "“" || character == "”" || character == "‘" || character == "’";
    diagnostics_.error(range(begin), static_cast<unsigned char>(character[0]) < 0x20
                                         ? "a control character stands here"
                                         : "the character `" + std::string(character) + "` is not part of Pine",
                       curly_quote ? "write straight quotes: \" or '" : "");
  }

  void push(TokenKind kind, std::size_t begin) {
    if (tokens_.list.size() >= tokens_max_) {
      if (!overflow_) diagnostics_.error(range(begin), "the script has more than " + std::to_string(tokens_max_) + " tokens");
      overflow_ = true;
      if (kind != TokenKind::kEnd) return;
    }
    Token made{kind, range(begin), 0, false};
    if (next_is_first_ && kind != TokenKind::kNewline && kind != TokenKind::kEnd) {
      made.indent = indent_;
      made.first_on_line = true;
      next_is_first_ = false;
    }
    if (kind == TokenKind::kLeftParen || kind == TokenKind::kLeftBracket) {
      brackets_.push_back(made.range);
    } else if ((kind == TokenKind::kRightParen || kind == TokenKind::kRightBracket) && !brackets_.empty()) {
      brackets_.pop_back();
    }
    tokens_.list.push_back(made);
  }

  SourceRange range(std::size_t begin) const {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(std::max(at_, begin))};
  }

  std::string_view text_;
  Diagnostics& diagnostics_;
  std::size_t tokens_max_;
  std::size_t at_ = 0;
  Tokens tokens_;
  std::vector<SourceRange> brackets_;
  bool in_statement_ = false;
  bool next_is_first_ = false;
  std::uint32_t indent_ = 0;
  bool overflow_ = false;
};

}  // namespace

Tokens tokenize(const Source& source, Diagnostics& diagnostics, std::size_t tokens_max) {
  return Lexer(source, diagnostics, tokens_max).run();
}

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
