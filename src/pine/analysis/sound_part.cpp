#include "pine/analysis/sound_part.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "pine/analysis/builtins.hpp"
#include "pine/analysis/syntax_walk.hpp"
#include "pine/syntax/lex/lexer.hpp"
#include "pine/syntax/parser.hpp"
#include "pine/versions/versions.hpp"

namespace tradeassist::pine {
namespace {

using Names = std::set<std::string>;

bool is_built_in(const std::string& name, int version) {
  static const std::vector<std::string> kSpecial = words(
      "na nz int float bool string color input strategy indicator library max_bars_back plot plotshape plotchar "
      "plotarrow plotbar plotcandle hline fill bgcolor barcolor alert alertcondition iff offset");
  return builtin_variable(name, version) || !builtin_functions(name).empty() || is_known_namespace(name) ||
         std::ranges::find(kSpecial, name) != kSpecial.end() || old_function(name, version) ||
         old_variable(name, version);
}

bool declares(TokenKind after) {
  return after == TokenKind::kAssign || (after >= TokenKind::kReassign && after <= TokenKind::kPercentAssign);
}

struct Words {
  Names names;     // all but those after a dot
  Names declared;  // before `=`, `:=` and their like: outside brackets, and at the start of a line, where a bracket
                   // that is never closed may have taken the line in
};

bool starts_line(std::string_view text, std::uint32_t offset) {
  const std::size_t last = text.substr(0, offset).find_last_not_of(" \t\r");
  return last == std::string_view::npos || text[last] == '\n';
}

Words words_of(const Source& source, SourceRange range) {
  const Source part("", std::string(source.slice(range)));
  Diagnostics ignored;
  const std::vector<Token> tokens = tokenize(part, ignored, SyntaxLimits{}.tokens_max).list;
  Words found;
  int depth = 0;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const TokenKind kind = tokens[i].kind;
    if (kind == TokenKind::kLeftParen || kind == TokenKind::kLeftBracket) ++depth;
    if (kind == TokenKind::kRightParen || kind == TokenKind::kRightBracket) --depth;
    if (kind != TokenKind::kName || (i > 0 && tokens[i - 1].kind == TokenKind::kDot)) continue;
    std::string name(part.slice(tokens[i].range));
    if (declares(tokens[i + 1].kind) && (depth == 0 || starts_line(part.text(), tokens[i].range.begin))) {
      found.declared.insert(name);
    }
    found.names.insert(std::move(name));
  }
  return found;
}

/// What a global statement brings into being; to change something is not enough.
void add_declared(const ast::Statement& statement, Names& names) {
  if (const auto* node = std::get_if<ast::Declaration>(&statement.node)) names.insert(node->name);
  if (const auto* node = std::get_if<ast::FunctionDeclaration>(&statement.node)) names.insert(node->name);
  if (const auto* node = std::get_if<ast::TypeDeclaration>(&statement.node)) names.insert(node->name);
  if (const auto* node = std::get_if<ast::EnumDeclaration>(&statement.node)) names.insert(node->name);
  if (const auto* node = std::get_if<ast::Import>(&statement.node)) {
    names.insert(node->alias.empty() ? node->library : node->alias);
  }
  if (const auto* node = std::get_if<ast::TupleDeclaration>(&statement.node)) {
    for (const auto& target : node->targets) names.insert(target.name);
  }
}

/// The ranges without overlaps, in source order: a part that was not read may hold others.
std::vector<SourceRange> merged(std::vector<SourceRange> ranges) {
  std::ranges::sort(ranges, {}, &SourceRange::begin);
  std::vector<SourceRange> made;
  for (const SourceRange range : ranges) {
    if (!made.empty() && range.begin <= made.back().end) {
      made.back().end = std::max(made.back().end, range.end);
    } else {
      made.push_back(range);
    }
  }
  return made;
}

class SoundPart {
 public:
  SoundPart(ast::Script& script, const Source& source) : script_(script), source_(source) {}

  void leave_out_statements_with(const std::vector<Diagnostic>& errors) {
    std::erase_if(script_.statements, [&](const ast::StatementPtr& statement) {
      const bool has_error = std::ranges::any_of(errors, [&](const Diagnostic& finding) {
        return finding.severity == Severity::kError && finding.range.begin >= statement->range.begin &&
               finding.range.begin <= statement->range.end;
      });
      if (has_error) {
        collect_defined(*statement, unknown_);
        script_.unread.push_back(statement->range);
      }
      return has_error;
    });
  }

  /// Of the parts that are not in the tree, or no more: what they declare is unknown, and so is what they name and no
  /// statement that is left defines.
  void leave_out_unread_text() {
    Names defined;
    for (const ast::StatementPtr& statement : script_.statements) add_declared(*statement, defined);
    for (const SourceRange range : merged(script_.unread)) {
      const Words found = words_of(source_, range);
      unknown_.insert(found.declared.begin(), found.declared.end());
      for (const std::string& name : found.names) {
        if (!defined.contains(name) && !is_built_in(name, script_.version)) unknown_.insert(name);
      }
    }
  }

  void leave_out_what_depends_on_them() {
    std::multimap<std::string, std::size_t> users;
    for (std::size_t i = 0; i < script_.statements.size(); ++i) {
      for (const std::string& name : words_of(source_, script_.statements[i]->range).names) users.emplace(name, i);
    }
    std::vector<std::string> todo(unknown_.begin(), unknown_.end());
    while (!todo.empty()) {
      const auto [begin, end] = users.equal_range(todo.back());
      todo.pop_back();
      for (auto user = begin; user != end; ++user) {
        ast::StatementPtr& statement = script_.statements[user->second];
        if (statement == nullptr) continue;
        Names defined;
        collect_defined(*statement, defined);
        statement = nullptr;
        for (const std::string& name : defined) {
          if (unknown_.insert(name).second) todo.push_back(name);
        }
      }
    }
    std::erase(script_.statements, nullptr);
  }

 private:
  ast::Script& script_;
  const Source& source_;
  Names unknown_;
};

}  // namespace

void keep_sound_part(ast::Script& script, const Source& source, const Diagnostics& diagnostics) {
  SoundPart part(script, source);
  part.leave_out_statements_with(diagnostics.all());
  part.leave_out_unread_text();
  part.leave_out_what_depends_on_them();
}

}  // namespace tradeassist::pine
