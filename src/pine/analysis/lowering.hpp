#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pine/analysis/builtins.hpp"
#include "pine/analysis/emitter.hpp"
#include "pine/libraries/script_files.hpp"
#include "pine/syntax/ast.hpp"
#include "pine/versions/versions.hpp"

namespace tradeassist::pine {

/// The arguments of a call matched to the parameters of what is called; null where absent.
using BoundArguments = std::vector<const ast::Expression*>;

/// The object that a method is called on: it comes first among the arguments and is lowered already.
struct Receiver {
  const ast::Expression* expression = nullptr;
  Value value;
};

/// A `type` or `enum` of the script or of a library.
struct UserType {
  std::string name;
  std::size_t file = 0;  // that declares it
  Type type = Type::kError;
  const ast::TypeDeclaration* record = nullptr;
  const ast::EnumDeclaration* enumeration = nullptr;
  std::vector<Type> fields;  // of a record; resolved once every type is known
};

/// Checks a script and lowers it to a program in one walk: every expression yields a Value (type, qualifier, slot).
/// User functions are inlined where they are called. After an error the walk goes on with values of type kError.
class Lowering {
 public:
  Lowering(const Source& source, const std::vector<ScriptFile>& files, Diagnostics& diagnostics,
           const LoweringLimits& limits, Program& program);

  /// Lowers the whole script, and of its libraries what it uses.
  void run();

 private:
  struct Variable {
    Value value;
    bool is_variable = false;  // has a slot of its own that := may change
    bool is_loop_counter = false;
    bool is_parameter = false;
  };
  struct Scope {
    std::map<std::string, Variable> variables;
  };
  using Scopes = std::vector<std::shared_ptr<Scope>>;

  /// The names of one file.
  struct File {
    std::string name;  // of a library: "User/Name/1"
    const ast::Script* script = nullptr;
    bool is_library = false;
    std::map<std::string, std::size_t> imports;  // by alias: number in files_, or ScriptFile::kNotFound
    std::set<std::string> reassigned;
    std::map<std::string, std::vector<const ast::FunctionDeclaration*>> functions;
    std::map<std::string, std::uint32_t> types;  // number in user_types_
    std::shared_ptr<Scope> globals;

    std::set<std::string> exported_variables() const;
  };

  /// While it lives, names mean what they mean at the global scope of that file, by the rules of its version.
  class InFile {
   public:
    InFile(Lowering& lowering, std::size_t file);
    ~InFile();
    InFile(const InFile&) = delete;
    InFile& operator=(const InFile&) = delete;

   private:
    Lowering& lowering_;
    std::size_t file_;
    LanguageRules rules_;
    Scopes scopes_;
  };

  struct Loop {
    std::vector<std::uint32_t> breaks, continues;  // jumps to patch
  };

  // Diagnostics.
  Value error(SourceRange range, std::string message, std::string hint = {});
  void warn_once(const std::string& key, SourceRange range, std::string message, std::string hint = {});

  // lowering.cpp: scopes and statements.
  void global_statements();
  Value stand_in(const ast::Parameter& parameter);
  void check_uncalled_functions();
  void check_qualifier(const ast::Declaration& node, const Value& value);
  void statement(const ast::Statement& statement);
  void declaration(const ast::Statement& statement, const ast::Declaration& node);
  void tuple_declaration(const ast::TupleDeclaration& node);
  Value assignment(const ast::Statement& statement, const ast::Assignment& node);
  Value block(const ast::Block& block, bool wants_value);
  Value last_value(const ast::Statement& statement);
  Variable* find(const std::string& name);
  void check_name(const std::string& name, SourceRange range);
  void declare(const std::string& name, SourceRange range, Variable variable);
  Value stable(const Value& value);
  Value convert(const Value& value, Type to, SourceRange range, const std::string& what);
  bool is_reassigned(const std::string& name) const { return here().reassigned.contains(name); }

  // lower_library.cpp: the names of other files.
  struct Imported {
    const File* file = nullptr;  // null: the library is missing
    std::string name;            // what follows the alias
  };
  const File& here() const { return files_[file_]; }
  void open_files(const std::vector<ScriptFile>& files);
  void library_variables();
  std::optional<Imported> imported(const std::string& dotted) const;
  std::vector<const ast::FunctionDeclaration*> functions_named(const std::string& name) const;
  std::vector<const ast::FunctionDeclaration*> callable(const std::string& name, SourceRange from) const;
  std::vector<const ast::FunctionDeclaration*> methods_named(const std::string& name) const;
  std::optional<Value> imported_variable(const std::string& dotted);
  Value not_exported(const Imported& from, SourceRange range);
  void check_export(bool exported, SourceRange range);

  // lower_types.cpp: user types, enums, fields.
  void declare_types();
  std::optional<Type> type_of(const ast::TypeSpec& spec);
  std::string to_string(Type type) const;
  std::string type_name(Type type, Qualifier qualifier) const;
  const UserType* find_type(const std::string& name) const;
  const UserType& user_type(Type type) const { return user_types_[number_of(type)]; }
  std::optional<Value> enum_member(const std::string& dotted);
  std::optional<Value> drawing_list(const std::string& dotted);
  std::optional<Value> record_call(const std::string& dotted, const ast::Expression& expression, const ast::Call& node);
  Value new_record(const UserType& type, const ast::Expression& expression, const ast::Call& node);
  Value get_field(const Value& object, const std::string& name, SourceRange range, SourceRange name_range);
  Value assign_field(const ast::Statement& statement, const ast::Assignment& node, const ast::Member& target);
  /// Index and type of a field of a user type or chart.point; reports when there is none.
  std::optional<std::pair<std::uint32_t, Type>> field_of(Type type, const std::string& name, SourceRange range);

  // lower_expression.cpp
  /// Without `wants_value` what a call of a function gives may be nothing, even where its branches disagree.
  Value expression(const ast::Expression& expression, bool wants_value = true);
  Value scalar(const ast::Expression& expression);  // not a tuple, not void
  Value condition(const ast::Expression& expression);
  Value to_condition(const Value& value, SourceRange range);
  Value name(const ast::Expression& expression, const std::string& name);
  Value builtin(const BuiltinVariable& variable);
  Value member(const ast::Expression& expression, const ast::Member& node);
  static bool has_members(const Value& value);
  bool is_field(const ast::Expression& expression);
  Value history(const ast::Expression& expression, const ast::History& node);
  Value unary(const ast::Expression& expression, const ast::Unary& node);
  Value binary(const ast::Expression& expression, const ast::Binary& node);
  Value arithmetic(ast::BinaryOperator op, const Value& left, const Value& right, SourceRange range);
  Value logic(const ast::Expression& expression, const ast::Binary& node);
  Value conditional(const ast::Expression& expression, const ast::Conditional& node);
  bool has_effects(const ast::Expression& expression);

  // lower_control.cpp
  Value if_structure(const ast::Expression& expression, const ast::If& node, bool wants_value);
  Value switch_structure(const ast::Expression& expression, const ast::Switch& node, bool wants_value);
  Value for_structure(const ast::Expression& expression, const ast::For& node, bool wants_value);
  Value while_structure(const ast::Expression& expression, const ast::While& node, bool wants_value);
  Value for_in_structure(const ast::Expression& expression, const ast::ForIn& node, bool wants_value);
  Value structure(const ast::Expression& expression, bool wants_value);
  struct Arms;

  // lower_call.cpp: what a call is a call of.
  Value call(const ast::Expression& expression, const ast::Call& node, bool wants_value);
  Value method_call(const Receiver& receiver, const std::string& name, const ast::Expression& expression,
                    const ast::Call& node, bool wants_value);
  bool is_method_on_builtin(const std::string& name) const;
  bool names_builtin(const std::string& name, const ast::Call& node);
  Value unknown_call(const std::string& name, const ast::Expression& expression, const ast::Call& node);
  std::optional<Value> special_call(const std::string& name, const ast::Expression& expression, const ast::Call& node);
  std::optional<BoundArguments> bind(const std::string& function, const std::vector<std::string>& parameters,
                                     const std::vector<bool>& optional, const ast::Expression& expression,
                                     const ast::Call& node, bool report = true, const Receiver* receiver = nullptr);

  // lower_user_call.cpp
  Value user_call(const std::vector<const ast::FunctionDeclaration*>& overloads, const ast::Expression& expression,
                  const ast::Call& node, bool wants_value, const Receiver* receiver = nullptr);
  Value inline_function(const ast::FunctionDeclaration& function, const std::vector<Variable>& arguments,
                        SourceRange range, bool wants_value);
  Value never_na(Value value);  // na bools are false
  std::vector<const ast::FunctionDeclaration*> methods_of(Type type, const std::string& name);
  Type parameter_type(const ast::FunctionDeclaration& function, std::size_t parameter);
  bool fits(const Value& value, Type to) const;  // convert() would succeed

  // lower_builtin_call.cpp
  Value builtin_call(const std::string& name, const ast::Expression& expression, const ast::Call& node,
                     const Receiver* receiver = nullptr);
  Value drawing_call(const BuiltinFunction& function, const std::vector<Value>& operands);
  Value cast(const std::string& name, const ast::Expression& expression, const ast::Call& node);
  Value to_string_call(const ast::Expression& expression, const ast::Call& node);
  Value printable(const Value& value);
  Value pivot_levels(const std::vector<Value>& operands, const std::vector<Type>& results);
  Value default_value(const std::string& text, ParameterKind kind);
  bool accepts(const BuiltinParameter& parameter, const Value& value, TypeBindings& bindings) const;

  // lower_strategy.cpp: declarations and orders.
  void script_declaration(const std::string& name, const ast::Expression& expression, const ast::Call& node);
  void library_declaration(const ast::Expression& expression, const ast::Call& node);
  std::optional<Value> strategy_call(const std::string& name, const ast::Expression& expression, const ast::Call& node);
  Value order_command(const std::string& name, const ast::Expression& expression, const ast::Call& node);

  // lower_input.cpp
  Value input_call(const std::string& name, const ast::Expression& expression, const ast::Call& node);

  // lower_output.cpp: plots, messages.
  std::optional<Value> output_call(const std::string& name, const ast::Expression& expression, const ast::Call& node);
  Value fill_call(const ast::Expression& expression, const ast::Call& node);
  Value message_call(const std::string& name, const ast::Expression& expression, const ast::Call& node);

  // lower_request.cpp: request.*() and ticker.*().
  std::optional<Value> request_call(const std::string& name, const ast::Expression& expression, const ast::Call& node);
  Value request_security(const std::string& name, const ast::Expression& expression, const ast::Call& node);
  Value request_option(const std::string& name, const std::string& parameter, const ast::Expression& argument);
  Value request_without_data(const std::string& name, const ast::Expression& expression, const ast::Call& node);
  Value series_na(Type type);
  Value na_like(const Value& value);  // of its type, a tuple of its types
  Value currency_rate(const ast::Expression& expression, const ast::Call& node);
  Value ticker_call(const std::string& name, const ast::Expression& expression, const ast::Call& node);
  void refuse_strategy_in_requests();

  // Constant arguments, read without emitting.
  const std::string& text_of(const Value& constant) const;  // of a constant string; empty for na
  std::optional<std::string> constant_text(const ast::Expression* expression, const std::string& what);
  std::optional<double> constant_number(const ast::Expression* expression, const std::string& what);
  std::optional<bool> constant_bool(const ast::Expression* expression, const std::string& what);

  const Source& source_;
  Diagnostics& diagnostics_;
  LoweringLimits limits_;
  Program& program_;
  LanguageRules rules_;  // of the file at hand
  Emitter emit_;

  std::vector<File> files_;  // the script first
  std::size_t file_ = 0;     // whose text is being lowered
  std::map<const ast::FunctionDeclaration*, std::size_t> homes_;
  Scopes scopes_;
  std::vector<UserType> user_types_;
  std::set<const ast::FunctionDeclaration*> called_;
  std::vector<const ast::FunctionDeclaration*> call_stack_;
  std::map<const ast::FunctionDeclaration*, bool> function_effects_;
  std::vector<Loop*> loops_;
  std::map<const ast::Expression*, Value> inputs_;  // an input inside a function is one input, however often called
  std::set<std::string> warned_;
  std::set<std::pair<std::uint32_t, std::string>> reported_;
  std::string pending_input_name_;  // of the declaration whose value is being lowered
  std::size_t expansions_ = 0;
  bool declared_ = false;  // strategy() or indicator() seen
};

}  // namespace tradeassist::pine
