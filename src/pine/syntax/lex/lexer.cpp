#include "pine/syntax/lex/lexer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/utf8.hpp"
#include "pine/syntax/lex/spellings.hpp"
#include "pine/syntax/lex/utf8.hpp"

namespace tradeassist::pine {
namespace {

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name(char c) { return is_name_start(c) || is_digit(c); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// Blanks beyond ASCII: no-break space, the spaces of typesetting (U+2000 to U+200A), of U+1680, U+202F, U+205F and of
/// Asian scripts.
constexpr std::array<std::string_view, 16> kBlanks = {"\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
                                                      "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009",
                                                      "\u200a", "\u202f", "\u205f", "\u3000"};

/// True for what an editor does not show at all: zero-width spaces and joiners, and a byte order mark amid the text.
bool is_invisible(std::string_view character) {
  constexpr std::array<std::string_view, 5> kInvisible = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"};
  return std::ranges::find(kInvisible, character) != kInvisible.end();
}

TokenKind closer_of(TokenKind opener) {
  return opener == TokenKind::kLeftParen ? TokenKind::kRightParen : TokenKind::kRightBracket;
}

/// True when a value may end with this token, so that another value cannot follow it.
bool ends_value(TokenKind kind) {
  switch (kind) {
    case TokenKind::kName:
    case TokenKind::kInteger:
    case TokenKind::kFloat:
    case TokenKind::kString:
    case TokenKind::kColor:
    case TokenKind::kRightParen:
    case TokenKind::kRightBracket:
    case TokenKind::kTrue:
    case TokenKind::kFalse: return true;
    default: return false;
  }
}

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
    case TokenKind::kGreater:
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
    close_brackets(0);
    end_logical_line();
    push(TokenKind::kEnd, at_);
    return std::move(tokens_);
  }

 private:
  void line() {
    std::uint32_t column = 0;
    while (at_ < text_.size()) {
      const std::size_t blank = blank_length();
      if (blank == 0) break;
      column += text_[at_] == '\t' ? 4 : is_invisible(text_.substr(at_, blank)) ? 0 : 1;
      at_ += blank;
    }
    if (at_end_of_line()) {
      skip_line_end();
      return;
    }
    if (!brackets_.empty() && column <= indent_ && starts_statement()) close_brackets(0);
    const TokenKind last = last_kind();
    const bool by_indent = in_statement_ && brackets_.empty() && column % 4 != 0;
    const bool continues = in_statement_ && (!brackets_.empty() || by_indent || expects_more(last) ||
                                             (column > 0 && starts_with_binary_operator()));
    if (by_indent) next_wrapped_indent_ = column;
    if (!continues) {
      end_logical_line();
      next_is_first_ = true;
      indent_ = column;
    }
    in_statement_ = true;
    while (at_ < text_.size() && text_[at_] != '\n' && !overflow_) {
      if (const std::size_t blank = blank_length(); blank > 0) {
        at_ += blank;
      } else if (text_.substr(at_, 2) == "//") {
        comment();
      } else {
        token();
      }
    }
    skip_line_end();
  }

  /// Bytes of the blank at the cursor: those of ASCII, and what text copied from pages and chats has in their place.
  std::size_t blank_length() const {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v') return 1;
    for (const std::string_view blank : kBlanks) {
      if (text_.substr(at_, blank.size()) == blank) return blank.size();
    }
    return is_invisible(text_.substr(at_, 3)) ? 3 : 0;
  }

  TokenKind last_kind() const { return tokens_.list.empty() ? TokenKind::kNewline : tokens_.list.back().kind; }

  /// Inside open brackets: true when this line cannot go on with them, so that a bracket must be missing before it.
  bool starts_statement() const {
    std::size_t i = at_;
    while (i < text_.size() && is_name(text_[i])) ++i;
    const std::string_view word = text_.substr(at_, i - at_);
    for (const std::string_view keyword :
         {"if", "for", "while", "switch", "var", "varip", "else", "break", "continue"}) {
      if (word == keyword) return true;
    }
    if (word.empty() || !is_name_start(word[0]) || word == "and" || word == "or") return false;
    if (ends_value(last_kind())) return true;
    while (i < text_.size() && (text_[i] == ' ' || text_[i] == '\t')) ++i;
    return text_.substr(i, 2) == ":=" || text_.substr(i, 2) == "+=" || text_.substr(i, 2) == "-=";
  }

  /// Closes here the brackets that are open beyond `keep`, and reports the outermost of them.
  void close_brackets(std::size_t keep) {
    if (brackets_.size() <= keep) return;
    const Bracket outermost = brackets_[keep];
    const std::size_t inside = brackets_.size() - keep - 1;
    diagnostics_.error(outermost.range,
                       "`" + std::string(describe(outermost.kind)) + "` is never closed" +
                           (inside == 0 ? "" : ", nor are " + std::to_string(inside) + " brackets inside it"),
                       "put `" + std::string(describe(closer_of(outermost.kind))) + "` at the end of what it holds");
    for (; brackets_.size() > keep; brackets_.pop_back()) {
      tokens_.list.push_back({closer_of(brackets_.back().kind), false, {previous_end(), previous_end()}, 0, 0});
    }
  }

  std::uint32_t previous_end() const { return tokens_.list.empty() ? 0 : tokens_.list.back().range.end; }

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
    std::size_t text_end = end;
    while (std::string_view(" \t\r\f\v").find(text_[text_end - 1]) != std::string_view::npos) --text_end;
    tokens_.comments.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(text_end)});
    at_ = end;
  }

  /// `//@version=6`, with more slashes, blanks around `@`, `version` and `=`, and capitals tolerated.
  void version_annotation(std::string_view comment, std::size_t begin) {
    if (tokens_.version_range.end != 0) return;
    std::size_t i = std::min(comment.find_first_not_of('/'), comment.size());
    const auto blanks = [&] {
      while (i < comment.size() && (comment[i] == ' ' || comment[i] == '\t')) ++i;
    };
    const auto word = [&](std::string_view expected) {
      blanks();
      for (const char c : expected) {
        if (i >= comment.size() || (comment[i] | 0x20) != (c | 0x20)) return false;
        ++i;
      }
      return true;
    };
    if (!word("@") || !word("version") || !word("=")) return;
    blanks();
    int version = 0;
    const auto [end, error] = std::from_chars(comment.data() + i, comment.data() + comment.size(), version);
    if (error != std::errc()) return;
    tokens_.version = version;
    tokens_.version_range = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - text_.data())};
  }

  void token() {
    const std::size_t begin = at_;
    const char c = text_[at_];
    if (is_name(c) && after_import()) return publisher();
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
    if (block_comment() || increment()) return;
    for (const Foreign& candidate : kForeignOperators) {
      if (text_.substr(at_).starts_with(candidate.text)) return foreign(candidate);
    }
    for (const Operator& candidate : kOperators) {
      if (candidate.text.empty() || !text_.substr(at_).starts_with(candidate.text)) continue;
      at_ += candidate.text.size();
      return push(candidate.kind, begin);
    }
    foreign_character();
  }

  /// True when the token before is the `import` that begins a line.
  bool after_import() const {
    if (tokens_.list.empty() || next_is_first_) return false;
    const Token& last = tokens_.list.back();
    return last.first_on_line && text_.substr(last.range.begin, last.range.end - last.range.begin) == "import";
  }

  /// The name of a publisher, which may begin with a digit and hold hyphens; of anything else, the name as usual.
  void publisher() {
    const std::size_t begin = at_;
    std::size_t end = at_;
    while (end < text_.size() && (is_name(text_[end]) || text_[end] == '-')) ++end;
    const std::size_t slash = std::min(text_.find_first_not_of(" \t", end), text_.size());
    if (slash < text_.size() && text_[slash] == '/') {
      at_ = end;
    } else if (is_digit(text_[at_])) {
      return number();
    } else {
      while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    }
    const std::string_view word = text_.substr(begin, at_ - begin);
    const auto* keyword = std::ranges::find(kKeywords, word, [](const auto& entry) { return entry.first; });
    push(keyword == kKeywords.end() ? TokenKind::kName : keyword->second, begin);
  }

  void number() {
    const std::size_t begin = at_;
    TokenKind kind = TokenKind::kInteger;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    if (at_ < text_.size() && text_[at_] == '.' &&
        !(at_ + 1 < text_.size() && is_name_start(text_[at_ + 1]) && text_[at_ + 1] != 'e' && text_[at_ + 1] != 'E')) {
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
      diagnostics_.error(
          range(begin), "`" + std::string(text_.substr(begin, at_ - begin)) + "` is neither a number nor a name",
          "a name starts with a letter or an underscore; a number has digits, one point and an exponent");
    } else if (double value = 0;
               std::from_chars(text_.data() + begin, text_.data() + at_, value).ec == std::errc::result_out_of_range &&
               text_.substr(begin, at_ - begin).find('-') == std::string_view::npos) {
      diagnostics_.error(range(begin), "this number is too large", "the largest is about 1.8e308");
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
    if (!good && digits.empty()) {
      at_ = std::min(text_.find('\n', at_), text_.size());
      diagnostics_.error({range(begin).begin, range(begin).begin + 1}, "`#` begins a colour, not a comment",
                         "begin a comment with `//`");
      return;
    }
    if (!good)
      diagnostics_.error(range(begin), "a colour is # and six or eight hexadecimal digits", "for example #2962FF");
    push(TokenKind::kColor, begin);
  }

  void foreign(const Foreign& spelling) {
    const std::size_t begin = at_;
    at_ += spelling.text.size();
    diagnostics_.error(range(begin), "`" + std::string(spelling.text) + "` is not part of Pine",
                       std::string(spelling.hint));
    if (spelling.meant != TokenKind::kEnd) push(spelling.meant, begin);
  }

  /// `/* … */`, which may span lines; false when none begins here.
  bool block_comment() {
    if (text_.substr(at_, 2) != "/*") return false;
    const std::size_t begin = at_;
    const std::size_t end = text_.find("*/", at_ + 2);
    at_ = end == std::string_view::npos ? text_.size() : end + 2;
    diagnostics_.error({range(begin).begin, range(begin).begin + 2}, "Pine has no block comments",
                       "begin each line of the comment with `//`");
    return true;
  }

  /// `i++` and `i--`; `a ++b` and `a - -b` are sums, so only where no value follows.
  bool increment() {
    const std::string_view both = text_.substr(at_, 2);
    if ((both != "++" && both != "--") || !ends_value(last_kind())) return false;
    std::size_t i = at_ + 2;
    while (i < text_.size() && (text_[i] == ' ' || text_[i] == '\t' || text_[i] == '\r')) ++i;
    const bool value_follows = i < text_.size() &&
                               std::string_view("\n,)];").find(text_[i]) == std::string_view::npos &&
                               text_.substr(i, 2) != "//";
    if (value_follows) return false;
    const std::size_t begin = at_;
    at_ += 2;
    diagnostics_.error(range(begin), "`" + std::string(both) + "` is not part of Pine",
                       both == "++" ? "write `x += 1`" : "write `x -= 1`");
    return true;
  }

  void foreign_character() {
    const std::size_t begin = at_;
    for (const Foreign& candidate : kForeignCharacters) {
      if (text_.substr(at_).starts_with(candidate.text)) return foreign(candidate);
    }
    if (curly_string()) return;
    at_ += std::max<std::size_t>(1, base::utf8_character_size(text_.substr(at_, 4)));
    const std::string_view character = text_.substr(begin, at_ - begin);
    const bool invisible =
        static_cast<unsigned char>(character[0]) < 0x21 || character[0] == 0x7f || character.starts_with("\xe2\x80");
    diagnostics_.error(range(begin),
                       invisible ? "the invisible character " + code_point_name(character) + " stands here"
                                 : "the character `" + printable(character) + "` is not part of Pine",
                       invisible ? "delete it; it often comes with text copied from a web page"
                       : character.size() > 1
                           ? "names have the letters a to z, digits and `_`; other characters stand in "
                             "strings and comments"
                           : "");
  }

  /// A string in the quotes that word processors make, read to its end as a string; false when none begins here.
  bool curly_string() {
    constexpr std::array<std::string_view, 4> kQuotes = {"“", "”", "‘", "’"};
    const auto is_quote = [&](std::size_t i) {
      return std::ranges::find(kQuotes, text_.substr(i, 3)) != kQuotes.end();
    };
    if (!is_quote(at_)) return false;
    const std::size_t begin = at_;
    for (at_ += 3; at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '"' && !is_quote(at_);) ++at_;
    if (at_ < text_.size() && text_[at_] != '\n') at_ += text_[at_] == '"' ? 1 : 3;
    diagnostics_.error({range(begin).begin, range(begin).begin + 3},
                       "the character `" + std::string(text_.substr(begin, 3)) + "` is not part of Pine",
                       "write straight quotes: \" or '");
    push(TokenKind::kString, begin);
    return true;
  }

  void push(TokenKind kind, std::size_t begin) {
    if (tokens_.list.size() >= tokens_max_ && kind != TokenKind::kNewline && kind != TokenKind::kEnd) {
      if (!overflow_)
        diagnostics_.error(range(begin), "the script has more than " + std::to_string(tokens_max_) + " tokens");
      overflow_ = true;
      return;
    }
    if (kind == TokenKind::kRightParen || kind == TokenKind::kRightBracket) {
      if (!close(kind, begin)) return;
    } else if (kind == TokenKind::kLeftParen || kind == TokenKind::kLeftBracket) {
      brackets_.push_back({kind, range(begin)});
    }
    Token made{kind, false, range(begin), 0, 0};
    if (kind != TokenKind::kNewline && kind != TokenKind::kEnd) {
      made.wrapped_indent = std::exchange(next_wrapped_indent_, 0);
      if (std::exchange(next_is_first_, false)) {
        made.indent = indent_;
        made.first_on_line = true;
      }
    }
    tokens_.list.push_back(made);
  }

  /// Takes the bracket that `kind` closes from those that are open, and those left open inside it. False when it closes
  /// nothing.
  bool close(TokenKind kind, std::size_t begin) {
    for (std::size_t i = brackets_.size(); i > 0; --i) {
      if (closer_of(brackets_[i - 1].kind) != kind) continue;
      close_brackets(i);
      brackets_.pop_back();
      return true;
    }
    diagnostics_.error(range(begin), "`" + std::string(describe(kind)) + "` closes nothing",
                       "delete it, or open what it closes");
    return false;
  }

  SourceRange range(std::size_t begin) const {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(std::max(at_, begin))};
  }

  std::string_view text_;
  Diagnostics& diagnostics_;
  std::size_t tokens_max_;
  std::size_t at_ = 0;
  Tokens tokens_;
  struct Bracket {
    TokenKind kind;
    SourceRange range;
  };
  std::vector<Bracket> brackets_;
  bool in_statement_ = false;
  bool next_is_first_ = false;
  std::uint32_t indent_ = 0;
  std::uint32_t next_wrapped_indent_ = 0;
  bool overflow_ = false;
};

}  // namespace

Tokens tokenize(const Source& source, Diagnostics& diagnostics, std::size_t tokens_max) {
  return Lexer(source, diagnostics, tokens_max).run();
}

}  // namespace tradeassist::pine
