#include "pine/syntax/formatter.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "pine/syntax/lex/lexer.hpp"
#include "pine/syntax/parser.hpp"

namespace tradeassist::pine {
namespace {

constexpr std::size_t kBlockIndent = 4;

/// A token or a comment, and where it is put.
struct Piece {
  Token token;
  bool is_comment = false;
  std::size_t block = 0;     // of its logical line: how many blocks it stands in
  std::size_t brackets = 0;  // open before it
  bool unary = false;        // a sign, not a sum
  bool generic = false;      // `<` or `>` around type arguments
  bool word = false;         // a name that acts as a keyword: `to` of a loop
  bool compact = false;      // a slash of an import
};

bool ends_value(const Piece& piece) {
  switch (piece.token.kind) {
    case TokenKind::kName: return !piece.word;
    case TokenKind::kInteger:
    case TokenKind::kFloat:
    case TokenKind::kString:
    case TokenKind::kColor:
    case TokenKind::kRightParen:
    case TokenKind::kRightBracket:
    case TokenKind::kTrue:
    case TokenKind::kFalse: return true;
    default: return piece.generic;
  }
}

class Formatter {
 public:
  Formatter(const Source& source, const Tokens& tokens) : source_(source) {
    merge(tokens);
    classify();
  }

  std::string run() {
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      const std::size_t breaks = i == 0 ? 0 : lines_between(pieces_[i - 1], pieces_[i]);
      if (i == 0 || breaks > 0) {
        if (i > 0) out_ += breaks > 1 ? "\n\n" : "\n";
        out_.append(indent_of(i), ' ');
      } else if (pieces_[i].is_comment || spaced(pieces_[i - 1], pieces_[i])) {
        out_ += ' ';
      }
      out_ += source_.slice(pieces_[i].token.range);
    }
    if (!out_.empty()) out_ += '\n';
    return std::move(out_);
  }

 private:
  std::string_view text(const Piece& piece) const { return source_.slice(piece.token.range); }

  /// Tokens and comments in source order, each with the block of its line.
  void merge(const Tokens& tokens) {
    std::vector<std::uint32_t> blocks = {0};
    std::size_t comment = 0, block = 0;
    const auto comments_before = [&](std::uint32_t offset) {
      for (; comment < tokens.comments.size() && tokens.comments[comment].begin < offset; ++comment) {
        Piece piece;
        piece.is_comment = true;
        piece.token.range = tokens.comments[comment];
        pieces_.push_back(piece);
      }
    };
    for (const Token& token : tokens.list) {
      if (token.kind == TokenKind::kNewline) continue;
      const std::size_t first_comment = pieces_.size();
      comments_before(token.range.begin);
      const bool has_comments = pieces_.size() > first_comment;
      const std::vector<std::uint32_t> before = has_comments ? blocks : std::vector<std::uint32_t>();
      if (token.first_on_line) {
        while (blocks.size() > 1 && blocks.back() > token.indent) blocks.pop_back();
        if (blocks.back() < token.indent) blocks.push_back(token.indent);
        block = blocks.size() - 1;
      }
      const bool starts_line = token.first_on_line || token.kind == TokenKind::kEnd;
      if (token.kind == TokenKind::kEnd) blocks = {0};
      for (std::size_t i = first_comment; i < pieces_.size(); ++i) {
        pieces_[i].block = starts_line ? block_of_comment(pieces_[i], before, blocks) : block;
        pieces_[i].token.first_on_line = starts_line;
      }
      if (token.kind == TokenKind::kEnd) return;
      Piece piece;
      piece.token = token;
      piece.block = block;
      pieces_.push_back(piece);
    }
  }

  /// A comment between two lines stands with the line after it; before the end of a block, with the block whose column
  /// it has.
  std::size_t block_of_comment(const Piece& piece, const std::vector<std::uint32_t>& before,
                               const std::vector<std::uint32_t>& after) const {
    std::size_t block = after.size() - 1;
    const std::uint32_t column = column_of(piece.token.range.begin);
    while (block + 1 < before.size() && before[block + 1] <= column) ++block;
    return block;
  }

  /// As the lexer counts it: a tab is four columns.
  std::uint32_t column_of(std::uint32_t offset) const {
    std::uint32_t column = 0;
    const std::string& all = source_.text();
    for (std::size_t i = offset; i > 0 && all[i - 1] != '\n'; --i) column += all[i - 1] == '\t' ? 4 : 1;
    return column;
  }

  void classify() {
    std::size_t brackets = 0;
    bool in_for = false, in_import = false;
    const Piece* previous = nullptr;
    std::vector<std::size_t> tokens;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      pieces_[i].brackets = brackets;
      if (pieces_[i].is_comment) continue;
      tokens.push_back(i);
      Piece& piece = pieces_[i];
      const TokenKind kind = piece.token.kind;
      if (piece.token.first_on_line) {
        in_for = false;
        in_import = text(piece) == "import";
        previous = nullptr;
      }
      if (kind == TokenKind::kFor) in_for = true;
      const bool after_dot = previous != nullptr && previous->token.kind == TokenKind::kDot;
      if (kind == TokenKind::kName && in_for && brackets == 0 && !after_dot && previous != nullptr &&
          ends_value(*previous)) {
        piece.word = text(piece) == "to" || text(piece) == "by" || text(piece) == "in";
      }
      if (kind == TokenKind::kPlus || kind == TokenKind::kMinus) {
        piece.unary = previous == nullptr || !ends_value(*previous);
      }
      piece.compact = in_import && kind == TokenKind::kSlash;
      if (kind == TokenKind::kLeftParen || kind == TokenKind::kLeftBracket) ++brackets;
      if (kind == TokenKind::kRightParen || kind == TokenKind::kRightBracket) {
        --brackets;
        piece.brackets = brackets;
      }
      previous = &piece;
    }
    for (std::size_t i = 1; i < tokens.size(); ++i) mark_type_arguments(tokens, i);
  }

  /// Marks the angle brackets of `array<float>` and `map.new<string, float>`.
  void mark_type_arguments(const std::vector<std::size_t>& tokens, std::size_t at) {
    const auto piece = [&](std::size_t i) -> Piece& { return pieces_[tokens[i]]; };
    if (piece(at).token.kind != TokenKind::kLess || piece(at).generic) return;
    const std::string_view before = text(piece(at - 1));
    const bool collection = before == "array" || before == "matrix" || before == "map" ||
                            (before == "new" && at > 1 && piece(at - 2).token.kind == TokenKind::kDot);
    if (!collection) return;
    std::vector<std::size_t> angles;
    int depth = 0;
    for (std::size_t i = at; i < tokens.size(); ++i) {
      const TokenKind kind = piece(i).token.kind;
      if (piece(i).token.first_on_line) return;
      if (kind == TokenKind::kLess || kind == TokenKind::kGreater) {
        angles.push_back(i);
        depth += kind == TokenKind::kLess ? 1 : -1;
        if (depth > 0) continue;
        for (const std::size_t angle : angles) piece(angle).generic = true;
        return;
      }
      if (kind != TokenKind::kName && kind != TokenKind::kDot && kind != TokenKind::kComma &&
          kind != TokenKind::kLeftBracket && kind != TokenKind::kRightBracket) {
        return;
      }
    }
  }

  /// 0 on one line, 1 on the next, 2 when lines are left blank between.
  std::size_t lines_between(const Piece& before, const Piece& after) const {
    const std::string_view gap = source_.slice({before.token.range.end, after.token.range.begin});
    return std::min<std::size_t>(2, static_cast<std::size_t>(std::ranges::count(gap, '\n')));
  }

  std::size_t indent_of(std::size_t i) const {
    const Piece& piece = pieces_[i];
    const std::size_t block = kBlockIndent * piece.block;
    if (piece.token.first_on_line || i == 0) return block;
    // No multiple of four outside brackets, so that every version of Pine reads the line as going on.
    return block + kBlockIndent * std::max<std::size_t>(piece.brackets, closes(piece) ? 0 : 1) + 1;
  }
  static bool closes(const Piece& piece) {
    return piece.token.kind == TokenKind::kRightParen || piece.token.kind == TokenKind::kRightBracket;
  }

  /// Whether a space stands between two tokens of one line.
  static bool spaced(const Piece& before, const Piece& after) {
    const TokenKind left = before.token.kind, right = after.token.kind;
    if (left == TokenKind::kLeftParen || left == TokenKind::kLeftBracket || left == TokenKind::kDot) return false;
    if (right == TokenKind::kRightParen || right == TokenKind::kRightBracket || right == TokenKind::kComma ||
        right == TokenKind::kDot) {
      return false;
    }
    if (before.compact || after.compact) return false;
    if (before.generic && left == TokenKind::kLess) return false;
    if (after.generic) return false;
    if (right == TokenKind::kLeftParen || right == TokenKind::kLeftBracket) return !ends_value(before);
    // Two signs keep their distance: together they would read as another language's increment.
    if (before.unary) return after.unary;
    return true;
  }

  const Source& source_;
  std::vector<Piece> pieces_;
  std::string out_;
};

/// What makes a program of a text: its tokens, which lines they begin and in which blocks, and beside it its comments.
struct Meaning {
  std::vector<std::pair<TokenKind, std::string_view>> tokens;
  std::vector<std::size_t> blocks;  // of the lines
  std::vector<std::string_view> comments;
  bool operator==(const Meaning&) const = default;
};

Meaning meaning_of(const Source& source, const Tokens& tokens) {
  Meaning made;
  std::vector<std::uint32_t> open = {0};
  for (const Token& token : tokens.list) {
    const bool is_text = token.kind != TokenKind::kNewline && token.kind != TokenKind::kEnd;
    made.tokens.emplace_back(token.kind, is_text ? source.slice(token.range) : std::string_view());
    if (!token.first_on_line) continue;
    while (open.size() > 1 && open.back() > token.indent) open.pop_back();
    if (open.back() < token.indent) open.push_back(token.indent);
    made.blocks.push_back(open.size());
  }
  for (const SourceRange comment : tokens.comments) made.comments.push_back(source.slice(comment));
  return made;
}

}  // namespace

std::optional<std::string> format(const Source& source, Diagnostics& diagnostics) {
  parse(source, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  const Tokens tokens = tokenize(source, diagnostics, SyntaxLimits{}.tokens_max);
  const Source made(source.name(), Formatter(source, tokens).run());
  Diagnostics findings;
  const Tokens again = tokenize(made, findings, SyntaxLimits{}.tokens_max);
  if (findings.has_errors() || meaning_of(made, again) != meaning_of(source, tokens)) {
    diagnostics.error({0, 0}, "the script cannot be formatted without changing it; it stays as it is");
    return std::nullopt;
  }
  return made.text();
}

}  // namespace tradeassist::pine
