// Libraries: which names of which file are seen where.
#include <algorithm>
#include <utility>

#include "pine/analysis/lowering.hpp"
#include "pine/analysis/syntax_walk.hpp"

namespace tradeassist::pine {

using namespace ast;

namespace {

/// Names declared anywhere inside: variables, counters.
void collect_declared(const Statement& statement, std::set<std::string>& names);

void collect_declared(const Expression& expression, std::set<std::string>& names) {
  if (const auto* loop = std::get_if<For>(&expression.node)) names.insert(loop->counter);
  if (const auto* each = std::get_if<ForIn>(&expression.node)) names.insert({each->index, each->value});
  visit_children(expression, {[&](const Expression& inside) { collect_declared(inside, names); },
                              [&](const Statement& inside) { collect_declared(inside, names); }});
}

void collect_declared(const Statement& statement, std::set<std::string>& names) {
  if (const auto* node = std::get_if<Declaration>(&statement.node)) names.insert(node->name);
  if (const auto* node = std::get_if<TupleDeclaration>(&statement.node)) {
    for (const auto& target : node->targets) names.insert(target.name);
  }
  visit_children(statement, {[&](const Expression& inside) { collect_declared(inside, names); },
                             [&](const Statement& inside) { collect_declared(inside, names); }});
}

/// Names that a global statement takes from outside of it.
std::set<std::string> names_from_outside(const Statement& statement) {
  std::set<std::string> names, own;
  collect_names(statement, names);
  if (const auto* function = std::get_if<FunctionDeclaration>(&statement.node)) {
    for (const Parameter& parameter : function->parameters) own.insert(parameter.name);
  }
  visit_children(statement, {[&](const Expression& inside) { collect_declared(inside, own); },
                             [&](const Statement& inside) { collect_declared(inside, own); }});
  for (const std::string& name : own) names.erase(name);
  return names;
}

/// The variables of a library that its functions, types and exports lead to; the rest shows the library off when it is
/// on a chart itself.
std::vector<const Statement*> needed_variables(const Script& library) {
  std::map<std::string, const Statement*> variables;
  std::set<const Statement*> needed;
  std::vector<const Statement*> pending;
  for (const StatementPtr& statement : library.statements) {
    if (const auto* tuple = std::get_if<TupleDeclaration>(&statement->node)) {
      for (const auto& target : tuple->targets) variables.emplace(target.name, statement.get());
    }
    const auto* variable = std::get_if<Declaration>(&statement->node);
    if (variable != nullptr) variables.emplace(variable->name, statement.get());
    if (variable != nullptr && variable->exported) needed.insert(statement.get());
    if ((variable != nullptr && variable->exported) || std::holds_alternative<FunctionDeclaration>(statement->node) ||
        std::holds_alternative<TypeDeclaration>(statement->node)) {
      pending.push_back(statement.get());
    }
  }
  while (!pending.empty()) {
    const Statement& user = *pending.back();
    pending.pop_back();
    for (const std::string& name : names_from_outside(user)) {
      const auto found = variables.find(name);
      if (found != variables.end() && needed.insert(found->second).second) pending.push_back(found->second);
    }
  }
  std::vector<const Statement*> in_order;
  for (const StatementPtr& statement : library.statements) {
    if (needed.contains(statement.get())) in_order.push_back(statement.get());
  }
  return in_order;
}

}  // namespace

Lowering::InFile::InFile(Lowering& lowering, std::size_t file)
    : lowering_(lowering),
      file_(std::exchange(lowering.file_, file)),
      rules_(std::exchange(lowering.rules_, language_rules(lowering.here().script->version))),
      scopes_(std::exchange(lowering.scopes_, {lowering.here().globals})) {}

Lowering::InFile::~InFile() {
  lowering_.file_ = file_;
  lowering_.rules_ = rules_;
  lowering_.scopes_ = std::move(scopes_);
}

void Lowering::open_files(const std::vector<ScriptFile>& files) {
  for (const ScriptFile& read : files) {
    File file;
    file.name = read.name;
    file.script = &read.script;
    file.is_library = read.is_library;
    file.imports = read.imports;
    file.globals = std::make_shared<Scope>();
    for (const StatementPtr& statement : read.script.statements) collect_assigned(*statement, file.reassigned);
    for (const StatementPtr& statement : read.script.statements) {
      if (const auto* function = std::get_if<FunctionDeclaration>(&statement->node)) {
        file.functions[function->name].push_back(function);
        homes_[function] = files_.size();
      }
    }
    files_.push_back(std::move(file));
  }
}

void Lowering::library_variables() {
  for (std::size_t i = 1; i < files_.size(); ++i) {
    const InFile inside(*this, i);
    for (const Statement* variable : needed_variables(*files_[i].script)) statement(*variable);
  }
}

std::optional<Lowering::Imported> Lowering::imported(const std::string& dotted) const {
  const std::size_t dot = dotted.find('.');
  if (dot == std::string::npos) return std::nullopt;
  const auto import = here().imports.find(dotted.substr(0, dot));
  if (import == here().imports.end()) return std::nullopt;
  const bool found = import->second != ScriptFile::kNotFound;
  return Imported{found ? &files_[import->second] : nullptr, dotted.substr(dot + 1)};
}

std::vector<const FunctionDeclaration*> Lowering::functions_named(const std::string& name) const {
  if (const auto own = here().functions.find(name); own != here().functions.end()) return own->second;
  std::vector<const FunctionDeclaration*> exported;
  const auto from = imported(name);
  if (!from || from->file == nullptr) return exported;
  const auto found = from->file->functions.find(from->name);
  if (found == from->file->functions.end()) return exported;
  std::ranges::copy_if(found->second, std::back_inserter(exported), &FunctionDeclaration::exported);
  return exported;
}

/// Those of functions_named() that a call at that place sees.
std::vector<const FunctionDeclaration*> Lowering::callable(const std::string& name, SourceRange from) const {
  auto functions = functions_named(name);
  if (!rules_.functions_come_first) return functions;
  std::erase_if(functions, [&](const FunctionDeclaration* function) {
    return homes_.at(function) == file_ && function->name_range.begin > from.begin;
  });
  return functions;
}

/// The file's own methods come first, then those that the libraries it imports export.
std::vector<const FunctionDeclaration*> Lowering::methods_named(const std::string& name) const {
  std::vector<const FunctionDeclaration*> methods;
  const auto add = [&](const File& file, bool all) {
    const auto found = file.functions.find(name);
    if (found == file.functions.end()) return;
    for (const FunctionDeclaration* function : found->second) {
      const bool is_method = function->is_method && !function->parameters.empty() && function->parameters[0].type;
      if (is_method && (all || function->exported)) methods.push_back(function);
    }
  };
  add(here(), true);
  std::set<std::size_t> libraries;
  for (const auto& [alias, library] : here().imports) {
    if (library != ScriptFile::kNotFound && libraries.insert(library).second) add(files_[library], false);
  }
  return methods;
}

std::optional<Value> Lowering::imported_variable(const std::string& dotted) {
  const auto from = imported(dotted);
  if (!from || from->file == nullptr || !from->file->exported_variables().contains(from->name)) return std::nullopt;
  const auto found = from->file->globals->variables.find(from->name);
  return found == from->file->globals->variables.end() ? Value{} : found->second.value;
}

std::set<std::string> Lowering::File::exported_variables() const {
  std::set<std::string> names;
  for (const StatementPtr& statement : script->statements) {
    const auto* variable = std::get_if<Declaration>(&statement->node);
    if (variable != nullptr && variable->exported) names.insert(variable->name);
  }
  return names;
}

Value Lowering::not_exported(const Imported& from, SourceRange range) {
  if (from.file == nullptr) return {};  // the library is missing, which was reported at its import
  const std::string word = from.name.substr(0, from.name.find('.'));
  const bool is_private = from.file->functions.contains(word) || from.file->types.contains(word) ||
                          from.file->globals->variables.contains(word);
  return error(range, "the library " + from.file->name + " exports no `" + word + "`",
               is_private ? "it declares it without `export`" : "");
}

void Lowering::check_export(bool exported, SourceRange range) {
  if (exported && !here().is_library)
    error(range, "`export` belongs in a library", "declare it with library(\"Name\")");
}

}  // namespace tradeassist::pine
