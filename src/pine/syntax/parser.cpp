#include "pine/syntax/parser.hpp"

#include <array>
#include <optional>
#include <utility>

#include "base/utf8.hpp"
#include "pine/syntax/parse/internal.hpp"

namespace tradeassist::pine {
namespace parsing {
namespace {

using namespace ast;

StatementPtr make_statement(SourceRange range, auto node) {
  auto made = std::make_unique<Statement>();
  made->range = range;
  made->node = std::move(node);
  return made;
}

std::optional<Qualifier> qualifier_of(std::string_view word) {
  if (word == "const") return Qualifier::kConst;
  if (word == "input") return Qualifier::kInput;
  if (word == "simple") return Qualifier::kSimple;
  if (word == "series") return Qualifier::kSeries;
  return std::nullopt;
}

/// A qualifier counts only where a type or name follows: `input` alone is also a function.
Qualifier take_qualifier(TokenCursor& cursor) {
  if (!cursor.at(TokenKind::kName) || cursor.peek(1).kind != TokenKind::kName) return Qualifier::kNone;
  const auto qualifier = qualifier_of(cursor.text(cursor.peek()));
  if (!qualifier) return Qualifier::kNone;
  cursor.next();
  return *qualifier;
}

/// True when a type and then a name stand here: `float x`, `array<int> a`, `float[] b`, `Lib.Type c`.
bool at_typed_name(TokenCursor& cursor) {
  std::size_t i = 0;
  const auto kind = [&] { return cursor.peek(i).kind; };
  if (kind() != TokenKind::kName) return false;
  ++i;
  while (kind() == TokenKind::kDot && cursor.peek(i + 1).kind == TokenKind::kName) i += 2;
  if (kind() == TokenKind::kLess) {
    int depth = 0;
    do {
      if (kind() == TokenKind::kLess)
        ++depth;
      else if (kind() == TokenKind::kGreater)
        --depth;
      else if (kind() != TokenKind::kName && kind() != TokenKind::kDot && kind() != TokenKind::kComma &&
               kind() != TokenKind::kLeftBracket && kind() != TokenKind::kRightBracket)
        return false;
      ++i;
    } while (depth > 0);
  }
  while (kind() == TokenKind::kLeftBracket && cursor.peek(i + 1).kind == TokenKind::kRightBracket) i += 2;
  return kind() == TokenKind::kName;
}

/// Index of the token after the bracket that matches the one at `ahead`, or 0.
std::size_t after_matching(const TokenCursor& cursor, std::size_t ahead) {
  int depth = 0;
  for (std::size_t i = ahead;; ++i) {
    switch (cursor.peek(i).kind) {
      case TokenKind::kLeftParen:
      case TokenKind::kLeftBracket: ++depth; break;
      case TokenKind::kRightParen:
      case TokenKind::kRightBracket:
        if (--depth == 0) return i + 1;
        break;
      case TokenKind::kNewline:
      case TokenKind::kEnd: return 0;
      default: break;
    }
  }
}

bool at_function_declaration(const TokenCursor& cursor) {
  if (cursor.peek().kind != TokenKind::kName || cursor.peek(1).kind != TokenKind::kLeftParen) return false;
  const std::size_t after = after_matching(cursor, 1);
  return after != 0 && cursor.peek(after).kind == TokenKind::kArrow;
}

bool at_tuple_declaration(const TokenCursor& cursor) {
  if (cursor.peek().kind != TokenKind::kLeftBracket) return false;
  const std::size_t after = after_matching(cursor, 0);
  return after != 0 && cursor.peek(after).kind == TokenKind::kAssign;
}

std::vector<Parameter> parameters(TokenCursor& cursor) {
  cursor.expect(TokenKind::kLeftParen, "before the parameters");
  std::vector<Parameter> list;
  while (!cursor.at(TokenKind::kRightParen)) {
    const std::uint32_t begin = cursor.peek().range.begin;
    Parameter parameter;
    parameter.qualifier = take_qualifier(cursor);
    if (at_typed_name(cursor)) parameter.type = type_spec(cursor);
    parameter.name = cursor.text(cursor.expect(TokenKind::kName, "for the parameter"));
    if (cursor.accept(TokenKind::kAssign)) parameter.default_value = expression(cursor);
    parameter.range = cursor.from(begin);
    list.push_back(std::move(parameter));
    if (!cursor.accept(TokenKind::kComma) && !cursor.at(TokenKind::kRightParen)) {
      cursor.expect(TokenKind::kRightParen, "after the parameters");
    }
  }
  cursor.next();
  return list;
}

StatementPtr function_declaration(TokenCursor& cursor, std::uint32_t begin, std::uint32_t indent, bool exported,
                                  bool is_method) {
  FunctionDeclaration made;
  made.exported = exported;
  made.is_method = is_method;
  const Token& name = cursor.expect(TokenKind::kName, is_method ? "for the method" : "for the function");
  made.name = cursor.text(name);
  made.name_range = name.range;
  made.parameters = parameters(cursor);
  cursor.expect(TokenKind::kArrow, "after the parameters", "a function is `name(parameters) => value`");
  made.body = body(cursor, indent, "the function");
  return make_statement(cursor.from(begin), std::move(made));
}

/// The lines of a type or enum: `member(line)` for each.
void members(TokenCursor& cursor, std::uint32_t indent, std::string_view of_what, auto member) {
  cursor.expect(TokenKind::kNewline, "after the name of the " + std::string(of_what));
  const Token& first = cursor.peek();
  if (!first.first_on_line || first.indent <= indent) {
    cursor.fail(first.range, "the " + std::string(of_what) + " is empty",
                "list its members on the next lines, indented");
  }
  const std::uint32_t member_indent = first.indent;
  while (cursor.peek().first_on_line && cursor.peek().indent == member_indent) {
    member();
    if (!cursor.at(TokenKind::kEnd)) {
      cursor.expect(TokenKind::kNewline, "after the member of the " + std::string(of_what));
    }
  }
}

StatementPtr type_declaration(TokenCursor& cursor, std::uint32_t begin, std::uint32_t indent, bool exported) {
  TypeDeclaration made;
  made.exported = exported;
  const Token& name = cursor.next();
  made.name = cursor.text(name);
  made.name_range = name.range;
  members(cursor, indent, "type", [&] {
    TypeDeclaration::Field field;
    const std::uint32_t field_begin = cursor.peek().range.begin;
    field.varip = cursor.accept(TokenKind::kVarip);
    take_qualifier(cursor);
    field.type = type_spec(cursor);
    field.name = cursor.text(cursor.expect(TokenKind::kName, "for the field", "a field is `float price = 0.0`"));
    if (cursor.accept(TokenKind::kAssign)) field.default_value = expression(cursor);
    field.range = cursor.from(field_begin);
    made.fields.push_back(std::move(field));
  });
  return make_statement(cursor.from(begin), std::move(made));
}

StatementPtr enum_declaration(TokenCursor& cursor, std::uint32_t begin, std::uint32_t indent, bool exported) {
  EnumDeclaration made;
  made.exported = exported;
  const Token& name = cursor.next();
  made.name = cursor.text(name);
  made.name_range = name.range;
  members(cursor, indent, "enum", [&] {
    EnumDeclaration::Member member;
    const Token& word = cursor.expect(TokenKind::kName, "for the enum's value");
    member.name = member.title = cursor.text(word);
    if (cursor.accept(TokenKind::kAssign)) {
      member.title = string_value(cursor.text(cursor.expect(TokenKind::kString, "for the title")));
    }
    member.range = cursor.from(word.range.begin);
    made.members.push_back(std::move(member));
  });
  return make_statement(cursor.from(begin), std::move(made));
}

/// import User/Library/1 as alias
StatementPtr import_statement(TokenCursor& cursor, std::uint32_t begin) {
  Import made;
  made.user =
      cursor.text(cursor.expect(TokenKind::kName, "for the publisher", "an import is `import User/Library/1 as name`"));
  cursor.expect(TokenKind::kSlash, "after the publisher");
  made.library = cursor.text(cursor.expect(TokenKind::kName, "for the library"));
  cursor.expect(TokenKind::kSlash, "after the library");
  made.version = static_cast<int>(number_value(cursor.text(cursor.expect(TokenKind::kInteger, "for the version"))));
  if (cursor.at_word("as")) {
    cursor.next();
    made.alias = cursor.text(cursor.expect(TokenKind::kName, "for the alias"));
  }
  return make_statement(cursor.from(begin), std::move(made));
}

std::optional<BinaryOperator> compound_operator(TokenKind kind) {
  switch (kind) {
    case TokenKind::kPlusAssign: return BinaryOperator::kAdd;
    case TokenKind::kMinusAssign: return BinaryOperator::kSubtract;
    case TokenKind::kStarAssign: return BinaryOperator::kMultiply;
    case TokenKind::kSlashAssign: return BinaryOperator::kDivide;
    case TokenKind::kPercentAssign: return BinaryOperator::kModulo;
    default: return std::nullopt;
  }
}

StatementPtr tuple_declaration(TokenCursor& cursor, std::uint32_t begin, std::uint32_t indent,
                               Persistence persistence) {
  TupleDeclaration made;
  made.persistence = persistence;
  cursor.next();
  while (!cursor.at(TokenKind::kRightBracket)) {
    const Token& name = cursor.expect(TokenKind::kName, "in the tuple's names");
    made.targets.push_back({std::string(cursor.text(name)), name.range});
    if (!cursor.accept(TokenKind::kComma) && !cursor.at(TokenKind::kRightBracket)) {
      cursor.expect(TokenKind::kRightBracket, "after the tuple's names");
    }
  }
  cursor.next();
  cursor.expect(TokenKind::kAssign, "after the tuple's names");
  made.value = value(cursor, indent);
  return make_statement(cursor.from(begin), std::move(made));
}

/// Words that begin statements of other languages; each, followed by a name, gets the answer it deserves.
void refuse_foreign_statement(TokenCursor& cursor) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kForeign = {{
      {"elif", "write `else if`"},
      {"elseif", "write `else if`"},
      {"elsif", "write `else if`"},
      {"def", "a function is declared as `name(parameters) => value`"},
      {"function", "a function is declared as `name(parameters) => value`"},
      {"func", "a function is declared as `name(parameters) => value`"},
      {"fn", "a function is declared as `name(parameters) => value`"},
      {"return", "the value of a function is that of its last line; write the value alone"},
      {"let", "a variable is declared as `name = value`, or `var name = value` to keep it from bar to bar"},
      {"do", "a loop is `while condition` or `for i = 0 to 9`"},
      {"class", "a type is declared as `type Name`, its fields on the next lines, indented"},
  }};
  const TokenKind after = cursor.peek(1).kind;
  if (!cursor.at(TokenKind::kName) || cursor.peek(1).first_on_line) return;
  if (after != TokenKind::kName && after != TokenKind::kInteger && after != TokenKind::kFloat) return;
  for (const auto& [word, hint] : kForeign) {
    if (cursor.at_word(word)) {
      cursor.fail(cursor.peek().range, "`" + std::string(word) + "` is not part of Pine", std::string(hint));
    }
  }
}

/// A declaration, a reassignment or an expression.
StatementPtr simple_statement(TokenCursor& cursor, std::uint32_t indent) {
  const TokenCursor::Level level(cursor);
  refuse_foreign_statement(cursor);
  const std::uint32_t begin = cursor.peek().range.begin;
  Declaration made;
  if (cursor.at_word("export") && cursor.peek(1).kind == TokenKind::kName) {
    cursor.next();
    made.exported = true;
  }
  if (cursor.accept(TokenKind::kVar)) {
    made.persistence = Persistence::kVar;
  } else if (cursor.accept(TokenKind::kVarip)) {
    made.persistence = Persistence::kVarip;
  }
  if (at_tuple_declaration(cursor)) return tuple_declaration(cursor, begin, indent, made.persistence);
  if (cursor.accept(TokenKind::kBreak)) return make_statement(cursor.from(begin), Break{});
  if (cursor.accept(TokenKind::kContinue)) return make_statement(cursor.from(begin), Continue{});

  made.qualifier = take_qualifier(cursor);
  if (at_typed_name(cursor)) made.type = type_spec(cursor);
  const bool must_declare = made.exported || made.persistence != Persistence::kNone ||
                            made.qualifier != Qualifier::kNone || made.type.has_value();
  if (cursor.at(TokenKind::kName) && cursor.peek(1).kind == TokenKind::kAssign) {
    const Token& name = cursor.next();
    made.name = cursor.text(name);
    made.name_range = name.range;
    cursor.next();
    made.value = value(cursor, indent);
    return make_statement(cursor.from(begin), std::move(made));
  }
  if (must_declare) {
    cursor.expect(TokenKind::kName, "for the variable");
    cursor.expect(TokenKind::kAssign, "after the variable's name",
                  "a declaration needs a value: `= na` when there is none yet");
  }

  auto target = value(cursor, indent);
  const auto op = compound_operator(cursor.peek().kind);
  if (op || cursor.at(TokenKind::kReassign)) {
    if (!std::holds_alternative<Name>(target->node) && !std::holds_alternative<Member>(target->node)) {
      cursor.fail(target->range, "only a variable or a field can be assigned to");
    }
    cursor.next();
    Assignment assignment{std::move(target), op, nullptr};
    assignment.value = value(cursor, indent);
    return make_statement(cursor.from(begin), std::move(assignment));
  }
  if (cursor.at(TokenKind::kAssign)) {
    cursor.fail(cursor.peek().range, "`=` declares a new variable; this is not a plain name",
                std::holds_alternative<Member>(target->node) ? "fields are assigned with `:=`"
                : std::holds_alternative<Call>(target->node)
                    ? "a function is declared with `=>`; values are compared with `==`"
                    : "compare with `==`");
  }
  return make_statement(cursor.from(begin), ExpressionStatement{std::move(target)});
}

/// Declarations that begin with a word which is a keyword only there; null when none stands here.
StatementPtr contextual_statement(TokenCursor& cursor, std::uint32_t indent) {
  const std::uint32_t begin = cursor.peek().range.begin;
  const std::size_t start = cursor.position();
  bool exported = false;
  if (cursor.at_word("export") && cursor.peek(1).kind == TokenKind::kName) {
    cursor.next();
    exported = true;
  }
  const bool name_follows = cursor.peek(1).kind == TokenKind::kName;
  if (at_function_declaration(cursor)) return function_declaration(cursor, begin, indent, exported, false);
  if (cursor.at_word("method") && name_follows && cursor.peek(2).kind == TokenKind::kLeftParen) {
    cursor.next();
    return function_declaration(cursor, begin, indent, exported, true);
  }
  const bool line_ends = cursor.peek(2).kind == TokenKind::kNewline || cursor.peek(2).kind == TokenKind::kEnd;
  if (cursor.at_word("type") && name_follows && line_ends) {
    cursor.next();
    return type_declaration(cursor, begin, indent, exported);
  }
  if (cursor.at_word("enum") && name_follows && line_ends) {
    cursor.next();
    return enum_declaration(cursor, begin, indent, exported);
  }
  if (cursor.at_word("import") && name_follows && cursor.peek(2).kind == TokenKind::kSlash) {
    cursor.next();
    return import_statement(cursor, begin);
  }
  cursor.rewind(start);
  return nullptr;
}

/// True just after a block: its last line's end has been taken with it.
bool ended_by_block(const TokenCursor& cursor) { return cursor.peek().first_on_line || cursor.at(TokenKind::kEnd); }

void finish_line(TokenCursor& cursor) {
  if (ended_by_block(cursor)) return;
  if (cursor.at(TokenKind::kNewline)) {
    cursor.next();
    return;
  }
  const Token& token = cursor.peek();
  std::string hint;
  if (token.kind == TokenKind::kArrow) hint = "a function is declared as `name(parameters) => value`";
  if (token.kind == TokenKind::kElse) hint = "`else` begins a line of its own, in the column of its `if`";
  if (token.kind == TokenKind::kAssign) hint = "compare with `==`, assign to an existing variable with `:=`";
  if (token.kind == TokenKind::kColon) hint = "Pine writes no `:` before a block; the block begins on the next line";
  cursor.fail(token.range, "expected the end of the statement, found " + describe(cursor.source(), token), hint);
}

void statement_line(TokenCursor& cursor, std::uint32_t indent, std::vector<StatementPtr>& out) {
  if (auto declaration = contextual_statement(cursor, indent)) {
    out.push_back(std::move(declaration));
  } else {
    do {
      if (cursor.at(TokenKind::kNewline)) break;  // a trailing comma
      out.push_back(simple_statement(cursor, indent));
    } while (cursor.accept(TokenKind::kComma));
  }
  finish_line(cursor);
}

/// After an error: on to the next line that may begin a statement.
void skip_line(TokenCursor& cursor) {
  while (!cursor.at(TokenKind::kEnd)) {
    if (cursor.next().kind == TokenKind::kNewline) return;
  }
}

}  // namespace

void statements(TokenCursor& cursor, std::uint32_t indent, std::vector<StatementPtr>& out) {
  bool recovering = false;
  while (!cursor.at(TokenKind::kEnd)) {
    const Token& first = cursor.peek();
    if (first.indent < indent) return;
    if (first.indent > indent) {
      // The lines of a block whose head was wrong are still read, for their own errors.
      if (!recovering) {
        cursor.diagnostics().error(first.range, "unexpected indentation",
                                   "this line is deeper than its block; to continue the line before, indent by other "
                                   "than a multiple of four");
      }
      std::vector<StatementPtr> ignored;
      const TokenCursor::Level level(cursor);
      statements(cursor, first.indent, ignored);
      cursor.leave_unread(cursor.from(first.range.begin));
      continue;
    }
    recovering = false;
    const std::size_t sound = out.size();
    try {
      statement_line(cursor, indent, out);
    } catch (const SyntaxFailure&) {
      recovering = true;
      out.resize(sound);  // what stands before the error may be half of what was meant
      if (!ended_by_block(cursor) || cursor.position() == 0 || &cursor.peek() == &first) skip_line(cursor);
      cursor.leave_unread(cursor.from(first.range.begin));
    }
  }
}

Block body(TokenCursor& cursor, std::uint32_t line_indent, std::string_view of_what) {
  if (cursor.at(TokenKind::kNewline)) return indented_block(cursor, line_indent, of_what);
  const TokenCursor::Level level(cursor);
  Block block;
  const std::uint32_t begin = cursor.peek().range.begin;
  do { block.statements.push_back(simple_statement(cursor, line_indent)); } while (cursor.accept(TokenKind::kComma));
  block.range = cursor.from(begin);
  finish_line(cursor);
  return block;
}

}  // namespace parsing

namespace {

/// Refuses what is no text at all, and once what would be read otherwise than an editor shows it.
bool is_text(const Source& source, Diagnostics& diagnostics) {
  const std::string& text = source.text();
  const auto at = [](std::size_t i) {
    return SourceRange{static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + 1)};
  };
  if (const std::size_t zero = text.find('\0'); zero != std::string::npos) {
    diagnostics.error(at(zero), "this is not a text file: it holds a zero byte",
                      "a Pine file is UTF-8 text; one saved as UTF-16 must be saved again as UTF-8");
    return false;
  }
  if (const std::size_t invalid = base::find_invalid_utf8(text); invalid != std::string::npos) {
    diagnostics.error(at(invalid), "the text is not UTF-8 from here on", "save the file as UTF-8");
  }
  for (std::size_t i = text.find('\r'); i != std::string::npos; i = text.find('\r', i + 1)) {
    if (i + 1 == text.size() || text[i + 1] == '\n' || text[i + 1] == '\r') continue;
    diagnostics.error(at(i), "a carriage return without a line feed ends no line",
                      "save the file with line ends of Linux (LF) or Windows (CR LF)");
    break;
  }
  return true;
}

}  // namespace

ast::Script parse(const Source& source, Diagnostics& diagnostics, const SyntaxLimits& limits) {
  ast::Script script;
  const std::uint32_t first = source.first_offset();
  if (source.text().size() > limits.source_bytes_max) {
    diagnostics.error({first, first}, "the script has " + std::to_string(source.text().size()) + " bytes; at most " +
                                          std::to_string(limits.source_bytes_max) + " are read");
    return script;
  }
  Diagnostics lexical;  // by places in the text
  Tokens tokens;
  const bool readable = is_text(source, lexical);
  if (readable) tokens = tokenize(source, lexical, limits.tokens_max);
  diagnostics.add(lexical, first);
  if (!readable) return script;
  const auto move = [first](SourceRange& range) {
    range.begin += first;
    range.end += first;
  };
  for (Token& token : tokens.list) move(token.range);
  if (tokens.version_range.end != 0) move(tokens.version_range);
  script.version = tokens.version;
  script.version_range = tokens.version_range;
  TokenCursor cursor(source, std::move(tokens.list), diagnostics, limits);
  try {
    parsing::statements(cursor, 0, script.statements);
  } catch (const SyntaxFailure&) {
    // Nested beyond the limit while recovering: what was read stands, the error is reported.
    cursor.leave_unread({cursor.peek().range.begin, source.end_offset()});
  }
  script.unread = cursor.take_unread();
  diagnostics.sort();
  return script;
}

}  // namespace tradeassist::pine
